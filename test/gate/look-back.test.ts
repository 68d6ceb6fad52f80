import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import { NEW_STANDING } from "../../src/core/standing.ts";
import { lookBack, type BackStage } from "../../src/gate/look-back.ts";
import { givenCheck, givenLogCheck, MINUTE } from "../core/given.ts";

const METRIC = givenCheck({
  name: "memory",
  source: { kind: "metric", name: "memory", ofLimit: true, asRatio: false },
});
const LOGS = givenLogCheck();

/** When the check was judged, in minutes of a stage of one hour that has begun at 0. */
async function beatsOf(check: Check, judged: number | undefined, until: number): Promise<readonly number[]> {
  const beats: number[] = [];
  let now = 0;
  const nothing = (): void => undefined;
  const board: BackStage["board"] = {
    take: () => Promise.resolve(void beats.push(now / MINUTE)),
    standing: () => NEW_STANDING,
    results: () => [],
    miss: nothing,
    close: nothing,
    restart: nothing,
  };
  const stage = { name: "hour", forMs: 60 * MINUTE, everyMs: 25 * MINUTE, acrossDeploys: false };
  await lookBack([{ window: { stage, from: 0, to: 60 * MINUTE }, checks: [check], board }], {
    until: until * MINUTE,
    judgedTo: new Map(judged === undefined ? [] : [[check.name, judged * MINUTE]]),
    goTo: (at) => (now = at),
    logsUnread: undefined,
    isOver: () => false,
  });
  return beats;
}

describe("the beats of a stage that are judged backwards", () => {
  it.each<[string, Check, number | undefined, number, readonly number[]]>([
    ["all up to the look", METRIC, undefined, 30, [0, 25]],
    ["those since the last one", METRIC, 25, 70, [50]],
    ["the last one is that of the grid", METRIC, 52, 70, []],
    [
      "for lines and events the end of the stage, too: nothing after the last beat is left out",
      LOGS,
      25,
      70,
      [50, 60],
    ],
    ["and if the last look came between", LOGS, 55, 70, [60]],
    ["not before it has come", LOGS, 25, 58, [50]],
    ["and once", LOGS, 61, 70, []],
  ])("are %s", async (_rule, check, judged, until, beats) => {
    expect(await beatsOf(check, judged, until)).toEqual(beats);
  });
});

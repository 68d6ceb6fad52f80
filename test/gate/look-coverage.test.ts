import { describe, expect, it } from "vitest";
import type { CoverageGap } from "../../src/core/coverage.ts";
import { stageWindows } from "../../src/core/stage-window.ts";
import { coverageOf, gapsOf, type Placed } from "../../src/gate/look-coverage.ts";
import { newProgress } from "../../src/gate/stage-progress.ts";
import { DAY, givenCheck, givenLogCheck, HOUR, T0 } from "../core/given.ts";

const stage = { name: "month", forMs: 30 * DAY, everyMs: HOUR, acrossDeploys: false };
const [window] = stageWindows([stage], T0);
if (window === undefined) throw new Error("there is a stage");
const errors = givenLogCheck();
const rows = givenCheck();

const placed = (gaps: readonly CoverageGap[] = []): Placed => ({
  window,
  progress: { ...newProgress(window), gaps },
  kept: [errors],
  momentary: [rows],
});
const gap = (from: number, to: number, over: Partial<CoverageGap> = {}): CoverageGap => ({
  from: T0 + from * HOUR,
  to: T0 + to * HOUR,
  backFilled: true,
  unseen: ["sql"],
  ...over,
});
const lost = { backFilled: false, unseen: ["logs", "sql"] };
const unread = { backFilled: false };

describe("the gaps after a look", () => {
  const UNREAD = new Map([["errors", "Render answered 503"]]);
  it.each<
    readonly [
      string,
      { readonly last: number; readonly now: number; readonly before?: readonly CoverageGap[] },
      { readonly unread?: ReadonlyMap<string, string>; readonly unjudged?: readonly [number, number] },
      readonly CoverageGap[],
    ]
  >([
    ["on the next beat", { last: 1, now: 2 }, {}, []],
    ["a beat and some minutes later", { last: 1, now: 2.9 }, {}, []],
    ["when a beat was passed over", { last: 1.5, now: 3.1 }, {}, [gap(1.5, 3.1)]],
    ["after a night", { last: 1, now: 12 }, {}, [gap(1, 12)]],
    ["whose lines could not be read", { last: 1, now: 12 }, { unread: UNREAD }, [gap(1, 12, unread)]],
    [
      "on the next beat, when they could",
      { last: 12, now: 13, before: [gap(1, 12, unread)] },
      {},
      [gap(1, 12)],
    ],
    [
      "on the next beat, when they could not",
      { last: 12, now: 13, before: [gap(1, 12, unread)] },
      { unread: UNREAD },
      [gap(1, 12, unread)],
    ],
    [
      "that came after more than is surely kept",
      { last: 1, now: 1 + 10 * 24 },
      {},
      [gap(1, 73, lost), gap(73, 241)],
    ],
    [
      "after a redeploy that nobody saw",
      { last: 1, now: 12 },
      { unjudged: [1, 8] },
      [gap(1, 8, lost), gap(8, 12)],
    ],
    ["after one that was seen at once", { last: 1, now: 2 }, { unjudged: [1, 1.2] }, []],
    ["when what is lost stays so", { last: 12, now: 13, before: [gap(1, 8, lost)] }, {}, [gap(1, 8, lost)]],
  ])("%s", (_, { last, now, before }, { unread = new Map(), unjudged }, is) => {
    const found = gapsOf(placed(before), {
      now: T0 + now * HOUR,
      lookedAt: T0 + last * HOUR,
      unread,
      unjudged: unjudged && { from: T0 + unjudged[0] * HOUR, to: T0 + unjudged[1] * HOUR },
    });
    expect(found).toEqual(is);
  });
});

describe("what was seen of a stage", () => {
  it.each([
    ["all kept lines, and a row at each look", { judged: 10, count: 11 }, [], { due: 22, seen: 22 }],
    ["rows at some looks only", { judged: 10, count: 3 }, [gap(0, 4)], { due: 22, seen: 14 }],
    ["no line since hour 4", { judged: 4, count: 3 }, [gap(4, 10, unread)], { due: 22, seen: 8 }],
    ["lines but for what is lost", { judged: 10, count: 3 }, [gap(2, 6, lost)], { due: 22, seen: 10 }],
    ["nothing", { judged: -1, count: 0 }, [], { due: 22, seen: 0 }],
  ])("%s", (_, { judged, count }, gaps, is) => {
    const progress = { ...placed(gaps).progress, seen: new Map([["rows", { count, late: 0 }]]) };
    const judgedTo = new Map([["errors", T0 + judged * HOUR]]);
    expect(coverageOf(progress, placed(gaps), { now: T0 + 10 * HOUR, judgedTo })).toMatchObject(is);
  });
});

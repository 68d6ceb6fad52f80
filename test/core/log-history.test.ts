import { describe, expect, it } from "vitest";
import type { LogsSource } from "../../src/core/source.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { intervalValues } from "../../src/core/log-history.ts";
import { MINUTE, SECOND } from "./given.ts";
import { line, LIVE, platform, text, verbs } from "./log-given.ts";

function values(
  source: Partial<LogsSource>,
  lines: readonly LogLine[],
  { seconds, hasInstances = true }: { readonly seconds: number; readonly hasInstances?: boolean },
) {
  const check = verbs(source);
  if (check.source.kind !== "logs") throw new Error("not a logs check");
  return intervalValues(lines, {
    source: check.source,
    from: LIVE,
    to: LIVE + seconds * SECOND,
    hasInstances,
  });
}

const DONE = { count: { pattern: text("done"), perMs: MINUTE } };
const LINES = [
  line(-1, "done"),
  line(0, "done"),
  line(59.999, "do\u001b[1mne\u001b[0m", { instance: "old1" }),
  line(60, "done"),
  line(61, "failed", { level: "error" }),
  line(119, "done", { level: "verbose" }),
  line(120, "done"),
  line(125, "done", { type: "build" }),
  platform(30),
];

describe("count and rate over lines that are all there", () => {
  it.each<[string, Partial<LogsSource>, number, unknown]>([
    ["each full interval", DONE, 180, { value: [2, 2, 1] }],
    ["a part of one does not count", DONE, 179, { value: [2, 2] }],
    ["none is full", DONE, 59, { value: [] }],
    ["nothing at all", DONE, -30, { value: [] }],
    ["a rate counts all lines", { rate: { perMs: MINUTE } }, 180, { rate: [2, 3, 1] }],
    ["of a level", { levels: ["error"], rate: { perMs: MINUTE } }, 180, { rate: [0, 1, 0] }],
    ["an unknown level is info", { levels: ["info"], rate: { perMs: MINUTE } }, 180, { rate: [2, 2, 1] }],
    ["another type", { type: "build", ...DONE }, 180, { value: [0, 0, 1] }],
    ["neither", {}, 180, {}],
  ])("%s", (_what, source, seconds, expected) => {
    expect(values(source, LINES, { seconds })).toEqual(expected);
    expect(values(source, [...LINES, ...LINES].toReversed(), { seconds })).toEqual(expected);
  });
  it("the platform's own lines count where there are no instances", () => {
    expect(values({ rate: { perMs: MINUTE } }, LINES, { seconds: 60, hasInstances: false })).toEqual({
      rate: [3],
    });
  });
});

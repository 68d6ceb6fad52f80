import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  settledAt,
  withoutWindow,
  withWindow,
  type LogFacts,
  type LogWindow,
} from "../../src/core/log-facts.ts";
import { oldWindows } from "../../src/core/log-old.ts";
import { DAY, HOUR, MINUTE, SECOND, T0 } from "./given.ts";

describe("windows", () => {
  const some = fc.tuple(fc.nat(20), fc.nat(20)).map(([from, length]) => ({ from, to: from + length }));
  const holds = (windows: readonly LogWindow[], at: number) =>
    windows.some(({ from, to }) => at >= from && at < to);
  it("with one more hold what they held and what it holds, and are apart", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), (given) => {
        const windows = given.reduce<readonly LogWindow[]>(withWindow, []);
        for (let at = 0; at < 42; at += 1) expect(holds(windows, at)).toBe(holds(given, at));
        const sorted = windows.toSorted((a, b) => a.from - b.from);
        for (const [index, one] of sorted.slice(1).entries())
          expect(one.from).toBeGreaterThan(sorted[index]!.to);
      }),
    );
  });
  it("without one hold what it does not hold", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), some, (given, window) => {
        const windows = withoutWindow(given.reduce<readonly LogWindow[]>(withWindow, []), window);
        for (let at = 0; at < 42; at += 1)
          expect(holds(windows, at)).toBe(holds(given, at) && !holds([window], at));
      }),
    );
  });
});

describe("up to when all lines are there", () => {
  const facts = { startedAt: T0 } as LogFacts;
  it.each<[string, number | undefined, number | undefined, number]>([
    ["15 s ago where nothing else is seen", undefined, undefined, -15],
    ["not later where lines come at once", undefined, 200, -15],
    ["as long ago as lines were late", undefined, 40_000, -40],
    ["a minute ago at most", undefined, 600_000, -60],
    ["counted from what was read", -100, undefined, -115],
    ["and not from what is to come", 100, undefined, -15],
  ])("%s", (_what, knownTo, lagMs, seconds) => {
    const about = knownTo === undefined ? facts : { ...facts, knownTo: T0 + knownTo * SECOND };
    expect(settledAt(about, { at: T0, lagMs })).toBe(T0 + seconds * SECOND);
  });
});

describe("where the previous deploy's lines are looked for", () => {
  const deploy = (startedBefore: number) => ({
    createdAt: T0 - startedBefore - SECOND,
    startedAt: T0 - startedBefore,
    finishedAt: T0 - startedBefore + 5 * MINUTE,
  });
  it("all its life while that is short", () => {
    expect(oldWindows(deploy(2 * HOUR), T0)).toEqual([{ from: T0 - 2 * HOUR, to: T0 }]);
    expect(oldWindows(deploy(DAY + 15 * MINUTE), T0)).toHaveLength(1);
  });
  it("its start, and the last day", () => {
    expect(oldWindows(deploy(5 * DAY), T0)).toEqual([
      { from: T0 - 5 * DAY, to: T0 - 5 * DAY + 15 * MINUTE },
      { from: T0 - DAY, to: T0 },
    ]);
  });
  it("from its creation where it is not known when it started", () => {
    const createdAt = T0 - HOUR;
    expect(oldWindows({ createdAt }, T0)).toEqual([{ from: createdAt, to: T0 }]);
    expect(oldWindows({ createdAt: T0 + HOUR }, T0)).toEqual([{ from: T0, to: T0 }]);
  });
});

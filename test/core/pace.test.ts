import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadMs } from "../../src/core/pace.ts";

const MINUTE = 60_000;

describe("the interval between reads", () => {
  it.each<[string, number, readonly number[], number]>([
    ["is what is wanted when nothing was read", 3_000, [], 3_000],
    ["may use the whole budget", 3_000, [MINUTE], 3_000],
    ["is spread when several were read at once", 3_000, [MINUTE, MINUTE, MINUTE], 3_400],
    ["forgets what is older than a minute", 3_000, Array.from({ length: 40 }, () => 0), 3_000],
    ["has an end", 3_000, Array.from({ length: 40 }, () => MINUTE), 10_000],
    ["leaves a long one as it is", 12_000, [], 12_000],
  ])("%s", (_title, wanted, reads, interval) => {
    expect(spreadMs(wanted, { reads, now: MINUTE })).toBe(interval);
  });

  it("keeps every minute from here on inside the budget", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: MINUTE }), { maxLength: 14 }),
        fc.integer({ min: 3_000, max: 6_000 }),
        (given, wanted) => {
          const reads = given.toSorted((a, b) => a - b);
          const interval = spreadMs(wanted, { reads, now: MINUTE });
          const next = Array.from({ length: 80 }, (_, index) => MINUTE + (index + 1) * interval);
          for (const at of next) {
            const inMinute = [...reads, ...next].filter((time) => time > at - MINUTE && time <= at);
            expect(inMinute.length).toBeLessThanOrEqual(20);
          }
          expect(interval).toBeGreaterThanOrEqual(wanted);
        },
      ),
    );
  });
});

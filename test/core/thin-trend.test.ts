import { expect, it } from "vitest";
import { thinWindowMs } from "../../src/core/thin-trend.ts";
import { conditions, HOUR } from "./given.ts";

const check = { pass: [], warn: conditions("depth > 5"), fail: conditions("trend(depth, 6h) > 0") };
const at = (...hours: readonly number[]) => hours.map((hour) => ({ at: hour * HOUR, value: 1 }));

it.each([
  ["seen all the time", at(0, 6, 12, 18, 22, 24), { now: 25 }, 0],
  ["not seen before the end", at(0, 6, 12, 23, 24), { now: 25 }, 6 * HOUR],
  ["seen for half its window since", at(0, 6, 12, 23, 24, 26), { now: 26 }, 0],
  ["seen once after a long time", at(0, 6, 12, 24), { now: 24 }, 6 * HOUR],
  ["not seen now, but at the end", at(0, 18, 20, 22, 24), { now: 40 }, 0],
  ["that had not filled by the end", at(20, 23, 24), { now: 25, since: 20 }, 0],
  ["of a check that was never sampled", [], { now: 25, since: undefined }, 0],
])("a trend %s", (_, series, { now, ...since }, is) => {
  const from = "since" in since ? since.since : 0;
  expect(
    thinWindowMs(check, {
      series: () => series,
      since: from === undefined ? undefined : from * HOUR,
      to: 24 * HOUR,
      now: now * HOUR,
    }),
  ).toBe(is);
});

import type { Check } from "./check.ts";
import type { Path, Series } from "./condition.ts";
import { seriesValue } from "./series.ts";

/**
 * The longest window (ms) of a trend of this check that has no value because nobody took samples for most of it: at the
 * stage's end `to`, and still `now`. 0: there is none, or the window had not filled by then anyway. `since`: the check's
 * first sample. Times in ms.
 */
export function thinWindowMs(
  check: Pick<Check, "pass" | "warn" | "fail">,
  about: {
    readonly series: (path: Path) => Series;
    readonly since: number | undefined;
    readonly to: number;
    readonly now: number;
  },
): number {
  const { series, since = Infinity, to, now } = about;
  const windows = [...check.pass, ...check.warn, ...check.fail].flatMap(({ subject }) => {
    if (subject.kind !== "call" || subject.name !== "trend") return [];
    const { path, windowMs = 0 } = subject;
    const hasValue = (at: number): boolean =>
      "value" in seriesValue("trend", series(path), { at, since, windowMs });
    return to - since >= windowMs && !hasValue(to) && !hasValue(now) ? [windowMs] : [];
  });
  return Math.max(0, ...windows);
}

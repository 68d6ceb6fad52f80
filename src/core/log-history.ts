import type { LogsSource } from "./check.ts";
import type { LogLine } from "./log-line.ts";
import { levelOf, matcherOf, plainText } from "./log-match.ts";

/**
 * What `count` and `rate` of a logs check would have been over lines that are all there: by subject, one number
 * for each full interval, oldest first, counted from `from`. Lines may come in any order and more than once; the
 * platform's own are left out of `app` unless `hasInstances` is false. Times in ms.
 */
export function intervalValues(
  lines: readonly LogLine[],
  about: {
    readonly source: LogsSource;
    readonly from: number;
    readonly to: number;
    readonly hasInstances: boolean;
  },
): { readonly [subject: string]: readonly number[] } {
  const { source, from, to, hasInstances } = about;
  const isOwn = (line: LogLine): boolean =>
    line.type === source.type &&
    (line.type !== "app" || !hasInstances || line.instance !== undefined) &&
    (source.levels.length === 0 || source.levels.includes(levelOf(line.level)));
  const own = [...new Map(lines.map((line) => [line.id, line])).values()].filter(isOwn);

  const countsOf = (of: readonly LogLine[], perMs: number): readonly number[] => {
    const counts: number[] = Array.from({ length: Math.max(0, Math.floor((to - from) / perMs)) }, () => 0);
    for (const { at } of of) {
      const index = Math.floor((at - from) / perMs);
      if (counts[index] !== undefined) counts[index] += 1;
    }
    return counts;
  };
  const { count, rate } = source;
  const matcher = count && matcherOf(count.pattern, "");
  const matching = own.filter(({ message }) => matcher?.search(plainText(message)).found === true);
  return {
    ...(count === undefined ? {} : { value: countsOf(matching, count.perMs) }),
    ...(rate === undefined ? {} : { rate: countsOf(own, rate.perMs) }),
  };
}

import type { LogsSource } from "./source.ts";
import type { LogLine } from "./log-line.ts";
import { levelOf, matcherOf, plainText } from "./log-match.ts";
import { shapeOf } from "./log-shape.ts";

/** Whose lines: the platform's own are left out of `app` unless `hasInstances` is false. */
interface Whose {
  readonly source: LogsSource;
  readonly hasInstances: boolean;
}

/**
 * What `count` and `rate` of a logs check would have been over lines that are all there: by subject, one number
 * for each full interval, oldest first, counted from `from`. Lines may come in any order and more than once. Times
 * in ms.
 */
export function intervalValues(
  lines: readonly LogLine[],
  about: Whose & { readonly from: number; readonly to: number },
): { readonly [subject: string]: readonly number[] } {
  const { from, to } = about;
  const own = ownOf(lines, about);

  const countsOf = (of: readonly LogLine[], perMs: number): readonly number[] => {
    const counts: number[] = Array.from({ length: Math.max(0, Math.floor((to - from) / perMs)) }, () => 0);
    for (const { at } of of) {
      const index = Math.floor((at - from) / perMs);
      if (counts[index] !== undefined) counts[index] += 1;
    }
    return counts;
  };
  const { count, rate } = about.source;
  const matcher = count && matcherOf(count.pattern, "");
  const matching = own.filter(({ message }) => matcher?.search(plainText(message)).found === true);
  return {
    ...(count === undefined ? {} : { value: countsOf(matching, count.perMs) }),
    ...(rate === undefined ? {} : { rate: countsOf(own, rate.perMs) }),
  };
}

/** The shapes of those lines that a check forbids. */
export function forbiddenShapes(lines: readonly LogLine[], about: Whose): ReadonlySet<string> {
  const matchers = about.source.forbid.flatMap(({ name, patterns }) =>
    patterns.map((pattern) => matcherOf(pattern, name)),
  );
  return new Set(
    ownOf(lines, about).flatMap((line) => {
      const message = plainText(line.message);
      return matchers.some((matcher) => matcher.search(message).found) ? [shapeOf(message)] : [];
    }),
  );
}

/** Each once, of the type and the levels of the check. */
function ownOf(lines: readonly LogLine[], { source, hasInstances }: Whose): readonly LogLine[] {
  return [...new Map(lines.map((line) => [line.id, line])).values()].filter(
    (line) =>
      line.type === source.type &&
      (line.type !== "app" || !hasInstances || line.instance !== undefined) &&
      (source.levels.length === 0 || source.levels.includes(levelOf(line.level))),
  );
}

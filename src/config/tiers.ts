import type { Check } from "../core/check.ts";
import type { PatternGroup, Source } from "../core/source.ts";
import type { Condition } from "../core/condition.ts";
import { parseCondition } from "../core/condition-parser.ts";

type Tiers = Pick<Check, "pass" | "warn" | "fail">;

/** A condition that is known to be right. Throws when it is not. */
function conditionOf(text: string): Condition {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`built-in condition ${text}: ${parsed.message}`);
  return parsed.condition;
}

/**
 * The lines of a check. `pass` of an http check has a default; what must be zero has a line unless a written line
 * looks at it: in `pass` when only `pass` is written (not pass is fail), else in `fail`.
 */
export function tiersOf({ pass, warn, fail }: Tiers, source: Source): Tiers {
  if (source.kind === "http") {
    return { pass: pass.length > 0 ? pass : [conditionOf("status between 200 and 299")], warn, fail };
  }
  const written = [...pass, ...warn, ...fail];
  const unseen = countedBy(source).filter(
    (names) => !written.some(({ subject }) => names.includes(String(subject.path[0]))),
  );
  if (pass.length > 0 && fail.length === 0) {
    return { pass: [...pass, ...unseen.map(([name]) => conditionOf(`${name} == 0`))], warn, fail };
  }
  return {
    pass,
    warn,
    fail: [...fail, ...unseen.map(([name]) => conditionOf(name === "count" ? "count >= 1" : `${name} > 0`))],
  };
}

/** What must be zero by default; each with the names a line may look at it by. */
function countedBy(source: Source): readonly (readonly [string, ...string[]])[] {
  switch (source.kind) {
    case "events":
      return [["count"]];
    case "env":
      return [
        ["different", "equal"],
        ["absent", "equal"],
      ];
    case "logs":
    case "source":
      return [
        ...(hasPatterns(source.forbid) ? [["matches", "new_matches"] as const] : []),
        ...(hasPatterns(source.require) ? [["missing", "found"] as const] : []),
      ];
    default:
      return [];
  }
}

function hasPatterns(groups: readonly PatternGroup[]): boolean {
  return groups.some((group) => group.patterns.length > 0);
}

import type { Check } from "../../src/core/check.ts";
import type { Pattern } from "../../src/core/source.ts";
import { conditions, givenLogCheck } from "../core/given.ts";

/** As the runbook's own file has them. */
const RUNBOOK: readonly Pattern[] = [
  word("Traceback (most recent call last)"),
  expression(String.raw`\b(CRITICAL|FATAL)\b`),
  word("Application startup complete"),
  expression("connection to server .* failed"),
  expression(String.raw`\bERROR\b`),
  word("MemoryError"),
  expression(String.raw`^(\w+\.)*\w+(Error|Exception)(: |$)`),
  expression("validation errors? for Settings"),
  expression("[Mm]issing (required )?(setting|environment variable)"),
  word("QueuePool limit"),
];

/** So many patterns, words and expressions in turn; each is read alike by JavaScript and by `grep -E`. */
export function benchPatterns(count: number): readonly Pattern[] {
  return Array.from({ length: count }, (_, index) => {
    const own = RUNBOOK[index];
    if (own !== undefined) return own;
    switch (index % 4) {
      case 0:
        return word(`E${1_000 + index}_REFUSED`);
      case 1:
        return expression(String.raw`task [0-9]+ failed: code ${index}\b`);
      case 2:
        return word(`queue-${index} is over its limit`);
      default:
        return expression(`(cycle|round) ${index} (finished|ended): found [0-9]+`);
    }
  });
}

/** The patterns as lines of `grep -E -f`. */
export function grepPatterns(patterns: readonly Pattern[]): string {
  return patterns
    .map((one) => (one.kind === "text" ? one.text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&") : one.source))
    .join("\n");
}

/** The patterns shared out to checks of ten: most are forbidden, some required, one counted; a part asks what is new. */
export function benchChecks(patterns: readonly Pattern[]): readonly Check[] {
  const size = Math.min(10, patterns.length);
  return Array.from({ length: patterns.length / size }, (_, index) => {
    const own = patterns.slice(index * size, (index + 1) * size);
    const [pattern, ...more] = own.toReversed();
    const required = Math.floor(size / 5);
    const group = (of: readonly Pattern[]) => [{ name: "", patterns: of }];
    return givenLogCheck(
      {
        forbid: group(more.slice(required)),
        require: group(more.slice(0, required)),
        ...(pattern === undefined ? {} : { count: { pattern, perMs: 300_000 } }),
      },
      {
        name: `check-${index}`,
        fail: conditions(index % 5 === 0 ? "new_matches > 1000000" : "matches > 1000000"),
      },
    );
  });
}

function word(text: string): Pattern {
  return { kind: "text", text };
}

function expression(source: string): Pattern {
  return { kind: "pattern", source, flags: "" };
}

import type { Pattern } from "./source.ts";

/** What JavaScript and RE2 read differently, or only one of them knows. */
const UNSURE = [
  // Look-around and named groups.
  /\(\?[=!<]/,
  // Escapes other than of classes, white space, hex numbers and punctuation: back references, \u, \c, \p.
  /\\(?![dDwWsSbBnrtfv\W_]|x[0-9a-fA-F]{2})/,
  // Empty sets; sets of sets.
  /\[\^?\]/,
  /\[\^?\[[:.=]/,
  // RE2 repeats a thousand times at most.
  /\{\d*,?\d{4,}/,
];

/**
 * A pattern for the `text` filter of Render's log API, which takes RE2 between slashes (render-api.md 5.1).
 * Undefined when RE2 may read it differently: such patterns are avoided rather than guessed.
 */
export function re2Of(pattern: Pattern): string | undefined {
  if (pattern.kind === "text") return `/${pattern.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}/`;
  if (UNSURE.some((unsure) => unsure.test(pattern.source))) return undefined;
  const flags = ["i", "m", "s"].filter((flag) => pattern.flags.includes(flag)).join("");
  return flags === "" ? `/${pattern.source}/` : `/(?${flags})${pattern.source}/`;
}

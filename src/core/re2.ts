import type { Pattern } from "./check.ts";

/**
 * A pattern for the `text` filter of Render's log API, which takes RE2 between slashes (render-api.md 5.1).
 * Undefined when RE2 has no such thing: look-around, back references, named groups written the JavaScript way
 * are avoided rather than guessed.
 */
export function re2Of(pattern: Pattern): string | undefined {
  if (pattern.kind === "text") return `/${pattern.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}/`;
  if (/\(\?[=!<]|\\[1-9]|\\k|\\u|\\c|\[\^?\]/.test(pattern.source)) return undefined;
  const flags = [...pattern.flags].filter((flag) => "ims".includes(flag)).join("");
  return flags === "" ? `/${pattern.source}/` : `/(?${flags})${pattern.source}/`;
}

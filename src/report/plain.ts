import { cleanText, cut, oneLine } from "./text.ts";

const QUOTE = "  | ";

/**
 * Untrusted text as one line of the job log that the runner takes for nothing but text. The runner acts on `::` at the
 * start of a trimmed line and on `##[` anywhere (actions/runner, ActionCommand.cs).
 */
export function logText(text: string): string {
  return oneLine(text).replace(/^::/u, ": :").replaceAll("##[", "## [");
}

/**
 * Untrusted text of many lines for the job log: every line is prefixed, so that none can start a command.
 * @param limits at most `lines` lines of `width` characters; what is left out is said in a last line
 */
export function quotedLines(
  text: string,
  limits: { readonly lines: number; readonly width: number },
): readonly string[] {
  const all = cleanText(text).replace(/\n+$/u, "").split("\n");
  const shown = all.slice(0, limits.lines).map((line) => QUOTE + cut(logText(line), limits.width));
  const missing = all.length - shown.length;
  return missing === 0 ? shown : [...shown, `${QUOTE}… [${missing} more lines]`];
}

/**
 * One plain line for places that take neither Markdown nor characters above U+FFFF: GitHub answers 422
 * `description doesn't accept 4-byte Unicode` to a commit status (ouzi-dev/commit-status-updater#526).
 */
export function labelText(text: string, max: number): string {
  return cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, "\ufffd"), max);
}

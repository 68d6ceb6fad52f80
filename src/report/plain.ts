import { cut, oneLine } from "./text.ts";

/**
 * Untrusted text as one line of the job log that the runner takes for nothing but text. The runner acts on `::` at the
 * start of a trimmed line and on `##[` anywhere (actions/runner, ActionCommand.cs).
 */
export function logText(text: string): string {
  return oneLine(text).replace(/^::/u, ": :").replaceAll("##[", "## [");
}

/**
 * One plain line for places that take neither Markdown nor characters above U+FFFF: GitHub answers 422
 * `description doesn't accept 4-byte Unicode` to a commit status (ouzi-dev/commit-status-updater#526).
 */
export function labelText(text: string, max: number): string {
  return cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, "\ufffd"), max);
}

import { amountText, byteLength, countText, cutBytes } from "./text.ts";

/** Room for the sentence about what was left out. */
const NOTE_BYTES = 200;

/**
 * Markdown parts, most important first, as one page of at most `maxBytes` UTF-8 bytes. A part goes in whole or not at
 * all, so that no code block or fold is ever cut open; what was left out is said at the end. Only the first part, which
 * holds no blocks, may be cut.
 */
export function pageText(parts: readonly string[], maxBytes: number): string {
  const [first = "", ...others] = parts.filter((part) => part !== "");
  const room = maxBytes - NOTE_BYTES;
  const kept = [cutBytes(first, room)];
  let bytes = byteLength(kept[0] ?? "");
  let missing = 0;
  for (const part of others) {
    const more = byteLength(part) + 2;
    if (bytes + more > room) missing += 1;
    else {
      kept.push(part);
      bytes += more;
    }
  }
  if (missing === 0) return kept.join("\n\n");
  const note = `_${amountText(missing, "part")} left out: GitHub takes at most ${countText(maxBytes)} bytes here; the run's report.json has everything._`;
  return [...kept, note].join("\n\n");
}

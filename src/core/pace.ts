/** What one gate takes of Render's reads (design 9). */
const READS_PER_MINUTE = 20;
const WINDOW_MS = 60_000;
const STEP_MS = 100;
const LONGEST_MS = 10_000;

/**
 * The interval in ms, `wantedMs` (3 s at least) or a little longer, at which one may go on reading from `now` without ever
 * standing still for the budget: what was read in the last minute (`reads`, times in ms, oldest first) is spread,
 * not waited for.
 */
export function spreadMs(
  wantedMs: number,
  about: { readonly reads: readonly number[]; readonly now: number },
): number {
  for (let interval = wantedMs; interval < LONGEST_MS; interval += STEP_MS) {
    if (fits(interval, about)) return interval;
  }
  return Math.max(wantedMs, LONGEST_MS);
}

/** Whether no minute from here on holds more reads than the budget has. */
function fits(
  interval: number,
  { reads, now }: { readonly reads: readonly number[]; readonly now: number },
): boolean {
  for (let count = 1; count * interval <= WINDOW_MS; count += 1) {
    const at = now + count * interval;
    const before = reads.filter((time) => time > at - WINDOW_MS).length;
    if (before + count > READS_PER_MINUTE) return false;
  }
  return true;
}

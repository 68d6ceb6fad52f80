/** The candidate that was most likely meant, or `undefined` when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (word === "" || word.length > 60) return undefined;
  const written = plain(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const candidate of candidates) {
    const name = plain(candidate);
    const isBeginning = written.length >= 3 && name.startsWith(written);
    const steps = isBeginning ? 1 : distance(written, name);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** `did you mean "x"?`, or `undefined` when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = suggest(word, candidates);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-\s]/g, "_");
}

/** Levenshtein's distance, two neighbours changing places being one step. */
function distance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isTurned = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const turn = isTurned ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(swap, turn, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}

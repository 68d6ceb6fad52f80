/** The failure of an input by its sentence, numbers aside; undefined when all laws hold. */
export function failureOf(holds: (text: string) => void, text: string): string | undefined {
  try {
    holds(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** At most so many tries. */
const MOST_TRIES = 20_000;

/** A shorter text that breaks something still: parts are left out, halves first, as long as that works. */
export function minimised(text: string, fails: (text: string) => boolean): string {
  let best = text;
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1 && tries < MOST_TRIES;) {
    let isShorter = false;
    for (let at = 0; at < best.length && tries < MOST_TRIES;) {
      const without = best.slice(0, at) + best.slice(at + size);
      tries += 1;
      if (fails(without)) {
        best = without;
        isShorter = true;
      } else at += size;
    }
    if (!isShorter || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}

import type { Clock } from "../ports.ts";

/** Reads of one kind, shared by their keys for so long, ms. */
export type SharedReads<T> = (
  wanted: { readonly key: string; readonly freshMs: number },
  read: () => Promise<T>,
) => Promise<T>;

/** One read for all who ask for the same within `freshMs`. A read that failed is not kept. */
export function createSharedReads<T>(clock: Clock): SharedReads<T> {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<T> }>();
  return ({ key, freshMs }, read) => {
    const now = clock.now();
    for (const [each, { until }] of kept) if (now > until) kept.delete(each);
    const known = kept.get(key);
    if (known !== undefined) return known.value;
    const own = { until: now + freshMs, value: read() };
    kept.set(key, own);
    own.value.catch(() => {
      if (kept.get(key) === own) kept.delete(key);
    });
    return own.value;
  };
}

import type { Clock } from "../ports.ts";

/** Reads of one kind, shared by their keys. */
export type SharedReads<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** One read for all who ask for the same within `freshMs`. A read that failed is not kept. */
export function createSharedReads<T>(clock: Clock, freshMs: number): SharedReads<T> {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  return (key, read) => {
    const now = clock.now();
    for (const [each, { at }] of kept) if (now - at > freshMs) kept.delete(each);
    const known = kept.get(key);
    if (known !== undefined) return known.value;
    const own = { at: now, value: read() };
    kept.set(key, own);
    own.value.catch(() => {
      if (kept.get(key) === own) kept.delete(key);
    });
    return own.value;
  };
}

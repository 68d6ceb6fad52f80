import type { Deploy, Instance } from "./deploy.ts";

/** Which running copies belong to the new version. */
export interface InstanceBook {
  /** Suffixes present at the last look before `update_in_progress`; absent when the gate came later. */
  readonly before?: ReadonlySet<string>;
  /** Every instance ever seen, by suffix, with its creation time in ms. */
  readonly seen: ReadonlyMap<string, number>;
}

export const NO_INSTANCES: InstanceBook = { seen: new Map() };

/** The book after one more look. Looks before `update_in_progress` say what is old. */
export function withInstances(
  book: InstanceBook,
  instances: readonly Instance[],
  isBeforeUpdate: boolean,
): InstanceBook {
  const seen = new Map(book.seen);
  for (const instance of instances) seen.set(instance.suffix, instance.createdAt);
  if (isBeforeUpdate) return { seen, before: new Set(instances.map((instance) => instance.suffix)) };
  return { ...book, seen };
}

/**
 * Whether an instance is of the new version: absent from the last look before `update_in_progress`, or, when
 * there was none, created since the deploy started. `undefined`: cannot be said (yet).
 */
export function isNewInstance(book: InstanceBook, suffix: string, deploy: Deploy): boolean | undefined {
  if (book.before !== undefined) return !book.before.has(suffix);
  const createdAt = book.seen.get(suffix);
  return createdAt === undefined ? undefined : createdAt >= (deploy.startedAt ?? deploy.createdAt);
}

/** Suffixes of the new version's instances that were seen. */
export function newInstances(book: InstanceBook, deploy: Deploy): readonly string[] {
  return [...book.seen.keys()].filter((suffix) => isNewInstance(book, suffix, deploy) === true);
}

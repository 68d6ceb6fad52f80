import type { Deploy, Instance } from "./deploy.ts";
import type { Life, LogWindow } from "./log-facts.ts";

/** Which running copies belong to the new version. */
export interface InstanceBook {
  /** Suffixes present at a look before `update_in_progress`; absent when the gate came later. */
  readonly before?: ReadonlySet<string>;
  /** Every instance ever seen, by suffix, with its creation time in ms. */
  readonly seen: ReadonlyMap<string, number>;
  /** Suffixes of the last look, and when that was after live, ms. */
  readonly present?: ReadonlySet<string>;
  readonly presentAt?: number;
  /** When the instances were listed first after live, ms: what writes later and was not there then is newer. */
  readonly listedAt?: number;
  /** Suffixes known to be old by what they wrote before the deploy started. */
  readonly old?: ReadonlySet<string>;
  /** While other deploys that came later brought instances of their own, ms; without an end as long as they may. */
  readonly newer?: readonly LogWindow[];
  /** When the list of deploys was last read while watching, ms: instances that came later may be a newer deploy's. */
  readonly checkedAt?: number;
  /** Up to when the deploy was surely not yet coming up, ms: instances created before that are old. */
  readonly oldUntil?: number;
}

/** Render's clock and ours may differ by this much, ms. */
const SLACK_MS = 10_000;
/** An instance that is told to stop is killed after this at most (render-api.md 7.2). */
const LAST_WORDS_MS = 5 * 60_000;

export const NO_INSTANCES: InstanceBook = { seen: new Map() };

/** The book after one more look. Looks before `update_in_progress` say what is old. */
export function withInstances(
  book: InstanceBook,
  instances: readonly Instance[],
  isBeforeUpdate: boolean,
): InstanceBook {
  const seen = new Map(book.seen);
  const present = new Set(instances.map(({ suffix }) => suffix));
  for (const instance of instances) seen.set(instance.suffix, instance.createdAt);
  if (isBeforeUpdate) {
    // One that stopped between two such looks is no less old: its last lines may still come.
    return { ...book, seen, present, before: new Set([...(book.before ?? []), ...present]) };
  }
  return { ...book, seen, present };
}

/**
 * Whether an instance is of the new version: absent from the last look before `update_in_progress`, or, when
 * there was none, created since the deploy started. One that may be a newer deploy's is not. `undefined`: cannot
 * be said (yet).
 */
export function isNewInstance(book: InstanceBook, suffix: string, deploy: Deploy): boolean | undefined {
  const { before, old } = book;
  if (before?.has(suffix) === true || old?.has(suffix) === true) return false;
  const createdAt = book.seen.get(suffix);
  if (createdAt !== undefined && createdAt <= (book.oldUntil ?? -Infinity) - SLACK_MS) return false;
  if (isOfNewer(book, { suffix, at: Infinity })) return false;
  if (before !== undefined) return true;
  return createdAt === undefined ? undefined : createdAt >= (deploy.startedAt ?? deploy.createdAt);
}

/** Whether it came with another deploy; what no list had, by when it was heard of (ms). */
function isOfNewer(
  { seen, newer = [] }: InstanceBook,
  heard: { readonly suffix: string; readonly at: number },
) {
  const createdAt = seen.get(heard.suffix);
  return newer.some(({ from, to }) =>
    createdAt === undefined
      ? heard.at >= from && heard.at <= to + LAST_WORDS_MS
      : createdAt >= from && createdAt <= to,
  );
}

/**
 * The same for an instance that was heard of `at` (ms), by a line or an event. Where no list has it, it lived
 * between two looks: heard of after the first one after live, it is new.
 */
export function isNewAt(
  book: InstanceBook,
  heard: { readonly suffix: string; readonly at: number },
  deploy: Deploy,
): boolean | undefined {
  const { listedAt = Infinity, checkedAt = Infinity } = book;
  if (isOfNewer(book, heard)) return false;
  const isNew =
    isNewInstance(book, heard.suffix, deploy) ?? (heard.at >= listedAt + SLACK_MS ? true : undefined);
  // Not listed yet: it may be one that the old version restarted between two looks.
  if (isNew === true && book.listedAt === undefined && !book.seen.has(heard.suffix)) return undefined;
  const isUnchecked = (book.seen.get(heard.suffix) ?? heard.at) > checkedAt;
  return isNew === true && isUnchecked ? undefined : isNew;
}

/** How long an instance lived that wrote its last line `at` (ms): that, and the last look, tell. */
export function lifeOf(book: InstanceBook, last: { readonly suffix: string; readonly at: number }): Life {
  const { present, presentAt = -Infinity } = book;
  const isPresent = present?.has(last.suffix);
  return {
    to: isPresent === true ? Math.max(last.at, presentAt) : last.at,
    isGone: isPresent === false && last.at < presentAt,
  };
}

/** Suffixes of the new version's instances that were seen. */
export function newInstances(book: InstanceBook, deploy: Deploy): readonly string[] {
  return [...book.seen.keys()].filter((suffix) => isNewInstance(book, suffix, deploy) === true);
}

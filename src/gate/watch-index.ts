import type { Verdict } from "../core/check.ts";
import type { Service } from "../core/service.ts";
import { readWatchEntry, type WatchEnd, type WatchEntry } from "../core/watch-entry.ts";
import type { WatchRecord } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { listText } from "../report/explain-condition.ts";
import { labelText } from "../report/plain.ts";
import { amountText } from "../report/text.ts";
import { isoText } from "../report/time.ts";
import type { Told, Writer } from "./publish.ts";

/** Where the index is kept, and who is told what became of it. */
export type Indexing = Pick<Writer, "forge" | "note">;

/** An open watch, as the index knows it. */
export interface IndexedWatch {
  readonly record: WatchRecord;
  readonly entry: WatchEntry;
}

/** GitHub answers 422 `description is too long (maximum is 140 characters)`. */
const DESCRIPTION_MAX = 140;
/** What `until` may be off by: the look has the whole state, the entry only the time after which it is overdue. */
const NEAR_MS = 60 * 60_000;

const ENDS: { readonly [verdict in Verdict]: WatchEnd } = {
  pass: "success",
  warn: "success",
  fail: "failure",
  unknown: "error",
  superseded: "inactive",
  skipped: "inactive",
};

/**
 * Opens the index entry of a watch: one per service and commit, so that an earlier attempt's is used again. `stages`
 * are the later ones, `until` (ms) is the end of the last. Undefined when it could not be opened; what is lost is noted.
 */
export async function openIndex(
  run: Indexing,
  told: Told,
  about: {
    readonly service: Pick<Service, "id" | "name">;
    /** Path of the config file. */
    readonly config?: string;
    readonly stages: readonly string[];
    readonly until: number;
  },
): Promise<IndexedWatch | undefined> {
  const { service, config, stages, until } = about;
  const lost = `${stages.length === 1 ? "Stage" : "Stages"} ${listText(stages, "and")} will not be watched`;
  if (told.checkRun === undefined) {
    run.note(`${lost}: without a check run there is nowhere to keep what they need.`);
    return undefined;
  }
  const entry: WatchEntry = {
    version: 1,
    service: service.id,
    name: service.name.slice(0, 200),
    ...(config === undefined ? {} : { config }),
    checkRun: told.checkRun.id,
    until: Math.round(until),
  };
  try {
    const { known, stale } = told.state.kind === "none" ? NONE : await earlier(run, told.commit, entry);
    const watch = known ?? (await open(run, told.commit, entry));
    for (const record of stale)
      await close(run, record, { state: "inactive", description: "The gate of this commit ran again" });
    return watch;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.note(`${lost}: ${problemText(error)}`);
    return undefined;
  }
}

interface Earlier {
  /** Says the same as the one that is wanted. */
  readonly known: IndexedWatch | undefined;
  readonly stale: readonly WatchRecord[];
}

const NONE: Earlier = { known: undefined, stale: [] };

/** What earlier attempts opened for the service and commit. */
async function earlier(run: Indexing, commit: string, wanted: WatchEntry): Promise<Earlier> {
  const entryOf = (payload: unknown): WatchEntry | undefined => {
    const read = readWatchEntry(payload);
    return read.kind === "entry" && read.entry.service === wanted.service ? read.entry : undefined;
  };
  const isSame = (entry: WatchEntry | undefined): entry is WatchEntry =>
    entry?.checkRun === wanted.checkRun &&
    entry.config === wanted.config &&
    Math.abs(entry.until - wanted.until) <= NEAR_MS;
  const records = await run.forge.watchesOf(commit, (payload) => entryOf(payload) !== undefined);
  const oldest = records.toSorted(byAge).find((record) => isSame(entryOf(record.payload)));
  const entry = entryOf(oldest?.payload);
  return {
    known: oldest === undefined || entry === undefined ? undefined : { record: oldest, entry },
    stale: records.filter((record) => record !== oldest),
  };
}

async function open(run: Indexing, commit: string, entry: WatchEntry): Promise<IndexedWatch> {
  const text = `Watching ${entry.name} at ${commit.slice(0, 7)} until ${isoText(entry.until).slice(0, 16)}Z`;
  const description = labelText(text, DESCRIPTION_MAX);
  return { record: await run.forge.openWatch({ sha: commit, payload: entry, description }), entry };
}

/**
 * Every open watch of the repository, oldest first, one per service and commit: of two the older counts and the other
 * is closed, as is an entry that nobody can read. `cut`: there may be more. Throws ServiceProblem when there is no list.
 */
export async function listIndex(
  run: Indexing,
): Promise<{ readonly watches: readonly IndexedWatch[]; readonly cut: boolean }> {
  const { open: records, cut } = await run.forge.watches();
  const watches = new Map<string, IndexedWatch>();
  for (const record of records.toSorted(byAge)) {
    const read = readWatchEntry(record.payload);
    if (read.kind === "damaged") {
      run.note(
        `The index entry ${record.id} of a watch of ${record.sha.slice(0, 7)} is of no use: ${read.why}.`,
      );
      if (!read.isNewer)
        await close(run, record, { state: "error", description: `Not readable: ${read.why}` });
      continue;
    }
    const key = `${record.sha} ${read.entry.service}`;
    const older = watches.get(key);
    if (older === undefined) watches.set(key, { record, entry: read.entry });
    else await close(run, record, { state: "inactive", description: `Doubled: ${older.record.id} counts` });
  }
  if (cut) run.note(`The list of open watches was cut after ${amountText(records.length, "open one")}.`);
  return { watches: [...watches.values()], cut };
}

/** Ends a watch in the index, and any claim on it. Says whether that worked; what did not is noted. */
export async function closeIndex(
  run: Indexing,
  watch: Pick<IndexedWatch, "record">,
  end: {
    readonly verdict: Verdict;
    /** What decided, in one sentence. */
    readonly sentence: string;
    readonly url?: string;
  },
): Promise<boolean> {
  const { verdict, sentence, url } = end;
  return close(run, watch.record, {
    state: ENDS[verdict],
    description: sentence,
    ...(url === undefined ? {} : { url }),
  });
}

/**
 * Opens an entry that lies far back in the list anew and closes the old one, so that it is never lost behind
 * thousands of others. Gives the entry that counts from now on.
 */
export async function renewIndex(run: Indexing, watch: IndexedWatch): Promise<IndexedWatch> {
  const { record, entry } = watch;
  if (!record.isDeep) return watch;
  try {
    const renewed = await open(run, record.sha, entry);
    await close(run, record, { state: "inactive", description: `Goes on as ${renewed.record.id}` });
    return renewed;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.note(
      `The watch of ${entry.name} lies far back in the index and could not be renewed: ${problemText(error)}`,
    );
    return watch;
  }
}

async function close(
  run: Indexing,
  record: WatchRecord,
  end: { readonly state: WatchEnd; readonly description: string; readonly url?: string },
): Promise<boolean> {
  try {
    await run.forge.setWatch(record.id, { ...end, description: labelText(end.description, DESCRIPTION_MAX) });
    return true;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.note(`The index entry ${record.id} of a watch stays open: ${problemText(error)}`);
    return false;
  }
}

function problemText({ message, failure }: ServiceProblem): string {
  return failure.hint === undefined ? message : `${message} ${failure.hint}`;
}

/** GitHub's ids rise. */
function byAge(one: WatchRecord, two: WatchRecord): number {
  return one.id - two.id;
}

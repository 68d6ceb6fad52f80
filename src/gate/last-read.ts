import type { Check, Stage } from "../core/check.ts";
import type { LogBook } from "../core/log-book.ts";
import type { CheckResult } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import { isBackwards, type Board } from "./board.ts";
import type { LiveLook } from "./live-look.ts";
import type { LogReader } from "./log-reader.ts";
import { wait, type ServiceRun } from "./run.ts";
import type { Tasks } from "./tasks.ts";
import { waitFor } from "./wait-for.ts";
import type { WatchFacts } from "./watch-facts.ts";

interface Reread {
  readonly checks: readonly Check[];
  readonly facts: WatchFacts;
  readonly stage: Stage;
  readonly book: LogBook;
}

/** Log lines may arrive late by half a minute and more; the window is read again after this at most. */
const MAX_SETTLE_MS = 60_000;
/** Without a live stream the delay is not seen; Render says nothing of it (render-api.md 5.3). */
const UNSEEN_LAG_MS = 15_000;
const RETRY_MS = 10_000;
/** One call each. */
const MOST_UNSURE = 5;
/** What was read once more is read again this far back only: later than that no line is known to come. */
const LATE_MS = 5 * 60_000;
/** A long stage is read once more in parts, so that its end is never more than can be read. */
const PART_MS = 30 * 60_000;
/** Longer than this the verdict does not wait for the log API: at two calls a minute that is a dozen pages. */
const MAX_READ_MS = 6 * 60_000;

/** One beat at least, twice the log delay seen, a minute at most. */
function settleMs({ stage, book }: Pick<Reread, "stage" | "book">): number {
  return Math.min(MAX_SETTLE_MS, Math.max(stage.everyMs, 2 * (book.lagMs() ?? UNSEEN_LAG_MS)));
}

function windowStart({ deploy }: WatchFacts): number {
  return (deploy?.startedAt ?? deploy?.createdAt ?? 0) - 1_000;
}

/** From where on the window is to be read once more, ms. */
function rereadFrom(facts: WatchFacts): number {
  return Math.max(windowStart(facts), (facts.rereadTo ?? -Infinity) - LATE_MS);
}

/**
 * Begins, when they are due, the readings that are not left to the stage's end: the one without which no required
 * line is missing, some time after the line's deadline, and those of the parts of a long stage.
 */
export function createRereads(
  run: ServiceRun,
  input: Reread & { readonly reader: LogReader | undefined; readonly tasks: Tasks },
): () => void {
  const { facts, reader, tasks } = input;
  const { clock } = run.edges;
  const startedAt = clock.now();
  const hasLogs = input.checks.some(({ source }) => source.kind === "logs");
  let triedAt = -Infinity;

  /** Whether a required line's deadline has passed so long ago that it can be said to be missing. */
  function isWaited(liveAt: number, now: number): boolean {
    return input.checks.some(({ source }) => {
      if (source.kind !== "logs" || source.require.length === 0) return false;
      const deadline = liveAt + source.withinMs;
      return now >= deadline + settleMs(input) && (facts.rereadTo ?? 0) < deadline;
    });
  }

  return () => {
    const { liveAt } = facts;
    const now = clock.now();
    if (liveAt === undefined || reader === undefined || !hasLogs) return;
    const isPart = now - Math.max(startedAt, triedAt, facts.rereadTo ?? 0) >= PART_MS;
    if (!isPart && (now - triedAt < RETRY_MS || !isWaited(liveAt, now))) return;
    triedAt = now;
    const work = async (): Promise<void> => {
      if (await reader.reread(rereadFrom(facts), now)) facts.rereadTo = now;
    };
    tasks.start("reread", work, { isQuiet: true });
  };
}

/**
 * Reads what is left of the log window once more, after late lines have come; false when that was not possible.
 */
export async function readOnceMore(
  run: ServiceRun,
  input: Reread & { readonly live: LiveLook; readonly reader: LogReader | undefined },
): Promise<boolean> {
  const { facts, reader, live, book } = input;
  const { clock } = run.edges;
  if (input.checks.some(isBackwards) && reader === undefined) await live.lookAtInstances();
  if (reader === undefined || !input.checks.some((check) => check.source.kind === "logs")) return true;
  const until = clock.now() + settleMs(input);
  run.teller.phase({ phase: `watching ${input.stage.name}`, waitingFor: "late log lines", until });
  await wait(run, until - clock.now());
  await live.lookAtInstances();
  const to = clock.now();
  const isWhole = (await waitFor(run, reader.reread(rereadFrom(facts), to), MAX_READ_MS)) ?? false;
  if (isWhole) facts.rereadTo = to;
  await tellOld(run, { facts, reader, book });
  return isWhole;
}

/**
 * Finds out which instances are old among those that wrote something forbidden and are in no list any more: they
 * wrote something before the deploy started, too.
 */
export async function tellOld(
  run: ServiceRun,
  input: Pick<Reread, "facts" | "book"> & { readonly reader: LogReader | undefined },
): Promise<void> {
  const { facts, reader, book } = input;
  const unsure = book.unsure().slice(0, MOST_UNSURE);
  if (reader === undefined || unsure.length === 0) return;
  try {
    const old = (await waitFor(run, reader.wroteBefore(unsure, windowStart(facts)), MAX_READ_MS)) ?? [];
    facts.instances = { ...facts.instances, old: new Set([...(facts.instances.old ?? []), ...old]) };
    book.reclassify();
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`Whose log lines these are could not be read: ${error.message}`);
  }
}

/** A window that was not read to its end is not called clean, whatever was seen of it. */
export function withDoubt(
  results: readonly CheckResult[],
  about: {
    readonly checks: readonly Check[];
    readonly isWhole: boolean;
    readonly board: Pick<Board, "standing">;
  },
): readonly CheckResult[] {
  return results.map((result) => {
    const check = about.checks.find(({ name }) => name === result.name);
    if (check === undefined || (result.verdict !== "pass" && result.verdict !== "warn")) return result;
    const { last } = about.board.standing(check);
    const isOpen = isBackwards(check) && last?.outcome === "error";
    if (isOpen) return { ...result, verdict: check.ifUnknown, measured: false, reason: last?.reason ?? "" };
    if (check.source.kind !== "logs" || about.isWhole) return result;
    const reason = "the log window could not be read once more at the end";
    return { ...result, verdict: check.ifUnknown, measured: false, reason };
  });
}

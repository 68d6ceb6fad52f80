import { createLogBook, type LogBook } from "../core/log-book.ts";
import type { LogFacts, Thinned } from "../core/log-facts.ts";
import { isNewAt, lifeOf, newInstances } from "../core/new-instances.ts";
import { hasInstances } from "../core/service-type.ts";
import { createLogReader, type LogReader } from "./log-reader.ts";
import { createOldLogs, type OldLogs } from "./old-logs.ts";
import type { ServiceRun } from "./run.ts";
import type { WatchFacts } from "./watch-facts.ts";

/** The logs of one run. */
export interface WatchLogs {
  readonly book: LogBook;
  /** A turn of the reader is one of theirs, too. */
  readonly oldLogs: OldLogs;
  readonly reader?: LogReader;
}

/** How far log lines were read. */
export interface LogReading {
  readonly knownTo: number;
  readonly thinned: Thinned;
  readonly gap?: string | undefined;
}

/** What log lines are judged against by now. */
export function logFactsOf(
  run: ServiceRun,
  { deploy, liveAt, rereadTo, instances }: WatchFacts,
  reading: LogReading | undefined,
): LogFacts {
  const { service } = run;
  const gap = reading?.gap;
  return {
    startedAt: deploy?.startedAt ?? deploy?.createdAt ?? run.startedAt,
    shutdownDelayMs: service.shutdownDelayMs,
    hasInstances: hasInstances(service),
    knowsNewInstances: deploy !== undefined && newInstances(instances, deploy).length > 0,
    isNew: (suffix, at) => deploy && isNewAt(instances, { suffix, at }, deploy),
    ...(hasInstances(service)
      ? { lifeOf: (suffix: string, at: number) => lifeOf(instances, { suffix, at }) }
      : {}),
    ...(reading === undefined ? {} : { knownTo: reading.knownTo, thinned: reading.thinned }),
    ...(instances.checkedAt === undefined ? {} : { checkedAt: instances.checkedAt }),
    ...(liveAt === undefined ? {} : { liveAt }),
    ...(rereadTo === undefined ? {} : { rereadTo }),
    ...(gap === undefined ? {} : { gap }),
  };
}

/** An empty log book that judges by these facts, and readers for it where a check asks for logs. */
export function createWatchLogs(run: ServiceRun, facts: WatchFacts): WatchLogs {
  const { edges, plan } = run;
  const isLogs = (check: { readonly source: { readonly kind: string } }): boolean =>
    check.source.kind === "logs";
  const book: LogBook = createLogBook({
    checks: plan.checks,
    keep: edges.redact,
    facts: () =>
      logFactsOf(
        run,
        facts,
        reader && { knownTo: reader.knownTo(), thinned: reader.thinned(), gap: reader.gap() },
      ),
  });
  const oldLogs = createOldLogs(run, book);
  const reader = plan.checks.some(isLogs) ? createLogReader(run, book, plan.checks) : undefined;
  if (reader === undefined) return { book, oldLogs };
  const turn = (): void => {
    reader.turn();
    oldLogs.turn();
  };
  return { book, oldLogs, reader: { ...reader, turn } };
}

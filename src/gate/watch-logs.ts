import { createLogBook, type LogBook } from "../core/log-book.ts";
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

/** An empty log book that judges by these facts, and readers for it where a check asks for logs. */
export function createWatchLogs(run: ServiceRun, facts: WatchFacts): WatchLogs {
  const { edges, plan, service } = run;
  const isLogs = (check: { readonly source: { readonly kind: string } }): boolean =>
    check.source.kind === "logs";
  const book: LogBook = createLogBook({
    checks: plan.checks,
    keep: edges.redact,
    facts() {
      const { deploy, liveAt, rereadTo, instances } = facts;
      const gap = reader?.gap();
      return {
        startedAt: deploy?.startedAt ?? deploy?.createdAt ?? run.startedAt,
        shutdownDelayMs: service.shutdownDelayMs,
        hasInstances: hasInstances(service),
        knowsNewInstances: deploy !== undefined && newInstances(instances, deploy).length > 0,
        isNew: (suffix, at) => deploy && isNewAt(instances, { suffix, at }, deploy),
        ...(hasInstances(service)
          ? { lifeOf: (suffix: string, at: number) => lifeOf(instances, { suffix, at }) }
          : {}),
        ...(reader === undefined ? {} : { knownTo: reader.knownTo(), thinned: reader.thinned() }),
        ...(instances.checkedAt === undefined ? {} : { checkedAt: instances.checkedAt }),
        ...(liveAt === undefined ? {} : { liveAt }),
        ...(rereadTo === undefined ? {} : { rereadTo }),
        ...(gap === undefined ? {} : { gap }),
      };
    },
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

import type { KeptLogs } from "../core/kept-log.ts";
import { createLogBook, type LogBook } from "../core/log-book.ts";
import { NOT_THINNED, START_SLACK_MS, type Thinned } from "../core/log-facts.ts";
import { matcherOf, plainText } from "../core/log-match.ts";
import type { LogLine } from "../core/log-line.ts";
import type { DeployList } from "./deploy-list.ts";
import { readLogs, type LogReplay } from "./log-replay.ts";
import { createOldLogs } from "./old-logs.ts";
import type { ServiceRun } from "./run.ts";
import { logFactsOf } from "./watch-logs.ts";
import type { WatchFacts } from "./watch-facts.ts";

/** Why not all lines could be read, and the checks that fail whatever the others hold, by name. */
export interface LogsUnread {
  readonly why: string;
  readonly failing: ReadonlySet<string>;
}

/** The logs of one look. Times in ms. */
export interface LookLogs {
  readonly book: LogBook;
  /** Reads the lines since those that were kept, up to `to`; gives why that was not possible. */
  read(to: number, list: DeployList): Promise<LogsUnread | undefined>;
  /** Gives the book what was written up to `at`. */
  goTo(at: number): void;
}

/** On the smallest plan, ms: https://render.com/docs/logging */
const SHORTEST_KEPT_MS = 7 * 24 * 60 * 60_000;

/** A book that goes on from what was kept, and what it is fed from. */
export function createLookLogs(run: ServiceRun, facts: WatchFacts, kept: KeptLogs | undefined): LookLogs {
  const { plan, edges } = run;
  const hasLogs = plan.checks.some(({ source }) => source.kind === "logs");
  let replay: LogReplay | undefined;
  let thinned: Thinned = NOT_THINNED;
  let gap: string | undefined;
  const createBook = (): LogBook =>
    createLogBook({
      checks: plan.checks,
      keep: edges.redact,
      facts: () => logFactsOf(run, facts, { knownTo: edges.clock.now(), thinned, gap }),
      ...(kept === undefined ? {} : { kept }),
    });
  const book = createBook();
  const oldLogs = createOldLogs(run, book, { isPatient: false });

  /** The checks that fail by these lines alone. */
  function failingBy(lines: readonly LogLine[], to: number): ReadonlySet<string> {
    const trial = createBook();
    for (const line of lines) trial.add(line);
    const failing = plan.checks.filter(
      (check) => check.source.kind === "logs" && trial.sample(check, to).kind === "ok",
    );
    return new Set(failing.map(({ name }) => name));
  }

  return {
    book,
    async read(to, list) {
      const { deploy } = facts;
      if (!hasLogs || deploy === undefined) return undefined;
      const from = book.keptTo() ?? (deploy.startedAt ?? deploy.createdAt) - START_SLACK_MS;
      if (from >= to) return undefined;
      const found = await readLogs(run, book, { from, to });
      replay = found;
      ({ thinned } = found);
      const keptFrom = edges.clock.now() - SHORTEST_KEPT_MS;
      gap = found.why;
      if (from < keptFrom && !found.lines.some(({ at }) => at < keptFrom))
        gap ??= "no line of more than 7 days ago was found, and Render may have kept none";
      if (gap !== undefined) return { why: gap, failing: failingBy(found.lines, to) };
      const isKept = book.asksNew().some(({ name }) => book.firstMatch(name) !== undefined);
      const asked = book.asksNew().flatMap(({ source }) => (source.kind === "logs" ? source.forbid : []));
      const matchers = asked.flatMap(({ patterns }) => patterns.map((pattern) => matcherOf(pattern, "")));
      const isAsked =
        isKept ||
        found.lines.some(({ message }) => {
          const plain = plainText(message);
          return matchers.some((matcher) => matcher.search(plain).found);
        });
      if (isAsked) await oldLogs.begin(deploy, list.deploys);
      return undefined;
    },
    goTo: (at) => replay?.goTo(at),
  };
}

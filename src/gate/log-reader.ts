import type { Check, LogsSource, Pattern } from "../core/check.ts";
import type { LogBook } from "../core/log-book.ts";
import type { LogLine } from "../core/log-line.ts";
import { re2Of } from "../core/re2.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";

/** Brings every line of the deploy to the log book: live over the stream, by polling while that is down. */
export interface LogReader {
  /** Opens the stream, once. Lines since `from` (ms) that it could not bring are read by the next turns. */
  start(from: number): void;
  /** Reads what is missing and due. Never throws. */
  turn(): Promise<void>;
  /** Reads [from, to] once more, whole; true when nothing was left out. */
  reread(from: number, to: number): Promise<boolean>;
  /** Why lines up to now may be missing; undefined when everything due was read. */
  gap(): string | undefined;
  /** Closes the stream. */
  stop(): void;
  /** Aborts when the platform itself said something; to cut a wait short. */
  wakeSignal(): AbortSignal;
}

/** At most six polls a minute: /logs allows thirty for all gates of a key together. */
const POLL_MS = 10_000;
/** Lines are known to arrive late by seconds; a poll looks this far back. */
const OVERLAP_MS = 30_000;
const MAX_UNFILTERED = 1_000;
const MAX_FILTERED = 5_000;

/** Patterns for Render's own filter; undefined when one of them cannot be said in RE2. */
function serverTexts(sources: readonly LogsSource[]): readonly string[] | undefined {
  const patterns = sources.flatMap((source) =>
    [...source.require, ...source.forbid].flatMap((group) => group.patterns),
  );
  const texts = patterns.map((pattern: Pattern) => re2Of(pattern));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** A reader for the log checks of this run. */
export function createLogReader(run: ServiceRun, book: LogBook, checks: readonly Check[]): LogReader {
  const { edges, service, signal, teller } = run;
  const { clock, logs } = edges;
  const sources = checks.flatMap((check) => (check.source.kind === "logs" ? [check.source] : []));
  const types = [...new Set(sources.map((source) => source.type))];
  const texts = serverTexts(sources);
  const streaming = new AbortController();
  let wake = new AbortController();
  let isUp = false;
  let isStarted = false;
  let missingFrom: number | undefined;
  let lastPoll = -Infinity;
  let lastProblem = "";

  function take(line: LogLine, arrivedAt: number): void {
    book.add(line, arrivedAt);
  }

  const missingSince = (since: number): void => {
    missingFrom = missingFrom === undefined ? since : Math.min(missingFrom, since);
  };

  /** One window: unfiltered while that is cheap, else only matching lines plus the newest few of any kind. */
  async function readWindow(from: number, to: number, maxUnfiltered: number): Promise<boolean> {
    const query = { ownerId: service.ownerId, serviceId: service.id, from, to };
    const plain = await logs.read({ ...query, maxLines: maxUnfiltered, direction: "backward" });
    for (const line of plain.lines) take(line, line.at);
    if (plain.complete) return true;
    if (texts === undefined || texts.length === 0) {
      const all = await logs.read({ ...query, types, maxLines: MAX_FILTERED, direction: "forward" });
      for (const line of all.lines) take(line, line.at);
      return all.complete;
    }
    const filtered = await logs.read({
      ...query,
      types,
      texts,
      maxLines: MAX_FILTERED,
      direction: "forward",
    });
    for (const line of filtered.lines) take(line, line.at);
    return filtered.complete;
  }

  return {
    start(from) {
      if (isStarted) return;
      isStarted = true;
      missingSince(from);
      logs.follow({
        ownerId: service.ownerId,
        serviceId: service.id,
        signal: AbortSignal.any([signal, streaming.signal]),
        onLine(line) {
          take(line, clock.now());
          // Only the platform speaks without an instance: often it says that the deploy is live.
          if (line.instance === undefined && line.type === "app") wake.abort();
        },
        onUp(at) {
          isUp = true;
          if (missingFrom !== undefined)
            teller.line(
              `Log stream open; lines since ${Math.max(0, Math.round((at - missingFrom) / 1000))}s ago are read from the log API`,
            );
        },
        onDown(since, reason) {
          isUp = false;
          missingSince(since);
          teller.line(`Log stream down (${reason}); polling instead`);
        },
      });
    },
    async turn() {
      if (missingFrom === undefined) return;
      const now = clock.now();
      if (now - lastPoll < POLL_MS) return;
      lastPoll = now;
      const from = missingFrom - (isUp ? 0 : OVERLAP_MS);
      const wasUp = isUp;
      try {
        const whole = await readWindow(from, now, wasUp ? MAX_UNFILTERED : 200);
        lastProblem = whole ? "" : "more log lines matched than are read";
        if (whole) missingFrom = wasUp && isUp ? undefined : now;
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        lastProblem = error.message;
      }
    },
    async reread(from, to) {
      try {
        const whole = await readWindow(from, to, book.linesRead() > MAX_UNFILTERED ? 100 : MAX_UNFILTERED);
        if (whole && missingFrom !== undefined && isUp) missingFrom = undefined;
        lastProblem = whole ? "" : "more log lines matched than are read";
        if (!whole)
          teller.note("The log window held more matching lines than are read; it is not called clean.");
        return whole;
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        lastProblem = error.message;
        teller.note(`The log window could not be read once more: ${error.message}`);
        return false;
      }
    },
    gap() {
      if (missingFrom === undefined || lastPoll === -Infinity) return undefined;
      const age = clock.now() - missingFrom;
      if (lastProblem === "" && age <= 3 * POLL_MS) return undefined;
      return `log lines of the last ${Math.round(age / 1000)}s could not be read${lastProblem === "" ? "" : `: ${lastProblem}`}`;
    },
    stop: () => streaming.abort(),
    wakeSignal() {
      if (wake.signal.aborted) wake = new AbortController();
      return wake.signal;
    },
  };
}

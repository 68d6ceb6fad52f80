import type { Check } from "../core/check.ts";
import type { LogBook } from "../core/log-book.ts";
import type { Thinned } from "../core/log-facts.ts";
import type { LogLine } from "../core/log-line.ts";
import { ServiceProblem } from "../problem.ts";
import { logText } from "../report/plain.ts";
import { createLogWindows } from "./log-windows.ts";
import type { ServiceRun } from "./run.ts";

/** Brings every line of the deploy to the log book: live over the stream, by polling while that is down. */
export interface LogReader {
  /** Opens the stream, once. Lines since `from` (ms) that it could not bring are read by the next turns. */
  start(from: number): void;
  /** Begins to read what is missing and due, beside the caller. */
  turn(): void;
  /** Resolves when nothing is being read. */
  settled(): Promise<void>;
  /** Reads [from, to] once more, whole; true when nothing was left out. */
  reread(from: number, to: number): Promise<boolean>;
  /** Which of these instances (by suffix) wrote lines before `time`: they are older than the deploy. */
  wroteBefore(suffixes: readonly string[], time: number): Promise<readonly string[]>;
  /** Up to when lines were read or heard, ms. */
  knownTo(): number;
  thinned(): Thinned;
  /** Why lines up to now may be missing; undefined while nothing says so. */
  gap(): string | undefined;
  /** Closes the stream and gives up what is being read. */
  stop(): void;
  /** Aborts when the platform itself said something; to cut a wait short. */
  wakeSignal(): AbortSignal;
}

/** At most six polls a minute: /logs allows thirty for all gates of a key together. */
const POLL_MS = 10_000;
/** Lines are known to arrive late by seconds; a poll looks this far back. */
const OVERLAP_MS = 30_000;
/** How often an open stream is held against the log API. */
const PROBE_MS = 60_000;
/** A line this old that the stream has not brought was not on its way any more. */
const LATE_MS = 15_000;
/** One page; three where a whole window is read. */
const FEW_LINES = 100;
const SOME_LINES = 300;
const HISTORY_MS = 24 * 60 * 60_000;

/** A reader for the log checks of this run. */
export function createLogReader(run: ServiceRun, book: LogBook, checks: readonly Check[]): LogReader {
  const { edges, service, signal, teller } = run;
  const { clock, logs } = edges;
  // The platform's own lines are of type app; they say that logs are written at all.
  const types = [
    ...new Set(["app", ...checks.flatMap(({ source }) => (source.kind === "logs" ? [source.type] : []))]),
  ];
  const stopping = new AbortController();
  const isOver = AbortSignal.any([signal, stopping.signal]);
  let wake = new AbortController();
  let isStarted = false;
  /** Since when the stream is open, unless it was found to be silent. */
  let upSince: number | undefined;
  let heardUpTo = -Infinity;
  let readUpTo = -Infinity;
  let downs = 0;
  let missingFrom: number | undefined;
  let lastPoll = -Infinity;
  let lastProbe = -Infinity;
  let problem: string | undefined;
  let reading: Promise<void> | undefined;
  let broken: Error | undefined;

  const queryOf = (from: number, to: number) => ({
    ownerId: service.ownerId,
    serviceId: service.id,
    types,
    from,
    to,
    signal: isOver,
  });
  const windows = createLogWindows(run, book, queryOf);
  const isDue = (last: number, everyMs: number): boolean => clock.now() - last >= everyMs;

  function lost(since: number, reason: string): void {
    upSince = undefined;
    downs += 1;
    missingFrom = Math.min(missingFrom ?? since, since);
    teller.line(logText(`Log stream ${reason}; polling instead`));
  }

  /** Gives whether all was read; what Render could not give is a problem until the next read. */
  async function attempt(read: () => Promise<boolean>): Promise<boolean> {
    try {
      const isWhole = await read();
      problem = isWhole ? undefined : "more lines matched than are read";
      return isWhole;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      problem = error.message;
      return false;
    }
  }

  async function poll(since: number): Promise<void> {
    const now = clock.now();
    const seenDowns = downs;
    const isUp = upSince !== undefined;
    lastPoll = now;
    const from = isUp ? since : since - OVERLAP_MS;
    const most = isUp ? SOME_LINES : FEW_LINES;
    const whole = await attempt(() => windows.read({ from, to: now }, { most, newFrom: from }));
    if (!whole || seenDowns !== downs) return;
    readUpTo = Math.max(readUpTo, now);
    missingFrom = isUp ? undefined : now;
    lastProbe = now;
  }

  /** Whether the stream keeps quiet about lines that the log API has. */
  async function probe(since: number): Promise<void> {
    const now = clock.now();
    lastProbe = now;
    const from = Math.max(since, now - PROBE_MS - OVERLAP_MS);
    try {
      const { lines } = await logs.read({
        ...queryOf(from, now),
        maxLines: FEW_LINES,
        direction: "backward",
      });
      for (const line of lines) book.add(line);
      const known = Math.max(since, heardUpTo);
      const isSilent = lines.some((line) => line.at > known && line.at < now - LATE_MS);
      if (isSilent && upSince === since) lost(known, "is open but silent");
      else readUpTo = Math.max(readUpTo, now);
    } catch (error) {
      // The stream is up, so nothing is known to be missing.
      if (!(error instanceof ServiceProblem)) throw error;
    }
  }

  function nextRead(): (() => Promise<void>) | undefined {
    const [missing, up] = [missingFrom, upSince];
    if (missing !== undefined) return isDue(lastPoll, POLL_MS) ? () => poll(missing) : undefined;
    return up !== undefined && isDue(lastProbe, PROBE_MS) ? () => probe(up) : undefined;
  }

  async function beside(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      broken ??= error instanceof Error ? error : new Error(String(error));
    }
    reading = undefined;
  }

  return {
    start(from) {
      if (isStarted) return;
      isStarted = true;
      missingFrom = from;
      logs.follow({
        ownerId: service.ownerId,
        serviceId: service.id,
        signal: isOver,
        onLine(line: LogLine) {
          const now = clock.now();
          heardUpTo = Math.max(heardUpTo, line.at);
          // A stream that was taken for silent speaks again.
          upSince ??= now;
          book.add(line, now);
          // Only the platform speaks without an instance: often it says that the deploy is live.
          if (line.instance === undefined && line.type === "app") wake.abort();
        },
        onUp(at) {
          upSince = at;
          if (downs > 0) teller.line("Log stream open again; what it missed is read from the log API");
        },
        onDown: (since, reason) => lost(since, `down: ${reason}`),
      });
    },
    turn() {
      if (broken !== undefined) throw broken;
      if (reading !== undefined) return;
      const work = nextRead();
      if (work !== undefined) reading = beside(work);
    },
    settled: () => reading ?? Promise.resolve(),
    async reread(from, to) {
      for (;;) {
        if (reading === undefined) break;
        await reading;
      }
      const seenDowns = downs;
      let whole = false;
      reading = beside(async () => {
        const newFrom = missingFrom ?? Infinity;
        whole = await attempt(() => windows.read({ from, to }, { most: SOME_LINES, newFrom }));
      });
      await reading;
      if (broken !== undefined) throw broken;
      if (whole && seenDowns === downs) {
        missingFrom = upSince === undefined ? to : undefined;
        readUpTo = Math.max(readUpTo, to);
      }
      if (!whole) {
        teller.note(`The log window could not be read once more: ${problem ?? "no reason is known"}`);
        // A stream that is up has brought those lines: none is known to be missing.
        if (upSince !== undefined && missingFrom === undefined) problem = undefined;
      }
      return whole;
    },
    async wroteBefore(suffixes, time) {
      const found = await Promise.all(
        suffixes.map(async (suffix) => {
          const query = { ...queryOf(time - HISTORY_MS, time), instances: [`${service.id}-${suffix}`] };
          const { lines } = await logs.read({ ...query, maxLines: 1, direction: "backward" });
          return lines.some((line) => line.instance === suffix && line.at < time) ? [suffix] : [];
        }),
      );
      return found.flat();
    },
    knownTo: () => missingFrom ?? Math.max(readUpTo, heardUpTo),
    thinned: windows.thinned,
    gap: () => (problem === undefined ? undefined : `log lines could not be read: ${problem}`),
    stop: () => stopping.abort(),
    wakeSignal() {
      if (wake.signal.aborted) wake = new AbortController();
      return wake.signal;
    },
  };
}

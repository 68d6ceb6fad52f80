import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type * as z from "zod";
import type { Deploy } from "../../src/core/deploy.ts";
import { createLogBook, type LogBook } from "../../src/core/log-book.ts";
import { NOT_THINNED } from "../../src/core/log-facts.ts";
import type { LogLine } from "../../src/core/log-line.ts";
import { logFactsOf } from "../../src/gate/watch-logs.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import type { WatchFacts } from "../../src/gate/watch-facts.ts";
import { createClock } from "../../src/io/clock.ts";
import { createLogs } from "../../src/io/logs.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { givenService } from "../core/given.ts";
import { LIVE_AT, SERVICE, STARTED_AT } from "./log-lines.ts";
import { benchChecks, benchPatterns } from "./log-patterns.ts";

/** What one process found out about itself. */
export interface LogRun {
  readonly seconds: number;
  readonly peakBytes: number;
  /** Of the heap, when all is read and what can be let go is let go. */
  readonly keptBytes: number;
  /** Forbidden lines of all checks, so that nobody measures a book that finds nothing. */
  readonly matches: number;
}

// As main does at its start.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--semi-space-growth-factor=1");

/** A look reads so many lines at once. */
const WINDOW = 900;
const SECRETS = ["rnd_0123456789abcdef", "ghs_0123456789abcdefghijklmnopqrstuvwxyz", "postgres-password-1"];

const [part = "whole", patterns = "50", count = "100000", address = ""] = process.argv.slice(2);
const lines = Number(count);
const checks = benchChecks(benchPatterns(Number(patterns)));
const book = bookOf();
const taken = await measured();
const end = STARTED_AT + lines * 100 + 3_600_000;
const samples = checks.map((check) => book.sample(check, end));
const matches = samples.reduce(
  (sum, sample) => sum + (sample.kind === "ok" ? Number(sample.subjects["matches"] ?? 0) : 0),
  0,
);
const peakBytes = peakOfThisProcess();
setFlagsFromString("--expose-gc");
runInNewContext("gc()");
const keptBytes = process.memoryUsage().heapUsed;
const found: LogRun = { seconds: taken, peakBytes, keptBytes, matches };
process.stdout.write(JSON.stringify(found));
process.exit();

/**
 * Linux counts into `maxRSS` what the process was before it began to run this script, a copy of the one that started it:
 * https://man7.org/linux/man-pages/man2/getrusage.2.html. Its own peak is in its status.
 */
function peakOfThisProcess(): number {
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1_024;
}

function measured(): Promise<number> {
  switch (part) {
    case "whole":
      return readPages((read) => {
        for (const line of read) book.add(line);
      });
    case "pages":
      return readPages(() => undefined);
    case "core":
      return readCore();
    case "frames":
      return readFrames();
    default:
      throw new Error(`no part ${part}`);
  }
}

/** A book over the facts of a watch, as the gate makes it. */
function bookOf(): LogBook {
  const deploy: Deploy = {
    id: "dep-1",
    commit: { sha: "a".repeat(40), message: "merge" },
    status: "live",
    createdAt: STARTED_AT,
    startedAt: STARTED_AT,
  };
  const facts: WatchFacts = {
    deploy,
    liveAt: LIVE_AT,
    rereadTo: undefined,
    instances: {
      before: new Set(["zyxwv"]),
      seen: new Map([
        ["zyxwv", STARTED_AT - 86_400_000],
        ["abcde", STARTED_AT + 5_000],
        ["fghij", STARTED_AT + 6_000],
      ]),
      listedAt: LIVE_AT,
    },
  };
  const run = { service: givenService(), startedAt: STARTED_AT } as ServiceRun;
  return createLogBook({
    checks,
    keep: createRedactor(SECRETS),
    facts: () => logFactsOf(run, facts, { knownTo: Infinity, thinned: NOT_THINNED }),
  });
}

/** The pages of standard input through the log API's edge, window by window; gives the seconds without what the pages take to come. */
async function readPages(take: (lines: readonly LogLine[]) => void): Promise<number> {
  const pages = pagesOf(process.stdin);
  let waiting = 0;
  const nextPage = async (): Promise<Buffer> => {
    const before = seconds();
    const page = await pages.next();
    waiting += seconds() - before;
    if (page.done === true) throw new Error("fewer pages than lines");
    return page.value;
  };
  const logs = createLogs({
    json: async ({ schema }: { readonly schema: z.ZodType }) =>
      schema.parse(JSON.parse((await nextPage()).toString("utf8"))),
  } as unknown as RenderApi);
  const before = seconds();
  for (let left = lines; left > 0;) {
    const { lines: read } = await logs.read({
      ownerId: "tea-1",
      serviceId: SERVICE,
      from: STARTED_AT,
      to: STARTED_AT + 1,
      maxLines: WINDOW,
    });
    left -= read.length;
    take(read);
  }
  return seconds() - before - waiting;
}

/** What stands between line feeds. */
async function* pagesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let parts: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
  }
  return undefined;
}

/** The book alone. */
async function readCore(): Promise<number> {
  let adding = 0;
  await readPages((read) => {
    const before = seconds();
    for (const line of read) book.add(line);
    adding += seconds() - before;
  });
  return adding;
}

function seconds(): number {
  return performance.now() / 1_000;
}

/** What comes over a WebSocket, message by message: the processor's seconds, because the messages take theirs to come. */
async function readFrames(): Promise<number> {
  const clock = createClock();
  const api = createRenderApi({
    clock,
    apiKey: "rnd",
    baseUrl: address,
    redact: (text) => text,
    proxyEnv: {},
  });
  const before = process.threadCpuUsage();
  let heard = 0;
  await new Promise<void>((resolve, reject) => {
    createLogs(api).follow({
      ownerId: "tea-1",
      serviceId: SERVICE,
      signal: new AbortController().signal,
      onUp: () => undefined,
      onDown: (_since, reason) => reject(new Error(reason)),
      onLine(line) {
        book.add(line, line.at);
        heard += 1;
        if (heard === lines) resolve();
      },
    });
  });
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

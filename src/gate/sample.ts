import type { Check, EventsSource, Evidence, HttpSource, Sample, SqlSource } from "../core/check.ts";
import { EXCUSING_EVENTS, eventSample } from "../core/event-sample.ts";
import { httpSample } from "../core/http-sample.ts";
import type { LogBook } from "../core/log-book.ts";
import { baseUrl, isPath } from "../core/service-type.ts";
import type { Subjects } from "../core/value.ts";
import type { Clock } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";

/** What a sample needs to know of the moment. Times in ms. */
export interface Moment {
  readonly liveAt: number;
  readonly stageStart: number;
  /** By full instance id and when it was heard of, ms. */
  readonly isNew: (instanceId: string, at: number) => boolean | undefined;
  /** When the list of deploys was last read, ms. */
  readonly checkedAt?: number;
  /** Aborts when nobody waits for the sample any more. */
  readonly signal?: AbortSignal;
}

/** Takes samples. Never throws for what a remote service does: that is an error sample. */
export interface Sampler {
  take(check: Check, moment: Moment): Promise<Sample>;
}

const MAX_ROWS = 1_000;
const MAX_ROWS_SHOWN = 10;
const MAX_ROW_SHOWN = 2_000;
const FIRST_FREE_ANSWER_MS = 150_000;
/** A read serves every check that asks within this. */
const EVENTS_FRESH_MS = 5_000;
/** Maintenance that began longer than this before what it would excuse is over. */
const EVENTS_BACK_MS = 24 * 60 * 60_000;
/** Free services sleep after fifteen minutes without a request: https://render.com/docs/free */
const SLEEPS_AFTER_MS = 14 * 60_000;

/** A sampler for this run; `customDomains` are the verified ones. */
export function createSampler(
  run: ServiceRun,
  options: { readonly book?: LogBook; readonly customDomains: readonly string[] },
): Sampler {
  const { edges, service, plan, commit, signal } = run;
  const { clock, prober, database, deploys, redact } = edges;
  const base = baseUrl(service, options.customDomains);
  const ownHosts = new Set(
    [service.url, base]
      .flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).host] : []))
      .concat(options.customDomains),
  );
  const eventTypes = [
    ...new Set(
      plan.checks
        .flatMap((check) => (check.source.kind === "events" ? check.source.types : []))
        .concat(EXCUSING_EVENTS),
    ),
  ];
  let earliestLiveAt = Infinity;
  const recentEvents = shared(clock, () =>
    deploys.events(service.id, {
      from: Math.min(clock.now(), earliestLiveAt) - EVENTS_BACK_MS,
      to: clock.now() + 60_000,
      types: eventTypes,
    }),
  );
  const currentExcuse = shared(clock, readExcuse);
  let answeredAt = -Infinity;

  async function takeHttp(check: Check, source: HttpSource, moment: Moment): Promise<Sample> {
    let at = clock.now();
    if (isPath(source.url) && base === undefined)
      return { kind: "error", at, reason: "the service has no public address to ask" };
    const url = isPath(source.url) ? new URL(source.url, base) : new URL(source.url);
    const isOwnHost = ownHosts.has(url.host);
    const isAsleep = isOwnHost && service.plan === "free" && at - answeredAt > SLEEPS_AFTER_MS;
    const timeoutMs = isAsleep ? Math.max(source.timeoutMs, FIRST_FREE_ANSWER_MS) : source.timeoutMs;
    const request = {
      method: source.method,
      url: url.href,
      headers: source.headers,
      timeoutMs,
      signal: moment.signal === undefined ? signal : AbortSignal.any([signal, moment.signal]),
      ...(source.body === undefined ? {} : { body: source.body }),
    };
    let answer = await prober.probe(request);
    // The first answer of a sleeping free service took as long as waking did.
    if (isAsleep && answer.kind === "answer") {
      at = clock.now();
      answer = await prober.probe({ ...request, timeoutMs: source.timeoutMs });
    }
    if (isOwnHost && answer.kind === "answer") answeredAt = clock.now();
    const isBad = answer.kind === "silence" || answer.status >= 500;
    const reason = isBad && isOwnHost ? await currentExcuse() : undefined;
    return httpSample(check, answer, {
      at,
      what: `${source.method} ${isPath(source.url) ? source.url : `${url.origin}${url.pathname}`}`,
      isOwnHost,
      keep: redact,
      ...(reason === undefined ? {} : { excuse: reason }),
    });
  }

  /** Whether something other than the new version explains that the service does not answer. */
  async function readExcuse(): Promise<string | undefined> {
    try {
      const fresh = await deploys.service(service.id);
      if (fresh?.suspended) return "the service is suspended";
      if (fresh?.maintenanceMode) return "maintenance mode is on";
      const maintenance = (await recentEvents()).findLast(
        ({ type }) => type === "maintenance_started" || type === "maintenance_ended",
      );
      return maintenance?.type === "maintenance_started" ? "Render's maintenance is in progress" : undefined;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return "Render's API did not answer either, so the runner's own network may be the cause";
    }
  }

  async function takeSql(source: SqlSource, moment: Moment): Promise<Sample> {
    const at = clock.now();
    const settings = plan.databases[source.database];
    if (settings === undefined)
      return { kind: "error", at, reason: `no database "${source.database}" is configured` };
    const { rows, cut } = await database.query({
      url: settings.url,
      query: source.query,
      bind: { since: moment.stageStart, liveAt: moment.liveAt, sha: commit },
      timeoutMs: settings.timeoutMs,
      maxRows: MAX_ROWS,
    });
    const evidence: Evidence[] = rows.slice(0, MAX_ROWS_SHOWN).map((row) => ({
      at,
      text: redact(JSON.stringify(row)).slice(0, MAX_ROW_SHOWN),
      from: `database ${source.database}`,
    }));
    const subjects: Subjects = { ...rows[0], rows: rows.length };
    const more = cut ? { note: `at least ${rows.length} rows`, partial: ["rows"] } : {};
    return { kind: "ok", at, subjects, evidence, ...more };
  }

  async function takeEvents(source: EventsSource, moment: Moment): Promise<Sample> {
    const at = clock.now();
    const events = await recentEvents();
    return eventSample({
      at,
      liveAt: moment.liveAt,
      types: source.types,
      events,
      isNew: moment.isNew,
      ...(moment.checkedAt === undefined ? {} : { checkedAt: moment.checkedAt }),
      shutdownDelayMs: service.shutdownDelayMs,
      keep: redact,
    });
  }

  return {
    async take(check, moment) {
      const { source } = check;
      earliestLiveAt = Math.min(earliestLiveAt, moment.liveAt);
      try {
        switch (source.kind) {
          case "http":
            return await takeHttp(check, source, moment);
          case "sql":
            return await takeSql(source, moment);
          case "events":
            return await takeEvents(source, moment);
          case "logs":
            return (
              options.book?.sample(check, clock.now()) ?? {
                kind: "error",
                at: clock.now(),
                reason: "no log reader",
              }
            );
          default:
            return { kind: "error", at: clock.now(), reason: `no source ${source.kind} yet` };
        }
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        return { kind: "error", at: clock.now(), reason: error.message };
      }
    },
  };
}

/** One read for all who ask within a few seconds. A read that failed is not kept. */
function shared<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = clock.now();
    if (last === undefined || now - last.at > EVENTS_FRESH_MS) {
      const value = read();
      const own = { at: now, value };
      last = own;
      value.catch(() => {
        if (last === own) last = undefined;
      });
    }
    return last.value;
  };
}

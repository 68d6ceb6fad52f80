import type { Check, Sample } from "../core/check.ts";
import type { HttpSource } from "../core/source.ts";
import { httpSample } from "../core/http-sample.ts";
import { baseUrl, isPath } from "../core/service-type.ts";
import { ServiceProblem } from "../problem.ts";
import type { Moment } from "./moment.ts";
import type { RecentEvents } from "./recent-events.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

const FIRST_FREE_ANSWER_MS = 150_000;
/** Free services sleep after fifteen minutes without a request: https://render.com/docs/free */
const SLEEPS_AFTER_MS = 14 * 60_000;
const EXCUSE_FRESH_MS = 5_000;

/** Takes samples of http checks; `customDomains` are the verified ones. */
export function createHttpSamples(
  run: ServiceRun,
  options: { readonly customDomains: readonly string[]; readonly recent: RecentEvents },
): (check: Check, source: HttpSource, moment: Moment) => Promise<Sample> {
  const { edges, service, signal } = run;
  const { clock, prober, deploys, redact } = edges;
  const { recent, customDomains } = options;
  const base = baseUrl(service, customDomains);
  const ownHosts = new Set(
    [service.url, base]
      .flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).host] : []))
      .concat(customDomains),
  );
  const excuses = createSharedReads<string | undefined>(clock);
  let answeredAt = -Infinity;

  /** Whether something other than the new version explains that the service does not answer. */
  async function readExcuse(liveAt: number): Promise<string | undefined> {
    try {
      const fresh = await deploys.service(service.id);
      if (fresh?.suspended) return "the service is suspended";
      if (fresh?.maintenanceMode) return "maintenance mode is on";
      const maintenance = (await recent.read(liveAt)).findLast(
        ({ type }) => type === "maintenance_started" || type === "maintenance_ended",
      );
      return maintenance?.type === "maintenance_started" ? "Render's maintenance is in progress" : undefined;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return "Render's API did not answer either, so the runner's own network may be the cause";
    }
  }

  return async (check, source, moment) => {
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
    const reason =
      isBad && isOwnHost
        ? await excuses({ key: "excuse", freshMs: EXCUSE_FRESH_MS }, () => readExcuse(moment.liveAt))
        : undefined;
    return httpSample(check, answer, {
      at,
      what: `${source.method} ${isPath(source.url) ? source.url : `${url.origin}${url.pathname}`}`,
      isOwnHost,
      keep: redact,
      ...(reason === undefined ? {} : { excuse: reason }),
    });
  };
}

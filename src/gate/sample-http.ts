import type { Check, Sample } from "../core/check.ts";
import type { HttpSource } from "../core/source.ts";
import { httpSample } from "../core/http-sample.ts";
import { baseUrl, isPath } from "../core/service-type.ts";
import { createExcuses } from "./excuses.ts";
import type { Moment } from "./moment.ts";
import type { RecentEvents } from "./recent-events.ts";
import type { ServiceRun } from "./run.ts";

const FIRST_FREE_ANSWER_MS = 150_000;
/** Free services sleep after fifteen minutes without a request: https://render.com/docs/free */
const SLEEPS_AFTER_MS = 14 * 60_000;

/** Takes samples of http checks; `customDomains` are the verified ones. */
export function createHttpSamples(
  run: ServiceRun,
  options: { readonly customDomains: readonly string[]; readonly recent: RecentEvents },
): (check: Check, source: HttpSource, moment: Moment) => Promise<Sample> {
  const { edges, service, signal } = run;
  const { clock, prober, redact } = edges;
  const { recent, customDomains } = options;
  const base = baseUrl(service, customDomains);
  const ownHosts = new Set(
    [service.url, base]
      .flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).host] : []))
      .concat(customDomains),
  );
  const excuses = createExcuses(run, recent);
  let answeredAt = -Infinity;

  return async (check, source, moment) => {
    let at = clock.now();
    if (isPath(source.url) && base === undefined)
      return { kind: "error", at, reason: "the service has no public address to ask" };
    const url = isPath(source.url) ? new URL(source.url, base) : new URL(source.url);
    const isOwnHost = ownHosts.has(url.host);
    const isAsleep = isOwnHost && service.plan === "free" && at - answeredAt > SLEEPS_AFTER_MS;
    const timeoutMs = isAsleep ? Math.max(source.timeoutMs, FIRST_FREE_ANSWER_MS) : source.timeoutMs;
    let meanwhile: Promise<boolean> | undefined;
    const request = {
      method: source.method,
      url: url.href,
      headers: source.headers,
      timeoutMs,
      signal: moment.signal === undefined ? signal : AbortSignal.any([signal, moment.signal]),
      ...(isOwnHost ? { onSlow: () => void (meanwhile = excuses.isReached()) } : {}),
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
      isBad && isOwnHost ? await excuses.of(answer, { liveAt: moment.liveAt, meanwhile }) : undefined;
    return httpSample(check, answer, {
      at,
      what: `${source.method} ${isPath(source.url) ? source.url : `${url.origin}${url.pathname}`}`,
      isOwnHost,
      keep: redact,
      ...(reason === undefined ? {} : { excuse: reason }),
    });
  };
}

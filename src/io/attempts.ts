import type { Dispatcher } from "undici";
import type { Clock } from "../ports.ts";
import { problemOf, type Asked } from "./http-problem.ts";
import { remainingOf, type Remaining } from "./rate.ts";
import {
  askedWaitMs,
  doubtedAnswer,
  failedAnswer,
  garbledAnswer,
  isWorthRepeating,
  silentFailure,
  waitMs,
  type Failure,
  type RetryMode,
} from "./retry.ts";
import { exchange, type Answer, type Outgoing } from "./transport.ts";

/** What a caller makes of an answer. */
export type Reading<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "garbled"; readonly reason: string }
  /** The status says no. */
  | { readonly kind: "failed" };

export interface Call<T> {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly retry: RetryMode;
  readonly signal?: AbortSignal | undefined;
  /** Waiting for `pace` does not count. */
  readonly overallMs: number;
  readonly read: (answer: Answer) => Reading<T>;
}

export interface Attempting {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly attemptTimeoutMs: number;
  /** Waits that an answer asks for do not count as long as they are no longer than this in all, ms. */
  readonly patienceMs: number;
  readonly maxBytes: number;
  readonly random: () => number;
  /** Called before each request that goes out. */
  readonly onRequest: () => void;
  /** Ms to wait before an attempt, to stay inside a budget of one's own. */
  readonly pace: (method: string, url: URL) => number;
  /** Ms to wait still, right before the attempt goes; at 0 it goes. */
  readonly depart: (method: string, url: URL) => number;
  readonly onRemaining: (remaining: Remaining, method: string, url: URL) => void;
  /** Why nothing can be made of an answer that was on its way from then (ms) until now; a hint says what to do. */
  readonly doubt: (
    answer: Answer,
    sentAt: number,
  ) => { readonly reason: string; readonly hint: string } | undefined;
}

const MOST_REDIRECTS = 5;

/** Attempts until one brings a value, repeating is not allowed or `overallMs` are used up. Throws ServiceProblem. */
export async function attempt<T>(edge: Attempting, call: Call<T>, asked: Asked): Promise<T> {
  const { clock } = edge;
  const failures: Failure[] = [];
  const startedAt = clock.now();
  let deadline = startedAt + call.overallMs;
  let patience = edge.patienceMs;
  const giveUp = (failure: Failure, because?: string): Error =>
    problemOf(asked, [...failures, failure], {
      overMs: clock.now() - startedAt,
      ...(because === undefined ? {} : { because }),
    });

  for (;;) {
    let pause = edge.pace(call.method, call.url);
    for (;;) {
      if (pause > 0) await clock.sleep(pause, call.signal);
      deadline += pause;
      pause = call.signal?.aborted === true ? 0 : edge.depart(call.method, call.url);
      if (pause <= 0) break;
    }
    const left = Math.max(deadline - clock.now(), 1_000);
    const outcome = await once(edge, call, Math.min(edge.attemptTimeoutMs, left));
    if (outcome.kind === "value") return outcome.value;
    const { failure } = outcome;
    if (!isWorthRepeating(failure, call.retry)) throw giveUp(failure);

    const now = clock.now();
    const asksFor = askedWaitMs(failure, now);
    const wait = waitMs(failures.length + 1, { asked: asksFor, random: edge.random });
    if (asksFor !== undefined && wait <= patience) {
      patience -= wait;
      deadline += wait;
    } else if (wait >= deadline - now)
      throw giveUp(failure, asksFor === undefined ? undefined : tooLong(asksFor));
    failures.push(failure);
    await clock.sleep(wait, call.signal);
  }
}

function tooLong(asksFor: number): string {
  return `it asks to wait ${Math.ceil(asksFor / 1000)}s, longer than this call may take`;
}

async function once<T>(
  edge: Attempting,
  call: Call<T>,
  timeoutMs: number,
): Promise<{ kind: "value"; value: T } | { kind: "failure"; failure: Failure }> {
  let outgoing: Outgoing = { ...call, timeoutMs, maxBytes: edge.maxBytes };
  for (let redirects = 0; ; redirects += 1) {
    if (call.signal?.aborted !== true) edge.onRequest();
    const sentAt = edge.clock.now();
    const answer = await exchange(edge.dispatcher, outgoing);
    if (answer.kind === "silence") return { kind: "failure", failure: silentFailure(answer) };
    edge.onRemaining(remainingOf(answer.headers, edge.clock.now()), call.method, call.url);
    const next = redirectOf(outgoing, answer);
    if (next !== undefined && redirects < MOST_REDIRECTS) {
      outgoing = { ...outgoing, url: next };
      continue;
    }
    const doubt = call.method === "GET" ? edge.doubt(answer, sentAt) : undefined;
    if (doubt !== undefined) return { kind: "failure", failure: doubtedAnswer(answer, doubt) };
    const reading = call.read(answer);
    if (reading.kind === "value") return reading;
    const failure = reading.kind === "garbled" ? garbledAnswer(answer, reading.reason) : failedAnswer(answer);
    return { kind: "failure", failure };
  }
}

/** Only inside the same origin: the key must not travel elsewhere. A renamed repository answers like that. */
function redirectOf(outgoing: Outgoing, answer: Answer): URL | undefined {
  const isRead = outgoing.method === "GET" || outgoing.method === "HEAD";
  const isRedirect =
    answer.status === 307 || answer.status === 308 || (isRead && [301, 302, 303].includes(answer.status));
  const location = answer.headers["location"];
  if (!isRedirect || location === undefined || !URL.canParse(location, outgoing.url.href)) return undefined;
  const next = new URL(location, outgoing.url);
  return next.origin === outgoing.url.origin ? next : undefined;
}

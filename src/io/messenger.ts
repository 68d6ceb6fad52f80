import type { Dispatcher } from "undici";
import type { Clock, Delivery, Messenger } from "../ports.ts";
import { askedWaitMs, failedAnswer, isWorthRepeating, silentFailure, waitMs, type Failure } from "./retry.ts";
import { createDispatcher, type Environment } from "./dispatcher.ts";
import { exchange } from "./transport.ts";

export interface MessengerOptions {
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  /** Where the proxy variables are looked up. */
  readonly proxyEnv: Environment;
  /** By the clock, one message with all its tries and waits. */
  readonly overallMs?: number;
  /** Real time of one try. */
  readonly tryMs?: number;
  /** [0, 1), for the jitter. */
  readonly random?: () => number;
}

const OVERALL_MS = 20_000;
const TRY_MS = 5_000;
/** Between two tries, where no longer wait is asked for: short beside the whole, so that it is made use of. */
const LONGEST_WAIT_MS = 4_000;
/** Nothing in an answer is of use but a word or two. */
const MAX_BYTES = 256 * 1024;
const QUOTE_MAX = 120;

/**
 * Messages over undici, through the environment's proxy; a try that brought no answer or a passing one (429, 5xx) is
 * repeated with back-off, and no redirect is followed. `why` holds neither the address nor a secret.
 */
export function createMessenger(options: MessengerOptions): Messenger & { close(): Promise<void> } {
  let dispatcher: Dispatcher | undefined;
  return {
    send(message) {
      dispatcher ??= createDispatcher(options.proxyEnv, { attemptMs: options.tryMs ?? TRY_MS });
      return send(message, { ...options, dispatcher });
    },
    close: async () => dispatcher?.destroy(),
  };
}

async function send(
  message: Parameters<Messenger["send"]>[0],
  options: MessengerOptions & { readonly dispatcher: Dispatcher },
): Promise<Delivery> {
  const { clock, dispatcher, overallMs = OVERALL_MS, tryMs = TRY_MS, random = Math.random } = options;
  const { body, signal } = message;
  const startedAt = clock.now();
  const { url, headers } = addressOf(message.url);
  for (let tries = 1; ; tries += 1) {
    const answer = await exchange(dispatcher, {
      method: "POST",
      url,
      headers: { "content-type": "application/json", "user-agent": "render-deploy-gate", ...headers },
      body,
      timeoutMs: Math.min(tryMs, Math.max(1_000, startedAt + overallMs - clock.now())),
      maxBytes: MAX_BYTES,
      signal,
    });
    if (answer.kind === "answer" && answer.status >= 200 && answer.status <= 299) return { ok: true };
    const failure = answer.kind === "answer" ? failedAnswer(answer) : silentFailure(answer);
    const now = clock.now();
    const asked = askedWaitMs(failure, now);
    const backOff = waitMs(tries, { asked, random });
    const wait = asked === undefined ? Math.min(backOff, LONGEST_WAIT_MS) : backOff;
    if (!isWorthRepeating(failure, "safe") || wait >= startedAt + overallMs - now)
      return { ok: false, why: options.redact(whyOf(failure, { tries, overMs: now - startedAt, asked })) };
    await clock.sleep(wait, signal);
  }
}

/** Credentials in an address are sent as HTTP wants them, as curl does. */
function addressOf(text: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === "" && password === "") return { url, headers: {} };
  url.username = "";
  url.password = "";
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { url, headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function whyOf(
  failure: Failure,
  {
    tries,
    overMs,
    asked,
  }: { readonly tries: number; readonly overMs: number; readonly asked: number | undefined },
): string {
  const what =
    failure.status === undefined
      ? `it gave no answer (${failure.kind})`
      : `it answered ${failure.status}${wordOf(failure.text)}`;
  const often = tries === 1 ? "" : `, the last of ${tries} tries over ${Math.round(overMs / 1000)}s`;
  const wish = asked === undefined ? "" : `, and asks to wait ${Math.ceil(asked / 1000)}s`;
  const hint = failure.hint === undefined ? "" : `. ${failure.hint}`;
  return `${what}${often}${wish}${hint}`;
}

/** The word that Slack answers with, such as `no_service`; pages and texts are not quoted. */
function wordOf(text: string): string {
  const word = text.trim();
  return word.length <= QUOTE_MAX && /^[a-z]+(?:_[a-z]+)+$/.test(word) ? ` (${word})` : "";
}

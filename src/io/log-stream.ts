import { WebSocket, type Dispatcher } from "undici";
import type { LogLine } from "../core/log-line.ts";
import type { Clock, Logs } from "../ports.ts";
import { jsonOf } from "./json.ts";
import type { RenderApi } from "./render-api.ts";
import { linesOf, logMessageReply } from "./render-log.ts";
import { silenceOf } from "./transport.ts";

type Following = Parameters<Logs["follow"]>[0];

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Every opening costs one of the log calls that polling needs: one that is refused again and again is rare. */
const LONGEST_REFUSED_WAIT_MS = 300_000;
/** A connection on which nothing can be read is not worth keeping. */
const MOST_UNREADABLE = 5;

/** How one connection went. */
interface Ended {
  readonly opened: boolean;
  readonly broughtLines: boolean;
  readonly reason: string;
}

/** Follows the stream until the signal aborts: connects, reports, waits longer each time, connects again. */
export function followLogs(
  api: RenderApi,
  options: { readonly clock: Clock; readonly openTimeoutMs: number },
  following: Following,
): void {
  const { clock } = options;
  const { signal } = following;
  // The last moment up to which nothing can be missing.
  const state = { soundUntil: clock.now(), isDown: false };
  const keepOpen = async (): Promise<void> => {
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const turn = api.reserveStream();
      if (turn > 0) await clock.sleep(turn, signal);
      if (signal.aborted) return;
      const ended = await connect(api, { ...options, state }, following);
      if (signal.aborted) return;
      if (!state.isDown) following.onDown(state.soundUntil, api.redact(ended.reason));
      state.isDown = true;
      if (ended.broughtLines) wait = FIRST_WAIT_MS;
      await clock.sleep(wait, signal);
      wait = Math.min(wait * 2, ended.opened ? LONGEST_WAIT_MS : LONGEST_REFUSED_WAIT_MS);
    }
  };
  keepOpen().catch((error: unknown) => {
    if (!signal.aborted) following.onDown(state.soundUntil, api.redact(`log stream ended: ${String(error)}`));
  });
}

async function connect(
  api: RenderApi,
  options: {
    readonly clock: Clock;
    readonly openTimeoutMs: number;
    readonly state: { soundUntil: number; isDown: boolean };
  },
  following: Following,
): Promise<Ended> {
  const { clock, state } = options;
  const { signal } = following;
  const access = api.stream("/logs/subscribe", {
    ownerId: following.ownerId,
    resource: [following.serviceId],
  });
  const watched = watch(access.dispatcher);
  let socket: WebSocket;
  try {
    socket = new WebSocket(access.url, { dispatcher: watched.dispatcher, headers: access.headers });
  } catch (error) {
    return { opened: false, broughtLines: false, reason: `cannot be opened: ${String(error)}` };
  }
  socket.binaryType = "arraybuffer";

  return new Promise((resolve) => {
    let opened = false;
    let broughtLines = false;
    let unreadable = 0;
    const finish = (reason: string): void => {
      clearTimeout(openTimer);
      signal.removeEventListener("abort", onAbort);
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
      // A server that never answers the closing frame would keep the process alive.
      watched.cut();
      resolve({ opened, broughtLines, reason });
    };
    const onAbort = (): void => finish("canceled");
    const openTimer = setTimeout(
      () => finish(`not open within ${options.openTimeoutMs} ms`),
      options.openTimeoutMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });

    const up = (): void => {
      state.soundUntil = clock.now();
      state.isDown = false;
      following.onUp(state.soundUntil);
    };
    socket.onopen = () => {
      clearTimeout(openTimer);
      opened = true;
      up();
    };
    socket.onmessage = ({ data }) => {
      const lines = linesIn(data, following.serviceId);
      if (lines === undefined) {
        unreadable += 1;
        following.onDown(state.soundUntil, "a message could not be read");
        if (unreadable >= MOST_UNREADABLE) {
          state.isDown = true;
          finish("messages cannot be read");
        } else up();
        return;
      }
      state.soundUntil = clock.now();
      unreadable = 0;
      broughtLines ||= lines.length > 0;
      for (const line of lines) following.onLine(line);
    };
    // The error event says less than the close event that follows it.
    socket.onerror = () => undefined;
    socket.onclose = ({ code }) => {
      const status = watched.status();
      const why =
        status === undefined || status === 101 ? (watched.trouble() ?? `code ${code}`) : `status ${status}`;
      finish(opened ? `closed (${why})` : `cannot be opened (${why})`);
    };
  });
}

function linesIn(data: unknown, serviceId: string): readonly LogLine[] | undefined {
  const content = jsonOf(data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data));
  if ("why" in content) return undefined;
  const parsed = logMessageReply.safeParse(content.json);
  return parsed.success ? linesOf(parsed.data, serviceId) : undefined;
}

/** A dispatcher that remembers how the handshake went and can end the connection it upgraded. */
function watch(dispatcher: Dispatcher): {
  readonly dispatcher: Dispatcher;
  readonly status: () => number | undefined;
  /** Why there was no answer; undefined when there was one. */
  readonly trouble: () => string | undefined;
  readonly cut: () => void;
} {
  let status: number | undefined;
  let trouble: string | undefined;
  let upgraded: { destroy(): unknown } | undefined;
  const dispatch =
    (next: Dispatcher["dispatch"]): Dispatcher["dispatch"] =>
    (options, handler) => {
      const watching: Dispatcher.DispatchHandler = {
        onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
        onRequestUpgrade: (controller, code, headers, socket) => {
          status = code;
          upgraded = socket;
          handler.onRequestUpgrade?.(controller, code, headers, socket);
        },
        onResponseStart: (controller, code, headers, message) => {
          status = code;
          handler.onResponseStart?.(controller, code, headers, message);
        },
        onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
        onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
        onResponseError: (controller, error) => {
          const { reason, hint } = silenceOf(error);
          trouble = hint === undefined ? reason : `${reason}. ${hint}`;
          handler.onResponseError?.(controller, error);
        },
      };
      return next(options, watching);
    };
  return {
    dispatcher: dispatcher.compose(dispatch),
    status: () => status,
    trouble: () => trouble,
    cut: () => upgraded?.destroy(),
  };
}

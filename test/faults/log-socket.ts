import type { LogRecord } from "../stand-ins/render/logs.ts";
import type { Watch } from "../gate/watch-scene.ts";
import { watchedTrial } from "./watched.ts";
import type { Trial, Truth } from "./trial.ts";

const SECTION = "The log WebSocket";
const CHECKS = "lines: { logs: { forbid: [FATAL] }, on_fail: revert }";
/** The line of the failing story, after live. */
const FATAL_MS = 101_000;
const FOR_MS = 180_000;

interface SocketFault {
  readonly what: string;
  /** Gives whether it struck. */
  set(watch: Watch): () => boolean;
}

const struck = (): boolean => true;
const sockets = (watch: Watch): number =>
  watch.render.requests.filter(({ path }) => path === "/logs/subscribe").length;

/** Lines of both kinds, half of them late or in another order; what was held back goes out with the line after it. */
function reordered(watch: Watch): () => boolean {
  const held: string[] = [];
  watch.render.distortSocketLines((line) => {
    held.push(JSON.stringify(line));
    return held.length < 3 ? [] : held.splice(0).toReversed();
  });
  return struck;
}

const repeatedly = (watch: Watch, everyMs: number, step: (at: number) => void): void => {
  for (let at = 1_000; at < FOR_MS; at += everyMs) watch.after(at, () => step(at));
};

const FAULTS: readonly SocketFault[] = [
  {
    what: "refused",
    set(watch) {
      watch.render.refuseSockets(403);
      return () => sockets(watch) > 0;
    },
  },
  {
    what: "no answer to the handshake",
    set(watch) {
      const fault = watch.render.fault({ route: /subscribe/, kind: "reset" });
      return () => fault.hits() > 0;
    },
  },
  {
    what: "dropped once, with the line",
    set(watch) {
      watch.after(FATAL_MS - 500, () => {
        watch.render.refuseSockets(503);
        watch.render.dropSockets();
      });
      watch.after(FATAL_MS + 1_000, () => watch.render.refuseSockets());
      return () => sockets(watch) > 1;
    },
  },
  {
    what: "closed in good order, with the line",
    set(watch) {
      watch.after(FATAL_MS - 500, () => watch.render.dropSockets(1001));
      return () => sockets(watch) > 1;
    },
  },
  {
    what: "dropped every few seconds",
    set(watch) {
      repeatedly(watch, 4_000, () => watch.render.dropSockets());
      return () => sockets(watch) > 2;
    },
  },
  {
    what: "open and silent",
    set(watch) {
      watch.render.muteSockets(true);
      return struck;
    },
  },
  {
    what: "silent from the middle on",
    set(watch) {
      watch.after(FATAL_MS - 20_000, () => watch.render.muteSockets(true));
      return struck;
    },
  },
  {
    what: "silent for the line",
    set(watch) {
      watch.after(FATAL_MS - 500, () => watch.render.muteSockets(true));
      watch.after(FATAL_MS + 500, () => watch.render.muteSockets(false));
      return struck;
    },
  },
  {
    what: "every line twice",
    set(watch) {
      watch.render.duplicateSocketLines(true);
      return struck;
    },
  },
  { what: "out of order, some never", set: reordered },
  {
    what: "garbled frames between",
    set(watch) {
      repeatedly(watch, 9_000, (at) =>
        watch.render.sendToSockets(['{"id": 1, "mess', "[]", "null", "\u0000\ufffd", "42"][at % 5] ?? ""),
      );
      return struck;
    },
  },
  {
    what: "garbled instead of lines",
    set(watch) {
      watch.render.distortSocketLines(() => ["<html>502 Bad Gateway</html>"]);
      return struck;
    },
  },
  {
    what: "the line of a wrong shape",
    set(watch) {
      watch.render.distortSocketLines((line) => [
        line.message.includes("FATAL") ? JSON.stringify({ ...line, timestamp: 7 }) : JSON.stringify(line),
      ]);
      return struck;
    },
  },
  {
    what: "lines of another service",
    set(watch) {
      const foreign = (line: LogRecord): string =>
        JSON.stringify({
          ...line,
          id: `other-${line.id}`,
          message: "FATAL: not ours",
          labels: line.labels.map((label) => ({
            ...label,
            value: label.value.replaceAll(/srv-\w+/g, "srv-other"),
          })),
        });
      watch.render.distortSocketLines((line) => [foreign(line), JSON.stringify(line)]);
      return struck;
    },
  },
  {
    what: "huge frames",
    set(watch) {
      watch.render.distortSocketLines((line) => [
        JSON.stringify({ ...line, id: `huge-${line.id}`, message: "x".repeat(2_000_000) }),
        JSON.stringify(line),
      ]);
      return struck;
    },
  },
];

type Api = "the log API works" | "the log API fails, too" | "the log API fails for a minute";
const APIS: readonly Api[] = [
  "the log API works",
  "the log API fails, too",
  "the log API fails for a minute",
];
const TRUTHS: readonly Truth[] = ["pass", "fail"];

function trial(fault: SocketFault, api: Api, truth: Truth): Trial {
  return watchedTrial({
    section: SECTION,
    where: fault.what,
    fault: api,
    story: truth === "pass" ? "nothing forbidden is logged" : "a forbidden line is logged",
    truth,
    checks: CHECKS,
    options: { boot: "{ for: 3m, every: 15s }" },
    strike(watch) {
      const { liveAt, render } = watch;
      for (let at = -2_000; at < FOR_MS - 5_000; at += 2_000) watch.say(at, `INFO: at work ${at}`);
      if (truth === "fail") watch.say(FATAL_MS, "FATAL: out of cheese");
      const isStruck = fault.set(watch);
      const pages = /^GET \/logs$/;
      if (api === "the log API fails, too")
        render.fault({ route: pages, kind: "status", status: 503, from: liveAt });
      if (api === "the log API fails for a minute") {
        const [from, until] = [liveAt + FATAL_MS - 10_000, liveAt + FATAL_MS + 50_000];
        render.fault({ route: pages, kind: "status", status: 503, from, until });
      }
      return { struck: isStruck };
    },
  });
}

/** The stream of log lines failing in every way, with the log API to fall back on and without. */
export function logSocketTrials(): readonly Trial[] {
  return FAULTS.flatMap((fault) => APIS.flatMap((api) => TRUTHS.map((truth) => trial(fault, api, truth))));
}

import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Contract, Operation, Query } from "./contract.ts";
import { lineFilter } from "./logs.ts";
import type { LogRecord, LogStore } from "./logs.ts";

/** The log subscriptions. */
export interface Sockets {
  open(
    upgrade: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
    subscription: { readonly operation: Operation; readonly query: Query },
  ): void;
  readonly count: () => number;
  /** Without a code the connection is cut; with one it is closed in good order. */
  readonly drop: (code?: number) => void;
  /** Muted sockets stay open and silent; what is missed is not sent later. */
  readonly mute: (isMuted: boolean) => void;
  readonly duplicate: (isDoubled: boolean) => void;
  /** What becomes of a line on its way, as the frames that go out instead; undefined: it goes as it is. */
  readonly distort: (frames: ((line: LogRecord) => readonly string[]) | undefined) => void;
  /** Sends this frame to everybody. */
  readonly send: (frame: string) => void;
  /** Resolves when every frame sent so far has been read by its client. */
  readonly settle: () => Promise<void>;
  readonly close: () => void;
}

const PONG_LIMIT_MS = 10_000;

/** Pushes every line of `logs` to the subscriptions that ask for it. */
export function logSockets(parts: {
  readonly logs: LogStore;
  readonly contract: Contract;
  readonly violations: string[];
}): Sockets {
  const { logs, contract, violations } = parts;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const subscribers = new Map<WebSocket, (line: LogRecord, resource: string) => void>();
  let isMuted = false;
  let isDoubled = false;
  let distorted: ((line: LogRecord) => readonly string[]) | undefined;

  logs.onLine((line, resource) => {
    if (isMuted) return;
    for (const push of subscribers.values()) push(line, resource);
  });

  const pong = (socket: WebSocket): Promise<void> =>
    new Promise((resolve, reject) => {
      const token = randomUUID();
      const limit = setTimeout(() => finish(new Error("A log socket's client does not read")), PONG_LIMIT_MS);
      const onPong = (data: Buffer): void => {
        if (data.toString() === token) finish();
      };
      const onClose = (): void => finish();
      const finish = (error?: Error): void => {
        clearTimeout(limit);
        socket.off("pong", onPong);
        socket.off("close", onClose);
        if (error) reject(error);
        else resolve();
      };
      socket.on("pong", onPong);
      socket.on("close", onClose);
      if (socket.readyState !== socket.OPEN) finish();
      else socket.ping(token);
    });

  return {
    open({ request, socket, head }, { operation, query }) {
      const resources = new Set(query["resource"]);
      const fits = lineFilter(query);
      server.handleUpgrade(request, socket, head, (client) => {
        subscribers.set(client, (line, resource) => {
          if (!resources.has(resource) || !fits(line)) return;
          const problems = contract.checkAnswer(operation, 101, line);
          violations.push(...problems.map((problem) => `our own frame: ${problem}`));
          const frames = distorted?.(line) ?? [JSON.stringify(line)];
          for (const frame of isDoubled ? [...frames, ...frames] : frames) client.send(frame);
        });
        client.on("message", () => violations.push("the client sent a message over the log socket"));
        client.on("error", () => subscribers.delete(client));
        client.on("close", () => subscribers.delete(client));
      });
    },
    count: () => subscribers.size,
    drop(code) {
      for (const client of subscribers.keys()) {
        subscribers.delete(client);
        if (code === undefined) client.terminate();
        else client.close(code);
      }
    },
    mute(is) {
      isMuted = is;
    },
    duplicate(is) {
      isDoubled = is;
    },
    distort(frames) {
      distorted = frames;
    },
    send(frame) {
      for (const client of subscribers.keys()) client.send(frame);
    },
    async settle() {
      await Promise.all([...subscribers.keys()].map(pong));
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

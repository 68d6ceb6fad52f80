import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/**
 * What becomes of what passes: `deaf` accepts and says nothing; `mute` swallows every answer to a query; `cut at query`
 * ends the connection with the query; `cut in row` in the middle of the first row; `slow` waits 20 real ms before each
 * piece; `nonsense` answers as an HTTP server would; an SQLSTATE refuses every login with it.
 */
export type Passing =
  | "whole"
  | "deaf"
  | "mute"
  | "cut at query"
  | "cut in row"
  | "slow"
  | "nonsense"
  | { readonly sqlState: string; readonly message: string };

/** A door before a PostgreSQL server on 127.0.0.1. */
export interface GoBetween extends AsyncDisposable {
  readonly port: number;
  /** From now on; what is connected is cut first, as whoever connects anew meets it from the start. */
  let(passing: Passing): void;
  /** How often something but `whole` was met. */
  readonly hits: () => number;
}

const SLOW_MS = 20;

/** Types of messages: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PARSE = "P".charCodeAt(0);
const DATA_ROW = "D".charCodeAt(0);

export async function startGoBetween(port: number): Promise<GoBetween> {
  let passing: Passing = "whole";
  let hits = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    keep(client);
    const mode = passing;
    if (mode !== "whole") hits += 1;
    if (mode === "deaf") return void client.resume();
    if (mode === "nonsense")
      return void client.once("data", () => client.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    if (typeof mode === "object") return void client.once("data", () => client.end(refusal(mode)));
    const backend = connect(port, "127.0.0.1");
    keep(backend);
    let asked = false;
    client.on("data", (bytes) => {
      asked ||= bytes[0] === PARSE;
      if (asked && mode === "cut at query") return void client.resetAndDestroy();
      backend.write(bytes);
    });
    backend.on("data", (bytes) => {
      if (asked && mode === "mute") return;
      const row = asked && mode === "cut in row" ? rowIn(bytes) : -1;
      if (row >= 0) client.write(bytes.subarray(0, row + 6), () => client.destroy());
      else if (mode === "slow") void wait(SLOW_MS).then(() => client.write(bytes));
      else client.write(bytes);
    });
    client.on("close", () => backend.destroy());
    backend.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });

  function keep(socket: Socket): void {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  }

  return {
    port: (server.address() as AddressInfo).port,
    let(next) {
      passing = next;
      for (const socket of open) socket.destroy();
    },
    hits: () => hits,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Where a row begins among the messages of these bytes, or -1. */
function rowIn(bytes: Buffer): number {
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1))
    if (bytes[at] === DATA_ROW) return at;
  return -1;
}

function refusal({ sqlState, message }: { readonly sqlState: string; readonly message: string }): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

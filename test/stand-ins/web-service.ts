import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** One request as it arrived. */
export interface WebRequest {
  readonly at: number;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What the service does with a request. `reset`: closes without an answer; `silent`: never answers;
 * `stall`: sends the headers and a part of the body, never the rest; `garbled`: something that is not HTTP.
 */
export type WebAnswer =
  | {
      readonly kind?: "answer";
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string | Uint8Array;
      /** Real ms before the answer. */
      readonly delayMs?: number;
    }
  | { readonly kind: "reset" | "silent" | "stall" | "garbled" };

/** A small real web service whose behaviour can be switched while it runs. */
export interface WebService {
  /** Such as `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Oldest first. */
  readonly requests: readonly WebRequest[];
  answerWith(answers: (request: WebRequest) => WebAnswer): void;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

/** Starts on a free loopback port. Answers 200 `ok` until told otherwise. */
export async function startWebService(
  options: {
    readonly now?: () => number;
    readonly port?: number;
    readonly answers?: (request: WebRequest) => WebAnswer;
  } = {},
): Promise<WebService> {
  const now = options.now ?? (() => Date.now());
  const requests: WebRequest[] = [];
  let answers = options.answers ?? ((): WebAnswer => ({ body: "ok" }));
  const closing = new AbortController();

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    answerWith: (next) => {
      answers = next;
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request: WebRequest = {
      at: now(),
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const answer = answers(request);
    switch (answer.kind) {
      case "silent":
        return;
      case "reset":
        incoming.socket.resetAndDestroy();
        return;
      case "garbled":
        incoming.socket.end("SSH-2.0-OpenSSH_9.6\r\n");
        return;
      case "stall":
        response.writeHead(200, { "content-length": "1000" });
        response.write("the beginning");
        return;
      case "answer":
      case undefined:
        if (answer.delayMs !== undefined) await wait(answer.delayMs, undefined, { signal: closing.signal });
        for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
        response.writeHead(answer.status ?? 200);
        response.end(answer.body ?? "");
    }
  }
}

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** The public address of a service: passes every request on to the instance that serves at that moment. */
export interface Edge {
  readonly url: string;
  /** From now on requests go to this local port. */
  readonly serve: (port: number) => void;
  readonly close: () => Promise<void>;
}

/**
 * Opens the address on a free local port. It answers 404 as Render's edge does while nothing serves, and 502 when the
 * instance does not answer.
 */
export async function openEdge(): Promise<Edge> {
  let target: number | undefined;
  const server = createServer((incoming, outgoing) => {
    if (target === undefined) {
      outgoing.writeHead(404, { "x-render-routing": "no-server" }).end();
      return;
    }
    const passed = request(
      {
        host: "127.0.0.1",
        port: target,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    serve: (next) => {
      target = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { SIGNED } from "./secure.ts";

/**
 * What the proxy does when asked for a tunnel: opens it, answers with another status, never answers, hangs up, answers
 * what is not HTTP; or opens it and then hangs up (`cut`), swallows everything (`mute`) or sends noise (`noise`).
 */
export type ProxyAnswer = "tunnel" | number | "hang" | "close" | "garbage" | "cut" | "mute" | "noise";

/** An HTTP proxy on loopback that only opens tunnels. */
export interface Proxy extends AsyncDisposable {
  /** Without credentials, such as `http://localhost:41234`. */
  readonly url: string;
  /** Every target that was asked for, as `host:port`. */
  readonly targets: readonly string[];
  /** The Proxy-Authorization of each, decoded; "" where there was none. */
  readonly users: readonly string[];
  /** Forwarding that was asked for and refused. */
  readonly forwards: readonly string[];
  answerWith(answers: (target: string) => ProxyAnswer): void;
}

const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/**
 * Starts on a free port. Whatever host is named, the tunnel leads to that port of 127.0.0.1. With `isSecure` the proxy
 * itself speaks TLS, with a certificate of `AUTHORITY_FILE`; with `user` (`name:password`) it wants that.
 */
export async function startProxy(
  options: { readonly isSecure?: boolean; readonly user?: string } = {},
): Promise<Proxy> {
  const targets: string[] = [];
  const users: string[] = [];
  const forwards: string[] = [];
  const open = new Set<Duplex>();
  let answers = (_target: string): ProxyAnswer => "tunnel";

  const server = options.isSecure === true ? createSecureServer({ ...SIGNED }) : createServer();
  const held = (stream: Duplex): void => {
    open.add(stream);
    stream.on("error", () => undefined).on("close", () => open.delete(stream));
  };
  server.on("request", (incoming, outgoing) => {
    forwards.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    outgoing.writeHead(501).end();
  });
  server.on("connect", (incoming: IncomingMessage, client: Duplex) => {
    held(client);
    const target = incoming.url ?? "";
    const [, encoded = ""] = /^Basic (\S+)$/.exec(incoming.headers["proxy-authorization"] ?? "") ?? [];
    const user = Buffer.from(encoded, "base64").toString();
    targets.push(target);
    users.push(user);
    const answer = options.user === undefined || options.user === user ? answers(target) : 407;
    if (typeof answer === "number") client.end(`HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\n\r\n`);
    else if (answer === "close") client.destroy();
    else if (answer === "garbage") client.end("SSH-2.0-OpenSSH_9.6\r\n");
    else if (answer === "noise") client.write(`${ESTABLISHED}SSH-2.0-OpenSSH_9.6\r\n`);
    else if (answer === "mute") client.write(ESTABLISHED);
    else if (answer === "cut") {
      client.write(ESTABLISHED);
      client.once("data", () => client.destroy());
    } else if (answer === "tunnel") {
      const other = connect(Number(target.split(":").at(-1)), "127.0.0.1", () => {
        client.write(ESTABLISHED);
        client.pipe(other);
        other.pipe(client);
      });
      held(other);
      client.on("close", () => other.destroy());
      other.on("close", () => client.destroy());
    }
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.isSecure === true ? "https" : "http"}://localhost:${port}`,
    targets,
    users,
    forwards,
    answerWith: (next) => {
      answers = next;
    },
    async [Symbol.asyncDispose]() {
      for (const stream of open) stream.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

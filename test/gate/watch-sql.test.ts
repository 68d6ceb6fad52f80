import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import { checkOf, expectLawful, expectNoAct, expectTold, startWatch } from "./watch-scene.ts";

let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.sql(`
    CREATE TABLE orders (id int, total numeric, status text, sha text, made_at timestamptz);
    INSERT INTO orders SELECT n, 9.50, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'paid' END, 'abc', '2020-01-01' FROM generate_series(1, 100) n;
  `);
});
afterAll(() => postgres.stop());

const DATABASES = "databases: { main: { url: $DATABASE_URL, timeout: 2s } }";

interface Row {
  readonly what: string;
  readonly check: string;
  readonly verdict: string;
  readonly reason: RegExp;
  readonly url?: () => string;
}

const ROWS: readonly Row[] = [
  {
    what: "no row that should not be there",
    check: `{ sql: "SELECT id FROM orders WHERE total < 0", pass: rows == 0 }`,
    verdict: "pass",
    reason: /rows == 0 \(0\)/,
  },
  {
    what: "rows that should not be there",
    check: `{ sql: "SELECT id, status FROM orders WHERE status = 'failed' ORDER BY id", pass: rows == 0 }`,
    verdict: "fail",
    reason: /wanted rows == 0, got 10; 6 of 6 samples failed \(fail_after 2\)/,
  },
  {
    what: "more rows than are read, and a limit above that",
    check: `{ sql: "SELECT n FROM generate_series(1, 6000) n", pass: rows < 5000 }`,
    verdict: "unknown",
    reason: /rows < 5000 not evaluated: only a part of rows was read/,
  },
  {
    what: "more rows than are read, and none allowed",
    check: `{ sql: "SELECT n FROM generate_series(1, 6000) n", pass: rows == 0 }`,
    verdict: "fail",
    reason: /wanted rows == 0, got 1,000 \(at least 1000 rows\)/,
  },
  {
    what: "columns of the first row, numeric and bigint as numbers",
    check: `{ sql: "SELECT avg(total) AS average, count(*) AS n FROM orders", pass: [average == 9.5, n == 100] }`,
    verdict: "pass",
    reason: /average == 9.5 \(9.5\); n == 100 \(100\)/,
  },
  {
    what: "a ratio in per cent",
    check: `{ sql: "SELECT avg((status = 'paid')::int) AS success FROM orders", pass: success >= 95%, fail: success < 80% }`,
    verdict: "warn",
    reason: /wanted success >= 95%, got 90%/,
  },
  {
    what: ":live_at, :since and :sha",
    check: `{ sql: "SELECT (:live_at <= :since) AS ordered, extract(epoch from (:since - :live_at)) AS s, :sha AS sha", pass: [ordered == true, s < 5, sha == deploy.sha] }`,
    verdict: "pass",
    reason: /ordered == true/,
  },
  {
    what: "a column that is null",
    check: `{ sql: "SELECT max(total) AS most FROM orders WHERE id < 0", pass: most < 5 }`,
    verdict: "unknown",
    reason: /most < 5 not evaluated/,
  },
  {
    what: "a refused connection",
    check: `{ sql: "SELECT 1 AS one", pass: one == 1 }`,
    verdict: "unknown",
    reason: /not measured: 0 of 6 due samples judged, 6 errors.*refused/,
    url: () => "postgres://app:app-secret@127.0.0.1:9/app",
  },
  {
    what: "a wrong password",
    check: `{ sql: "SELECT 1 AS one", pass: one == 1 }`,
    verdict: "unknown",
    reason: /6 errors.*password/,
    url: () => postgres.url.replace("app-secret", "other-secret"),
  },
  {
    what: "a statement that does not parse",
    check: `{ sql: "SELEC 1", pass: rows == 0 }`,
    verdict: "unknown",
    reason: /6 errors.*syntax/,
  },
  {
    what: "a statement that writes",
    check: `{ sql: "DELETE FROM orders RETURNING id", pass: rows == 100 }`,
    verdict: "unknown",
    reason: /6 errors.*read-only/,
  },
];

describe("a check of the database", () => {
  it.each(ROWS)("$what: $verdict", async (row) => {
    const watch = await startWatch(`rows: ${row.check}`, { more: DATABASES });
    await using _watch = watch;
    const url = row.url?.() ?? postgres.url;
    const result = await watch.run({ env: { DATABASE_URL: url } });
    expect(checkOf(result, "rows")).toMatchObject({
      verdict: row.verdict,
      reason: expect.stringMatching(row.reason),
    });
    expect(result.masks).toContain(url);
    const told = [...result.lines, result.summary, result.files["report.json"]].join("\n");
    expect(told).not.toMatch(/app-secret|other-secret/);
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("shows the rows as evidence, and the revert opens", async () => {
    const watch = await startWatch(
      `doubles: { sql: "SELECT id, count(*) AS n FROM (SELECT 7 AS id UNION ALL SELECT 7) d WHERE :sha <> '' GROUP BY id HAVING count(*) > 1", pass: rows == 0, on_fail: revert }`,
      { more: DATABASES },
    );
    await using _watch = watch;
    // The old version was looked at before the table was doubled.
    const result = await watch.run({
      env: { DATABASE_URL: postgres.url },
      edges: (edges) => ({
        ...edges,
        database: {
          ...edges.database,
          query: (request) =>
            watch.clock.now() < watch.liveAt
              ? Promise.resolve({ rows: [], cut: false })
              : edges.database.query(request),
        },
      }),
    });
    expect(checkOf(result, "doubles").evidence).toEqual([
      expect.objectContaining({ text: `{"id":7,"n":2}`, from: "database main" }),
    ]);
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expectLawful(watch);
  });

  it("that was wrong before the deploy holds the remedy", async () => {
    const watch = await startWatch(
      `failed: { sql: "SELECT id FROM orders WHERE status = 'failed'", pass: rows == 0, on_fail: revert }`,
      { more: DATABASES },
    );
    await using _watch = watch;
    const result = await watch.run({ env: { DATABASE_URL: postgres.url } });
    expect(result.report).toMatchObject({ verdict: "fail", actions: [{ state: "held" }] });
    expectNoAct(watch);
  });

  it("that takes too long is an error, and does not hold up the others", async () => {
    const watch = await startWatch(
      `slow: { sql: "SELECT pg_sleep(20)", pass: rows == 1 }\nhealth: { http: /health }`,
      { more: DATABASES.replace("2s", "300ms") },
    );
    await using _watch = watch;
    const result = await watch.run({ env: { DATABASE_URL: postgres.url } });
    expect(checkOf(result, "slow")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/timeout|300/),
    });
    expect(checkOf(result, "health")).toMatchObject({ verdict: "pass", samples: 6 });
    expectNoAct(watch);
  });
});

it("what was read only in part decides nothing for others", async () => {
  await using watch = await startWatch(
    [
      'many: { sql: "SELECT n FROM generate_series(1, 6000) n", pass: rows > 500 }',
      'asks: { http: /health, only_if: "many.rows > 2000" }',
    ].join("\n"),
    { more: DATABASES },
  );
  const result = await watch.run({ env: { DATABASE_URL: postgres.url } });
  expect(checkOf(result, "asks").verdict).toBe("unknown");
  expect(checkOf(result, "asks").reason).toContain("could not be read: many.rows is missing");
});

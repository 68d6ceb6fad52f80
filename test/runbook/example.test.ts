import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createDatabase } from "../../src/io/postgres.ts";
import { startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import { createWorkDatabase, type WorkDatabase } from "./database.ts";

const root = resolve(import.meta.dirname, "../..");
const example = join(root, "examples/wo-004");
const service = join(import.meta.dirname, "service");
const linesOf = async (path: string): Promise<readonly string[]> =>
  (await readFile(join(service, path), "utf8")).split("\n");

interface Written {
  readonly on_fail?: string;
  readonly sql?: string;
  readonly diagnose?: readonly string[];
}

const file = parse(await readFile(join(example, "deploy-gate.yml"), "utf8")) as {
  readonly checks: Readonly<Record<string, Written>>;
};
const queries = Object.entries(file.checks).flatMap(([name, { sql, diagnose = [] }]) => [
  ...(sql === undefined ? [] : [[name, sql] as const]),
  ...diagnose.map((query) => [`${name}, diagnose`, query] as const),
]);
const guide = await readFile(join(import.meta.dirname, "wo-004.md"), "utf8");
const guideQueries = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)]
  .flatMap(([, text = ""]) => text.split(";"))
  .filter((text) => /select/i.test(text));

describe("the queries", () => {
  let postgres: Postgres;
  let database: WorkDatabase;
  const now = Date.UTC(2031, 4, 5, 12);
  const edge = createDatabase({ redact: (text) => text });
  const ask = (query: string) =>
    edge.query({
      url: database.url,
      query,
      bind: { since: now, liveAt: now - 600_000, sha: "a".repeat(40) },
      timeoutMs: 10_000,
      maxRows: 1000,
    });
  const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

  beforeAll(async () => {
    postgres = await startPostgres();
    database = await createWorkDatabase(postgres);
    await database.plan([
      { at: now - 900_000, table: "place", id: idOf(1), place_id: "p1", status: "Completed" },
      { at: now - 300_000, table: "place", id: idOf(2), place_id: "p2", status: "Completed" },
      { at: now - 200_000, table: "place", id: idOf(3), place_id: "p3", status: "Error", error: "timeout" },
      { at: now - 100_000, table: "place", id: idOf(4), place_id: "p4", status: "Queued" },
      { at: now + 60_000, table: "place", id: idOf(4), place_id: "p4", status: "Completed" },
      {
        at: now - 9_000_000,
        table: "local_business",
        id: idOf(5),
        place_id: "p1",
        status: "Queued",
        name: "One",
      },
      {
        at: now - 60_000,
        table: "local_business",
        id: idOf(5),
        place_id: "p1",
        status: "Completed",
        name: "One",
      },
      {
        at: now - 50_000,
        table: "local_business",
        id: idOf(6),
        place_id: "p1",
        status: "Queued",
        name: "One",
      },
      { at: now - 40_000, table: "domain", id: idOf(7) },
      { at: now - 4_000_000, table: "domain", id: idOf(8) },
    ]);
    await database.settle(now);
  });
  afterAll(async () => {
    await edge.close();
    await database[Symbol.asyncDispose]();
    await postgres.stop();
  });

  test("there are some", () => {
    expect(queries.length).toBeGreaterThan(15);
    expect(guideQueries).toHaveLength(8);
  });

  test.each(queries)("%s: PostgreSQL answers it in a read-only transaction", async (_name, query) => {
    await expect(ask(query)).resolves.toMatchObject({ cut: false });
  });

  test.each(guideQueries)("the guide's own query %#: the tables have what it names", async (query) => {
    await expect(ask(query)).resolves.toMatchObject({ cut: false });
  });

  test("look at this deploy, in the time of the world", async () => {
    const first = async (name: string) => (await ask(file.checks[name]?.sql ?? "")).rows[0];
    expect(await first("wf2-success")).toEqual({ success: 0.5, errors: 0.5, total: 2 });
    expect(await first("wf2-queue")).toEqual({
      depth: 1,
      waiting: 0,
      processing: 0,
      completed: 2,
      failed: 1,
    });
    expect(await first("domains-created")).toEqual({ domains_created_last_hour: 1, extracted: 1 });
    expect(await first("throughput")).toEqual({ items_per_hour: 3 });
    expect(await first("no-duplicates")).toEqual({ place_id: "p1", duplicate_count: 2 });
    await database.settle(now + 120_000);
    expect(await first("wf2-queue")).toEqual({
      depth: 0,
      waiting: 0,
      processing: 0,
      completed: 3,
      failed: 1,
    });
  });
});

describe("the order of the checks", () => {
  test("what rolls back decides over what brings the old scheduler back, when both fail at once", () => {
    const ways = Object.values(file.checks).flatMap(({ on_fail }) =>
      on_fail === undefined ? [] : [on_fail],
    );
    expect(ways).toContain("old_scheduler");
    expect(ways.slice(ways.indexOf("old_scheduler"))).not.toContain("rollback");
  });
});

describe("the team's files", () => {
  test("have the lines where the guide has them", async () => {
    const main = await linesOf("src/main.py");
    expect(main.slice(99, 108).join("\n")).toMatch(
      /^ +try:\n +setup_deep_scan_scheduler\(\)[^]*setup_domain_extraction/,
    );
    expect(main[110]).toMatch(/^ +# try:$/);
    expect(main[111]).toMatch(/^ +# {5}setup_sitemap_scheduler\(\)$/);
    const loop = await linesOf("src/services/scheduler_loop.py");
    expect(loop[71]).toContain(".with_for_update(skip_locked=True)");
  });

  test("take the patch of rollback option 3", async () => {
    const folder = await mkdtemp(join(tmpdir(), "deploy-gate-patch-"));
    try {
      await cp(service, folder, { recursive: true });
      await promisify(execFile)("git", ["apply", join(example, "old-scheduler.patch")], { cwd: folder });
      const main = await readFile(join(folder, "src/main.py"), "utf8");
      expect(main).toMatch(/^ {8}setup_sitemap_scheduler\(\)$/m);
      expect(main).not.toMatch(/^ +setup_(deep_scan|domain_extraction)_scheduler\(\)$/m);
      expect(main).toMatch(/^ {4}# {5}setup_deep_scan_scheduler\(\)$/m);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../src/io/postgres.ts";
import type { Database } from "../src/ports.ts";
import { ServiceProblem } from "../src/problem.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./gate/revert-world.ts";
import type { GateResult } from "./gate/scene.ts";
import { startPostgres, type Postgres } from "./stand-ins/postgres.ts";

const SECURITY = readFileSync(new URL("../SECURITY.md", import.meta.url), "utf8");

/** The one code block in that language that has this text in it. */
function blockWith(language: string, text: string): string {
  const blocks = SECURITY.split(`\`\`\`${language}\n`)
    .slice(1)
    .map((rest) => rest.split("\n```")[0] ?? "");
  const [block, ...others] = blocks.filter((one) => one.includes(text));
  if (block === undefined || others.length > 0)
    throw new Error(`SECURITY.md has not one ${language} block with ${text}`);
  return block;
}

describe("a database role made by the recipe", () => {
  let postgres: Postgres;
  let database: Database;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.sql(`
      CREATE TABLE place (id int, note text);
      INSERT INTO place VALUES (1, 'one');
      CREATE SEQUENCE numbers;
      CREATE FUNCTION wipe() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM place; SELECT 1';
    `);
    await postgres.adminSql(blockWith("sql", "CREATE ROLE"));
    await postgres.sql("CREATE TABLE later (id int); INSERT INTO later VALUES (7)");
    database = createDatabase({ redact: (text) => text });
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  const bind = { since: 0, liveAt: 0, sha: "a".repeat(40) };
  const roles = {
    recipe: "deploy_gate:change-me",
    owner: "app:app-secret",
    superuser: "postgres:admin-secret",
  };

  /** The SQLSTATE that a query of that role ends with; undefined when it gives rows. */
  async function codeOf(query: string, role: keyof typeof roles): Promise<string | undefined> {
    const url = `postgres://${roles[role]}@127.0.0.1:${postgres.port}/app`;
    try {
      await database.query({ url, query, bind, timeoutMs: 2_000, maxRows: 10 });
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return error.failure.code;
    }
  }

  it.each(["SELECT count(*) FROM place", "SELECT id FROM later", "SELECT now() > :since"])(
    "reads: %s",
    async (query) => {
      expect(await codeOf(query, "recipe")).toBeUndefined();
    },
  );

  const READ_ONLY = "25006";
  const DENIED = "42501";
  it.each<[string, string, string | undefined, string | undefined]>([
    ["a row", "INSERT INTO place VALUES (2) RETURNING id", READ_ONLY, READ_ONLY],
    [
      "a row below a query",
      "WITH gone AS (DELETE FROM place RETURNING id) SELECT * FROM gone",
      READ_ONLY,
      READ_ONLY,
    ],
    ["a row by a function with its owner's rights", "SELECT wipe()", READ_ONLY, DENIED],
    ["a sequence", "SELECT nextval('numbers')", READ_ONLY, DENIED],
    ["a table", "CREATE TABLE made AS SELECT 1", READ_ONLY, READ_ONLY],
    ["a large object", "SELECT lo_from_bytea(0, 'x')", READ_ONLY, READ_ONLY],
    ["a setting of a role", "ALTER ROLE CURRENT_USER SET work_mem = '1MB'", READ_ONLY, READ_ONLY],
    [
      "the transaction's own kind",
      "SELECT set_config('transaction_read_only', 'off', false)",
      "25001",
      "25001",
    ],
    ["rows for other roles", "SELECT * FROM place FOR UPDATE", READ_ONLY, READ_ONLY],
    ["a program's input", "COPY place TO PROGRAM 'true'", DENIED, DENIED],
    ["a file", "SELECT pg_read_file('/etc/passwd')", DENIED, DENIED],
    [
      "another role's session",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
      DENIED,
      DENIED,
    ],
  ])("refuses to touch %s", async (_, query, owner, recipe) => {
    expect([await codeOf(query, "owner"), await codeOf(query, "recipe")]).toEqual([owner, recipe]);
    expect(await postgres.sql("SELECT count(*)::int AS n FROM place")).toEqual([{ n: 1 }]);
  });

  it.each<[string, string, keyof typeof roles]>([
    ["advisory locks", "SELECT pg_advisory_lock(1)", "recipe"],
    ["sessions of the same role", "SELECT pg_terminate_backend(0)", "recipe"],
    ["programs, as a superuser", "SELECT pg_read_file('postgresql.conf')", "superuser"],
  ])("does not refuse, as SECURITY.md says: %s", async (_, query, role) => {
    expect(await codeOf(query, role)).toBeUndefined();
  });
});

interface Feature {
  readonly config: string;
  /** Whether the gate did all that the row is about. */
  readonly works: (world: RevertWorld, result: GateResult) => boolean;
}

const hasCheckRun = ({ scene }: RevertWorld): boolean =>
  scene.github.checkRuns.at(-1)?.status === "completed";
const failed = (result: GateResult): boolean =>
  result.ending.verdict === "fail" && result.report.checks.length > 0;
const did =
  (kind: string): Feature["works"] =>
  (world, result) =>
    failed(result) &&
    result.report.actions.some((action) => action.kind === kind && action.state === "done") &&
    hasCheckRun(world);

const FEATURES: Readonly<Record<string, Feature>> = {
  "`mode: observe`": {
    config: configOf({ mode: "observe" }),
    works: (world, result) => failed(result) && hasCheckRun(world),
  },
  "the commit status": {
    config: configOf({ mode: "advise" }),
    works: (world, result) =>
      failed(result) && hasCheckRun(world) && world.scene.github.statuses.at(-1)?.state === "failure",
  },
  "a revert or a patch, with the job's token": { config: configOf(), works: did("revert_pr") },
  "the remedy step `issue`": {
    config: configOf().replace("revert_pr: {}", "issue: {}"),
    works: did("issue"),
  },
  "stages that later runs watch": {
    config: configOf({ mode: "advise" })
      .replace(
        "boot: { for: 30s, every: 10s }",
        "boot: { for: 30s, every: 10s }\n  hour: { for: 1h, every: 10m }",
      )
      .replace("forbid: [Traceback]", "forbid: [Never]"),
    works: (world, result) => result.ending.verdict === "pass" && world.scene.github.deployments.length === 1,
  },
};

type Permissions = Readonly<Record<string, "read" | "write">>;
const ROWS = [...SECURITY.matchAll(/^\| (.+?) \| ((?:`[a-z-]+: (?:read|write)` ?)+)\|$/gmu)].map(
  ([, what = "", list = ""]) => ({
    what,
    permissions: Object.fromEntries(
      [...list.matchAll(/`([a-z-]+): (\w+)`/gu)].map(([, scope, level]) => [scope, level]),
    ) as Permissions,
  }),
);

describe("least permissions", () => {
  const base = ROWS[0]?.permissions ?? {};

  async function worksWith(feature: Feature, permissions: Permissions): Promise<boolean> {
    await using world = await startRevertWorld({ config: feature.config });
    const token = world.scene.github.token("job", { kind: "actions", permissions });
    const bad = await world.push({ "app.py": withLine(1, "broken") });
    const result = await world.gateBad(bad, { inputs: { "github-token": token } });
    expectClean(world.scene);
    return feature.works(world, result);
  }

  it("has a row for each feature that is tried, and none else", () => {
    expect(ROWS.map(({ what }) => what)).toEqual(Object.keys(FEATURES));
  });

  it.each(ROWS)("$what needs what its row says, and no more", async ({ what, permissions }) => {
    const feature = FEATURES[what]!;
    const all = { ...base, ...permissions };
    expect(await worksWith(feature, all)).toBe(true);
    for (const [scope, level] of Object.entries(what === ROWS[0]?.what ? base : permissions)) {
      const less = Object.fromEntries(
        Object.entries(all).flatMap(([one, given]) =>
          one !== scope ? [[one, given]] : level === "write" ? [[one, "read"]] : [],
        ),
      ) as Permissions;
      expect(await worksWith(feature, less), `${scope} less than ${level}`).toBe(false);
    }
  });
});

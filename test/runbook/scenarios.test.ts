import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { failures } from "../stand-ins/render/server.ts";
import { startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import type { GateResult } from "../gate/scene.ts";
import { checkOf } from "../gate/watch-scene.ts";
import type { RowChange } from "./database.ts";
import { idOf } from "./work.ts";
import { startRunbook, type RunbookWorld, type Variant } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** What an experienced operator would say of a bad deploy, and do about it. */
interface Row {
  readonly what: string;
  readonly variant: Variant;
  /** Something that happens, rather than is. */
  readonly happens?: (world: RunbookWorld) => void;
  readonly verdict: "warn" | "fail";
  /** Every check that fails. */
  readonly fails: readonly string[];
  /** Every check that warns; none by default. */
  readonly warns?: readonly string[];
  /** What the reason, the evidence or the diagnosis of a check shows. */
  readonly shows: Readonly<Record<string, RegExp>>;
  readonly does: "rollback" | "old_scheduler" | "nothing";
  /** The stage that is watched last. */
  readonly stage: "boot" | "hour" | "day";
}

/** No number that stands anywhere else. */
const SECRET = "50770913";
const file = parse(
  await readFile(join(import.meta.dirname, "../../examples/wo-004/deploy-gate.yml"), "utf8"),
) as { readonly checks: object };

const duplicates = (at: number): readonly RowChange[] =>
  [1, 2, 3].flatMap((n) =>
    [1, 2].map((copy) => ({
      at: at + copy * 1_000,
      table: "local_business" as const,
      id: idOf("local_business", 700_000 + 10 * n + copy),
      place_id: `twice-${String(n)}`,
      status: "Completed" as const,
      name: `Twice ${String(n)}`,
    })),
  );

const ROWS: readonly Row[] = [
  {
    what: "one scheduler is missing",
    variant: { startUp: (lines) => lines.filter((line) => !/page.curation/i.test(line)) },
    verdict: "fail",
    fails: ["schedulers"],
    shows: {
      schedulers: /12\/14 lines.*missing: Page Curation \(WF7\): Added job "process_page_curation_queue"/,
    },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "a scheduler cannot be imported, and the process goes on without it",
    variant: {
      startUp: (lines) => [
        ...lines.filter((line) => !/deep.scan/i.test(line)),
        "ERROR Failed to setup Deep Scan scheduler job: cannot import name 'PlacesDeepService'",
      ],
      work: { wf2: { stopsAfterMs: 0 } },
    },
    verdict: "fail",
    fails: ["red-flags"],
    warns: ["error-lines"],
    shows: {
      "red-flags": /matches > 0.*cannot import name 'PlacesDeepService'/s,
      "error-lines": /new: ERROR Failed to setup Deep Scan scheduler job/,
    },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "duplicates arrive",
    variant: { rows: duplicates(100_000) },
    verdict: "fail",
    fails: ["no-duplicates"],
    shows: { "no-duplicates": /new_rows > 0.*new: .*twice-1.*twice-2.*twice-3.*"name":"Twice 1"/s },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "duplicates were there before",
    variant: { rows: duplicates(-HOUR_MS) },
    verdict: "warn",
    fails: [],
    warns: ["no-duplicates"],
    shows: { "no-duplicates": /rows > 0.*twice-1.*twice-2.*twice-3/s },
    does: "nothing",
    stage: "hour",
  },
  {
    what: "a cycle overlaps the next",
    variant: { work: { wf3: { itemMs: 7_000 } } },
    verdict: "fail",
    fails: ["wf3-overlap"],
    shows: { "wf3-overlap": /overlap > 0.*(Starting domain extraction queue processing cycle.*){2}/s },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "85 in 100 succeed",
    variant: { work: { fails: (n) => n % 20 < 3 } },
    verdict: "warn",
    fails: [],
    warns: ["wf2-success", "wf3-success"],
    shows: {
      "wf2-success": /success >= 90%.*"success":0\.8[3-7]/s,
      "wf3-success": /success >= 90%.*"success":0\.85/s,
    },
    does: "nothing",
    stage: "hour",
  },
  {
    what: "75 in 100 succeed",
    variant: { work: { fails: (n) => n % 4 === 0 } },
    verdict: "fail",
    fails: ["wf2-success", "wf3-success"],
    shows: {
      "wf2-success": /success < 80%.*"success":0\.7[3-7].*"deep_scan_error":"API timeout"/s,
      "wf3-success": /success < 80%.*"success":0\.75.*"name":"Business /s,
    },
    does: "nothing",
    stage: "hour",
  },
  {
    what: "memory passes 2 GB",
    variant: { memory: (at) => (at < 2 * MINUTE_MS ? 700e6 : 2.2e9) },
    verdict: "fail",
    fails: ["memory"],
    shows: { memory: /value > 2GB.*instance bbbbb/s },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "a variable has another value",
    variant: { environment: { DEEP_SCAN_SCHEDULER_BATCH_SIZE: SECRET } },
    verdict: "fail",
    fails: ["settings"],
    shows: { settings: /different > 0.*"DEEP_SCAN_SCHEDULER_BATCH_SIZE: different"/s },
    does: "nothing",
    stage: "boot",
  },
  {
    what: "the process crashes again and again after it went live",
    variant: {},
    happens(world) {
      let suffix = "bbbbb";
      // All of them before the gate looks again and rolls back.
      for (const at of [91_000, 95_000, 99_000]) {
        world.after(at, () => {
          suffix = world.render.crash(world.service.id, suffix, failures.exit(1));
        });
      }
    },
    verdict: "fail",
    fails: ["crashes"],
    shows: { crashes: /count >= 1.*(server_failed.*exited with status 1.*){3}/s },
    does: "rollback",
    stage: "boot",
  },
  {
    what: "more places are queued than the worker can do",
    variant: { work: { wf2: { perHour: 200 } }, dayHours: 8 },
    verdict: "fail",
    fails: ["wf2-queue"],
    shows: { "wf2-queue": /trend\(depth, 6h\) > 20.*"depth":\d+.*"deep_scan_status":"Queued"/s },
    does: "nothing",
    stage: "day",
  },
  {
    what: "a worker stops",
    variant: { work: { wf2: { stopsAfterMs: 16 * MINUTE_MS } } },
    verdict: "fail",
    fails: ["wf2-cycles"],
    // Three cycles have not done fifty places.
    warns: ["wf2-success"],
    shows: {
      "wf2-cycles": /3 spans finished, 0 open.*gap > 16m.*"deep_scan_status":"Queued"/s,
      "wf2-success": /need total >= 50 not met/,
    },
    does: "old_scheduler",
    stage: "hour",
  },
  {
    what: "connections to the database pile up",
    variant: { connections: (at) => (at < 20 * MINUTE_MS ? 9 : 34) },
    verdict: "fail",
    fails: ["connections"],
    shows: { connections: /value > 30.*active_connections: 34.*"application_name":"render-deploy-gate"/s },
    does: "nothing",
    stage: "hour",
  },
];

const namesWith = (result: GateResult, verdict: string): readonly string[] =>
  result.report.checks.filter((check) => check.verdict === verdict).map(({ name }) => name);

const told = (result: GateResult, name: string): string => {
  const { reason, evidence, diagnosis } = checkOf(result, name);
  const pieces = [...evidence, ...diagnosis] as readonly { readonly text: string }[];
  return [reason, ...pieces.map(({ text }) => JSON.stringify(text).replaceAll('\\"', '"'))].join("\n");
};

const run = (world: RunbookWorld, stage: Row["stage"]): Promise<GateResult> =>
  world.run({ inlineMs: { boot: 0, hour: HOUR_MS, day: 8 * HOUR_MS }[stage] });

/** What was done, each step once; nobody has changed main, and both platforms were used as they want to be. */
async function expectDone(world: RunbookWorld, result: GateResult, kinds: readonly string[]): Promise<void> {
  const { github, render } = world;
  expect(result.report.actions.map(({ kind, state }) => `${kind} ${state}`)).toEqual(
    kinds.map((kind) => `${kind} done`),
  );
  expect(await github.head("main")).toBe(world.merged);
  expect([...render.violations, ...github.violations]).toEqual([]);
}

/** The issue that tracks the deploy, and others with these titles; pull requests are issues, too. */
function expectIssues({ github, merged }: RunbookWorld, ...titles: readonly string[]): void {
  const issues = github.issues.filter(({ number }) => github.pulls.every((pull) => pull.number !== number));
  expect(issues.map((issue) => [issue.title, issue.labels])).toEqual([
    [`Deploy ${merged.slice(0, 7)} of scrapersky-backend`, ["deploy-gate"]],
    ...titles.map((title) => [title, ["deploy-gate", "incident"]]),
  ]);
}

function expectNoOrders({ render }: RunbookWorld): void {
  expect(render.requests.filter(({ method }) => method !== "GET")).toEqual([]);
}

/** Render serves what it served before, auto-deploy is off, and the revert waits for somebody to merge it. */
async function expectRolledBack(world: RunbookWorld, result: GateResult): Promise<void> {
  const { github, render, service } = world;
  await expectDone(world, result, ["freeze", "render_rollback", "recheck", "revert_pr", "issue"]);
  const { deploys, record } = render.serviceState(service.id);
  expect(deploys.map((one) => one.record).filter(({ status }) => status === "live")).toMatchObject([
    { trigger: "rollback", commit: { id: world.before } },
  ]);
  expect(record.autoDeployTrigger).toBe("off");
  expect(github.pulls).toMatchObject([{ baseRef: "main", draft: false, labels: ["rollback"] }]);
  expect(await github.treeOf(github.pulls[0]!.headSha)).toBe(await github.treeOf(world.before));
  expectIssues(world, "WO-004: rollback criteria were met");
}

/** The old scheduler is one merge away, and Render was told nothing. */
async function expectOldScheduler(world: RunbookWorld, result: GateResult): Promise<void> {
  const { github } = world;
  await expectDone(world, result, ["patch_pr", "issue"]);
  expectNoOrders(world);
  expect(github.pulls).toMatchObject([
    { title: "rollback: re-enable old sitemap_scheduler", baseRef: "main", labels: ["rollback"] },
  ]);
  const main = await github.fileAt(github.pulls[0]!.headSha, "src/main.py");
  expect(main).toMatch(/^ {8}setup_sitemap_scheduler\(\)$/m);
  expect(main).not.toMatch(/^ +setup_(deep_scan|domain_extraction)_scheduler\(\)$/m);
  expectIssues(world, "WO-004: a scheduler stopped");
  expect(result.summary).toContain("Merge [the patch pull request]");
}

async function expectNothingDone(world: RunbookWorld, result: GateResult): Promise<void> {
  await expectDone(world, result, []);
  expectNoOrders(world);
  expectIssues(world);
}

const EXPECT_DONE = {
  rollback: expectRolledBack,
  old_scheduler: expectOldScheduler,
  nothing: expectNothingDone,
};

describe("the runbook as a gate", () => {
  test("a good deploy passes the whole file, into the hour", async () => {
    await using world = await startRunbook(postgres);
    const result = await run(world, "hour");
    const other = result.report.checks.filter(({ verdict }) => verdict !== "pass");
    expect(other.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      // Their trend is of six hours, which no hour is.
      "wf2-queue not-applied",
      "wf3-queue not-applied",
    ]);
    expect(result.report.checks.map(({ name }) => name)).toEqual(
      Object.keys(file.checks).filter((name) => name !== "throughput"),
    );
    expect(result.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(result.report.stages).toMatchObject(["boot", "hour"].map((name) => ({ name, verdict: "pass" })));
    // The end waits a minute for late lines, and does not read the whole hour once more.
    expect(world.clock.now() - world.liveAt).toBeLessThan(HOUR_MS + 2 * MINUTE_MS);
    expect(result.report.notes).toEqual([]);
    expect(result.lines.filter((line) => /^(warning|error):/.test(line))).toEqual([]);
    await expectNothingDone(world, result);
  });

  test("memory that creeps up on the third day fails the week, too late for the gate to act by itself", async () => {
    const creepsFrom = 48 * HOUR_MS;
    await using world = await startRunbook(postgres, {
      lastsHours: 52,
      memory: (at) => 700e6 + Math.max(0, at - creepsFrom) * 100,
    });
    const first = await world.run();
    expect(first.ending).toEqual({ verdict: "pass", exitCode: 0 });
    let last = first;
    for (const hours of [1.2, 1.4, 13, 24.2, 24.4, 52]) last = await world.look(hours * HOUR_MS);
    expect(last.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(namesWith(last, "fail")).toEqual(["memory"]);
    expect(told(last, "memory")).toMatch(/value > 2GB/);
    expect(last.report.stages.at(-1)).toMatchObject({ name: "week", verdict: "fail" });
    expect(last.report.actions).toMatchObject([
      {
        kind: "render_rollback",
        state: "held",
        reason: expect.stringContaining("act_within (1d)") as string,
      },
      { kind: "recheck", state: "skipped" },
      { kind: "revert_pr", state: "held" },
      { kind: "issue", state: "done" },
    ]);
    expectNoOrders(world);
    expectIssues(world, "WO-004: rollback criteria were met");
    expect(world.github.pulls).toEqual([]);
    expect([...world.render.violations, ...world.github.violations]).toEqual([]);
  });

  test.each(ROWS)("$what: $verdict", { timeout: 120_000 }, async (row) => {
    await using world = await startRunbook(postgres, row.variant);
    row.happens?.(world);
    const result = await run(world, row.stage);
    expect(namesWith(result, "fail")).toEqual(row.fails);
    expect(namesWith(result, "warn")).toEqual(row.warns ?? []);
    expect(result.ending).toEqual({ verdict: row.verdict, exitCode: row.verdict === "fail" ? 1 : 0 });
    expect(result.report.stages.at(-1)).toMatchObject({ name: row.stage, verdict: row.verdict });
    for (const [name, shown] of Object.entries(row.shows)) expect(told(result, name)).toMatch(shown);
    await EXPECT_DONE[row.does](world, result);
    // Whoever is told is told of the check that failed.
    for (const { body } of world.github.issues) for (const name of row.fails) expect(body).toContain(name);
    // A value of the environment is nobody's to see.
    const seen = [result.lines, result.summary, result.files, world.github.checkRuns, world.github.statuses];
    expect(JSON.stringify(seen)).not.toContain(SECRET);
  });

  test("an import error at the start: the deploy fails, the commit is reverted, Render is left alone", async () => {
    await using world = await startRunbook(postgres, {
      story: { end: "update_failed", failure: failures.exit(1) },
      startUp: () => [
        "Traceback (most recent call last):",
        '  File "/app/src/main.py", line 26, in <module>',
        "    from src.services.deep_scan_scheduler import setup_deep_scan_scheduler",
        "ImportError: cannot import name 'PlacesDeepService' from 'src.services.places'",
      ],
    });
    const result = await run(world, "boot");
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(result.report).toMatchObject({
      reason: expect.stringContaining("did not come up: exited with status 1") as string,
      checks: [],
      deploy: { status: "update_failed" },
    });
    await expectDone(world, result, ["revert_pr", "issue"]);
    expectNoOrders(world);
    const [pull] = world.github.pulls;
    expect(await world.github.treeOf(pull!.headSha)).toBe(await world.github.treeOf(world.before));
    expectIssues(world, "WO-004: the deploy failed");
    // The new version's last lines say why; the old one's are not among them.
    for (const text of [result.summary, pull!.body]) {
      expect(text).toContain("cannot import name");
      expect(text).not.toContain("could not fetch");
    }
  });
});

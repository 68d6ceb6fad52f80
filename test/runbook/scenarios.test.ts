import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

/** What an experienced operator would say of a bad deploy. */
interface Row {
  readonly what: string;
  readonly variant: Variant;
  /** Something that happens, rather than is. */
  readonly happens?: (world: RunbookWorld) => void;
  readonly verdict: "warn" | "fail";
  /** Every check that fails. */
  readonly fails: readonly string[];
  /** Every check that warns. */
  readonly warns?: readonly string[];
  /** What the evidence or the reason of a check shows. */
  readonly shows: Readonly<Record<string, RegExp>>;
  /** Kinds of what was done, in order. */
  readonly does: readonly string[];
  readonly inlineMs?: number;
}

const ROLLBACK = ["render_rollback", "recheck", "revert_pr", "issue"];
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
    shows: { schedulers: /missing: Page Curation \(WF7\): Added job "process_page_curation_queue"/ },
    does: ROLLBACK,
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
    shows: { "red-flags": /cannot import name 'PlacesDeepService'/ },
    does: ROLLBACK,
  },
  {
    what: "duplicates arrive",
    variant: { rows: duplicates(100_000) },
    verdict: "fail",
    fails: ["no-duplicates"],
    shows: { "no-duplicates": /twice-1.*twice-2.*twice-3/s },
    does: ROLLBACK,
  },
  {
    what: "duplicates were there before",
    variant: { rows: duplicates(-HOUR_MS) },
    verdict: "warn",
    fails: [],
    warns: ["no-duplicates"],
    shows: { "no-duplicates": /twice-1.*twice-2.*twice-3/s },
    does: [],
    inlineMs: HOUR_MS,
  },
  {
    what: "a cycle overlaps the next",
    variant: { work: { wf3: { itemMs: 7_000 } } },
    verdict: "fail",
    fails: ["wf3-overlap"],
    shows: { "wf3-overlap": /overlap > 0/ },
    does: ROLLBACK,
  },
  {
    what: "85 in 100 succeed",
    variant: { work: { fails: (n) => n % 20 < 3 } },
    verdict: "warn",
    fails: [],
    warns: ["wf2-success", "wf3-success"],
    shows: {
      "wf2-success": /success >= 90%, got 8[3-7][.\d]*%/,
      "wf3-success": /success >= 90%, got 85[.\d]*%/,
    },
    does: [],
    inlineMs: HOUR_MS,
  },
  {
    what: "75 in 100 succeed",
    variant: { work: { fails: (n) => n % 4 === 0 } },
    verdict: "fail",
    fails: ["wf2-success", "wf3-success"],
    shows: {
      "wf2-success": /success < 80%, got 7[3-7][.\d]*%/,
      "wf3-success": /success < 80%, got 75[.\d]*%/,
    },
    does: [],
  },
  {
    what: "memory passes 2 GB",
    variant: { memory: (at) => (at < 2 * MINUTE_MS ? 700e6 : 2.2e9) },
    verdict: "fail",
    fails: ["memory"],
    shows: { memory: /2\.2 GB/ },
    does: ROLLBACK,
  },
  {
    what: "a variable has another value",
    variant: { environment: { DEEP_SCAN_SCHEDULER_BATCH_SIZE: "5077" } },
    verdict: "fail",
    fails: ["settings"],
    shows: { settings: /DEEP_SCAN_SCHEDULER_BATCH_SIZE: different/ },
    does: [],
  },
  {
    what: "the process crashes again and again after it went live",
    variant: {},
    happens: (world) => {
      let suffix = "bbbbb";
      for (const at of [90_000, 150_000, 210_000]) {
        world.after(at, () => {
          suffix = world.render.crash(world.service.id, suffix, failures.exit(1));
        });
      }
    },
    verdict: "fail",
    fails: ["crashes"],
    shows: { crashes: /server_failed/ },
    does: ROLLBACK,
  },
  {
    what: "more places are queued than the worker can do",
    variant: { work: { wf2: { perHour: 200 } }, dayHours: 8 },
    verdict: "fail",
    fails: ["wf2-queue"],
    shows: { "wf2-queue": /trend\(depth, 6h\) > 20/ },
    does: [],
    inlineMs: 8 * HOUR_MS,
  },
  {
    what: "a worker stops",
    variant: { work: { wf2: { stopsAfterMs: 16 * MINUTE_MS } } },
    verdict: "fail",
    fails: ["wf2-cycles"],
    shows: { "wf2-cycles": /gap > 11m/ },
    does: ["patch_pr", "issue"],
  },
  {
    what: "connections to the database pile up",
    variant: { connections: (at) => (at < 20 * MINUTE_MS ? 9 : 34) },
    verdict: "fail",
    fails: ["connections"],
    shows: { connections: /34/ },
    does: [],
  },
];

const namesWith = (result: GateResult, verdict: string): readonly string[] =>
  result.report.checks.filter((check) => check.verdict === verdict).map(({ name }) => name);

const told = (result: GateResult, name: string): string => {
  const { reason, evidence } = checkOf(result, name);
  return `${reason}\n${evidence.map((one) => JSON.stringify(one)).join("\n")}`;
};

describe("the runbook as a gate", () => {
  test("a good deploy passes the whole file, into the day", { timeout: 240_000 }, async () => {
    await using world = await startRunbook(postgres, { dayHours: 8 });
    const result = await world.run({ inlineMs: 8 * HOUR_MS });
    expect(result.report.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(result.ending).toMatchObject({ verdict: "pass", exitCode: 0 });
    expect(result.report.stages.map(({ name }) => name)).toEqual(["boot", "hour", "day"]);
    expect(result.report.actions).toEqual([]);
    expect(world.render.violations).toEqual([]);
    expect(world.github.violations).toEqual([]);
  });

  test.each(ROWS)("$what: $verdict", { timeout: 240_000 }, async (row) => {
    await using world = await startRunbook(postgres, row.variant);
    row.happens?.(world);
    const result = await world.run({ inlineMs: row.inlineMs ?? HOUR_MS });
    expect(result.ending.verdict).toBe(row.verdict);
    expect(namesWith(result, "fail")).toEqual(row.fails);
    if (row.warns !== undefined) expect(namesWith(result, "warn")).toEqual(row.warns);
    for (const [name, shown] of Object.entries(row.shows)) expect(told(result, name)).toMatch(shown);
    expect(result.report.actions.map(({ kind }) => kind)).toEqual(row.does);
    expect(result.report.actions.map(({ state }) => state)).toEqual(row.does.map(() => "done"));
    // A value of the environment is nobody's to see.
    expect(JSON.stringify([result.lines, result.summary, result.files])).not.toContain("5077");
    expect(world.render.violations).toEqual([]);
    expect(world.github.violations).toEqual([]);
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
    const result = await world.run();
    expect(result.ending).toMatchObject({ verdict: "fail", exitCode: 1 });
    expect(result.summary).toContain("cannot import name");
    expect(result.report.actions.map(({ kind }) => kind)).toEqual(["revert_pr", "issue"]);
    expect(world.render.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

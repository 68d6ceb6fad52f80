import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import type { GateResult } from "../gate/scene.ts";
import { checkOf } from "../gate/watch-scene.ts";
import { startRunbook, type Variant } from "./world.ts";

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
  readonly verdict: "fail";
  /** Every check that fails. */
  readonly fails: readonly string[];
  /** What the evidence or the reason of a check shows. */
  readonly shows: Readonly<Record<string, RegExp>>;
  /** Kinds of what was done, in order. */
  readonly does: readonly string[];
  readonly inlineMs?: number;
}

const ROWS: readonly Row[] = [
  {
    what: "75 in 100 succeed",
    variant: { work: { fails: (n) => n % 4 === 0 } },
    verdict: "fail",
    fails: ["wf2-success", "wf3-success"],
    shows: { "wf2-success": /success < 80%, got 0\.7[3-7]/, "wf3-success": /success < 80%, got 0\.75/ },
    does: [],
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
    what: "more places are queued than the worker can do",
    variant: { work: { wf2: { perHour: 200 } }, dayHours: 8 },
    verdict: "fail",
    fails: ["wf2-queue"],
    shows: { "wf2-queue": /trend\(depth, 6h\) > 20/ },
    does: [],
    inlineMs: 8 * HOUR_MS,
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
  test.each(ROWS)("$what: $verdict", { timeout: 240_000 }, async (row) => {
    await using world = await startRunbook(postgres, row.variant);
    const result = await world.run({ inlineMs: row.inlineMs ?? HOUR_MS });
    expect(result.ending.verdict).toBe(row.verdict);
    expect(namesWith(result, "fail")).toEqual(row.fails);
    for (const [name, shown] of Object.entries(row.shows)) expect(told(result, name)).toMatch(shown);
    expect(result.report.actions.map(({ kind }) => kind)).toEqual(row.does);
    expect(result.report.actions.map(({ state }) => state)).toEqual(row.does.map(() => "done"));
    // A value of the environment is nobody's to see.
    expect(JSON.stringify([result.lines, result.summary, result.files])).not.toContain("5077");
    expect(world.render.violations).toEqual([]);
    expect(world.github.violations).toEqual([]);
  });
});

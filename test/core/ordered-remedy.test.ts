import { describe, expect, it } from "vitest";
import { defaultPlan } from "../../src/config/default-plan.ts";
import { actGuard } from "../../src/core/act-guard.ts";
import type { Answer } from "../../src/core/answers.ts";
import type { RemedyState } from "../../src/core/gate-state.ts";
import { tooManyActions } from "../../src/core/max-actions.ts";
import { approvedPlan, orderedRemedy } from "../../src/core/ordered-remedy.ts";
import { rollbackGuard } from "../../src/core/rollback-guard.ts";
import { DAY, T0 } from "./given.ts";

const GIVEN = { by: "ada", at: T0, comment: 1, place: 2, url: "https://x.test/1" };
const done = { kind: "render_rollback", state: "done", deploy: "dep-1", actions: [] } as const;
const held = {
  kind: "revert_pr",
  state: "held",
  actions: [{ kind: "revert_pr", state: "held", reason: "label" }],
} as const;
const kept: RemedyState = {
  name: "rollback",
  at: T0 - DAY,
  by: "https://x.test/runs/1",
  reason: "errors",
  failed: [],
  evidence: [],
  preDeployFailed: false,
  passedOnOld: [],
  steps: [done, held],
  finished: true,
};

describe("the remedy that is ordered", () => {
  it.each<{ what: string; answers: readonly Answer[]; is: unknown }>([
    {
      what: "none",
      answers: [
        { ...GIVEN, kind: "why" },
        { ...GIVEN, kind: "resume" },
      ],
      is: undefined,
    },
    {
      what: "what was held back, which begins again after what was done",
      answers: [
        { ...GIVEN, kind: "why" },
        { ...GIVEN, kind: "approve", remedy: "rollback" },
      ],
      is: {
        name: "rollback",
        by: "ada",
        url: "https://x.test/1",
        isApproved: true,
        earlier: {
          ...kept,
          at: T0,
          approvedBy: "ada",
          finished: false,
          steps: [done, { kind: "revert_pr", actions: [] }],
        },
      },
    },
    {
      what: "the same by its name, inside the guards",
      answers: [{ ...GIVEN, kind: "run", remedy: "rollback" }],
      is: expect.objectContaining({
        isApproved: false,
        earlier: expect.not.objectContaining({ approvedBy: expect.anything() as unknown }) as unknown,
      }),
    },
    {
      what: "another one",
      answers: [{ ...GIVEN, kind: "run", remedy: "revert" }],
      is: { name: "revert", by: "ada", url: "https://x.test/1", isApproved: false },
    },
  ])("$what", ({ answers, is }) => {
    expect(orderedRemedy(answers, kept)).toEqual(is);
    const again = orderedRemedy(answers, { ...kept, approvedBy: "grace" })?.earlier?.approvedBy;
    expect(again).toBe(answers.at(-1)?.kind === "approve" ? "ada" : undefined);
  });
});

describe("the plan of an approved remedy", () => {
  const plan = defaultPlan();
  const { guards, remedies } = approvedPlan(plan);
  const step = remedies["rollback"]?.steps.find(({ kind }) => kind === "render_rollback");
  const late = { holds: [], now: T0 + 99 * DAY, liveAt: T0 };

  it("has no guard that holds", () => {
    expect(actGuard({ ...late, guards: plan.guards })).toMatch(/act_within/);
    expect(actGuard({ ...late, guards })).toBeUndefined();
    expect(guards.holdLabel).toBe("");
    const others = [1, 2, 3].map((at) => ({ commit: `${at}`.repeat(12), at: T0, what: "#1" }));
    const about = { now: T0, own: "a".repeat(40) };
    expect(tooManyActions(others, { ...about, limit: plan.guards.maxActions })).toMatch(/max_actions/);
    expect(tooManyActions(others, { ...about, limit: guards.maxActions })).toBeUndefined();
    expect(step).toMatchObject({ despiteMigrations: true });
    const range = { files: ["db/migrations/1.sql"], filesCut: true };
    const rollback = { ...late, guards, range, preDeployFailed: true };
    expect(rollbackGuard({ ...rollback, despiteMigrations: true })).toBeUndefined();
  });

  it("leaves everything else as it was, migrations in a revert among it", () => {
    expect(guards.migrations).toEqual(plan.guards.migrations);
    expect(Object.keys(remedies)).toEqual(Object.keys(plan.remedies));
    expect(remedies["revert"]).toEqual(plan.remedies["revert"]);
    expect(approvedPlan(plan)).toMatchObject({ mode: plan.mode, checks: plan.checks, stages: plan.stages });
  });
});

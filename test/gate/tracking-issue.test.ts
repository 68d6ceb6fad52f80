import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { tellStatus } from "../../src/gate/status-updates.ts";
import { createTrackingIssue } from "../../src/gate/tracking-issue.ts";
import { startStepWorld, type StepOptions, type StepWorld } from "./step-world.ts";
import { outcomeOf, planned, toldOf } from "./told-world.ts";

const REPORT = {
  issue: true,
  comment: true,
  at: [{ kind: "stage end", stage: "boot" }, { kind: "daily" }],
} as const;

/** A run that tracks its deploy, and whatever an earlier one left. */
async function tracked(
  world: StepWorld,
  options: StepOptions & { readonly sha?: string; readonly earlier?: string } = {},
) {
  const sha = options.sha ?? (await world.github.commit({ files: { "app.py": "1\n" }, message: "Good" }));
  const run = planned(world.run(sha, options), { report: REPORT });
  const told = toldOf(run, options.earlier);
  return { sha, run, told, issue: createTrackingIssue(run, told), outcome: outcomeOf(run) };
}

const writes = ({ github }: StepWorld): number =>
  github.requests.filter(({ method }) => method !== "GET").length;

describe("the tracking issue", () => {
  it("is opened once, ticks itself, takes the updates, and is closed at a good end", async () => {
    await using world = await startStepWorld();
    const { sha, run, told, issue, outcome } = await tracked(world);
    await issue.open({ ...outcome, stages: [] });
    const [made] = world.github.issues;
    expect(made).toMatchObject({ title: `Deploy ${sha.slice(0, 7)} of shop-api`, labels: ["deploy-gate"] });
    expect(made?.body).toContain("- [ ] stage boot, until live + 5m\n  - [ ] crashes");
    expect(told.book.current?.told?.issue).toBe(1);
    expect(issue.known).toEqual({ number: 1, url: `${world.github.webUrl}/issues/1` });

    await issue.update(outcome);
    expect(made?.body).toContain("- [x] stage boot, until live + 5m, ended with pass ([check run](");
    const before = writes(world);
    await issue.update(outcome);
    expect(writes(world)).toBe(before);

    await world.clock.advance(300_000);
    const update = await tellStatus(run, told, { outcome, issue });
    expect(update).toMatchObject({
      key: "boot end",
      keys: ["boot end", "day 1"],
      transition: {
        kind: "report",
        key: "report boot end",
        occasion: "report",
        title: "shop-api Deployment Status - Day 1",
      },
      text: expect.stringContaining("Deployment: STABLE\nUptime: 5 minutes"),
    });
    expect(await tellStatus(run, told, { outcome, issue })).toBeUndefined();
    expect(world.github.comments).toMatchObject([
      { number: 1, body: expect.stringContaining("Deployment: STABLE") },
    ]);

    // A run that was killed before it kept what it told.
    const again = await tracked(world, { sha, earlier: "" });
    await again.issue.open(again.outcome);
    await tellStatus(again.run, again.told, { outcome, issue: again.issue });
    expect(again.issue.known?.number).toBe(1);
    expect(world.github.issues).toHaveLength(1);
    expect(world.github.comments).toHaveLength(1);

    const later = await tracked(world, { sha, earlier: told.book.block() });
    made!.body += "\nMine";
    await later.issue.close({ ...outcome, verdict: "warn" });
    expect(made?.state).toBe("open");
    await later.issue.close(outcome);
    expect(made?.state).toBe("closed");
    expect(made?.body).toMatch(/Mine$/);
    await later.issue.update({ ...outcome, verdict: "fail" });
    await later.issue.comment("late");
    expect(world.github.comments).toHaveLength(1);
  });

  it("that two runs open at once is one", async () => {
    await using world = await startStepWorld();
    const one = await tracked(world);
    const two = await tracked(world, { sha: one.sha });
    await Promise.all([one.issue.open(one.outcome), two.issue.open(two.outcome)]);
    expect(world.github.issues.filter(({ state }) => state === "open")).toHaveLength(1);
    expect(one.issue.known?.number).toBe(two.issue.known?.number);
  });

  it("that may not be opened is one note at the start, and changes nothing else", async () => {
    await using world = await startStepWorld();
    const githubToken = world.github.token("job", {
      kind: "app",
      permissions: { contents: "read", pull_requests: "write" },
    });
    const first = await tracked(world, { githubToken });
    await first.issue.open(first.outcome);
    await first.issue.update(first.outcome);
    expect(first.run.teller.notes).toEqual([
      expect.stringMatching(
        /^The tracking issue could not be opened, so there is no checklist .*issues: write/,
      ),
    ]);
    expect(first.issue.known).toBeUndefined();
    expect(await tellStatus(first.run, first.told, first)).toMatchObject({ key: "boot end" });
    expect(first.run.teller.notes).toHaveLength(1);
  });

  it("is none where nobody asked for it, and a deploy that is not live has no update", async () => {
    await using world = await startStepWorld();
    const { run, told, outcome } = await tracked(world);
    const quiet = planned(run, { report: { issue: false, comment: false, at: [] } });
    const issue = createTrackingIssue(quiet, told);
    await issue.open(outcome);
    await issue.update(outcome);
    await issue.close(outcome);
    expect(await tellStatus(quiet, told, { outcome, issue })).toBeUndefined();
    const { liveAt: _, ...unborn }: Outcome = outcome;
    expect(await tellStatus(run, told, { outcome: unborn, issue })).toBeUndefined();
    expect(world.github.issues).toEqual([]);
    expect(told.book.current).toBeUndefined();
  });
});

describe("the merged pull request", () => {
  it("of the commit is commented on, once for each update", async () => {
    await using world = await startStepWorld();
    await world.github.commit({ files: { "a.py": "1\n" }, message: "First" });
    await world.github.commit({ branch: "work", files: { "b.py": "1\n" }, message: "Work" });
    const pull = await world.github.openPull({ head: "work", title: "Work" });
    const sha = await world.github.mergePull(pull.number, "merge");
    const { run, told, outcome } = await tracked(world, { sha });
    const own = planned(run, { report: { ...REPORT, issue: false } });
    const issue = createTrackingIssue(own, told);
    await tellStatus(own, told, { outcome, issue });
    await tellStatus(own, toldOf(own), { outcome, issue });
    expect(world.github.comments).toMatchObject([
      { number: pull.number, body: expect.stringContaining("Day 1") },
    ]);
    expect(own.teller.notes).toEqual([]);
  });
});

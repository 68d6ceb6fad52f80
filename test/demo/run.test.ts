import { describe, expect, test } from "vitest";
import { choiceOf } from "./choice.ts";
import { demo } from "./demo.ts";

// Most of their time the first two wait, as one does for a deploy.
describe.concurrent("the stories", { timeout: 120_000 }, () => {
  test("the bad merge is caught, and its revert puts back what the merge took away", async () => {
    await using ran = await demo([]);
    expect(ran.printed).toContain("verdict: fail, exit code 1");
    const diff = await ran.left("revert.diff");
    expect(diff).toContain("+         order by id limit $1 for update skip locked)");
    expect(diff).toContain('+  addJob("process_domain_extraction_queue", {');
    const report = JSON.parse(await ran.left("report.json")) as {
      readonly verdict: string;
      readonly checks: readonly { readonly name: string; readonly verdict: string }[];
    };
    const verdicts = Object.fromEntries(report.checks.map((check) => [check.name, check.verdict]));
    expect(report.verdict).toBe("fail");
    expect(verdicts).toMatchObject({ schedulers: "fail", "no-duplicates": "fail", health: "pass" });
    expect(await ran.left("summary.md")).toContain("no-duplicates");
    expect(await ran.left("report.html")).toContain("no-duplicates");
  });

  test("the good merge passes", async () => {
    await using ran = await demo(["good"]);
    expect(ran.printed).toContain("verdict: pass, exit code 0");
    expect(await ran.left("summary.md")).toContain("schedulers");
  });

  test("the whole runbook takes back a deploy that doubles rows", async () => {
    await using ran = await demo(["runbook"]);
    expect(ran.printed).toContain("verdict: fail, exit code 1");
    expect(ran.printed).toMatch(/^\d+ minutes of simulated time/m);
    // Outside the groups of the job log, which a reader sees closed.
    for (const act of ["Rollback on Render", "Recheck", "Revert pull request", "Issue"])
      expect(ran.printed).toMatch(new RegExp(`^  │ [\\d:]{8} ${act}: done`, "m"));
    // The job masks its secrets, here as on a runner.
    expect(ran.printed).not.toContain("rnd_");
    expect(await ran.left("revert.diff")).toContain(
      "+            .values(**{status_field: processing, error_field: None})",
    );
    const pull = await ran.left("pull-request.md");
    expect(pull).toContain("Harbour Coffee Roasters");
    expect(pull).toContain("- **Rollback on Render**: done. dep-");
    expect(await ran.left("report.html")).toContain("no-duplicates");
  });
});

test.each([
  [[], { world: "leads", story: "bad" }],
  [["good"], { world: "leads", story: "good" }],
  [["runbook"], { world: "runbook", story: "bad" }],
  [["runbook", "good"], { world: "runbook", story: "good" }],
  [["week"], { world: "week", story: "good" }],
  [["week", "bad"], { world: "week", story: "bad" }],
  [["week", "short"], { world: "week", story: "short" }],
  [["runbook", "short"], undefined],
  [["good", "runbook"], undefined],
  [["runbok"], undefined],
])("the words %j", (words, choice) => {
  expect(choiceOf(words)).toEqual(choice);
});

test("an unknown word is answered with those it knows", async () => {
  await expect(demo(["runbok"])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"runbook"'),
  });
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const script = fileURLToPath(new URL("run.ts", import.meta.url));

/** Runs the demo in an empty folder; gives what it printed and the folder it left. Rejects when it exits with 1. */
async function demo(words: readonly string[]): Promise<{ readonly printed: string; readonly out: string }> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-demo-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...words], { cwd: folder });
  return { printed: stdout, out: join(folder, "demo-out") };
}

test(
  "the bad merge is caught, and its revert puts back what the merge took away",
  { timeout: 120_000 },
  async () => {
    const { printed, out } = await demo([]);
    expect(printed).toContain("verdict: fail, exit code 1");
    const diff = await readFile(join(out, "revert.diff"), "utf8");
    expect(diff).toContain("+         order by id limit $1 for update skip locked)");
    expect(diff).toContain('+  addJob("process_domain_extraction_queue", {');
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as {
      readonly verdict: string;
      readonly checks: readonly { readonly name: string; readonly verdict: string }[];
    };
    const verdicts = Object.fromEntries(report.checks.map((check) => [check.name, check.verdict]));
    expect(report.verdict).toBe("fail");
    expect(verdicts).toMatchObject({ schedulers: "fail", "no-duplicates": "fail", health: "pass" });
    expect(await readFile(join(out, "summary.md"), "utf8")).toContain("no-duplicates");
  },
);

test("the good merge passes", { timeout: 120_000 }, async () => {
  const { printed, out } = await demo(["good"]);
  expect(printed).toContain("verdict: pass, exit code 0");
  expect(await readFile(join(out, "summary.md"), "utf8")).toContain("schedulers");
});

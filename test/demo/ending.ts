import { copyFile, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Action } from "../../src/core/outcome.ts";
import { actionSentence } from "../../src/report/action-list.ts";
import type { StepResult } from "../stand-ins/runner.ts";

/** How a story has to end. */
export interface Expected {
  readonly verdict: "pass" | "fail";
  /** Kinds of what the gate does, in order. */
  readonly does: readonly string[];
}

/** The revert pull request that a gate opened. */
export interface Revert {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly diff: string;
}

/** What is there when a gate's job has ended. */
export interface Ended {
  readonly gate: StepResult;
  readonly revert: Revert | undefined;
  /** What the stand-ins say was used wrongly. */
  readonly violations: readonly unknown[];
}

const say = (line = ""): void => console.log(line);

/** Shows the verdict and what was done, copies the reports to the folder `out`, and gives what is not as expected. */
export async function showEnding(
  { gate, revert, violations }: Ended,
  to: {
    readonly expected: Expected;
    readonly out: string;
    /** Files that are in the folder already, and what each is. */
    readonly kept?: readonly (readonly [name: string, what: string])[];
  },
): Promise<readonly string[]> {
  const { expected, out, kept = [] } = to;
  const wrong: string[] = [];
  const written: string[] = [];
  const write = async (name: string, content: string): Promise<void> => {
    await writeFile(join(out, name), content);
    written.push(name);
  };

  const verdict = gate.outputs["verdict"] ?? "none";
  say();
  say(`verdict: ${verdict}, exit code ${String(gate.exitCode)}`);
  if (verdict !== expected.verdict) wrong.push(`the verdict should be ${expected.verdict}`);
  if (gate.exitCode !== (expected.verdict === "fail" ? 1 : 0))
    wrong.push("the exit code does not fit the verdict");

  await write("summary.md", gate.summary);
  const report = gate.outputs["report"] ?? "";
  let actions: readonly Action[] = [];
  try {
    ({ actions } = JSON.parse(await readFile(report, "utf8")) as { readonly actions: readonly Action[] });
    for (const name of ["report.json", "report.html"]) {
      await copyFile(join(dirname(report), name), join(out, name));
      written.push(name);
    }
  } catch (error) {
    wrong.push(`a report is missing: ${String(error)}`);
  }
  if (actions.length > 0) {
    say();
    say("what was done");
    for (const action of actions) say(`  ${actionSentence(action)}`);
  }
  const done = actions.filter(({ state }) => state === "done").map(({ kind }) => kind);
  if (done.join() !== expected.does.join())
    wrong.push(`what was done should be ${expected.does.join(", ") || "nothing"}`);

  if (revert !== undefined) {
    await write("pull-request.md", `# ${revert.title}\n\n${revert.body}\n`);
    await write("revert.diff", revert.diff);
    say();
    say(`revert pull request #${String(revert.number)}: ${revert.title}`);
    say(revert.diff.trimEnd().replaceAll(/^/gm, "  "));
  }
  if ((revert !== undefined) !== expected.does.includes("revert_pr"))
    wrong.push(revert === undefined ? "there is no revert pull request" : "there should be no revert");
  for (const violation of violations) {
    const text = typeof violation === "string" ? violation : JSON.stringify(violation);
    wrong.push(`an API was used wrongly: ${text}`);
  }

  say();
  for (const [name, what] of [...FILES.filter(([name]) => written.includes(name)), ...kept])
    say(`${what.padEnd(22)}${relative(process.cwd(), join(out, name))}`);
  return wrong;
}

const FILES = [
  ["summary.md", "the job summary"],
  ["report.html", "the page to look at"],
  ["report.json", "everything measured"],
  ["pull-request.md", "the pull request"],
] as const;

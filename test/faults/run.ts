import { availableParallelism } from "node:os";
import { runByCrew } from "../crew.ts";
import { writeDocs } from "./docs.ts";
import { countsOf, LEGEND, tablesOf, wrongsOf, type Tried } from "./table.ts";
import type { Outcome } from "./trial.ts";
import { allTrials, nameOf, trialsWith } from "./trials.ts";

/** A trial that takes longer, real time, hangs. */
const LONGEST_MS = 120_000;
const HUNG: Outcome = {
  verdict: "none",
  acts: [],
  struck: true,
  wrong: [`the trial did not end within ${LONGEST_MS / 1_000} s, or its process died`],
};

/**
 * Runs the fault matrix, or the trials whose names hold all words given, and prints its tables; progress goes to
 * standard error. `--docs` writes the tables into docs/faults.md. SIGINT ends it with what was tried so far. Exit code
 * 1 where a promise was broken.
 */
const given = process.argv.slice(2);
const words = given.filter((word) => word !== "--docs");
const trials = allTrials();
const chosen = trialsWith(trials, words);
const outcomes = new Map<number, Tried>();
const startedAt = performance.now();
const ended = new AbortController();
process.once("SIGINT", () => ended.abort());

const isTerminal = process.stderr.isTTY;
await runByCrew<number, Outcome>({
  worker: new URL("worker.ts", import.meta.url),
  jobs: chosen.map((trial) => trials.indexOf(trial)),
  size: availableParallelism(),
  longestMs: LONGEST_MS,
  told(index, outcome = HUNG) {
    const tried: Tried = { trial: trials[index]!, outcome };
    outcomes.set(index, tried);
    const wrongs = wrongsOf(tried);
    if (wrongs.length > 0) process.stderr.write(`WRONG ${nameOf(tried.trial)}\n`);
    const line = `${outcomes.size} of ${chosen.length}`;
    if (isTerminal) process.stderr.write(`\r${line}`);
    else if (outcomes.size % 50 === 0) process.stderr.write(`${line}\n`);
  },
  signal: ended.signal,
});

const tried = [...outcomes].toSorted(([a], [b]) => a - b).map(([, one]) => one);
const bad = tried.filter((one) => wrongsOf(one).length > 0);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
print(`${tablesOf(chosen, tried)}\n`);
for (const [word, meaning] of LEGEND) print(`${word.padEnd(8)} ${meaning}`);
for (const one of bad) {
  print(`\nWRONG ${nameOf(one.trial)}`);
  print(
    `  without the fault: ${one.trial.truth}; with it: ${one.outcome.verdict}, ${one.outcome.acts.join(", ") || "no act"}`,
  );
  for (const wrong of wrongsOf(one)) print(`  - ${wrong.replaceAll("\n", "\n    ")}`);
}
print(`\n${countsOf(tried)}; ${Math.round((performance.now() - startedAt) / 1_000)} s`);
if (given.includes("--docs")) {
  if (words.length > 0) print("docs/faults.md is written by a whole run only");
  else await writeDocs(trials, tried, new Date().toISOString().slice(0, 10));
}
process.exitCode = bad.length === 0 && tried.length === chosen.length && tried.length > 0 ? 0 : 1;

import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { failureOf, minimised } from "./minimise.ts";
import { mutated } from "./mutate.ts";
import { randomOf } from "./random.ts";
import { TARGETS } from "./targets.ts";
import type { FuzzTarget } from "./target.ts";

// As the action does: a pattern of the user's takes linear time.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/** No text of this size may take so long, ms. */
const LONGEST_MS = 5_000;

interface Fuzzed {
  readonly target: string;
  readonly tries: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly finding?: { readonly text: string; readonly why: string };
}

/** What breaks, words and numbers of the text itself aside: minimising must not end at another finding. */
function kindOf(why: string): string {
  return why.replaceAll(/["'`{[][^]*/gu, "").slice(0, 60);
}

function fuzz(target: FuzzTarget, options: { readonly seconds: number; readonly seed: number }): Fuzzed {
  const random = randomOf(options.seed);
  const start = performance.now();
  let slowestMs = 0;
  for (let tries = 1; ; tries += 1) {
    const text = tries <= target.seeds.length ? target.seeds[tries - 1]! : mutated(target, random);
    const begin = performance.now();
    const failure = failureOf((input) => target.holds(input), text);
    const end = performance.now();
    slowestMs = Math.max(slowestMs, end - begin);
    const why =
      failure ??
      (target.isTimed !== true && end - begin > LONGEST_MS
        ? `it takes ${Math.round(end - begin)} ms`
        : undefined);
    const done = { target: target.name, tries, seconds: (end - start) / 1000, slowestMs };
    if (why !== undefined) {
      const isSame = (input: string): boolean =>
        kindOf(failureOf((one) => target.holds(one), input) ?? "") === kindOf(why);
      const shortest = failure === undefined ? text : minimised(text, isSame);
      return {
        ...done,
        finding: { text: shortest, why: failureOf((one) => target.holds(one), shortest) ?? why },
      };
    }
    if (end - start > options.seconds * 1000) return done;
  }
}

function usage(problem: string): never {
  console.error(
    `${problem}\nusage: npm run fuzz -- [${TARGETS.map(({ name }) => name).join("|")}] [--seconds N] [--seed S] [--input JSON-text]`,
  );
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, seed: { type: "string" }, input: { type: "string" } },
});
const [name] = positionals;
const chosen = name === undefined ? TARGETS : TARGETS.filter((target) => target.name === name);
if (chosen.length === 0) usage(`there is no target "${name ?? ""}"`);

if (values.input !== undefined) {
  const text = JSON.parse(values.input) as string;
  const failures = chosen.map((target) => failureOf((input) => target.holds(input), text));
  for (const [at, failure] of failures.entries())
    console.log(`${chosen[at]?.name}: ${failure ?? "all laws hold"}`);
  process.exit(failures.some((failure) => failure !== undefined) ? 1 : 0);
}

const seconds = Number(values.seconds ?? 10);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(seconds > 0) || !Number.isSafeInteger(seed)) usage("--seconds and --seed are numbers");
console.log(`seed ${seed}, ${seconds} s for each target\n`);
console.log("target       tries     per second  slowest");
for (const target of chosen) {
  const { tries, seconds: took, slowestMs, finding } = fuzz(target, { seconds, seed });
  const cells = [
    target.name.padEnd(11),
    String(tries).padStart(7),
    String(Math.round(tries / took)).padStart(12),
    `${Math.round(slowestMs)} ms`.padStart(9),
  ];
  console.log(`${cells.join(" ")}${finding === undefined ? "" : "  FOUND"}`);
  if (finding === undefined) continue;
  process.exitCode = 1;
  const input = JSON.stringify(finding.text);
  console.log(`\n  ${finding.why.slice(0, 600)}\n  with ${input.slice(0, 2_000)}`);
  console.log(
    `  again: npm run fuzz -- ${target.name} --input '${input.replaceAll("'", `'\\''`).slice(0, 2_000)}'\n`,
  );
}

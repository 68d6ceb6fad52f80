import { parseArgs } from "node:util";
import { runByCrew } from "../crew.ts";
import { writeTables } from "../written-tables.ts";
import { missedAims, precisionOf } from "./aims.ts";
import type { Job } from "./job.ts";
import type { Result } from "./judge.ts";
import { tables } from "./table.ts";

/**
 * Plays so many clean deploys and as many with a fault, and prints what became of them. Exit code 1 where an aim is missed.
 * `--deploys` (of each sort), `--seed`, `--workers`, and `--docs` to write the tables into docs/precision.md.
 */
const { values } = parseArgs({
  options: {
    deploys: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    docs: { type: "boolean", default: false },
  },
});
const [deploys, seed, many] = [values.deploys, values.seed, values.workers].map(Number);
if (!deploys || seed === undefined || Number.isNaN(seed) || !many)
  throw new Error("use numbers: npm run precision -- --deploys 100 --seed 7");

/** A week is played in seconds; what takes longer, real time, hangs. */
const LONGEST_MS = 10 * 60_000;

interface Answer {
  readonly result?: Result;
  readonly broken?: string;
}

const jobs = (["fault", "clean"] as const).flatMap((kind) =>
  Array.from({ length: deploys }, (_, nth): Job => ({ seed, kind, nth })),
);
const results: Result[] = [];
let broken = 0;

await runByCrew<Job, Answer>({
  worker: new URL("worker.ts", import.meta.url),
  jobs,
  size: many,
  longestMs: LONGEST_MS,
  told({ kind, nth }, answer = { broken: "it hung, or its process died" }) {
    if (answer.result !== undefined) results.push(answer.result);
    else {
      broken += 1;
      console.error(`${kind} ${String(nth)} broke: ${answer.broken ?? ""}`);
    }
    if (results.length % 100 === 0)
      process.stderr.write(`${String(results.length)} of ${String(jobs.length)}\n`);
  },
});

// Workers end in no order; the tables have one.
const place = new Map(jobs.map(({ kind, nth }, index) => [`${String(seed)}-${kind}-${String(nth)}`, index]));
results.sort((a, b) => (place.get(a.seed) ?? 0) - (place.get(b.seed) ?? 0));
const text = tables(results, { seed, date: new Date().toISOString().slice(0, 10) });
console.log(text);
if (values.docs)
  await writeTables(
    { page: "docs/precision.md", begin: "<!-- tables -->", end: "<!-- end of the tables -->" },
    `\n\n${text}\n\n`,
  );
process.exitCode = broken === 0 && missedAims(precisionOf(results)).length === 0 ? 0 : 1;

import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
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

interface Answer {
  readonly result?: Result;
  readonly broken?: string;
}

const jobs = (["fault", "clean"] as const).flatMap((kind) =>
  Array.from({ length: deploys }, (_, nth): Job => ({ seed, kind, nth })),
);
const results: Result[] = [];
let broken = 0;
let next = 0;

await Promise.all(
  Array.from({ length: many }, async () => {
    const worker = fork(new URL("worker.ts", import.meta.url));
    for (let job = jobs[next]; job !== undefined; job = jobs[next]) {
      next += 1;
      worker.send(job);
      const [answer] = (await once(worker, "message")) as unknown as readonly [Answer];
      if (answer.result !== undefined) results.push(answer.result);
      else {
        broken += 1;
        console.error(`${job.kind} ${String(job.nth)} broke: ${answer.broken ?? ""}`);
      }
      if (results.length % 100 === 0)
        process.stderr.write(`${String(results.length)} of ${String(jobs.length)}\n`);
    }
    worker.disconnect();
  }),
);

// Workers end in no order; the tables have one.
const place = new Map(jobs.map(({ kind, nth }, index) => [`${String(seed)}-${kind}-${String(nth)}`, index]));
results.sort((a, b) => (place.get(a.seed) ?? 0) - (place.get(b.seed) ?? 0));
const text = tables(results, { seed, date: new Date().toISOString().slice(0, 10) });
console.log(text);
if (values.docs) {
  const file = new URL("../../docs/precision.md", import.meta.url);
  const before = await readFile(file, "utf8");
  const [begin, end] = ["<!-- tables -->", "<!-- end of the tables -->"];
  const head = before.slice(0, before.indexOf(begin) + begin.length);
  const tail = before.slice(before.indexOf(end));
  await writeFile(file, `${head}\n\n${text}\n\n${tail}`);
}
process.exitCode = broken === 0 && missedAims(precisionOf(results)).length === 0 ? 0 : 1;

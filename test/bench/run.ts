import { cpus } from "node:os";
import { writeTables } from "../written-tables.ts";
import { measureCalls } from "./calls.ts";
import { measureLag } from "./lag.ts";
import { measureLogs } from "./logs.ts";
import { measureLook } from "./look.ts";
import { tableOf, type Section } from "./section.ts";
import { measureStart } from "./start.ts";

/**
 * Measures speed and cost and prints a table with the budgets; exit code 1 where one is broken. Arguments pick
 * measures by their names; `--docs` writes the table into the README.
 */
const MEASURES: { readonly [name: string]: () => Promise<Section> } = {
  start: measureStart,
  calls: measureCalls,
  lag: measureLag,
  logs: measureLogs,
  look: measureLook,
};
const PLACE = { page: "README.md", begin: "<!-- bench -->", end: "<!-- /bench -->" };

/** Masks and groups are for runners: nothing of the gates is printed, only what they needed. */
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

function machine(): string {
  const [{ model } = { model: "an unknown processor" }, ...more] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${more.length + 1} cores (${model.trim()}), ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

async function bench(args: readonly string[]): Promise<boolean> {
  const names = args.filter((one) => one !== "--docs");
  const strange = names.find((name) => !(name in MEASURES));
  if (strange !== undefined)
    throw new Error(`there is no measure "${strange}"; there are ${Object.keys(MEASURES).join(", ")}`);
  const sections: Section[] = [];
  for (const [name, measure] of Object.entries(MEASURES))
    if (names.length === 0 || names.includes(name)) sections.push(await measure());
  const table = `Measured on ${machine()}.\n\n${tableOf(sections)}`;
  print(`${table}\n`);
  if (args.includes("--docs")) await writeTables(PLACE, `\n${table}\n`);
  return sections.every(({ figures }) => figures.every(({ isOver }) => isOver !== true));
}

try {
  // Said aloud: the stand-ins may leave something open.
  process.exit((await bench(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  print(`The bench could not be finished: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

import { mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { playLeads } from "./leads.ts";
import { playRunbook } from "./runbook.ts";
import { playWeek } from "./week.ts";
import { choiceOf } from "./choice.ts";

const out = resolve("demo-out");

/** Plays what was asked for; gives what did not go as it should. */
async function demo(): Promise<readonly string[]> {
  const choice = choiceOf(process.argv.slice(2));
  if (choice === undefined)
    return ['it knows "good", "runbook", "runbook good", "week", "week bad" and "week short" only'];
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
  switch (choice.world) {
    case "leads":
      return playLeads(choice.story, out);
    case "runbook":
      return playRunbook(choice.story, out);
    case "week":
      return playWeek(choice.story, out);
  }
}

const wrong = await demo().catch((error: unknown) => [String(error)]);
if (wrong.length > 0) console.log();
for (const problem of wrong) console.log(`The demo did not go as it should: ${problem}.`);
// Said aloud: the exit hook that comes with the embedded database ends the process with 0 whatever `exitCode` holds.
process.exit(wrong.length > 0 ? 1 : 0);

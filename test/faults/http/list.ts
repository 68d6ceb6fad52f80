import { writeFile } from "node:fs/promises";
import { LIST } from "./routes.ts";
import { STORIES } from "./stories.ts";
import { baseOf } from "./trials.ts";

/** Writes which routes the stories ask into routes.json, in which the rows of the matrix stand. */
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const routes = new Map<string, string[]>();
for (const story of STORIES) {
  const { seen } = await baseOf(story);
  for (const name of seen) routes.set(name, [...(routes.get(name) ?? []), story.name]);
}
const sorted = Object.fromEntries([...routes].toSorted(([a], [b]) => a.localeCompare(b)));
await writeFile(LIST, `${JSON.stringify(sorted, undefined, 2)}\n`);
write(`${routes.size} routes in ${STORIES.length} stories\n`);

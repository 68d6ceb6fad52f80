import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** A page of the repository and the lines between which a program writes its tables. */
export interface TablesPlace {
  /** Below the repository's root. */
  readonly page: string;
  readonly begin: string;
  readonly end: string;
}

async function partsOf({ page, begin, end }: TablesPlace): Promise<readonly [string, string, string]> {
  const text = await readFile(resolve(ROOT, page), "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from)
    throw new Error(`${page} has lost its markers ${begin} and ${end}: put them back`);
  return [text.slice(0, from), text.slice(from + begin.length, to), text.slice(to + end.length)];
}

/** What is written there. Throws when the markers are gone. */
export async function readTables(place: TablesPlace): Promise<string> {
  return (await partsOf(place))[1];
}

/** Writes it there, the space around it included. Throws when the markers are gone. */
export async function writeTables(place: TablesPlace, text: string): Promise<void> {
  const [before, , after] = await partsOf(place);
  await writeFile(resolve(ROOT, place.page), `${before}${place.begin}${text}${place.end}${after}`);
}

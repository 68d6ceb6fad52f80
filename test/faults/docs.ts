import { readFile, writeFile } from "node:fs/promises";
import { countsOf, LEGEND, tablesOf, type Tried } from "./table.ts";
import type { Trial } from "./trial.ts";

const PAGE = new URL("../../docs/faults.md", import.meta.url);
const BEGIN = "<!-- written by npm run faults -- --docs -->";
const END = "<!-- end -->";

/** Writes legend, counts and tables into docs/faults.md, between its markers. */
export async function writeDocs(
  trials: readonly Trial[],
  tried: readonly Tried[],
  day: string,
): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const [before, rest = ""] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/faults.md has lost its markers ${BEGIN} and ${END}: put them back.`);
  const seen = new Set(tablesOf(trials, tried).match(/[\w+~]+/g));
  const words = LEGEND.filter(([word]) => seen.has(word)).map(
    ([word, meaning]) => `| \`${word}\` | ${meaning} |`,
  );
  const legend = ["| cell | what it means |", "| --- | --- |", ...words].join("\n");
  const own = `${BEGIN}\n\n${day}, ${countsOf(tried)}${tried.length < trials.length ? `; ${trials.length - tried.length} more were not tried` : ""}.\n\n${legend}\n\n${tablesOf(trials, tried)}\n\n${END}`;
  await writeFile(PAGE, `${before}${own}${after}`);
}

/** Headings of the tables on the page: `### section`, its columns, its rows. */
export async function docsHeadings(): Promise<
  readonly {
    readonly section: string;
    readonly columns: readonly string[];
    readonly rows: readonly string[];
  }[]
> {
  const page = await readFile(PAGE, "utf8");
  const own = page.split(BEGIN)[1]?.split(END)[0] ?? "";
  return own
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [section = "", , head = "", , ...lines] = text.trim().split("\n");
      return {
        section,
        columns: cellsOf(head).slice(1),
        rows: lines.map((line) => (cellsOf(line)[0] ?? "").replaceAll("`", "")),
      };
    });
}

function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

import { readTables, writeTables } from "../written-tables.ts";
import { countsOf, LEGEND, tablesOf, type Tried } from "./table.ts";
import type { Trial } from "./trial.ts";

const PLACE = {
  page: "docs/faults.md",
  begin: "<!-- written by npm run faults -- --docs -->",
  end: "<!-- end -->",
};

/** Writes legend, counts and tables into docs/faults.md, between its markers. */
export async function writeDocs(
  trials: readonly Trial[],
  tried: readonly Tried[],
  day: string,
): Promise<void> {
  const seen = new Set(tablesOf(trials, tried).match(/[\w+~]+/g));
  const words = LEGEND.filter(([word]) => seen.has(word)).map(
    ([word, meaning]) => `| \`${word}\` | ${meaning} |`,
  );
  const legend = ["| cell | what it means |", "| --- | --- |", ...words].join("\n");
  const left = trials.length - tried.length;
  const counts = `${day}, ${countsOf(tried)}${left > 0 ? `; ${left} more were not tried` : ""}.`;
  await writeTables(PLACE, `\n\n${[counts, legend, tablesOf(trials, tried)].join("\n\n")}\n\n`);
}

/** Headings of the tables on the page: `### section`, its columns, its rows. */
export async function docsHeadings(): Promise<
  readonly {
    readonly section: string;
    readonly columns: readonly string[];
    readonly rows: readonly string[];
  }[]
> {
  const own = await readTables(PLACE);
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

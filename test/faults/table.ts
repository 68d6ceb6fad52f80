import type { Outcome, Trial } from "./trial.ts";

/** A trial and what came of it. */
export interface Tried {
  readonly trial: Trial;
  readonly outcome: Outcome;
}

/** One table: a line for each place, a column for each fault. */
export interface Headings {
  readonly section: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

/** What the words of a cell mean, in the order in which a cell names them. */
export const LEGEND: readonly (readonly [word: string, meaning: string])[] = [
  ["pass", "the deploy was good, and is said to be"],
  ["warn", "the deploy was good; the gate names what needs a look"],
  [
    "fail+",
    "the deploy was bad: `fail`, and everything that had to be done was done once, in spite of the fault",
  ],
  [
    "fail~",
    "the deploy was bad: `fail`; what could not be done is named with its reason, and where it can be done at all the same job run again did it once",
  ],
  ["fail", "the deploy was bad: `fail`, and nothing else was due"],
  [
    "unwatched",
    "the first stage passed and is told; the later ones could not be watched, and a warning says so",
  ],
  ["unknown", "the gate could not tell, says so, and did nothing"],
  [
    "untold",
    "the run was killed before it had begun anything; the commit stays pending until the next gate of the service settles it",
  ],
  ["WRONG", "a promise was broken"],
];

/** The tables that these trials fill, in the order of the trials. */
export function headingsOf(trials: readonly Trial[]): readonly Headings[] {
  return [...Map.groupBy(trials, ({ section }) => section)].map(([section, own]) => ({
    section,
    columns: [...new Set(own.map(({ fault }) => fault))],
    rows: [...new Set(own.map(({ where }) => where))],
  }));
}

/** The tables of these trials as Markdown, with what was tried of them. */
export function tablesOf(trials: readonly Trial[], tried: readonly Tried[]): string {
  return headingsOf(trials)
    .map(({ section, columns, rows }) => {
      const own = tried.filter(({ trial }) => trial.section === section);
      const lines = rows.map((where) => {
        const cells = columns.map((fault) =>
          cellOf(own.filter(({ trial }) => trial.where === where && trial.fault === fault)),
        );
        return lineOf([`\`${where}\``, ...cells]);
      });
      const rule = lineOf(["", ...columns].map(() => "---"));
      return [`### ${section}`, "", lineOf(["", ...columns]), rule, ...lines].join("\n");
    })
    .join("\n\n");
}

/** How many trials there were, and how they came out. */
export function countsOf(tried: readonly Tried[]): string {
  const words = Map.groupBy(tried, wordOf);
  const parts = LEGEND.flatMap(([word]) => {
    const count = words.get(word)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${tried.length} trials: ${parts.join(", ")}`;
}

/** What is wrong with a trial; one whose fault never struck proves nothing. */
export function wrongsOf({ outcome }: Tried): readonly string[] {
  return outcome.struck ? outcome.wrong : ["the fault never struck", ...outcome.wrong];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Stories of good deploys first. */
function cellOf(tried: readonly Tried[]): string {
  const of = (truth: Trial["truth"]): string => {
    const words = new Set(tried.filter(({ trial }) => trial.truth === truth).map(wordOf));
    return LEGEND.flatMap(([word]) => (words.has(word) ? [word] : [])).join(", ");
  };
  return [of("pass"), of("fail")].filter((text) => text !== "").join(" · ") || "–";
}

function wordOf(tried: Tried): string {
  if (wrongsOf(tried).length > 0) return "WRONG";
  const { verdict, acts } = tried.outcome;
  if (verdict !== "fail" || acts.length === 0) return verdict;
  return acts.every((act) => act.endsWith(": done")) ? "fail+" : "fail~";
}

/** One measured thing, as words: "41 ms, 21 more than an empty script". */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it may be at most, as words; absent where nothing is promised. */
  readonly budget?: string;
  /** Whether `budget` is broken. */
  readonly isOver?: boolean;
}

/** What one measure found. */
export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** How it was measured, in a sentence. */
  readonly how: string;
}

/** A figure with its budget, both written by `words`; over it when `value` is more than `most`. */
export function within(what: string, value: number, most: number, words: (value: number) => string): Figure {
  return { what, value: words(value), budget: `≤ ${words(most)}`, isOver: value > most };
}

/** The sections as one Markdown table, then how each was measured. */
export function tableOf(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ title, figures }) => [
    [`**${title}**`, "", ""],
    ...figures.map(({ what, value, budget = "", isOver = false }) => [
      what,
      value,
      isOver ? `${budget}, **broken**` : budget,
    ]),
  ]);
  const lines = rows.map((cells) => `| ${cells.join(" | ")} |`);
  const how = sections.map(({ title, how }) => `- ${title}: ${how}`);
  return ["| what | measured | at most |", "| --- | --- | --- |", ...lines, "", ...how].join("\n");
}

/** Milliseconds below a second as such, else seconds. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** "1,234". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Bytes as thousands, "568 kB". */
export function kilobytes(bytes: number): string {
  return `${count(bytes / 1_000)} kB`;
}

/** The middle one; the higher of two middle ones. NaN when there is none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

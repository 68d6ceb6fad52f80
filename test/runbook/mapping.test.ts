import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), "utf8");
const guide = (await read("test/runbook/wo-004.md")).trimEnd().split("\n");
const docs = await read("docs/wo-004.md");
const file = parse(await read("examples/wo-004/deploy-gate.yml")) as Readonly<Record<string, unknown>>;
const checks = Object.keys(file["checks"] as object);

interface Row {
  readonly from: number;
  readonly to: number;
  /** What the guide says there, in its words. */
  readonly words: readonly string[];
  /** Checks, and keys of the file such as `deploy.on_fail`. */
  readonly coveredBy: readonly string[];
  readonly isLeft: boolean;
}

const rows: readonly Row[] = docs.split("\n").flatMap((line) => {
  const [, lines = "", words = "", coveredBy = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const [, from, to] = /^(\d+)(?:–(\d+))?$/.exec(lines) ?? [];
  if (from === undefined) return [];
  return [
    {
      from: Number(from),
      to: Number(to ?? from),
      words: words.split(" … "),
      coveredBy: [...coveredBy.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
      isLeft: coveredBy === "a person",
    },
  ];
});

const plain = (text: string): string => text.replaceAll(/[*`]/g, "").replaceAll(/\s+/g, " ");
const rowOf = (line: number): Row | undefined => rows.find(({ from, to }) => from <= line && line <= to);

function has(path: string): boolean {
  const steps = path.split(".");
  if (steps.length === 1 && checks.includes(path)) return true;
  return (
    steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], file) !==
    undefined
  );
}

describe("the table of the runbook", () => {
  test("goes through the guide in its order", () => {
    expect(rows.length).toBeGreaterThan(70);
    for (const [index, row] of rows.entries()) expect(row.from).toBeGreaterThan(rows[index - 1]?.to ?? 0);
  });

  test.each(rows.map((row) => [`${row.from}–${row.to}`, row] as const))(
    "lines %s: the words stand there, and what covers them is in the file",
    (_lines, row) => {
      const text = plain(guide.slice(row.from - 1, row.to).join(" "));
      for (const words of row.words) expect(text).toContain(plain(words));
      expect(row.coveredBy.filter((name) => !has(name))).toEqual([]);
      expect(row.isLeft || row.coveredBy.length > 0).toBe(true);
    },
  );

  test("leaves out no line", () => {
    const sections = [...docs.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
    const missing = guide.flatMap((text, index) => {
      if (/^\s*$|^---$|^```\w*$/.test(text) || rowOf(index + 1) !== undefined) return [];
      const [, title] = /^##? (.+)$/.exec(text) ?? [];
      return sections.includes(title) ? [] : [`${String(index + 1)}: ${text}`];
    });
    expect(missing).toEqual([]);
  });

  const boxes = guide.flatMap((text, index) => {
    const [, words] = /^- (?:\[ \]|❌) (.+)$/.exec(text) ?? [];
    return words === undefined ? [] : [[index + 1, words] as const];
  });

  test.each(boxes)("line %d, %s: is named, and covered by the file", (line, words) => {
    const row = rowOf(line);
    expect(row?.words.map(plain)).toContain(plain(words));
    expect(row?.isLeft).toBe(false);
  });

  test("names every checkbox and red flag of the guide", () => {
    expect(boxes).toHaveLength(25);
  });

  test.each(checks)("check %s covers a line", (name) => {
    expect(rows.some((row) => row.coveredBy.includes(name))).toBe(true);
  });

  test("names every remedy, and every hole it speaks of exists", () => {
    for (const name of Object.keys(file["remedies"] as object)) {
      expect(rows.some((row) => row.coveredBy.includes(`remedies.${name}`))).toBe(true);
    }
    const holes = [...docs.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(holes).toEqual(holes.map((_hole, index) => index + 1));
    for (const [, hole] of docs.matchAll(/hole (\d+)/g)) expect(holes).toContain(Number(hole));
  });
});

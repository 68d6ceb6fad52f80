import { describe, expect, it } from "vitest";
import { filterTexts } from "../../src/core/log-filter.ts";
import type { Pattern } from "../../src/core/source.ts";

const text = (of: string): Pattern => ({ kind: "text", text: of });
const pattern = (source: string, flags = ""): Pattern => ({ kind: "pattern", source, flags });

/** Whether Render's filter, with one of these values, would give the line. */
function gives(patterns: readonly Pattern[], line: string): boolean {
  return (filterTexts(patterns) ?? []).flat().some((value) => {
    const [, flags = "", source = ""] = /^\/(?:\(\?([ims]+)\))?(.*)\/$/s.exec(value) ?? [];
    return new RegExp(source, flags).test(line);
  });
}

describe("values of Render's text filter", () => {
  it.each([
    ["FATAL: disk full", "FATAL: disk full", true],
    ["FATAL: disk full", "\u001b[1;31mFATAL\u001b[0m: disk \u001b[2mfull", true],
    ["FATAL: disk full", "FATAL: disk empty", false],
    ["[error] a.b*c", "x [\u001b[31merror\u001b[0m] a.b*c", true],
    ["[error] a.b*c", "x [error] aXbbc", false],
    ["ça / là", "ça / là", true],
  ])("the text %j against %j: %s", (wanted, line, isGiven) => {
    expect(gives([text(wanted)], line)).toBe(isGiven);
  });

  it("of an expression of more than plain words ask for every coloured line", () => {
    expect(gives([pattern("FATAL|PANIC")], "\u001b[31mPAN\u001b[0mIC")).toBe(false);
    expect(gives([pattern("job \\d+ failed", "i")], "Job 7 FAILED")).toBe(true);
    expect(gives([pattern("job \\d+ failed")], "job \u001b[1m7\u001b[0m failed")).toBe(true);
  });

  it("have no named groups", () => {
    expect(filterTexts([pattern("Found (?<found>\\d+) items (?<b_2>y)")])!.flat()[0]).toBe(
      "/Found (\\d+) items (y)/",
    );
    expect(gives([pattern("Found (?<found>\\d+) items")], "Found 12 items")).toBe(true);
    // What only looks like one is left alone, and not asked for.
    for (const source of ["\\(?<a>", "[(?<a>]b"]) expect(filterTexts([pattern(source)])).toBeUndefined();
  });

  it("are none where RE2 may read an expression differently", () => {
    expect(filterTexts([text("FATAL"), pattern("(?<!not )fatal")])).toBeUndefined();
  });

  it("are none where nothing is wanted", () => {
    expect(filterTexts([])).toEqual([]);
  });

  it("come in groups that fit into a query", () => {
    const groups = filterTexts(
      Array.from({ length: 40 }, (_, index) => text(`number ${index} of a great many texts`)),
    );
    expect(groups!.length).toBeGreaterThan(1);
    for (const group of groups!) expect(group.join("").length).toBeLessThanOrEqual(2_000);
    expect(groups!.flat()).toHaveLength(40);
  });
});

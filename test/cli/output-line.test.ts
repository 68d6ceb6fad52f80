import { expect, test } from "vitest";
import { shownLine } from "../../src/cli/output-line.ts";

test.each([
  [{ indent: 0, text: "a", tone: "error" as const }, "\u001b[31ma\u001b[0m", "a"],
  [{ indent: 2, text: "a", tone: "heading" as const }, "  \u001b[1ma\u001b[0m", "  a"],
  [{ indent: 2, text: "a" }, "  a", "  a"],
])("a line is coloured only where it may be", (line, coloured, plain) => {
  expect(shownLine(line, { isColoured: true })).toBe(coloured);
  expect(shownLine(line, { isColoured: false })).toBe(plain);
});

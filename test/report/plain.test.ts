import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelText, logText } from "../../src/report/plain.ts";

/** What actions/runner takes for a command: `::name` at the start of a trimmed line, `##[name` anywhere. */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || line.includes("##[");
}

describe("log text", () => {
  it.each([
    ["::set-output name=a::b", ": :set-output name=a::b"],
    ["  \u200b::warning::x", ": :warning::x"],
    ["a ##[error]b", "a ## [error]b"],
    ["###[x", "### [x"],
    ["#\u202e#[x", "## [x"],
    ["\u001b[31m::debug::x\u001b[0m", ": :debug::x"],
    ["a\n::stop-commands::x", "a ::stop-commands::x"],
    ["ratio 1::2", "ratio 1::2"],
  ])("%j becomes %j", (text, expected) => {
    expect(logText(text)).toBe(expected);
  });

  it("is never a command and always one line", () => {
    const pieces = fc.constantFrom(
      "::",
      "#",
      "##[",
      " ",
      "\n",
      "\u200b",
      "\u001b[0m",
      "error",
      "[",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))), (parts) => {
        const text = parts.join("");
        expect(isCommand(logText(text))).toBe(false);
        expect(logText(text)).not.toMatch(/[\n\r\u001b]/u);
      }),
    );
  });
});

describe("labels", () => {
  it("hold no characters that GitHub refuses in a status", () => {
    expect(labelText("deploy 🚀 done\nnow", 140)).toBe("deploy \ufffd done now");
  });
});

import { describe, expect, it } from "vitest";
import { commandLines } from "../../src/core/command.ts";

/** Each line that speaks to the gate as what it asks for, or as `? why not`. */
function read(body: string): readonly string[] {
  return commandLines(body).map(({ command, unclear }) => {
    if (command === undefined) return `? ${unclear ?? ""}`;
    if (command.kind === "run") return `run ${command.remedy}`;
    return command.kind === "hold" ? `hold ${command.reason ?? ""}`.trim() : command.kind;
  });
}

describe("the commands of a comment", () => {
  it.each([
    { what: "one", body: "/gate why", is: ["why"] },
    { what: "none", body: "Looks good to me", is: [] },
    { what: "an empty comment", body: "", is: [] },
    { what: "several, in order", body: "/gate hold\n/gate why\n/gate resume", is: ["hold", "why", "resume"] },
    { what: "lines that end as Windows ends them", body: "/gate hold\r\n/gate why\r\n", is: ["hold", "why"] },
    { what: "after words", body: "Let me look.\n\n/gate hold", is: ["hold"] },
    {
      what: "a reason",
      body: "/gate hold  the database is  being moved ",
      is: ["hold the database is  being moved"],
    },
    { what: "a remedy with - and _", body: "/gate run old_scheduler-2", is: ["run old_scheduler-2"] },
    { what: "capitals, as phones write them", body: "/gate Approve", is: ["approve"] },
    { what: "the name of a remedy keeps its capitals", body: "/gate run Back", is: ["run Back"] },
    { what: "unfreeze", body: "/gate unfreeze", is: ["unfreeze"] },
    { what: "tabs and spaces around it", body: "/gate \t why \t", is: ["why"] },
    { what: "a space of another alphabet", body: "/gate\u00a0hold\u3000moving", is: ["hold moving"] },
  ])("$what", ({ body, is }) => {
    expect(read(body)).toEqual(is);
  });

  it.each([
    { what: "in the middle of a line", body: "I would /gate approve this" },
    { what: "after a space", body: " /gate approve" },
    { what: "indented as code", body: "    /gate approve" },
    { what: "in capitals", body: "/GATE approve" },
    { what: "another word", body: "/gateway approve" },
    { what: "with a zero-width space inside", body: "/g\u200bate approve" },
    { what: "with a zero-width space for a space", body: "/gate\u200bapprove" },
    { what: "behind a mark that is not seen", body: "\ufeff/gate approve" },
    { what: "behind one that turns the text round", body: "\u202e/gate approve" },
    { what: "quoted", body: "> /gate approve" },
    { what: "quoted without a space", body: ">/gate approve" },
    { what: "quoted twice", body: "> > /gate approve\n>> /gate approve" },
    { what: "in a fence", body: "```\n/gate approve\n```" },
    { what: "in a fence with a language", body: "```sh\n/gate approve\n```" },
    { what: "in a fence of tildes", body: "~~~\n/gate approve\n~~~" },
    { what: "in a fence that nothing closes", body: "```\n/gate approve" },
    { what: "in a fence that a shorter one does not close", body: "````\n```\n/gate approve\n````" },
    { what: "in a fence that the other mark does not close", body: "```\n~~~\n/gate approve\n```" },
    { what: "in a fence that words behind the mark do not close", body: "```\n``` no\n/gate approve\n```" },
    { what: "in a fence of CRLF lines", body: "```\r\n/gate approve\r\n```\r\n" },
    { what: "in an indented fence", body: "  ```\n/gate approve\n  ```" },
    { what: "in a hidden comment", body: "<!--\n/gate approve\n-->" },
    { what: "in a hidden comment with an empty line", body: "<!-- x\n\n/gate approve\n\n-->" },
    { what: "in a hidden comment inside a sentence", body: "Well <!--\n/gate approve\n--> done" },
    { what: "in a hidden comment that nothing closes", body: "<!--\n/gate approve" },
    { what: "in the second of two", body: "<!-- a --> <!--\n/gate approve\n-->" },
    { what: "in one that opens where one closes", body: "<!--\n--> <!--\n\n/gate approve\n-->" },
  ])("not one $what", ({ body }) => {
    expect(read(body)).toEqual([]);
  });

  it.each([
    { what: "a fence", body: "```\n/gate approve\n```\n/gate why" },
    { what: "a fence closed by a longer one", body: "```\ncode\n`````\n/gate why" },
    { what: "three marks in a line", body: "```code``` and more\n/gate why" },
    { what: "a fence in a list", body: "- a\n  ```\n  /gate approve\n  ```\n/gate why" },
    { what: "a fence that begins an item", body: "1. ```\n   /gate approve\n   ```\n/gate why" },
    { what: "a fence that ends with its item", body: "- ```\n  code\n/gate why" },
    { what: "a quote and an empty line", body: "> /gate approve\n\n/gate why" },
    { what: "a quote that ends with an empty one", body: "> /gate approve\n>\n/gate why" },
    { what: "a hidden comment", body: "<!--\n/gate approve\n-->\n/gate why" },
    { what: "a hidden comment of one line", body: "<!-- /gate approve -->\n/gate why" },
    { what: "an opening mark that GitHub shows", body: "a <!-- b\n\n/gate why" },
  ])("one after $what", ({ body }) => {
    expect(read(body)).toEqual(["why"]);
  });

  it.each([
    { line: "/gate", is: /^\? no command was named\. There are \/gate why, / },
    {
      line: "/gate resmue",
      is: /^\? there is no command "resmue", did you mean "resume"\? There are \/gate why, /,
    },
    { line: "/gate please", is: /^\? there is no command "please"\. There are \/gate why, / },
    { line: "/gate hold\u200b", is: /^\? there is no command "hold\u200b", did you mean "hold"\?/ },
    { line: "/gate run", is: /^\? run needs the name of a remedy: \/gate run <remedy>$/ },
    { line: "/gate run a b", is: /^\? run takes one name/ },
    { line: "/gate approve would be wrong here", is: /^\? nothing may follow approve on its line/ },
    { line: "/gate why not", is: /^\? nothing may follow why/ },
    {
      line: "> We could\n/gate approve",
      is: /^\? GitHub shows it as part of the quote above: put an empty line/,
    },
    { line: "> We could\nsay\n/gate approve", is: /^\? GitHub shows it as part of the quote above/ },
  ])("$line is answered with why not", ({ line, is }) => {
    const [only, ...others] = read(line);
    expect(others).toEqual([]);
    expect(only).toMatch(is);
  });

  it("are at most ten, and the rest is said to be unread", () => {
    const all = read("/gate why\n".repeat(30));
    expect(all).toHaveLength(11);
    expect(all.slice(0, 10)).toEqual(Array(10).fill("why"));
    expect(all[10]).toMatch(/^\? a comment may hold 10 commands/);
  });

  it("are given as they were written, cut", () => {
    expect(commandLines("/gate hold  for now ")).toEqual([
      { text: "/gate hold  for now", command: { kind: "hold", reason: "for now" } },
    ]);
    const [line] = commandLines(`/gate ${"\u{1f600}".repeat(50_000)}`);
    expect(line?.text.length).toBeLessThan(170);
    expect(line?.unclear?.length).toBeLessThan(400);
    expect(line?.text.isWellFormed()).toBe(true);
  });

  it.each([
    ["marks of items", "- ".repeat(50_000)],
    ["marks of fences", `${"`".repeat(50_000)}\n${"`".repeat(50_000)}`],
    ["marks of quotes", ">".repeat(100_000)],
    ["opening marks", "<!--".repeat(25_000)],
    ["spaces", `/gate${" ".repeat(100_000)}why`],
    ["empty lines", "\n".repeat(100_000)],
  ])("are found in 100 kB of %s as well", (_what, text) => {
    expect(read(`${text}\n\n-->\n\n/gate why`).at(-1)).toBe("why");
  });
});

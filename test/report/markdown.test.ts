import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  codeCell,
  codeSpan,
  fencedBlock,
  folded,
  htmlText,
  inlineText,
  link,
  tableText,
} from "../../src/report/markdown.ts";

const PIECES = [
  "`",
  "```",
  "|",
  "\\",
  "</details>",
  "<!--",
  "-->",
  "@team",
  "#12",
  "https://a.b",
  "*",
  "_",
  "[x](y)",
  "\n",
  "$",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary" })), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("inline text", () => {
  it.each([
    ["mentions", "ask @acme/team or @me", "ask @&#8203;acme/team or @&#8203;me"],
    ["issue references", "fixes #12, acme/shop#3, GH-4", "fixes #&#8203;12, acme/shop#&#8203;3, GH-&#8203;4"],
    ["addresses", "https://x.y and _www.x.y", "https:&#8203;//x.y and \\_www&#8203;.x.y"],
    ["links", "[a](javascript:b)", "\\[a\\](javascript:b)"],
    ["images", "![a](b)", "!\\[a\\](b)"],
    ["HTML", "</details><script>", "&lt;/details&gt;&lt;script&gt;"],
    ["comments", "<!-- x -->", "&lt;!-- x --&gt;"],
    ["entities", "&#64;team", "&amp;#&#8203;64;team"],
    ["emphasis and code", "*a* _b_ ~c~ `d`", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\`"],
    ["bars and backslashes", "a | b \\| c", "a &#124; b \\\\&#124; c"],
    ["formulas", "$x$", "<span>$</span>x<span>$</span>"],
    ["a heading", "# a", "\\# a"],
    ["a list", "- a", "\\- a"],
    ["a numbered list", "1. a", "1\\. a"],
    ["a rule under text", "=== ", "\\==="],
    ["line breaks", "a\n\n# b", "a # b"],
    ["ordinary words", "success 85%, at least 90% (12 samples)", "success 85%, at least 90% (12 samples)"],
  ])("neutralises %s", (_, text, expected) => {
    expect(inlineText(text)).toBe(expected);
  });

  it("leaves nothing that opens markup, a cell or a reference", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = inlineText(text).replaceAll("<span>$</span>", "").replaceAll("&#8203;", "\u200b");
        expect(safe).not.toMatch(/[<>|\n]/u);
        expect(safe.replace(/\\[\\`*_[\]~\-+=:#.)]/gu, "")).not.toMatch(/[`*_[\]~\\]/u);
        expect(safe).not.toMatch(/@[^\u200b]|(?<!&)#\d|:\/\//u);
      }),
    );
  });
});

describe("HTML text", () => {
  it("escapes what Markdown would not", () => {
    expect(htmlText('</summary> "a" & @b #1')).toBe("&lt;/summary&gt; &#34;a&#34; &amp; @&#8203;b #&#8203;1");
  });
});

describe("code", () => {
  it.each([
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["a\nb", "`a b`"],
    ["<!-- x -->", "`<! -- x -->`"],
    ["", "(empty)"],
  ])("makes a span of %j", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  it("uses HTML where a bar would end a cell", () => {
    expect(codeCell("a || b")).toBe("<code>a &#124;&#124; b</code>");
  });

  it("cannot be left by any run of backticks", () => {
    const runs = fc
      .array(fc.constantFrom("`", "``", "````", "~~~", "a", "\n", "\r", " "))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(runs, (text) => {
        const [open = "", ...lines] = fencedBlock(text, 1000).split("\n");
        const fence = /^`+/u.exec(open)?.[0] ?? "";
        expect(fence.length).toBeGreaterThanOrEqual(3);
        expect(lines.findIndex((line) => line.trim().startsWith(fence))).toBe(lines.length - 1);
        const span = codeSpan(text);
        const marks = /^`+/u.exec(span)?.[0];
        if (marks !== undefined) expect(span.slice(marks.length, -marks.length)).not.toContain(marks);
      }),
    );
  });

  it("cuts a long block with a mark", () => {
    expect(fencedBlock("x".repeat(1_000_000), 100)).toContain("[999,929 characters cut]\n```");
  });
});

describe("links", () => {
  it.each([
    ["https://x.y/a(b)|c", "[t](https://x.y/a%28b%29%7cc)"],
    ["javascript:alert(1)", "t"],
    ["https://x.y/a b", "t"],
    ["https://x.y/\u202e", "t"],
    [undefined, "t"],
  ])("to %j gives %s", (url, expected) => {
    expect(link("t", url)).toBe(expected);
  });

  it("keeps brackets of the text inside", () => {
    expect(link("a](https://evil)", "https://x.y")).toBe("[a\\](https:&#8203;//evil)](https://x.y)");
  });
});

describe("tables", () => {
  /** A bar splits unless the character before it is a backslash: the reading of GFM that splits most is the other one. */
  const columns = (row: string): number => row.slice(1, -1).split("|").length;

  it("keep their columns whatever the cells hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1, maxLength: 4 }), (cells) => {
        const rows = cells.map(([a, b, c]) => [inlineText(a), codeCell(b), link(c, "https://x.y/|")]);
        const lines = tableText({ head: ["a", "b", "c"], rows }).split("\n");
        expect(lines).toHaveLength(cells.length + 2);
        for (const line of lines) expect(columns(line)).toBe(3);
      }),
    );
  });

  it("give every row as many cells as the head", () => {
    expect(tableText({ head: ["a", "b"], rows: [["1"], ["1", "2", "3"]] })).toBe(
      "| a | b |\n| --- | --- |\n| 1 |  |\n| 1 | 2 |",
    );
  });
});

describe("folds", () => {
  it("cannot be closed by their title or their code", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fold = folded(text, "body");
        expect(fold.split("</details>")).toHaveLength(2);
        expect(fold.split("</summary>")).toHaveLength(2);
        expect(fold.endsWith("\n\nbody\n\n</details>")).toBe(true);
      }),
    );
  });
});

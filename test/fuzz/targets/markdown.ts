import { isDeepStrictEqual } from "node:util";
import {
  codeCell,
  codeSpan,
  fencedBlock,
  folded,
  htmlText,
  inlineText,
  link,
  tableText,
} from "../../../src/report/markdown.ts";
import { outlineOf } from "../../hostile/outline.ts";
import { TRICKS } from "../../hostile/tricks.ts";
import { law, type FuzzTarget } from "../target.ts";

type Frame = readonly [name: string, frame: (text: string) => string];

/** Every writer in every place where pages use it. */
const FRAMES: readonly Frame[] = [
  ["text at a line's start", (text) => `${inlineText(text)} rest`],
  ["text at a line's end", (text) => `words ${inlineText(text)}`],
  ["text under text", (text) => `words\n${inlineText(text)}\nwords`],
  ["an item", (text) => `- ${inlineText(text)}\n- ${inlineText(text)}`],
  ["a heading", (text) => `## ${inlineText(text)}\n\nwords`],
  ["text between emphasis", (text) => `words **x${inlineText(text)}x** words`],
  ["a code span", (text) => `words ${codeSpan(text)} words`],
  ["a link", (text) => link(text, "https://x.test/")],
  [
    "a link's address",
    (text) => link("words", `https://x.test/${text}`).replaceAll(/^words$/gu, "[words](x)"),
  ],
  ["a fold", (text) => folded(text, fencedBlock(text, 5_000))],
  ["a code block", (text) => `words\n\n${fencedBlock(text, 5_000)}\n\nwords`],
  ["a short code block", (text) => `words\n\n${fencedBlock(text, 100)}\n\nwords`],
  ["HTML", (text) => `<summary>${htmlText(text)}</summary>`],
  [
    "a table",
    (text) =>
      tableText({
        head: ["a", "b", "c"],
        rows: [[inlineText(text), codeCell(text), link(text, "https://x.test/")]],
      }),
  ],
];

/** Targets of the frames' own links do not matter, what they are does. */
function shapeOf(markdown: string): unknown {
  const { links, ...rest } = outlineOf(markdown);
  return { ...rest, links: links.map((target) => target.replace(/^\]\([^]*\)$/u, "](…)")) };
}

const PLAIN: readonly unknown[] = FRAMES.map(([, frame]) => shapeOf(frame("word")));

export const markdown: FuzzTarget = {
  name: "markdown",
  seeds: TRICKS.map(({ text }) => text),
  words: [
    "`",
    "```",
    "~~~",
    "|",
    "\\",
    "<!--",
    "-->",
    "@a",
    "#1",
    "://",
    "www.",
    "*",
    "_",
    "[x](y)",
    "\n",
    "$",
    "</details>",
    "&#64;",
    "\u200b",
    "\r",
    "<",
    "GH-1",
    "a@b.c",
  ],
  holds(text) {
    for (const [at, [name, frame]] of FRAMES.entries()) {
      const shape = shapeOf(frame(text));
      law(
        isDeepStrictEqual(shape, PLAIN[at]),
        `${name} is no longer only that: ${JSON.stringify(shape)} instead of ${JSON.stringify(PLAIN[at])}`,
      );
    }
  },
};

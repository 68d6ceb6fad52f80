import { setFlagsFromString } from "node:v8";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pattern } from "../../src/core/source.ts";
import { createLogPatterns } from "../../src/core/log-patterns.ts";
import { matcherOf } from "../../src/core/log-match.ts";
import { createNeedleScan } from "../../src/core/needle-scan.ts";
import { regexShape } from "../../src/core/regex-shape.ts";
import { regex, text } from "./log-given.ts";

// As main does at its start.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/** What each pattern says of each text when it is searched for alone, and when all share one pass. */
function bothWays(patterns: readonly Pattern[], texts: readonly string[]): readonly [unknown, unknown] {
  const shared = createLogPatterns();
  const together = patterns.map((pattern) => shared.matcherOf(pattern, "group"));
  const alone = patterns.map((pattern) => matcherOf(pattern, "group"));
  const isSilent = shared.silenceOf(patterns);
  const told = texts.map((one) => {
    const silent = isSilent(one);
    return together.map(({ label, search }) => ({
      label,
      ...search(one),
      isMissed: silent && isSaid(search(one)),
    }));
  });
  return [
    told,
    texts.map((one) => alone.map(({ label, search }) => ({ label, ...search(one), isMissed: false }))),
  ];
}

function isSaid({ found, cut }: { readonly found: boolean; readonly cut: boolean }): boolean {
  return found || cut;
}

/** Few characters, so that patterns overlap, hold each other, and are found: look-alikes and halves of pairs among them. */
const letters = fc.constantFrom(
  "a",
  "A",
  "b",
  "k",
  "K",
  "\u212a",
  "s",
  "ſ",
  "ß",
  "İ",
  "i",
  "é",
  "É",
  ".",
  " ",
  "-",
  "1",
);
const units = fc.oneof(
  { weight: 8, arbitrary: letters },
  fc.constantFrom("😀", "😁", "\ud83d", "\ude00", "\u0000", "\n"),
);
const words = (most: number) => fc.array(units, { maxLength: most }).map((all) => all.join(""));

const classes = fc.constantFrom(
  "[ab]",
  "[aA]",
  "[^a]",
  "[a-k]",
  "[]",
  "[^]",
  String.raw`[\w-]`,
  "[.1]",
  "[ſs]",
  String.raw`[\1-k]`,
);
const escapes = fc.constantFrom(
  ".",
  "^",
  "$",
  "\\b",
  "\\B",
  "\\d",
  "\\w+",
  "\\s",
  "\\.",
  "\\-",
  "\\x61",
  "\\u0061",
  "\\141",
  "\\1",
  "\\12",
  "\\cA",
  "\\p{L}",
  "\\k",
  "\\0",
);
const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => ({
  expression: fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: fc.constantFrom("a", "b", "K", "s", "i", "1", "ab", "kas", "é", "{", "😀") },
    { weight: 2, arbitrary: fc.oneof(classes, escapes) },
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom("*", "+", "?", "??", "{0}", "{1}", "{2}", "{1,}", "{0,3}", "{2,3}?"),
      )
      .map(([inside, count]) => `(?:${inside})${count}`),
    fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(${one}|${other})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("(?=", "(?!", "(?<=", "(?<!", "(?<x>", "(?i:"))
      .map(([inside, open]) => `${open}${inside})`),
  ),
}));
const patterns = fc.oneof(
  { weight: 2, arbitrary: words(6).map(text) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(expression, fc.subarray(["i", "m", "s", "u"]))
      .map(([source, flags]) => regex(source, flags.join(""))),
  },
);

describe("patterns in one pass", () => {
  it("say what each says alone, over the same lines in any order", () => {
    fc.assert(
      fc.property(
        fc.array(patterns, { minLength: 1, maxLength: 8 }),
        fc.array(words(14), { minLength: 1, maxLength: 5 }),
        (some, lines) => {
          const [told, expected] = bothWays(some, [...lines, ...lines.toReversed(), ""]);
          expect(told).toEqual(expected);
        },
      ),
      { numRuns: 700 },
    );
  });

  const rows: readonly (readonly [string, readonly Pattern[], readonly string[]])[] = [
    ["an empty text is in every line", [text(""), text("a")], ["", "a", "b"]],
    ["the same pattern twice", [text("a"), text("a"), regex("a"), regex("a", "i")], ["a", "A", "b"]],
    [
      "one that holds another",
      [text("ab"), text("xabx"), text("b"), text("bx")],
      ["xabx", "xab", "abx", "b"],
    ],
    ["those that overlap", [text("abc"), text("bcd"), text("cde")], ["abcde", "abcd", "ab cde"]],
    ["half of a pair", [text("\ud83d"), text("\ude00"), text("😀")], ["😀", "😁", "\ude00\ud83d"]],
    [
      "a long one, by its beginning",
      [text("a".repeat(40)), text(`${"a".repeat(20)}b`)],
      ["a".repeat(39), `${"a".repeat(41)}b`],
    ],
    [
      "what is repeated",
      [regex("ka+s"), regex("k(as)+i"), regex("ka{2}s"), regex("k(a|s){2,}i")],
      ["kaas", "kasasi", "kas", "kassai"],
    ],
    [
      "what may be absent",
      [regex("errors? for"), regex("ka?s"), regex("k(as)*i"), regex("a{0}b")],
      ["error for", "errors for", "ks", "ki", "b"],
    ],
    [
      "what stands apart",
      [regex("k.*asi"), regex("(k.*a)si"), regex("k(?:.*|b)asi")],
      ["k - asi", "kasi", "k asi", "kbasi", "asi"],
    ],
    [
      "what stands ahead or behind",
      [regex("k(?=a)as"), regex("(?<=k)as"), regex("k(?!x)as")],
      ["kas", "kxas", "as"],
    ],
    [
      "what is found once more",
      [regex(String.raw`(?<x>a|b)\k<x>s`), regex(String.raw`(a|b)\1s`)],
      ["aas", "bbs", "abs"],
    ],
    [
      "numbers of characters",
      [regex(String.raw`\12b`), regex(String.raw`\x6bas`), regex(String.raw`\1412`)],
      ["\nb", "2b", "kas", "a2"],
    ],
    [
      "many ways to write it",
      [regex("[abcdefghijklmnopqr]x"), regex("(a|b|c|d|e)(a|b|c|d|e)x")],
      ["rx", "qqx", "edx", "x"],
    ],
    ["none of which can be", [regex("a[]"), regex("[]|b")], ["a", "b"]],
    ["an expression that is refused", [regex("(a+)+\\1$"), text("a")], ["aa", ""]],
    [
      "letters of other scripts",
      [regex("k", "i"), regex("k", "iu"), regex("s", "iu"), regex("ß", "i")],
      ["\u212a", "ſ", "K", "ẞ", "SS"],
    ],
    [
      "lines longer than an expression is searched in",
      [regex("k[a]s"), regex("k[a]s(?!x)"), text("kas")],
      [2_048, 2_049, 16_384, 16_385].flatMap((length) => [
        "x".repeat(length),
        `kas${"x".repeat(length - 3)}`,
        `${"x".repeat(length - 3)}kas`,
      ]),
    ],
  ];
  it.each(rows)("%s", (_what, some, lines) => {
    const [told, expected] = bothWays(some, lines);
    expect(told).toEqual(expected);
  });
});

describe("what has to be in a line", () => {
  it.each<[string, readonly string[] | undefined]>([
    [String.raw`\b(CRITICAL|FATAL)\b`, ["critical", "fatal"]],
    [
      "connection (was )?(refused|closed)",
      ["connection was refused", "connection was closed", "connection refused", "connection closed"],
    ],
    ["[Mm]issing (required )?setting", ["missing required setting", "missing setting"]],
    [String.raw`^(\w+\.)*\w+(Error|Exception)(: |$)`, ["error: ", "error", "exception: ", "exception"]],
    [String.raw`Failed to setup .* scheduler job`, ["failed to setup "]],
    [String.raw`took \d+ms of \[all\]`, ["ms of [all]"]],
    ["(?:ab){2}", ["ab"]],
    ["a|b*", undefined],
    [String.raw`\d{3,}`, undefined],
    ["[^a]", undefined],
  ])("/%s/", (source, needles) => {
    expect(regexShape(source).needles?.toSorted()).toEqual(needles?.toSorted());
  });
});

describe("a line is looked through", () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    index % 2 === 0 ? text(`E${index}_REFUSED`) : regex(`task \\d+ failed: code ${index}\\b`),
  );
  it("once for all patterns, and each of them is searched for only where it may be, once", () => {
    const patterns = createLogPatterns();
    const checks = [0, 1, 2].map(() => ({
      isSilent: patterns.silenceOf(many),
      matchers: many.map((one) => patterns.matcherOf(one, "")),
    }));
    const ask = (line: string): readonly boolean[] =>
      checks.map(
        ({ isSilent, matchers }) => !isSilent(line) && matchers.some(({ search }) => search(line).found),
      );
    for (let index = 0; index < 1_000; index += 1) ask(`INFO 10.0.0.${index} GET /health 200`);
    expect(patterns.effort()).toEqual({ texts: 1_000, searches: 0 });
    expect(ask("the upstream said E0_refused")).toEqual([false, false, false]);
    expect(ask("task 7 failed: code 11")).toEqual([true, true, true]);
    // Those that end with code 1 and code 11 may be in it.
    expect(patterns.effort()).toEqual({ texts: 1_002, searches: 3 });
  });
  it("by its characters alone, however many needles there are", () => {
    let told = 0;
    const scan = createNeedleScan(
      Array.from({ length: 10_000 }, (_, index) => `${index} is a needle of many letters`),
    );
    scan(`x${"0".repeat(60_000)}`, () => (told += 1));
    expect(told).toBe(0);
  });
});

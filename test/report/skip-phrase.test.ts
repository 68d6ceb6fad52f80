import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageText } from "../../src/report/message-text.ts";
import { withoutSkipPhrases } from "../../src/report/skip-phrase.ts";

/** Read off the two vendors' pages, apart from the pattern under test. */
const PHRASES = [
  "[skip render]",
  "[render skip]",
  "[skip deploy]",
  "[deploy skip]",
  "[skip cd]",
  "[cd skip]",
  "[skip ci]",
  "[ci skip]",
  "[no ci]",
  "[skip actions]",
  "[actions skip]",
];

describe("skip phrases", () => {
  it.each([...PHRASES, "[SKIP CI]", "[ Skip  Render ]", "[skip-ci]", "[ci_skip]", "[skipci]", "***NO_CI***"])(
    "%s is taken out",
    (phrase) => {
      expect(messageText(`Fix ${phrase} the login`, 100)).toBe("Fix the login");
      expect(messageText(`Fix [${phrase.slice(1, 4)}\u200b${phrase.slice(4)}`, 100)).not.toContain(phrase);
    },
  );

  it.each([
    ["[skip [skip ci] render] x", " x"],
    ["skip-checks: true", "skip-checks"],
    ["[skip the line] [no idea] [wip]", "[skip the line] [no idea] [wip]"],
    ["skip ci", "skip ci"],
  ])("%j becomes %j", (text, expected) => {
    expect(withoutSkipPhrases(text)).toBe(expected);
  });

  it("never survive, however they are nested", () => {
    const piece = fc.constantFrom(
      ...PHRASES,
      "[skip ",
      "[",
      "]",
      " render]",
      "ci]",
      "[no ",
      "skip",
      " ",
      "a",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const shown = withoutSkipPhrases(parts.join("")).toLowerCase();
        for (const phrase of PHRASES) expect(shown).not.toContain(phrase);
      }),
    );
    const nested = `${"[skip ".repeat(500)}${"ci]".repeat(500)}`;
    expect(withoutSkipPhrases(nested)).not.toContain("[skip ci]");
  });
});

describe("message text", () => {
  it.each([
    ["fixes #12 and closes acme/shop#3", "fixes issue #12 and closes issue acme/shop#3"],
    ["Resolve: GH-4", "Resolve: issue GH-4"],
    ["fix https://github.com/acme/shop/issues/5", "fix issue https://github.com/acme/shop/issues/5"],
    ["Add login (#12)", "Add login (#12)"],
    ["Bump @types/node", "Bump @\u200btypes/node"],
    ["two\nlines\u001b[31m", "two lines"],
    ["[skip ci]", "(no subject)"],
    ["x".repeat(100), `${"x".repeat(25)} … [75 characters cut]`],
  ])("%j becomes %j", (text, expected) => {
    expect(messageText(text, 48)).toBe(expected);
  });
});

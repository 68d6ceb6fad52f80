import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { re2Of } from "../../src/core/re2.ts";

const regex = (source: string, flags = "") => re2Of({ kind: "pattern", source, flags });
const text = (value: string) => re2Of({ kind: "text", text: value });

describe("plain text", () => {
  it.each([
    ["Traceback", "/Traceback/"],
    ["a.b*c", "/a\\.b\\*c/"],
    ["/etc/passwd", "/\\/etc\\/passwd/"],
    ["[x] (y) {z} ^$ a|b? \\d+", "/\\[x\\] \\(y\\) \\{z\\} \\^\\$ a\\|b\\? \\\\d\\+/"],
    ["", "//"],
  ])("%j", (value, expected) => expect(text(value)).toBe(expected));
  it("stays itself, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const source = text(value)!.slice(1, -1);
        expect(new RegExp(`^(?:${source})$`, "s").test(value)).toBe(true);
      }),
    );
  });
});

describe("expressions", () => {
  it.each([
    ["error: \\d+", "", "/error: \\d+/"],
    ["error", "i", "/(?i)error/"],
    ["error", "smi", "/(?ims)error/"],
    ["error", "u", "/error/"],
    ["\\[\\w+\\] a\\/b\\s\\S\\b\\B\\.\\t\\x1b", "", "/\\[\\w+\\] a\\/b\\s\\S\\b\\B\\.\\t\\x1b/"],
    ["(?:a|b){2,5}", "", "/(?:a|b){2,5}/"],
  ])("/%s/%s is said in RE2", (source, flags, expected) => expect(regex(source, flags)).toBe(expected));

  it.each([
    ["look-ahead", "a(?=b)"],
    ["look-ahead that must not be", "a(?!b)"],
    ["look-behind", "(?<=a)b"],
    ["a named group", "(?<name>a)"],
    ["a back reference", "(a)\\1"],
    ["a named back reference", "\\k<a>"],
    ["a code point", "\\u0041"],
    ["a control character", "\\cA"],
    ["a property, which is plain text without the u flag", "\\p{L}"],
    ["the start of the text in RE2, a letter here", "\\Aerror"],
    ["a hex escape that is none", "\\xyz"],
    ["an octal number", "\\012"],
    ["an empty set", "[]"],
    ["a set of everything", "[^]"],
    ["a named class of RE2", "[[:alpha:]]"],
    ["a named class of RE2, negated", "[^[:alpha:]]"],
    ["more repeats than RE2 takes", "a{1001}"],
    ["more repeats than RE2 takes, at most", "a{1,2000}"],
  ])("%s is not guessed", (_what, source) => expect(regex(source)).toBeUndefined());
});

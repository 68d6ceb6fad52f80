import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byteLength,
  capitalized,
  cleanText,
  countText,
  cut,
  cutBytes,
  oneLine,
  shortSha,
} from "../../src/report/text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("clean text", () => {
  it.each([
    ["colours", "\u001b[31mred\u001b[0m", "red"],
    ["a C1 introducer", "\u009b31mred", "red"],
    ["a terminal title", "\u001b]0;title\u0007text", "text"],
    ["a terminal link", "\u001b]8;;https://x\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["an unfinished title, whose rest stays visible", "\u001b]0;text", "0;text"],
    ["a nested escape", "\u001b\u001b[0m[31mx", "[31mx"],
    ["bells and backspaces", "a\u0007b\u0008c", "a\ufffdb\ufffdc"],
    ["bidirectional overrides", "abc\u202egnp.exe\u2066", "abcgnp.exe"],
    ["zero-width characters", "a\u200bb\u200dc\ufeffd\u00ade", "abcde"],
    ["tag characters", "a\u{e0041}b", "ab"],
    ["lone surrogates", "a\ud800b\udc00", "a\ufffdb\ufffd"],
    ["other line ends", "a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"],
    ["nothing in ordinary text", "Größe: 5 µs → ok 🚀\tx", "Größe: 5 µs → ok 🚀\tx"],
  ])("removes %s", (_, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it("leaves no control character, whatever comes in, and is stable", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleanText(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b]/u);
        expect(cleanText(clean)).toBe(clean);
        expect(oneLine(text)).not.toMatch(/[\r\n\t]/u);
      }),
    );
  });
});

describe("cut", () => {
  it("says how much is missing", () => {
    expect(cut("a".repeat(2000), 50)).toBe(`${"a".repeat(25)} … [1,975 characters cut]`);
  });

  it.each([
    ["text that fits", "short", 5, "short"],
    ["no room for the mark", "abcdefghij", 5, "abcde"],
    ["a pair at the edge", "ab🚀cd", 3, "ab"],
    ["no room at all", "abc", 0, ""],
  ])("handles %s", (_, text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });

  it("keeps to the limit and splits no pair, in characters and in bytes", () => {
    const text = fc
      .array(fc.constantFrom("a", "é", "€", "🚀"), { maxLength: 300 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.nat({ max: 250 }), (text, max) => {
        for (const short of [cut(text, max), cutBytes(text, max)]) expect(short.isWellFormed()).toBe(true);
        expect(cut(text, max).length).toBeLessThanOrEqual(max);
        expect(Buffer.byteLength(cutBytes(text, max))).toBeLessThanOrEqual(max);
        expect(byteLength(text)).toBe(Buffer.byteLength(text));
        if (text.length <= max) expect(cut(text, max)).toBe(text);
        if (Buffer.byteLength(text) <= max) expect(cutBytes(text, max)).toBe(text);
      }),
    );
  });

  it("counts the missing bytes", () => {
    expect(cutBytes("€".repeat(100), 60)).toBe(`${"€".repeat(13)} … [261 bytes cut]`);
  });
});

describe("small words", () => {
  it.each([
    ["auto-deploy is off", "Auto-deploy is off"],
    ["a conflict", "A conflict"],
    ["stage hour: failed", "Stage hour: failed"],
    ["dep-690228a4b0209a719a49 serves", "dep-690228a4b0209a719a49 serves"],
    ['"health": status 503', '"health": status 503'],
    ["", ""],
  ])("%s begins as a sentence", (text, sentence) => {
    expect(capitalized(text)).toBe(sentence);
  });

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [1234567, "1,234,567"],
  ])("groups %d as %s", (count, text) => {
    expect(countText(count)).toBe(text);
  });

  it.each([
    ["09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f", "09dadc4"],
    ["main", "main"],
    ["a\nb", "a b"],
  ])("shortens %j to %j", (sha, short) => {
    expect(shortSha(sha)).toBe(short);
  });
});

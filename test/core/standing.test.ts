import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, FailAfter, Finding } from "../../src/core/check.ts";
import { isNews, standingWord } from "../../src/core/standing-change.ts";
import {
  extensionMs,
  isUndecided,
  NEW_STANDING,
  resultOf,
  withFinding,
  withMissed,
  type Standing,
} from "../../src/core/standing.ts";
import { givenCheck, MINUTE, SECOND, T0 } from "./given.ts";

const LETTERS = {
  P: "pass",
  W: "warn",
  F: "fail",
  U: "unknown",
  E: "error",
  N: "none",
  O: "open",
  A: "not-applied",
  G: "open",
} as const;
/** A beat at which no sample was taken. */
const MISSED = "M";
type Letter = keyof typeof LETTERS;

const BEAT = 30 * SECOND;
const consecutive = (count: number): FailAfter => ({ kind: "consecutive", count });

function findingsOf(letters: string): readonly Finding[] {
  return Array.from(letters).map((letter, index) => ({
    at: T0 + index * BEAT,
    outcome: LETTERS[letter as Letter],
    ...(letter === "G" ? { isInGrace: true } : {}),
    reason: `${letter}${index}`,
    lines: [],
    evidence: [],
  }));
}

function standingOf(letters: string, check: Check = givenCheck()): Standing {
  const findings = findingsOf(letters);
  return Array.from(letters).reduce<Standing>(
    (standing, letter, index) =>
      letter === MISSED ? withMissed(standing, 1) : withFinding(standing, check, findings[index]!),
    NEW_STANDING,
  );
}

function verdictOf(
  letters: string,
  over: Partial<Check> = {},
  { expected = letters.length, isLast = false }: { expected?: number; isLast?: boolean } = {},
) {
  const check = givenCheck(over);
  return resultOf(check, standingOf(letters, check), { expected, isLast });
}

describe("fail_after", () => {
  const fiveOfTen: FailAfter = { kind: "of", count: 3, of: 5 };
  const oneMinute: FailAfter = { kind: "duration", ms: MINUTE };
  it.each<[string, FailAfter, string, string]>([
    ["3: three in a row", consecutive(3), "FFF", "fail"],
    ["3: two in a row at the end of a good run are short of it", consecutive(3), "PPPFF", "warn"],
    ["3: a pass between starts anew", consecutive(3), "FFPFF", "warn"],
    ["3: a warning between starts anew", consecutive(3), "FFWFF", "warn"],
    ["3: errors between neither break nor lengthen", consecutive(3), "FEFEEF", "fail"],
    ["3: errors do not count as failing", consecutive(3), "PFFEFE", "fail"],
    ["3: errors alone never fail", consecutive(1), "EEEEEE", "unknown"],
    ["1: the first failing sample", consecutive(1), "PPPF", "fail"],
    ["3 of 5: spread over the window", fiveOfTen, "FPFPF", "fail"],
    ["3 of 5: the oldest has left the window", fiveOfTen, "FPPFPF", "warn"],
    ["3 of 5: errors take no place in the window", fiveOfTen, "FPEEEFEEEPF", "fail"],
    ["3 of 5: fewer samples than the window are enough", fiveOfTen, "FFF", "fail"],
    ["1m: failing for so long", oneMinute, "FFF", "fail"],
    ["1m: not yet", oneMinute, "PPFF", "warn"],
    ["1m, 5 at least: long enough, too few", { ...oneMinute, least: 5 }, "PFFFF", "warn"],
    ["1m, 5 at least: enough of both", { ...oneMinute, least: 5 }, "FFFFF", "fail"],
    ["1m: a pass between starts the clock anew", oneMinute, "FFPFF", "warn"],
    ["1m: time counts through errors", oneMinute, "PFEFE", "fail"],
    ["1m: an error at the end proves nothing", oneMinute, "PPPFEEE", "unknown"],
  ])("%s", (_rule, failAfter, letters, verdict) => {
    expect(verdictOf(letters, { failAfter }).verdict).toBe(verdict);
  });

  it("a fail reached stays for the stage, later passes shown", () => {
    const result = verdictOf("FFPPPP", { failAfter: consecutive(2) });
    expect(result).toMatchObject({ verdict: "fail", finding: { reason: "F1" } });
    expect(result.reason).toBe("F1; 2 of 6 samples failed (fail_after 2), later samples passed");
  });
  it("without later passes none are shown", () => {
    expect(verdictOf("PF").reason).toBe("F1; 1 of 2 samples failed (fail_after 1)");
    expect(verdictOf("PFPF").reason).toBe("F1; 2 of 4 samples failed (fail_after 1)");
  });
  it("the reason names the limit in its own form", () => {
    expect(verdictOf("FFF", { failAfter: fiveOfTen }).reason).toContain("failed (fail_after 3 of 5)");
    expect(verdictOf("FFF", { failAfter: oneMinute }).reason).toContain("failed (fail_after 1m)");
  });
});

describe("standing at a stage's end", () => {
  it.each<[string, string, Partial<Check>, number, string]>([
    ["every sample passed", "PPPP", {}, 4, "pass"],
    ["nothing sampled: never pass", "", {}, 0, "unknown"],
    ["nothing sampled although due", "", {}, 4, "unknown"],
    ["exactly half of the due samples taken", "PPEE".split("").toReversed().join(""), {}, 4, "pass"],
    ["less than half taken", "EEEPP", {}, 5, "unknown"],
    ["beats that were missed are due all the same", "PPP", {}, 7, "unknown"],
    ["half of the missed beats", "PPP", {}, 6, "pass"],
    ["one of the last two was taken", "PPPPPE", {}, 6, "pass"],
    ["none of the last two was taken", "PPPPPPEE", {}, 8, "unknown"],
    ["the last two were missed", "PPPPPPMM", {}, 8, "unknown"],
    ["an error, and the beat that it took", "PPPPPPEM", {}, 8, "unknown"],
    ["a beat that was missed before the last one", "PPPPPPMP", {}, 8, "pass"],
    ["findings that were not evaluated are not measured", "UUUP", {}, 4, "unknown"],
    ["the last finding was not evaluated", "PPPU", {}, 4, "unknown"],
    ["evaluated again later", "PPUP", {}, 4, "pass"],
    ["if_unknown: warn", "EEEE", { ifUnknown: "warn" }, 4, "warn"],
    ["failing samples short of fail_after make it warn", "PFP", { failAfter: consecutive(2) }, 3, "warn"],
    ["the last sample warned", "PPW", {}, 3, "warn"],
    ["a warning that went away", "PWP", {}, 3, "pass"],
    ["samples without a finding are not asked for", "NNNP", {}, 4, "pass"],
    ["need never met: nothing measured", "NNNN", {}, 4, "unknown"],
    ["need never met, if_unknown: warn", "NNNN", { ifUnknown: "warn" }, 4, "warn"],
    ["only_if false: those samples are not due", "AAAAP", {}, 5, "pass"],
    ["its window did not fill: listed, counts for nothing", "OOOO", {}, 4, "not-applied"],
    ["its window filled later", "OOOP", {}, 4, "pass"],
    ["grace before it changes nothing", "NOO", {}, 3, "not-applied"],
    ["errors are no windows that fill", "EEEO", {}, 4, "unknown"],
    ["only_if never held: listed, counts for nothing", "AAAA", {}, 4, "not-applied"],
    ["only_if held in grace only: counts for nothing either", "AGGA", {}, 4, "not-applied"],
    ["only_if held after grace: a window that did not fill is unknown", "GAOA", {}, 4, "unknown"],
    ["only_if held, but need was never met: nothing measured", "AANA", {}, 4, "unknown"],
    ["only_if unreadable: an error, not a reason to count for nothing", "EEAA", {}, 4, "unknown"],
    ["pass_after 2: one pass is not enough", "P", { passAfter: 2 }, 1, "unknown"],
    ["pass_after 2: two in a row", "PP", { passAfter: 2 }, 2, "pass"],
    ["pass_after 2: stays what it was until then", "PPWPP", { passAfter: 2 }, 5, "pass"],
    ["pass_after 2: an error between does not break the row", "PEP", { passAfter: 2 }, 3, "pass"],
    [
      "pass_after 3: never settled after a failing sample is unknown, not warn",
      "FPP",
      { passAfter: 3, failAfter: consecutive(2) },
      3,
      "unknown",
    ],
    [
      "never passed at all, short of fail_after: unknown, not warn",
      "FF",
      { failAfter: consecutive(3) },
      2,
      "unknown",
    ],
    [
      "failing once, then not evaluated: unknown, not warn",
      "PFU",
      { failAfter: consecutive(3) },
      3,
      "unknown",
    ],
  ])("%s", (_rule, letters, over, expected, verdict) => {
    expect(verdictOf(letters, over, { expected }).verdict).toBe(verdict);
  });

  it("what only lacked time is unknown once no later stage can judge it", () => {
    expect(verdictOf("OOOO", {}, { isLast: true })).toMatchObject({
      verdict: "unknown",
      measured: false,
      reason: "not measured: 0 of 0 due samples judged, 0 errors; last: O3",
    });
    expect(verdictOf("OOOO", { ifUnknown: "warn" }, { isLast: true }).verdict).toBe("warn");
    expect(verdictOf("OOOP", {}, { isLast: true }).verdict).toBe("pass");
    expect(verdictOf("AAAA", {}, { isLast: true }).verdict).toBe("not-applied");
  });

  it("a passing check shows its last judged finding, not the error or the starved sample after it", () => {
    expect(verdictOf("PPPE")).toMatchObject({ verdict: "pass", reason: "P2", finding: { reason: "P2" } });
    expect(verdictOf("PPPN")).toMatchObject({ verdict: "pass", reason: "P2", finding: { reason: "P2" } });
    expect(verdictOf("PPWN")).toMatchObject({ verdict: "warn", reason: "W2", finding: { reason: "W2" } });
  });
  it("the reasons show their arithmetic", () => {
    expect(verdictOf("PEEE").reason).toBe("not measured: 1 of 4 due samples judged, 3 errors; last: E3");
    expect(verdictOf("", {}, { expected: 3 }).reason).toBe(
      "not measured: 0 of 3 due samples judged, 0 errors; last: no sample was taken",
    );
    expect(verdictOf("P", { passAfter: 2 }).reason).toBe("not settled: 1 of 2 passes in a row; last: P0");
    expect(verdictOf("PPU").reason).toBe("U2");
    expect(verdictOf("PFP", { failAfter: consecutive(3) }).reason).toBe(
      "F1; 1 of 3 samples failed, short of fail_after 3",
    );
    expect(verdictOf("FP", { failAfter: consecutive(3), passAfter: 2 }).reason).toBe(
      "not settled: 1 of 2 passes in a row; last: P1; 1 of 2 samples failed, short of fail_after 3",
    );
    expect(verdictOf("AA").reason).toBe("only_if never held");
  });
  it("samples and errors are counted apart", () => {
    expect(verdictOf("PPEN")).toMatchObject({ samples: 3, errors: 1 });
  });
  it("name, source, line, hint and remedy come from the check", () => {
    expect(verdictOf("P", { hint: "look", line: 7, onFail: "revert" })).toMatchObject({
      name: "rows",
      source: "sql",
      hint: "look",
      line: 7,
      onFail: "revert",
    });
    expect(verdictOf("")).not.toHaveProperty("finding");
    expect(verdictOf("").evidence).toEqual([]);
  });
  it("a check that may only warn shows what was last seen", () => {
    expect(verdictOf("PPEEEEE", { ifUnknown: "warn" })).toMatchObject({
      verdict: "warn",
      finding: { reason: "P1" },
    });
    expect(verdictOf("EE", { ifUnknown: "warn" })).toMatchObject({
      verdict: "warn",
      finding: { reason: "E1" },
    });
  });
});

describe("an open failing run extends the stage until it is decided", () => {
  it.each<[string, string, boolean]>([
    ["nothing sampled", "", false],
    ["the last sample passed", "FFP", false],
    ["the last sample failed", "PF", true],
    ["the last samples could not be taken", "PFEE", true],
    ["fail_after was reached", "FFF", false],
  ])("%s", (_rule, letters, undecided) => {
    expect(isUndecided(standingOf(letters, givenCheck({ failAfter: consecutive(3) })))).toBe(undecided);
  });
  it.each<[string, FailAfter, number]>([
    ["3 samples", consecutive(3), 6 * BEAT],
    ["3 of 5 samples", { kind: "of", count: 3, of: 5 }, 10 * BEAT],
    ["5m", { kind: "duration", ms: 5 * MINUTE }, 5 * MINUTE + 2 * BEAT],
  ])("by what the decision needs and errors may cost: %s", (_rule, failAfter, ms) => {
    expect(extensionMs(givenCheck({ failAfter }), BEAT)).toBe(ms);
  });
});

describe("properties", () => {
  const rank = { pass: 0, warn: 1, unknown: 2, fail: 3, "not-applied": -1 };
  const failAfter = fc.oneof(
    fc.integer({ min: 1, max: 4 }).map(consecutive),
    fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(4))
      .map(([count, more]): FailAfter => ({ kind: "of", count, of: count + more })),
    fc.integer({ min: 0, max: 4 }).map((beats): FailAfter => ({ kind: "duration", ms: beats * BEAT })),
  );
  const rules = fc.record({ failAfter, passAfter: fc.integer({ min: 1, max: 3 }) });
  const letters = (from: string) =>
    fc.array(fc.constantFrom(...Array.from(from)), { maxLength: 14 }).map((list) => list.join(""));

  it("a passing finding turned into a failing one never improves the verdict", () => {
    fc.assert(
      fc.property(rules, letters("PWFUENA"), fc.nat(), (over, text, pick) => {
        const places = Array.from(text).flatMap((letter, index) => ("PW".includes(letter) ? [index] : []));
        const at = places[pick % Math.max(1, places.length)];
        if (at === undefined) return;
        const worse = `${text.slice(0, at)}F${text.slice(at + 1)}`;
        expect(rank[verdictOf(worse, over).verdict]).toBeGreaterThanOrEqual(
          rank[verdictOf(text, over).verdict],
        );
      }),
    );
  });
  it("a failing finding added to a measured check never improves the verdict", () => {
    fc.assert(
      fc.property(rules, letters("PWFU"), fc.nat(), (over, text, place) => {
        const before = verdictOf(text, over);
        if (before.reason.startsWith("not measured")) return;
        const at = place % (text.length + 1);
        const after = verdictOf(`${text.slice(0, at)}F${text.slice(at)}`, over);
        expect(rank[after.verdict]).toBeGreaterThanOrEqual(rank[before.verdict]);
      }),
    );
  });
  it("errors never make a check fail", () => {
    fc.assert(
      fc.property(rules, letters("PWFUNAEEE"), (over, text) => {
        const check = givenCheck(over);
        const findings = findingsOf(text);
        const fold = (list: readonly Finding[]) =>
          list.reduce((standing, finding) => withFinding(standing, check, finding), NEW_STANDING);
        const without = fold(findings.filter((finding) => finding.outcome !== "error"));
        expect(fold(findings).failed).toEqual(without.failed);
      }),
    );
  });
  it("without a single passing or warning finding nothing passes", () => {
    fc.assert(
      fc.property(rules, letters("FUENA"), (over, text) => {
        expect(["fail", "unknown", "not-applied"]).toContain(verdictOf(text, over).verdict);
      }),
    );
  });
});

describe("what is told while it goes on", () => {
  it.each<[string, string, string]>([
    ["", "P", "news"],
    ["P", "P", "quiet"],
    ["P", "F", "news"],
    ["F", "F", "news"],
    ["FF", "F", "quiet"],
    ["P", "E", "news"],
  ])("after %j the finding %s is %s", (before, next, news) => {
    const check = givenCheck({ failAfter: consecutive(2) });
    const told = isNews(standingOf(before, check), standingOf(before + next, check)) ? "news" : "quiet";
    expect(told).toBe(news);
  });
  it.each<[string, string]>([
    ["", "unknown"],
    ["P", "pass"],
    ["W", "warn"],
    ["PF", "failing"],
    ["PFF", "fail"],
    ["PFFP", "fail"],
    ["A", "not applied"],
    ["AN", "unknown"],
  ])("after %j a check stands at %s", (letters, word) => {
    expect(standingWord(standingOf(letters, givenCheck({ failAfter: consecutive(2) })))).toBe(word);
  });
});

import { describe, expect, it } from "vitest";
import { CLAIM_MS, claimAnswer, claimBy, claimOf, claimText, type ClaimLine } from "../../src/core/claim.ts";

const MINUTE = 60_000;
/** The three runs; the clock of the second is a minute fast, that of the third a minute slow. */
const [A, B, C] = [claimBy("run-a", 1_000), claimBy("run-b", 61_000), claimBy("run-c", 5)];
const RUNS = { A, B, C };

/** `A@0 B@1 a@2`: claims by capital letters, releases by small ones, `!` closes, at minutes of GitHub's clock. */
function logOf(text: string): readonly ClaimLine[] {
  return text.split(" ").map((word, id) => {
    const [who = "", minute = ""] = word.split("@");
    const line = { id, at: Number(minute) * MINUTE };
    if (who === "!") return { ...line, closed: "success", description: "Passed" };
    if (who === "-") return { ...line, description: "claim is no word of ours" };
    const claim = RUNS[who.toUpperCase() as keyof typeof RUNS];
    return { ...line, description: claimText(who === who.toUpperCase() ? "claim" : "release", claim) };
  });
}

const mine = (since: number): object => ({ kind: "mine", until: since * MINUTE + CLAIM_MS });
const taken = (by: string, since: number): object => ({
  kind: "taken",
  by: `run-${by}`,
  until: since * MINUTE + CLAIM_MS,
});

describe("who may act on a watch", () => {
  it.each<[string, string, Partial<Record<"A" | "B" | "C", object>>]>([
    ["the only one", "A@0", { A: mine(0) }],
    ["the first of two", "A@0 B@0", { A: mine(0), B: taken("a", 0) }],
    ["the first of three", "B@0 C@0 A@0", { A: taken("b", 0), B: mine(0), C: taken("b", 0) }],
    ["the first by GitHub's order, whatever the clocks say", "C@1 B@0.9", { C: mine(1), B: taken("c", 1) }],
    ["the next after a release", "A@0 a@1 B@1", { B: mine(1) }],
    ["nobody who came before the release", "A@0 B@1 a@1", { A: taken("a", 0), B: taken("a", 0) }],
    ["the third, when the second came too early", "A@0 B@1 a@1 C@2", { B: taken("c", 2), C: mine(2) }],
    ["not yet after two minutes of silence", "A@0 B@2.9", { A: mine(0), B: taken("a", 0) }],
    ["the next after a holder that was killed", "A@0 B@3", { A: taken("b", 3), B: mine(3) }],
    ["again not before another three minutes", "A@0 B@3 C@4", { B: mine(3), C: taken("b", 3) }],
    ["the next after a release that was lost", "A@0 B@1 C@3", { B: taken("c", 3), C: mine(3) }],
    ["who keeps renewing", "A@0 A@2 B@4 A@4 C@6", { A: mine(4), B: taken("a", 4), C: taken("a", 4) }],
    ["who renews late, where nobody came", "A@0 A@5 B@6", { A: mine(5), B: taken("a", 5) }],
    ["not who renews late, where somebody came", "A@0 B@4 A@5", { A: taken("b", 4), B: mine(4) }],
    ["a late release takes nothing from the next", "A@0 B@4 a@5 C@6", { B: mine(4), C: taken("b", 4) }],
    ["a release without a claim is nothing", "a@0 B@0", { B: mine(0) }],
    ["other statuses are no claims", "-@0 A@0 -@0", { A: mine(0) }],
    ["a claim that was written twice is one", "A@0 A@0 B@0", { A: mine(0), B: taken("a", 0) }],
    ["a run that GitHub does not show yet has nothing", "B@0", { A: taken("b", 0), B: mine(0) }],
  ])("%s: %s", (_what, text, answers) => {
    const log = logOf(text);
    for (const [who, answer] of Object.entries(answers)) {
      expect(claimAnswer(RUNS[who as keyof typeof RUNS], log), who).toEqual(answer);
      expect(claimAnswer(RUNS[who as keyof typeof RUNS], log.toReversed()), who).toEqual(answer);
    }
  });

  it.each(["A@0 !@1 B@1", "!@0 A@1", "A@0 B@0 !@1"])("nobody once it is closed: %s", (text) => {
    const line = logOf(text).find(({ closed }) => closed !== undefined);
    for (const run of [A, B]) expect(claimAnswer(run, logOf(text))).toEqual({ kind: "closed", line });
  });

  it("at most one of three, however their statuses interleave", () => {
    // All orders in which three runs claim, renew and release, half a minute apart.
    const scripts = { A: ["A", "A", "a"], B: ["B", "b"], C: ["C", "C"] };
    const orders = (left: Readonly<Record<string, readonly string[]>>): string[][] => {
      const heads = Object.entries(left).filter(([, words]) => words.length > 0);
      if (heads.length === 0) return [[]];
      return heads.flatMap(([who, [word = "", ...rest]]) =>
        orders({ ...left, [who]: rest }).map((order) => [word, ...order]),
      );
    };
    const all = orders(scripts);
    expect(all).toHaveLength(210);
    for (const order of all) {
      const text = order.map((word, index) => `${word}@${index / 2}`).join(" ");
      // Each run reads the log right after its own words, and may act until its claim ends.
      const held: { readonly who: string; readonly from: number; until: number }[] = [];
      order.forEach((word, index) => {
        const who = word.toUpperCase() as "A" | "B" | "C";
        const now = (index / 2) * MINUTE;
        for (const one of held) if (one.who === who) one.until = Math.min(one.until, now);
        if (word !== who) return;
        const answer = claimAnswer(RUNS[who], logOf(text).slice(0, index + 1));
        if (answer.kind === "mine") held.push({ who, from: now, until: answer.until });
      });
      for (const one of held)
        for (const other of held)
          if (one.who !== other.who)
            expect(one.until <= other.from || other.until <= one.from, text).toBe(true);
    }
  });
});

describe("the text of a claim", () => {
  it.each([
    ["https://github.com/acme/shop/actions/runs/7/attempts/2", 1_790_000_000_000],
    ["", 0],
    ["a b\nc\u{1f600}", 7],
    ["x".repeat(500), 7],
  ])("reads back and fits into a status: %j", (by, at) => {
    const claim = claimBy(by, at);
    for (const verb of ["claim", "release"] as const) {
      expect(claimText(verb, claim).length).toBeLessThanOrEqual(140);
      expect(claimOf(claimText(verb, claim))).toEqual({ ...claim, verb });
    }
  });

  it.each([
    "",
    "claim",
    "claim a",
    "claim a b",
    "claim a 1 ",
    "Claim a 1",
    "claim a 1\nclaim b 2",
    "claim a 1e3",
  ])("is not %j", (text) => {
    expect(claimOf(text)).toBeUndefined();
  });
});

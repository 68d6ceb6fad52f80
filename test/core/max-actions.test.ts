import { describe, expect, it } from "vitest";
import { tooManyActions, type OtherAction } from "../../src/core/max-actions.ts";

const HOUR = 3_600_000;
const OWN = "f".repeat(40);
const act = (commit: string, hoursAgo: number, what = "#1"): OtherAction => ({
  commit: commit.repeat(40).slice(0, 40),
  at: 100 * HOUR - hoursAgo * HOUR,
  what,
});

describe("max_actions", () => {
  const day = { count: 1, perMs: 24 * HOUR };
  it.each([
    { name: "nothing was done", others: [], limit: day, held: false },
    { name: "something was done within the window", others: [act("a", 23)], limit: day, held: true },
    { name: "something was done before it", others: [act("a", 24)], limit: day, held: false },
    {
      name: "only about the same commit",
      others: [act("f", 1), act("f", 2, "rollback dep-1")],
      limit: day,
      held: false,
    },
    {
      name: "about the same commit, of which a branch holds the beginning",
      others: [{ commit: "f".repeat(12), at: 99 * HOUR, what: "#2" }],
      limit: day,
      held: false,
    },
    {
      name: "revert and rollback of one commit count once",
      others: [act("a", 1), act("a", 1, "rollback dep-1")],
      limit: { ...day, count: 2 },
      held: false,
    },
    {
      name: "two commits are two",
      others: [act("a", 1), act("b", 2)],
      limit: { ...day, count: 2 },
      held: true,
    },
    { name: "nothing is allowed", others: [], limit: { ...day, count: 0 }, held: true },
  ])("$name", ({ others, limit, held }) => {
    expect(tooManyActions(others, { now: 100 * HOUR, own: OWN, limit }) !== undefined).toBe(held);
  });

  it("says what was done", () => {
    expect(tooManyActions([act("a", 1, "#12")], { now: 100 * HOUR, own: OWN, limit: day })).toBe(
      "guards.max_actions allows 1 per 1d; done already: #12 (aaaaaaa)",
    );
  });
});

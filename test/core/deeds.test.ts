import { describe, expect, it } from "vitest";
import { keptDeeds, revertAmong, withDeeds } from "../../src/core/deeds.ts";
import type { Action } from "../../src/core/outcome.ts";

const held: Action = {
  kind: "revert_pr",
  state: "held",
  reason: "label",
  url: "https://x.test/compare/a...b",
};
const opened: Action = { kind: "revert_pr", state: "done", url: "https://x.test/acme/shop/pull/7" };
const cleaned: Action = { kind: "cleanup_pr", state: "done", url: "https://x.test/acme/shop/pull/8" };
const waiting: Action = { kind: "cleanup_pr", state: "held", reason: "frozen" };

describe("what was done so far", () => {
  it.each<[string, readonly Action[], readonly Action[], readonly Action[]]>([
    ["begins with nothing", [], [held], [held]],
    ["stays where nothing is done", [held, cleaned], [], [held, cleaned]],
    ["loses a try that was held back to the next one", [held, cleaned], [opened], [cleaned, opened]],
    ["holds what is still held back once", [waiting], [waiting], [waiting]],
    ["keeps what was done beside another of its kind", [cleaned], [waiting], [cleaned, waiting]],
    [
      "tells what is met again once",
      [opened],
      [{ ...opened, reason: "met" }],
      [{ ...opened, reason: "met" }],
    ],
    ["keeps several tries of one moment", [waiting], [waiting, waiting], [waiting, waiting]],
  ])("%s", (_, before, now, all) => {
    expect(withDeeds(before, now)).toEqual(all);
  });

  it("is kept short", () => {
    const many = Array.from({ length: 30 }, (_, at) => ({
      ...cleaned,
      url: `${at}`,
      reason: "x".repeat(1_000),
    }));
    const kept = keptDeeds([held, ...many]);
    expect(kept).toHaveLength(20);
    expect(kept.at(-1)?.url).toBe("29");
    expect(JSON.stringify(kept).length).toBeLessThan(8_000);
    expect(keptDeeds([cleaned])).toEqual([cleaned]);
  });

  it.each<[string, readonly Action[], unknown]>([
    ["the last revert that was opened", [opened, held], { number: 7, url: opened.url }],
    ["none where it was held back", [held, cleaned], undefined],
    ["none without a number", [{ ...opened, url: "https://x.test/compare/a...b" }], undefined],
    ["none without an address", [{ kind: "revert_pr", state: "done" }], undefined],
  ])("names %s", (_, deeds, revert) => {
    expect(revertAmong(deeds)).toEqual(revert);
  });
});

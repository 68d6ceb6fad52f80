import { describe, expect, it } from "vitest";
import { backFilled, seenShare, withGap, type CoverageGap } from "../../src/core/coverage.ts";
import { HOUR, T0 } from "./given.ts";

const gap = (from: number, to: number, over: Partial<CoverageGap> = {}): CoverageGap => ({
  from: T0 + from * HOUR,
  to: T0 + to * HOUR,
  backFilled: true,
  unseen: ["http"],
  ...over,
});

describe("gaps", () => {
  it.each([
    ["the first", [], gap(1, 2), [gap(1, 2)]],
    ["one that begins where the last ended, at a look", [gap(1, 2)], gap(2, 4), [gap(1, 4, { looks: 1 })]],
    ["one more that does", [gap(1, 4, { looks: 1 })], gap(4, 6), [gap(1, 6, { looks: 2 })]],
    ["one that is apart", [gap(1, 2)], gap(3, 4), [gap(1, 2), gap(3, 4)]],
    [
      "one of which other things were not seen",
      [gap(1, 2)],
      gap(2, 4, { unseen: ["sql"] }),
      [gap(1, 2), gap(2, 4, { unseen: ["sql"] })],
    ],
    [
      "one that was not filled in",
      [gap(1, 2)],
      gap(2, 4, { backFilled: false }),
      [gap(1, 2), gap(2, 4, { backFilled: false })],
    ],
  ])("with %s", (_, gaps, one, is) => {
    expect(withGap(gaps, one)).toEqual(is);
  });

  it("beyond twelve are told as one, from the oldest on", () => {
    let gaps: readonly CoverageGap[] = [gap(0, 1, { backFilled: false, unseen: ["sql"] })];
    for (let at = 2; at < 26; at += 2) gaps = withGap(gaps, gap(at, at + 1));
    expect(gaps).toHaveLength(12);
    expect(gaps[0]).toEqual(gap(0, 3, { backFilled: false, unseen: ["sql", "http"], looks: 1 }));
  });

  it("are filled in once all that is kept was read, but for what nobody can judge", () => {
    const open = gap(1, 2, { backFilled: false });
    const lost = gap(3, 4, { backFilled: false, unseen: ["logs", "http"] });
    expect(backFilled([open, lost], ["logs", "metric"])).toEqual([gap(1, 2), lost]);
  });
});

describe("the share that was seen", () => {
  const stage = { stage: "day", from: T0, to: T0 + HOUR, gaps: [] };
  it.each([
    [240, 229, 229 / 240],
    [240, 250, 1],
    [0, 0, 1],
    [3, 0, 0],
  ])("of %s beats, %s", (due, seen, share) => {
    expect(seenShare({ ...stage, due, seen })).toBe(share);
  });
});

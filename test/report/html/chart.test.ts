import { describe, expect, it } from "vitest";
import type { MeasuredSeries, StageResult } from "../../../src/core/outcome.ts";
import { seriesSvg } from "../../../src/report/html/chart.ts";

const series: MeasuredSeries = {
  subject: "depth",
  unit: "number",
  points: [0, 1, 2, 3, 4].map((at) => ({ at: at * 1000, value: at * 10 })),
  baseline: 25,
  limits: [
    { tier: "fail", text: "depth > 40", value: 40 },
    { tier: "warn", text: "depth > 39", value: 39 },
  ],
};

function svg(
  change: Partial<MeasuredSeries>,
  about: { stages?: readonly StageResult[]; liveAt?: number } = {},
): string {
  const { stages = [], liveAt } = about;
  return seriesSvg({ ...series, ...change }, { id: "s", title: "t", description: "d", stages, liveAt }).html;
}

/** Heights of the labels of limits and baseline. */
function heights(page: string): readonly number[] {
  return [...page.matchAll(/<text class="level[^>]* y="([\d.-]+)"/gu)].map(([, y]) => Number(y));
}

describe("a chart of the HTML report", () => {
  it("has a line and a label for each limit and the baseline, at their heights", () => {
    const page = svg({});
    expect(
      [...page.matchAll(/<line class="level (\w+)"[^>]*y1="([\d.]+)"/gu)].map(([, kind, y]) => [
        kind,
        Number(y),
      ]),
    ).toEqual([
      ["fail", 0],
      ["warn", 4.5],
      ["baseline", 67.5],
    ]);
    expect([...page.matchAll(/<text class="level[^>]*>([^<]*)</gu)].map(([, text]) => text)).toEqual([
      "fail 40",
      "warn 39",
      "baseline",
    ]);
  });

  it("keeps its labels apart and inside", () => {
    for (const values of [
      [40, 39, 38],
      [0, 1, 2],
      [20, 20, 20],
    ]) {
      const limits = values.map((value) => ({ tier: "fail" as const, text: "", value }));
      const sorted = [...heights(svg({ limits }))].sort((a, b) => a - b);
      sorted.forEach((y, index) => {
        expect(y - (sorted[index - 1] ?? -Infinity)).toBeGreaterThanOrEqual(14);
        expect(y).toBeLessThanOrEqual(184);
      });
    }
  });

  const stage = (name: string, from: number, to: number): StageResult => ({
    name,
    from,
    to,
    verdict: "pass",
  });

  it.each<[string, readonly number[], readonly StageResult[], number]>([
    ["nowhere when every beat was kept", [0, 1, 2, 3, 4], [], 1],
    ["where nothing was measured", [0, 1, 2, 9, 10, 11, 19], [], 3],
    ["not where a stage has a slower beat", [0, 1, 2, 3, 4, 5, 6, 16, 26], [stage("hour", 5_500, 30_000)], 1],
    [
      "where a slower beat was not kept",
      [0, 1, 2, 3, 4, 5, 6, 16, 26, 66, 76],
      [stage("boot", 0, 5_500), stage("hour", 5_500, 80_000)],
      2,
    ],
  ])("breaks its line %s", (_where, seconds, stages, runs) => {
    const points = seconds.map((at) => ({ at: at * 1000, value: 1 }));
    const [, d = ""] = /class="measured" d="([^"]*)"/u.exec(svg({ points, limits: [] }, { stages })) ?? [];
    expect(d.match(/M/gu)).toHaveLength(runs);
  });

  it.each([
    ["live", { liveAt: 0 }, ["live", "+1 s", "+2 s", "+3 s", "+4 s"]],
    ["a live that came before", { liveAt: -4000 }, ["live", "+2 s", "+4 s", "+6 s", "+8 s"]],
    ["its first sample when nothing is live", {}, ["start", "+1 s", "+2 s", "+3 s", "+4 s"]],
  ])("counts from %s", (_, about, words) => {
    const page = svg({}, about);
    expect([...page.matchAll(/y="199" text-anchor="middle">([^<]*)</gu)].map(([, text]) => text)).toEqual(
      words,
    );
    expect(page.includes('class="live"')).toBe("liveAt" in about);
  });

  it("marks where a stage begins, with its name where there is room", () => {
    const stages = [stage("boot", 0, 200), stage("hour", 200, 4000), stage("day", 90_000, 99_000)];
    const page = svg({}, { stages, liveAt: 0 });
    expect([...page.matchAll(/<line class="stage" x1="([^"]*)"/gu)].map(([, x]) => x)).toEqual(["5%"]);
    expect([...page.matchAll(/<text class="stage[^>]*>([^<]*)</gu)].map(([, text]) => text)).toEqual([
      "hour",
    ]);
  });

  it("is told to those who do not see it", () => {
    expect(svg({})).toContain(
      'role="img" aria-labelledby="st sd"><title id="st">t</title><desc id="sd">d</desc>',
    );
  });

  it("has a dot with its number for each of a few points, and one for the last of many", () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ at: at * 1000, value: at }));
    expect(svg({}).match(/<circle/gu)).toHaveLength(5);
    expect(svg({})).toContain("<title>00:00:04 40</title>");
    expect(svg({ points: many }).match(/<circle/gu)).toHaveLength(1);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seriesCharts } from "../../src/report/series-chart.ts";
import { jobSummary } from "../../src/report/summary.ts";
import { hostileOutcome, measuredRun, passed, successRate } from "./sample-outcomes.ts";

const queue = measuredRun.checks.find((check) => check.name === "queue depth")!;

describe("a measured series in the job summary", () => {
  it("is a chart with a line for each limit and a caption", () => {
    const [series] = queue.series;
    const points = series!.points.slice(0, 4);
    const check = { ...queue, series: [{ ...series!, points, baseline: 140.5 }] };
    expect(seriesCharts({ ...measuredRun, checks: [check] })).toMatchInlineSnapshot(`
      [
        "\`\`\`mermaid
      %%{init: {"xyChart":{"width":700,"height":290,"titleFontSize":15,"titlePadding":6,"xAxis":{"labelFontSize":11,"titleFontSize":13},"yAxis":{"labelFontSize":11,"titleFontSize":13}},"themeVariables":{"xyChart":{"plotColorPalette":"#d97706, #8b8f98, #3b82f6"}}}}%%
      xychart-beta
          title "queue depth"
          x-axis "min after live" 2 --> 8
          y-axis "depth" 110 --> 150
          line [150, 150]
          line [140.5, 140.5]
          line [118, 116, 125, 118]
      \`\`\`

      4 points from 10:04:10 to 10:10:10 UTC, lowest 116, highest 125, last 118. Lines: warn: depth &gt; 150 at 150 (orange); baseline 140.5 (grey); measured (blue).",
      ]
    `);
  });

  it("comes worst check first", () => {
    const titles = seriesCharts(measuredRun).map((chart) => /title "([^"]*)/u.exec(chart)?.[1]);
    expect(titles).toEqual(["deep scan success", "api latency", "memory", "queue depth", "http errors"]);
  });

  it("counts from its first sample when nothing went live", () => {
    const { liveAt: _, ...outcome } = measuredRun;
    expect(seriesCharts(outcome)[0]).toContain('x-axis "min after the first sample" 0 -->');
  });

  it("is thinned to thirty values that keep the extremes, on an axis of exact steps", () => {
    const chart = seriesCharts(measuredRun)[1]!;
    const [, values = ""] = [...chart.matchAll(/^ {4}line \[(.*)\]$/gmu)].at(-1) ?? [];
    const numbers = values.split(", ").map(Number);
    expect(numbers).toHaveLength(30);
    expect(Math.max(...numbers)).toBe(1240);
    const [, low, high] = /x-axis "[^"]*" ([\d.]+) --> ([\d.]+)/u.exec(chart)!.map(Number);
    let at = low!;
    for (let step = 1; step < 30; step += 1) at += (high! - low!) / 29;
    expect(at).toBe(high);
  });

  it("is named only after eight charts, and left out when there is nothing to draw", () => {
    const checks = Array.from({ length: 40 }, (_, at) => ({ ...queue, name: `queue ${at}` }));
    const charts = seriesCharts({ ...measuredRun, checks });
    expect(charts).toHaveLength(9);
    expect(charts[8]).toMatch(
      /^Also measured, see the HTML report: `queue 8: depth`, .*`queue 27: depth` and 12 more\.$/u,
    );
    expect(seriesCharts(passed)).toEqual([]);
    expect(seriesCharts({ ...passed, checks: [successRate] })).toEqual([]);
  });

  it("is named only when it never changed, unless its check failed or warned", () => {
    const [series] = queue.series;
    const points = series!.points.map(({ at }) => ({ at, value: 7 }));
    const flat = { ...queue, series: [{ ...series!, points }] };
    expect(seriesCharts({ ...measuredRun, checks: [flat] })).toEqual([
      "The same throughout: `queue depth: depth` 7.",
    ]);
    const [chart] = seriesCharts({ ...measuredRun, checks: [{ ...flat, verdict: "fail" }] });
    expect(chart).toContain("xychart-beta");
  });

  it("stands in the summary, which names the HTML report", () => {
    const summary = jobSummary(measuredRun, { htmlReport: "/tmp/report.html" });
    expect(summary).toContain("### Measured over the watch\n\n```mermaid\n%%{init:");
    expect(summary).toContain("`/tmp/report.html` on the runner");
  });

  it("keeps its grammar whatever names hold", () => {
    const piece = fc.constantFrom('"', "]", ";", "#", "%%", "`", "\n", "line [1]", "}", "title", "-->", "a");
    const line =
      /^(?:```mermaid|```|xychart-beta|%%\{init: \{[\w":{},# ]+\}\}%%| {4}title "[^"`]*"| {4}[xy]-axis "[^"`]*" [\d.-]+ --> [\d.-]+| {4}line \[[\d., ]+\]|)$/u;
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))), (parts) => {
        const charts = seriesCharts(hostileOutcome(parts.join("")));
        expect(charts).toHaveLength(3);
        for (const chart of charts) {
          const [block = "", caption = ""] = chart.split("\n\n");
          for (const one of block.split("\n")) expect(one).toMatch(line);
          expect(caption).not.toMatch(/\n|<(?!span>|\/span>)/u);
        }
      }),
      { numRuns: 50 },
    );
  });
});

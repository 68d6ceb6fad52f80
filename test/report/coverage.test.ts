import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { finalCheckRun } from "../../src/report/check-run.ts";
import { comingSentence, coverageLines, endedLines, unseenLines } from "../../src/report/coverage.ts";
import { htmlReportText } from "../../src/report/html/page.ts";
import { jobSummary } from "../../src/report/summary.ts";
import { passed, START, unknown, watched } from "./sample-outcomes.ts";

const HOUR = "hour: watched 100 % (30 of 30 beats)";
const DAY =
  "day: watched 99.4 % so far (994 of 1,000 beats), one gap: 2026-11-23 14:00-16:30 UTC, judged afterwards except sql";
const COMING =
  "Watched until 2026-11-30 10:02:10 UTC; still to come: day, week. The next look is due 2026-11-23 23:02:10 UTC.";

describe("how much was seen", () => {
  it("is said of every stage that looks watch, of those that are over, and of those with gaps", () => {
    expect(coverageLines(watched)).toEqual([HOUR, DAY]);
    expect(endedLines(watched)).toEqual([HOUR]);
    expect(unseenLines(watched)).toEqual([DAY]);
    expect(coverageLines(passed)).toEqual([]);
  });

  const stage = { stage: "hour", from: START, to: START + 3_600_000, due: 0, seen: 0, gaps: [] };
  it.each([
    ["nothing was due", stage, "100 % (0 of 0 beats)"],
    ["nothing was seen", { ...stage, due: 9 }, "0.0 % (0 of 9 beats)"],
    [
      "all but one of very many",
      { ...stage, due: 100_000, seen: 99_999 },
      "99.9 % (99,999 of 100,000 beats)",
    ],
    ["one beat", { ...stage, due: 1, seen: 1 }, "100 % (1 of 1 beat)"],
    [
      "looks that came too seldom",
      {
        ...stage,
        due: 4,
        seen: 1,
        gaps: [{ from: START, to: START + 3_600_000, backFilled: true, unseen: ["sql"], looks: 2 }],
      },
      "25.0 % (1 of 4 beats), one gap: 2026-11-23 10:00-11:00 UTC with only 2 looks in it, judged afterwards except sql",
    ],
    ["more than were due", { ...stage, due: 2, seen: 3 }, "100 % (2 of 2 beats)"],
  ])("%s", (_, coverage, text) => {
    expect(coverageLines({ stages: watched.stages, coverage: [coverage] })).toEqual([
      `hour: watched ${text}`,
    ]);
  });
});

describe("a watch that goes on", () => {
  it("says so in check run, job summary and page, with what is to come", () => {
    expect(comingSentence(watched)).toBe(COMING);
    for (const text of [finalCheckRun(watched).summary, jobSummary(watched)]) {
      expect(text).toContain(`\n\n${COMING}\n\n`);
      expect(text).toContain(`### How much was seen\n\n- ${HOUR}\n- ${DAY}`);
    }
    const page = htmlReportText(watched);
    expect(page).toContain(COMING);
    expect(page).toContain(`<li>${HOUR}</li><li>${DAY}</li>`);
  });

  it.each<[string, Partial<Outcome>, string]>([
    ["goes on", {}, "The stages that are left are still watched."],
    ["is over", { watchedUntil: undefined as never }, "the watch is over: look at the service by hand."],
  ])("that could not tell and %s says what now", (_, more, text) => {
    const { watchedUntil = 0, coverage = [] } = watched;
    expect(finalCheckRun({ ...unknown, watchedUntil, coverage, ...more }).summary).toContain(text);
  });

  it("writes the times of what it found with their days", () => {
    const [check] = watched.checks;
    const found: Outcome = {
      ...watched,
      checks: [{ ...check!, verdict: "fail", evidence: [{ at: START, text: "Traceback: boom" }] }],
    };
    for (const text of [finalCheckRun(found).text, jobSummary(found), htmlReportText(found)])
      expect(text).toMatch(/2026-11-23 10:00:00[^\d]+Traceback: boom/);
    expect(finalCheckRun({ ...found, coverage: undefined as never }).text).toContain("\n10:00:00 Traceback");
  });

  it("is silent about it in a run without later stages", () => {
    expect(comingSentence(passed)).toBe("");
    for (const text of [finalCheckRun(passed).summary, jobSummary(passed), htmlReportText(passed)])
      expect(text).not.toMatch(/atched until|How much was seen/);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mermaidText, timelineChart } from "../../src/report/chart.ts";
import { deployFailed, hostileOutcome, passed, reverted, skipped, START } from "./sample-outcomes.ts";

describe("chart text", () => {
  it.each([
    ["10:00:05 live", "10#58;00#58;05 live"],
    ["a; b # c", "a#59; b #35; c"],
    ["%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"],
    ["```\n</details>", "#96;#96;#96; #60;/details#62;"],
    ["größer (50), ok", "größer (50), ok"],
    ["🚀", "#128640;"],
  ])("%j becomes %j", (text, expected) => {
    expect(mermaidText(text, 80)).toBe(expected);
  });
});

describe("the timeline", () => {
  it("shows deploy, stages and moments", () => {
    expect(timelineChart(reverted)).toMatchInlineSnapshot(`
      "\`\`\`mermaid
      gantt
          dateFormat YYYY-MM-DD HH:mm:ss
          axisFormat %H:%M:%S
          todayMarker off
          section Deploy
          deploy queued :2026-11-23 10:00:05, 2026-11-23 10:00:10
          deploy until live :done, 2026-11-23 10:00:10, 2026-11-23 10:02:10
          section Watch
          stage boot fail :crit, 2026-11-23 10:02:10, 2026-11-23 10:04:10
          section Events
          10#58;00#58;00 gate started :milestone, 2026-11-23 10:00:00, 0s
          10#58;00#58;05 deploy dep-d4ge1 found :milestone, 2026-11-23 10:00:05, 0s
          10#58;02#58;10 deploy dep-d4ge1 is live :milestone, 2026-11-23 10:02:10, 0s
          10#58;04#58;10 check #34;deep scan success#34; failed#58; success 75#37; :milestone, 2026-11-23 10:04:10, 0s
          10#58;04#58;12 revert #35;42 opened :milestone, 2026-11-23 10:04:12, 0s
      \`\`\`"
    `);
  });

  it("shows how far a failed deploy came", () => {
    expect(timelineChart(deployFailed)).toContain(
      "    deploy build#95;failed :crit, 2026-11-23 10:00:05, 2026-11-23 10:02:15",
    );
  });

  it("is left out when there is nothing to show", () => {
    expect(timelineChart({ ...skipped, timeline: [] })).toBe("");
  });

  it("shows days when it spans more than one", () => {
    const timeline = [...passed.timeline, { at: START + 90_000_000, event: "resumed" }];
    expect(timelineChart({ ...passed, timeline })).toContain("axisFormat %m-%d %H:%M");
  });

  it("keeps the first and the last of many moments", () => {
    const timeline = Array.from({ length: 500 }, (_, at) => ({
      at: START + at * 1000,
      event: `event ${at}.`,
    }));
    const chart = timelineChart({ ...passed, timeline });
    expect(chart.match(/:milestone/gu)).toHaveLength(30);
    expect(chart).toContain("event 0. ");
    expect(chart).toContain("event 499. ");
  });

  it("keeps its grammar whatever names and events hold", () => {
    const line =
      /^(?:```mermaid|```|gantt| {4}(?:dateFormat|axisFormat|todayMarker|section) .*| {4}[^:;%`<>{}"]* :(?:[a-z]+, )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, (?:0s|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d))$/u;
    const piece = fc.constantFrom(
      ":",
      ";",
      "#",
      "%%",
      "`",
      "\n",
      "click x href",
      "section",
      "}",
      "title",
      "-->",
      "a",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))), (parts) => {
        const chart = timelineChart(hostileOutcome(parts.join("")));
        for (const one of chart.split("\n")) expect(one.replace(/#\d+;/gu, "")).toMatch(line);
      }),
    );
  });
});

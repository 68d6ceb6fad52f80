import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/core/outcome.ts";
import { htmlReportText } from "../../../src/report/html/page.ts";
import * as sample from "../sample-outcomes.ts";

/** Start tags, with every attribute quoted, and end tags: what is left of a page without them is text alone. */
const TAG = /<\/?[a-z][a-z0-9]*(?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*\s*\/?>/gu;

function body(outcome: Outcome): string {
  return /<body>[^]*<\/body>/u.exec(htmlReportText(outcome))?.[0] ?? "";
}

const PIECES = [
  "<script>alert(1)</script>",
  "</pre></details></style>",
  "<img src=x onerror=alert(1)>",
  '" onload="x',
  "'><svg/onload=x>",
  "&lt;",
  "&#60;",
  "`",
  "\u202e",
  "\u2066",
  "\u0000",
  "\u001b[31m",
  "javascript:alert(1)",
  'https://a.example/"><b>',
  "<!--",
  "]]>",
  "\ud800",
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 8 })
  .map((parts) => parts.join(""));

describe("the HTML report", () => {
  it.each([
    ["pass", sample.passed],
    ["warn", sample.warned],
    ["fail", sample.reverted],
    ["unknown", sample.unknown],
    ["superseded", sample.superseded],
    ["skipped", sample.skipped],
    ["observe", sample.observed],
    ["failed deploy", sample.deployFailed],
    ["measured series", sample.measuredRun],
  ])("of %s is well-formed: every tag that is opened is closed", (_, outcome) => {
    const open: string[] = [];
    for (const [tag] of body(outcome).matchAll(TAG)) {
      const name = /[a-z][a-z0-9]*/u.exec(tag)?.[0] ?? "";
      if (tag.startsWith("</")) expect(open.pop()).toBe(name);
      else if (!tag.endsWith("/>")) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it("loads, sends and runs nothing", () => {
    const page = htmlReportText(sample.measuredRun);
    expect(page.replaceAll("&#39;", "'")).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import|\son[a-z]+=/u);
  });

  it("says verdict, arithmetic, actions, next step, hints, baselines, coverage and requests", () => {
    const text = body(sample.measuredRun).replace(TAG, " ").replace(/\s+/gu, " ");
    for (const words of [
      "Failed &quot;deep scan success&quot;: success 75%, at least 80% required, 2 of 2 samples.",
      "1 fail",
      "2 warn",
      "Auto-deploy freeze : done. Auto-deploy was &quot;commit&quot; before.",
      "Next. The version before is live again, by rollback dep-d4ge2 ; auto-deploy is off until the revert has passed. Merge pull request #42",
      "Hint: https://wiki.acme.dev/deep-scan",
      "p95(latency) 348ms",
      "pass: p95(latency) &lt; +50% (baseline 210ms) does not hold",
      "pass: done &gt; -20% (not compared: no baseline for done: no earlier gate measured this check)",
      "Diagnosis of deep scan success 2 pieces",
      "stage hour",
      "8 of 10 checks measured enough to be judged, 386 samples, 7 errors. Not enough was measured of &quot;settings&quot;. Not judged: &quot;drain&quot;.",
      "throughput done : measured once, 31 at 10:03:10 UTC",
      "live + 56m",
      "Branch rules require deploy-gate",
      "342 to Render, 21 to GitHub",
    ]) {
      expect(text).toContain(words);
    }
  });

  it("folds what never changed, unless its check failed or warned", () => {
    const points = [0, 1, 2].map((at) => ({ at: at * 60_000, value: 7 }));
    const series = [{ subject: "depth", unit: "number" as const, points, limits: [] }];
    const [first] = sample.measuredRun.checks;
    if (first === undefined) throw new Error("the sample has checks");
    const checks = (["fail", "warn", "pass", "unknown"] as const).map((verdict) => {
      return { ...first, name: verdict, verdict, series };
    });
    const page = htmlReportText({ ...sample.measuredRun, checks });
    const [, open = "", folded = ""] =
      /<section id="measured">([^]*)<details class="quiet">([^]*?)<\/section>/u.exec(page) ?? [];
    const names = (part: string): readonly (string | undefined)[] =>
      [...part.matchAll(/<h3>(\w+)/gu)].map(([, name]) => name);
    expect(names(open)).toEqual(["fail", "warn"]);
    expect(names(folded)).toEqual(["unknown", "pass"]);
    expect(folded).toContain("2 series");
  });

  it("names no part that it does not have", () => {
    const page = htmlReportText({ ...sample.skipped, timeline: [] });
    const links = [...page.matchAll(/href="#([a-z]+)"/gu)].map(([, id]) => id);
    expect(links).toEqual(["done", "facts"]);
    expect(page).not.toContain("No config file");
    expect(htmlReportText(sample.observed)).toContain("No config file: defaults only.");
    expect(htmlReportText(sample.observed)).toContain("Observing only: this verdict has no effect.");
  });

  it("shows text from outside as text, whatever it holds", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = body(sample.hostileOutcome(text));
        expect(page.replace(TAG, "")).not.toMatch(/[<>]/u);
        expect(page).not.toMatch(/[\u0000-\u0008\u001b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        for (const [, url] of page.matchAll(/href="([^"]*)"/gu)) expect(url).toMatch(/^(?:https?:\/\/|#)/u);
        expect(page.isWellFormed()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the size of the HTML report", () => {
  it("is at most 2 MB, and what was left out is said", () => {
    const text = "'\"<&".repeat(2000);
    const points = Array.from({ length: 5000 }, (_, at) => ({
      at: sample.START + at * 1000,
      value: at % 97,
    }));
    const [check] = sample.hostileOutcome(text).checks;
    const series = check!.series.map((one) => ({ ...one, points }));
    const evidence = Array.from({ length: 100 }, () => ({ text, from: text }));
    const checks = Array.from({ length: 300 }, () => ({ ...check!, series, evidence, diagnosis: evidence }));
    const timeline = Array.from({ length: 5000 }, (_, at) => ({ at: sample.START + at, event: text }));
    const actions = Array.from({ length: 300 }, () => ({ kind: text, state: "held", reason: text }) as const);
    const page = htmlReportText({
      ...sample.hostileOutcome(text),
      checks,
      timeline,
      actions,
      notes: Array.from({ length: 500 }, () => text),
      stages: Array.from({ length: 300 }, () => sample.hostileOutcome(text).stages[0]!),
    });
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(2_000_000);
    for (const what of ["checks", "series", "parts of the evidence", "moments", "notes", "actions"]) {
      expect(page).toMatch(new RegExp(`\\d+ more ${what} left out for the size of this page`, "u"));
    }
    expect(page.startsWith("<!doctype html>")).toBe(true);
    expect(page.endsWith("</html>\n")).toBe(true);
  });
});

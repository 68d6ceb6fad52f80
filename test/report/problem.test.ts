import { describe, expect, it } from "vitest";
import { failureLine, mistakeLine, problemCheckRun, problemDescription } from "../../src/report/problem.ts";

const at = { file: ".github/deploy-gate.yml", line: 12, column: 5 };

describe("mistakes", () => {
  it.each([
    [
      { message: 'Unknown key "chekcs".', hint: 'Write "checks"', at },
      '.github/deploy-gate.yml:12:5 Unknown key "chekcs". Write "checks".',
    ],
    [{ message: 'Input "mode" is "loud"' }, 'Input "mode" is "loud".'],
    [{ message: "a\n::error::b", hint: " " }, "a ::error::b."],
    [{ message: "::error::b ##[x" }, ": :error::b ## [x."],
  ])("%j is one line", (mistake, line) => {
    expect(mistakeLine(mistake)).toBe(line);
  });

  it("are all told in the check run", () => {
    const mistakes = [
      { message: "First | @team", at },
      { message: "Second", hint: "Do this" },
    ];
    expect(problemCheckRun(mistakes)).toMatchInlineSnapshot(`
      {
        "summary": "**Nothing was watched and nothing was touched: the gate cannot start like this.**

      - .github/deploy-gate.yml:12:5 First &#124; @&#8203;team.
      - Second. Do this.",
        "title": "Configuration: 2 mistakes",
      }
    `);
    expect(problemDescription(mistakes)).toBe("Configuration: 2 mistakes");
    expect(problemDescription([{ message: "Only one" }])).toBe("Configuration: Only one.");
  });

  it("keep to the limits", () => {
    const mistakes = Array.from({ length: 1000 }, () => ({
      message: "€|".repeat(5000),
      hint: "x".repeat(5000),
      at,
    }));
    const { title, summary } = problemCheckRun(mistakes);
    expect(title).toBe("Configuration: 1,000 mistakes");
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_535);
    expect(problemDescription([{ message: "x".repeat(5000) }]).length).toBeLessThanOrEqual(140);
  });
});

it("tells a remote failure in one line", () => {
  expect(
    failureLine({ message: "Render API answered 503 to GET /v1/services 5 times", hint: "Re-run the job" }),
  ).toBe("Render API answered 503 to GET /v1/services 5 times. Re-run the job.");
});

import { describe, expect, it } from "vitest";
import { envSample } from "../../src/core/env-sample.ts";
import { T0 } from "./given.ts";

const sample = (
  expected: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
  ambiguous: readonly string[] = [],
) =>
  envSample(
    { kind: "env", expected },
    {
      at: T0,
      variables: { values: new Map(Object.entries(values)), ambiguous: new Set(ambiguous) },
    },
  );

describe("expected variables against those of the service", () => {
  it.each([
    ["the same", { MODE: "live" }, { MODE: "live", OTHER: "x" }, 1, 0, 0],
    ["another value", { MODE: "live" }, { MODE: "Live" }, 0, 1, 0],
    ["a space more", { MODE: "live" }, { MODE: "live " }, 0, 1, 0],
    ["nothing of that name", { MODE: "live" }, { mode: "live" }, 0, 0, 1],
    ["an empty value", { MODE: "" }, { MODE: "" }, 1, 0, 0],
    ["a number as it is written", { SIZE: "010" }, { SIZE: "10" }, 0, 1, 0],
    ["lines as they are", { KEY: "a\nb" }, { KEY: "a\r\nb" }, 0, 1, 0],
    ["a name every object has", { constructor: "x" }, {}, 0, 0, 1],
    ["of each kind one", { A: "1", B: "2", C: "3" }, { A: "1", B: "9" }, 1, 1, 1],
  ])("%s", (_what, expected, values, equal, different, absent) => {
    expect(sample(expected, values)).toMatchObject({ kind: "ok", subjects: { equal, different, absent } });
  });

  it("shows names in order, and never a value", () => {
    const found = sample(
      { ZONE: "s3cret-z", KEY: "s3cret-k", GOOD: "s3cret-g" },
      { KEY: "s3cret-other", GOOD: "s3cret-g" },
    );
    expect(found).toMatchObject({
      evidence: [
        { text: "KEY: different", from: "environment" },
        { text: "ZONE: absent", from: "environment" },
      ],
    });
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  it.each([
    [
      "what groups disagree about",
      { MODE: "live" },
      {},
      ["MODE"],
      /linked groups set MODE to different values/,
    ],
    ["what Render sets itself", { RENDER_REGION: "ohio" }, {}, [], /RENDER_REGION: set by Render itself/],
    ["whether it is a preview", { IS_PULL_REQUEST: "false" }, {}, [], /IS_PULL_REQUEST: set by Render/],
  ])("%s is an error", (_what, expected, values, ambiguous, reason) => {
    expect(sample(expected, values, ambiguous)).toMatchObject({
      kind: "error",
      reason: expect.stringMatching(reason),
    });
  });

  it("what groups disagree about does not matter to who does not ask", () => {
    expect(sample({ MODE: "live" }, { MODE: "live" }, ["OTHER"])).toMatchObject({ kind: "ok" });
    expect(sample({ RENDER_X: "1" }, { RENDER_X: "1" })).toMatchObject({ kind: "ok" });
  });
});

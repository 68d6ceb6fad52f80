import { describe, expect, it } from "vitest";
import type { Formula } from "../../src/core/source.ts";
import { deriveSample } from "../../src/core/derive-sample.ts";
import type { Subjects } from "../../src/core/value.ts";
import { T0 } from "./given.ts";

const number = (value: number): Formula => ({ kind: "number", value });
const subject = (check: string, ...path: readonly (string | number)[]): Formula => ({
  kind: "subject",
  check,
  path,
});
const op = (operator: "+" | "-" | "*" | "/", left: Formula, right: Formula): Formula => ({
  kind: "operation",
  operator,
  left,
  right,
});
const LATEST: { readonly [check: string]: Subjects } = {
  wf2: { duration: 1_200, found: 8, none: 0, name: "wf2", list: [1, 2.5] },
  "queue-depth": { rows: 3 },
};
const sample = (formulas: Readonly<Record<string, Formula>>, failed: Readonly<Record<string, string>> = {}) =>
  deriveSample({ kind: "derive", formulas }, { at: T0, latest: LATEST, failed });

const duration = subject("wf2", "duration");

describe("arithmetic", () => {
  it.each([
    ["a division", op("/", duration, subject("wf2", "found")), 150],
    ["numbers", op("+", number(1.5), number(2)), 3.5],
    ["a difference", op("-", subject("wf2", "found"), subject("queue-depth", "rows")), 5],
    ["a product", op("*", subject("wf2", "list", 1), number(4)), 10],
    [
      "in the order of its parentheses",
      op("*", op("+", number(1), number(2)), op("-", number(5), number(1))),
      12,
    ],
  ])("%s", (_what, formula, x) => {
    expect(sample({ x: formula })).toMatchObject({ kind: "ok", at: T0, subjects: { x } });
  });

  it("is shown", () => {
    const formula = op("/", op("-", duration, number(200)), subject("wf2", "found"));
    expect(sample({ each: formula })).toMatchObject({
      note: "each = (wf2.duration (1200) - 200) / wf2.found (8)",
    });
  });
});

describe("what is not there", () => {
  it.each([
    ["a check that was not sampled yet", subject("wf5", "found"), "none", "wf5.found has no value yet"],
    ["a subject that is not there yet", subject("wf2", "gap"), "none", "wf2.gap has no value yet"],
    ["what every object has", subject("constructor", "name"), "none", "constructor.name has no value yet"],
    [
      "a division by zero",
      op("/", duration, subject("wf2", "none")),
      "none",
      "nothing to divide by: wf2.none is 0",
    ],
    [
      "by a difference of zero",
      op("/", number(1), op("-", number(2), number(2))),
      "none",
      "nothing to divide by: 2 - 2 is 0",
    ],
    ["a text", op("+", number(1), subject("wf2", "name")), "error", "wf2.name is not a number"],
    ["a number beyond all numbers", op("*", number(1e308), number(10)), "error", "1e+308 * 10 is no number"],
    [
      "an error beside what is not there",
      op("+", subject("wf5", "x"), subject("wf2", "name")),
      "error",
      "wf2.name is not a number",
    ],
  ])("%s", (_what, formula, kind, reason) => {
    expect(sample({ x: formula })).toEqual({ kind, at: T0, reason });
  });

  it("an input whose last sample was an error, though it had a value before", () => {
    expect(sample({ x: duration, y: number(1) }, { wf2: "no log line was read" })).toEqual({
      kind: "error",
      at: T0,
      reason: '"wf2" could not be read: no log line was read',
    });
    expect(sample({ x: duration }, { other: "down" })).toMatchObject({ kind: "ok" });
  });

  it("leaves the other names their values", () => {
    expect(sample({ x: duration, y: subject("wf5", "found") })).toEqual({
      kind: "ok",
      at: T0,
      subjects: { x: 1_200 },
      evidence: [],
      note: "x = wf2.duration (1200); wf5.found has no value yet",
      open: ["y"],
    });
  });
});

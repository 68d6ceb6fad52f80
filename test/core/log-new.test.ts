import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/check.ts";
import type { Formula } from "../../src/core/source.ts";
import { findingOf } from "../../src/core/finding.ts";
import { asksNewMatches, type OldShapes } from "../../src/core/log-new.ts";
import { shapeOf } from "../../src/core/log-shape.ts";
import { condition, conditions, givenCheck, givenContext, givenLogCheck, T0, SECOND } from "./given.ts";
import { bookOf, line, LIVE, shown } from "./log-given.ts";

const CHECK = givenLogCheck({}, { fail: conditions("new_matches > 0") });
const LOST = "the log API gave only a part";

const old = (...messages: readonly string[]): OldShapes => ({ shapes: new Set(messages.map(shapeOf)) });
const outcome = (check: Check, messages: readonly string[], known?: OldShapes) => {
  const { book, read, sample } = bookOf(check);
  read(line(0, "starting"), ...messages.map((message, index) => line(index, message)));
  if (known !== undefined) book.setOldShapes(check.name, known);
  return {
    sample: sample(60),
    finding: findingOf(check, sample(60), givenContext({ liveAt: LIVE, since: LIVE })),
  };
};

describe("new_matches", () => {
  const rows: readonly (readonly [string, readonly string[], OldShapes | undefined, unknown])[] = [
    [
      "no forbidden line: nothing is new, whatever the old ones",
      [],
      undefined,
      { matches: 0, new_matches: 0 },
    ],
    ["no forbidden line, old ones not known", [], { ...old(), why: LOST }, { matches: 0, new_matches: 0 }],
    ["the old ones are still being read", ["FATAL 1"], undefined, { matches: 1 }],
    ["all were printed before", ["FATAL 1", "FATAL 22"], old("FATAL 7"), { matches: 2, new_matches: 0 }],
    [
      "one kind is new",
      ["FATAL 1", "FATAL disk", "FATAL disk"],
      old("FATAL 7"),
      { matches: 3, new_matches: 2 },
    ],
    ["nothing was printed before", ["FATAL 1"], old(), { matches: 1, new_matches: 1 }],
    [
      "all are among the old ones that were read",
      ["FATAL 1"],
      { ...old("FATAL 7"), why: LOST },
      { matches: 1, new_matches: 0 },
    ],
    [
      "one may be among those that were not",
      ["FATAL disk"],
      { ...old("FATAL 7"), why: LOST },
      { matches: 1 },
    ],
  ];
  it.each(rows)("%s", (_what, messages, known, subjects) => {
    const { sample } = outcome(CHECK, messages, known);
    expect(sample.kind === "ok" && sample.subjects).toEqual(subjects);
  });
  it("says nothing while the old ones are being read, and is missing when they could not be", () => {
    const reading = outcome(CHECK, ["FATAL"]);
    expect(reading.sample).toMatchObject({ pending: expect.stringContaining("still being read") });
    // Not `open`: a stage that ends so does not know.
    expect(reading.finding.outcome).toBe("none");
    const { sample, finding } = outcome(CHECK, ["FATAL"], { ...old(), why: LOST });
    expect(sample).toMatchObject({ note: `new_matches is not known: ${LOST}` });
    expect(sample).not.toHaveProperty("open");
    expect(finding).toMatchObject({ outcome: "unknown", reason: expect.stringContaining(LOST) });
  });
  it("decides as matches does", () => {
    expect(outcome(CHECK, ["FATAL 1"], old("FATAL 2")).finding.outcome).toBe("pass");
    expect(outcome(CHECK, ["FATAL x"], old("FATAL 2")).finding).toMatchObject({
      outcome: "fail",
      reason: "fails on new_matches > 0, got 1",
    });
  });
  it("marks the new ones, and shows them before the old", () => {
    const storm = Array.from({ length: 40 }, (_, index) => `FATAL ${index}`);
    const { sample } = outcome(CHECK, [...storm, "FATAL disk hunter2", "FATAL disk hunter2"], old("FATAL 0"));
    expect(shown(sample)).toHaveLength(20);
    expect(shown(sample).filter((one) => one.startsWith("new: "))).toEqual(["new: FATAL disk ***"]);
  });
  it("marks nothing where the old ones are not all known", () => {
    const { sample } = outcome(CHECK, ["FATAL disk"], { ...old(), why: LOST });
    expect(shown(sample)).toEqual(["FATAL disk"]);
  });
  it("shows a new one once, not with its mark and without", () => {
    const { sample } = outcome(CHECK, ["FATAL disk", "FATAL 1"], old("FATAL 0"));
    expect(shown(sample)).toEqual(["new: FATAL disk", "FATAL 1"]);
  });
  it("is not there where nobody asks", () => {
    const check = givenLogCheck();
    const { book, read, sample } = bookOf(check);
    read(line(0, "FATAL"));
    book.setOldShapes(check.name, old());
    expect(book.asksNew()).toEqual([]);
    expect(sample(60)).toMatchObject({ subjects: { matches: 1 } });
    expect(sample(60)).not.toMatchObject({ subjects: { new_matches: 1 } });
    expect(bookOf(CHECK).book.asksNew()).toEqual([CHECK]);
  });
  it("that fail whatever was not read fail in a gap, too", () => {
    const { book, read, sample } = bookOf(CHECK, { gap: "down" });
    read(line(0, "FATAL disk"));
    expect(sample(60)).toMatchObject({ kind: "error" });
    book.setOldShapes(CHECK.name, old());
    expect(sample(60)).toMatchObject({ kind: "ok", subjects: { new_matches: 1 } });
    book.setOldShapes(CHECK.name, old("FATAL disk"));
    expect(sample(60)).toMatchObject({ kind: "error" });
  });
  it("of the instances before a redeploy are forgotten", () => {
    let startedAt = T0;
    const { book, read, sample } = bookOf(CHECK, () => ({ startedAt }));
    book.setOldShapes(CHECK.name, old());
    read(line(1, "FATAL disk"), line(2, "hello"));
    startedAt = LIVE + 10 * SECOND;
    read(line(20, "hello"), line(21, "FATAL tape"));
    expect(sample(60)).toMatchObject({
      subjects: { matches: 1, new_matches: 1 },
      evidence: [{ text: "new: FATAL tape" }],
    });
  });
});

describe("who asks for new_matches", () => {
  const subject = (path: readonly string[], check = "errors"): Formula => ({ kind: "subject", check, path });
  const derive = (formula: Formula): Check =>
    givenCheck({ name: "ratio", source: { kind: "derive", formulas: { ratio: formula } } });
  const sum = (left: Formula, right: Formula): Formula => ({ kind: "operation", operator: "+", left, right });
  const one: Formula = { kind: "number", value: 1 };
  const rows: readonly (readonly [string, Partial<Check>, readonly Check[], boolean])[] = [
    ["nobody", {}, [], false],
    ["a fail line", { fail: conditions("matches > 5", "new_matches > 0") }, [], true],
    ["a warn line", { warn: conditions("new_matches > 0") }, [], true],
    ["a pass line", { pass: conditions("new_matches == 0") }, [], true],
    ["need", { need: condition("new_matches > 0") }, [], true],
    ["a function", { fail: conditions("max(new_matches) > 3") }, [], true],
    ["another check's only_if", {}, [givenCheck({ onlyIf: condition("errors.new_matches > 0") })], true],
    ["only_if of another check's", {}, [givenCheck({ onlyIf: condition("other.new_matches > 0") })], false],
    ["only_if of something else", {}, [givenCheck({ onlyIf: condition("errors.matches > 0") })], false],
    ["a formula", {}, [derive(sum(one, subject(["new_matches"])))], true],
    ["a formula of something else", {}, [derive(sum(subject(["matches"]), one))], false],
    ["a formula of another check's", {}, [derive(subject(["new_matches"], "other"))], false],
  ];
  it.each(rows)("%s", (_what, over, others, expected) => {
    const check = givenLogCheck({}, over);
    expect(asksNewMatches(check, [check, ...others])).toBe(expected);
  });
});

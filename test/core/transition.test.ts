import { expect, test } from "vitest";
import type { Verdict } from "../../src/core/check.ts";
import type { Action, Outcome } from "../../src/core/outcome.ts";
import { keyOfWay, stillTold, toldAfter, transitionsOf, untold } from "../../src/core/transition.ts";
import {
  deployFailed,
  passed,
  reverted,
  skipped,
  superseded,
  unknown,
  warned,
} from "../report/sample-outcomes.ts";

const keys = (outcome: Outcome): readonly string[] => transitionsOf(outcome).map(({ key }) => key);
const REVERT = "action revert_pr done https://github.com/acme/scrapersky/pull/42";

test.each<[string, Outcome, readonly string[]]>([
  ["a pass", passed, ["verdict pass", "stage boot pass"]],
  ["a pass, no stage left", { ...passed, laterStages: [] }, ["verdict pass", "stage boot pass"]],
  ["a pass so far", { ...passed, laterStages: ["day"] }, ["stage boot pass"]],
  ["warnings so far", { ...warned, laterStages: ["day"] }, ["stage boot warn"]],
  ["warnings", warned, ["verdict warn", "stage boot warn"]],
  ["a failure", reverted, ["verdict fail", "stage boot fail", REVERT]],
  [
    "a failure with stages left",
    { ...reverted, laterStages: ["day"] },
    ["verdict fail", "stage boot fail", REVERT],
  ],
  [
    "what cannot be told, stages left",
    { ...unknown, laterStages: ["day"] },
    ["verdict unknown", "stage boot pass"],
  ],
  ["superseded", superseded, ["verdict superseded"]],
  ["skipped", skipped, ["verdict skipped"]],
  ["a failed deploy", deployFailed, ["verdict fail", "action revert_pr held"]],
])("%s", (_, outcome, expected) => {
  expect(keys(outcome)).toEqual(expected);
});

test.each<[Action, readonly string[]]>([
  [{ kind: "render_rollback", state: "done", reason: "back to dep-1" }, ["action render_rollback done"]],
  [
    { kind: "revert_pr", state: "failed", reason: "GitHub answered 502 3 times" },
    ["action revert_pr failed"],
  ],
  [{ kind: "revert_pr", state: "held", reason: "2 remedies in 24h" }, ["action revert_pr held"]],
  [{ kind: "revert_pr", state: "advised" }, []],
  [{ kind: "revert_pr", state: "skipped" }, []],
  [{ kind: "trigger", state: "done" }, []],
  [{ kind: "retry", state: "done" }, []],
])("the action %j", (action, expected) => {
  expect(keys({ ...skipped, actions: [action] })).toEqual(["verdict skipped", ...expected]);
});

test("a transition has its occasion and time", () => {
  expect(transitionsOf(reverted).map(({ occasion, at }) => [occasion, at])).toEqual([
    ["fail", reverted.endedAt],
    ["stage", reverted.stages[0]?.to],
    ["action", undefined],
  ]);
});

test.each<[readonly string[], string | undefined, readonly string[]]>([
  [[], undefined, ["verdict fail", "stage boot fail", REVERT]],
  [["verdict fail"], undefined, ["stage boot fail", REVERT]],
  [["verdict fail", "dev slack: stage boot fail"], "dev slack", [REVERT]],
  [["verdict fail", "dev slack: stage boot fail"], "dev webhook", ["stage boot fail", REVERT]],
  [["verdict fail", "dev slack: stage boot fail"], undefined, ["stage boot fail", REVERT]],
])("with %j told, %s is still to be told %j", (told, way, expected) => {
  expect(untold(transitionsOf(reverted), told, way).map(({ key }) => key)).toEqual(expected);
});

const verdictOf = (verdict: Verdict): Outcome => ({
  ...passed,
  verdict,
  stages: [{ name: "boot", from: 0, to: 1, verdict }],
});

test.each<[string, Outcome, boolean]>([
  ["verdict fail", verdictOf("fail"), true],
  ["verdict fail", verdictOf("pass"), false],
  ["verdict fail", { ...verdictOf("pass"), laterStages: ["day"] }, false],
  ["ops webhook: verdict fail", verdictOf("pass"), false],
  ["ops webhook: verdict fail", verdictOf("fail"), true],
  ["stage boot fail", verdictOf("pass"), false],
  ["stage boot fail", verdictOf("fail"), true],
  ["stage boot fail", { ...verdictOf("pass"), stages: [] }, true],
  ["stage boot-2 fail", verdictOf("pass"), true],
  [REVERT, verdictOf("pass"), true],
  ["report day 1", verdictOf("pass"), true],
])("%s of an earlier attempt still counts as told: %#", (key, outcome, holds) => {
  expect(stillTold(outcome, [key])).toEqual(holds ? [key] : []);
});

const WAYS = ["dev slack", "ops webhook"];

test.each<[string, readonly string[], readonly string[]]>([
  ["nobody yet", [], []],
  ["one of two", [keyOfWay("dev slack", "verdict fail")], ["dev slack: verdict fail"]],
  ["both", WAYS.map((way) => keyOfWay(way, "verdict fail")), ["verdict fail"]],
  ["both, before", ["verdict fail", "stage boot fail"], ["stage boot fail", "verdict fail"]],
  ["somebody of another run", ["verdict unknown"], ["verdict unknown"]],
])("what is kept when it was told: %s", (_, told, kept) => {
  expect(toldAfter(told, [{ key: "verdict fail", ways: WAYS }]).toSorted()).toEqual(kept.toSorted());
});

test("at most 60 keys are kept, the newest", () => {
  const told = Array.from({ length: 100 }, (_, at) => `report day ${at}`);
  expect(toldAfter(told, [])).toEqual(told.slice(-60));
});

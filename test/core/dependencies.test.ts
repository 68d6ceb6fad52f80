import { describe, expect, it } from "vitest";
import type { Formula } from "../../src/core/source.ts";
import { dependenciesOf, dependentsOf, inOrder } from "../../src/core/dependencies.ts";
import { condition, givenCheck } from "./given.ts";

const subject = (check: string): Formula => ({ kind: "subject", check, path: ["x"] });
const divided = (left: string, right: string): Formula => ({
  kind: "operation",
  operator: "/",
  left: subject(left),
  right: { kind: "operation", operator: "-", left: subject(right), right: { kind: "number", value: 1 } },
});
const derived = (name: string, formula: Formula) =>
  givenCheck({ name, source: { kind: "derive", formulas: { value: formula } } });

describe("which checks a check looks at", () => {
  it.each([
    ["nothing", givenCheck(), []],
    ["only_if", givenCheck({ onlyIf: condition("queue.depth > 10") }), ["queue"]],
    ["a formula, each once", derived("d", divided("a", "a")), ["a"]],
    ["several", derived("d", divided("a", "b")), ["a", "b"]],
  ])("%s", (_rule, check, names) => expect(dependenciesOf(check)).toEqual(names));
});

describe("the order in which they are sampled", () => {
  const names = (...checks: ReturnType<typeof givenCheck>[]): string =>
    inOrder(checks)
      .map(({ name }) => name)
      .join(" ");
  const asks = (name: string, other: string) => givenCheck({ name, onlyIf: condition(`${other}.x > 1`) });

  it.each([
    ["as given where nothing depends", names(givenCheck({ name: "a" }), givenCheck({ name: "b" })), "a b"],
    ["what is looked at first", names(asks("a", "b"), givenCheck({ name: "b" })), "b a"],
    [
      "over several steps",
      names(asks("a", "b"), derived("b", subject("c")), givenCheck({ name: "c" })),
      "c b a",
    ],
    ["a check of another stage is not waited for", names(asks("a", "gone")), "a"],
    ["a circle is cut where it began", names(asks("a", "b"), asks("b", "a")), "b a"],
  ])("%s", (_rule, order, expected) => expect(order).toBe(expected));
});

describe("which checks look at some", () => {
  const asks = (name: string, other: string) => givenCheck({ name, onlyIf: condition(`${other}.x > 1`) });
  it.each([
    [
      "at once, and by way of others",
      [derived("c", subject("b")), asks("b", "a"), givenCheck({ name: "a" })],
      "b c",
    ],
    ["not those that are looked at", [asks("a", "b"), givenCheck({ name: "b" })], ""],
    ["where they look at each other", [asks("b", "c"), asks("c", "b"), asks("d", "a")], "d"],
  ])("%s", (_rule, checks, names) => expect([...dependentsOf(new Set(["a"]), checks)].join(" ")).toBe(names));
});

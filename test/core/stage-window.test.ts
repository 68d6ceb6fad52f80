import { expect, it } from "vitest";
import { asLooked } from "../../src/core/stage-window.ts";
import { givenCheck, givenLogCheck } from "./given.ts";

const five = { kind: "duration", ms: 5 * 60_000 } as const;

it("a fail_after in time asks for some failing looks where only looks can see a check", () => {
  const sql = givenCheck({ name: "rows", failAfter: five });
  const logs = givenLogCheck({}, { name: "errors", failAfter: five });
  const counted = givenCheck({ name: "depth", failAfter: { kind: "consecutive", count: 2 } });
  expect(asLooked([sql, logs, counted]).map(({ failAfter }) => failAfter)).toEqual([
    { ...five, least: 3 },
    five,
    { kind: "consecutive", count: 2 },
  ]);
});

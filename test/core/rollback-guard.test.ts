import { describe, expect, it } from "vitest";
import { rollbackGuard } from "../../src/core/rollback-guard.ts";

const HOUR = 3_600_000;
const given: Parameters<typeof rollbackGuard>[0] = {
  now: 10 * HOUR,
  liveAt: 9 * HOUR,
  guards: {
    actWithinMs: 24 * HOUR,
    maxActions: { count: 1, perMs: 24 * HOUR },
    holdLabel: "gate:hold",
    migrations: ["**/migrations/**"],
  },
  despiteMigrations: false,
  preDeployFailed: false,
  range: { files: ["app.py"], filesCut: false },
  holds: [],
};

describe("what holds a rollback back", () => {
  it.each([
    { name: "nothing", change: {}, reason: undefined },
    { name: "act_within is over", change: { liveAt: -15 * HOUR }, reason: /act_within \(1d\)/ },
    { name: "live exactly act_within ago is in time", change: { liveAt: -14 * HOUR }, reason: undefined },
    {
      name: "the label",
      change: { holds: ["https://x.test/1"] },
      reason: /held by label "gate:hold": https:\/\/x\.test\/1/,
    },
    {
      name: "migrations",
      change: { range: { files: ["db/migrations/1.sql"], filesCut: false } },
      reason: /take back migrations \(db\/migrations\/1\.sql\)/,
    },
    {
      name: "a list of files that is not whole",
      change: { range: { files: ["app.py"], filesCut: true } },
      reason: /did not list every file/,
    },
    { name: "a range that could not be read", change: { range: undefined }, reason: /could not be read/ },
    { name: "a pre-deploy command that failed", change: { preDeployFailed: true }, reason: /half migrated/ },
    {
      name: "not migrations that the step may go over",
      change: {
        despiteMigrations: true,
        preDeployFailed: true,
        range: { files: ["db/migrations/1.sql"], filesCut: true },
      },
      reason: undefined,
    },
    {
      name: "the label also then",
      change: { despiteMigrations: true, holds: ["https://x.test/1"] },
      reason: /held by label/,
    },
  ])("$name", ({ change, reason }) => {
    const held = rollbackGuard({ ...given, ...change });
    if (reason === undefined) expect(held).toBeUndefined();
    else expect(held).toMatch(reason);
  });
});

import { expect, it } from "vitest";
import type { Verdict } from "../../src/core/check.ts";
import type { Deploy } from "../../src/core/deploy.ts";
import { encodeState } from "../../src/core/gate-state-text.ts";
import { blemishOf } from "../../src/gate/earlier-gates.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { givenDeploy, givenService, MINUTE, sha, T0 } from "../core/given.ts";

/** A service with these deploys, newest first, and the verdicts of their gates by the name of the commit. */
function runWith(deploys: readonly Deploy[], verdicts: { readonly [commit: string]: Verdict }): ServiceRun {
  const service = givenService();
  const states = new Map(
    Object.entries(verdicts).map(([name, verdict]) => {
      const commit = sha(name);
      return [commit, encodeState({ version: 1, service: service.id, commit, verdict })];
    }),
  );
  const edges = {
    deploys: { deploys: async () => deploys },
    forge: {
      findCheckRun: async (commit: string) =>
        states.has(commit) ? { text: states.get(commit) ?? "" } : undefined,
    },
  };
  return { service, edges } as unknown as ServiceRun;
}

const served = (commit: string, at: number): Deploy =>
  givenDeploy(commit, { at, status: "deactivated", finishedAt: T0 + (at + 1) * MINUTE });
/** An hour, from the sixtieth minute on. */
const window = { from: T0 + 60 * MINUTE, to: T0 + 120 * MINUTE };

it.each<[string, readonly Deploy[], { readonly [commit: string]: Verdict }, RegExp | undefined]>([
  ["a good one all the time", [served("a", 0)], { a: "pass" }, undefined],
  ["a bad one all the time", [served("a", 0)], { a: "fail" }, /ended as fail/],
  ["nobody judged it", [served("a", 0)], {}, /no gate judged/],
  ["none yet", [served("a", 100)], { a: "pass" }, /lists no deploy/],
  [
    "a bad one in the middle of it",
    [served("b", 80), served("a", 0)],
    { a: "pass", b: "fail" },
    /ended as fail/,
  ],
  [
    "a bad one until the middle of it",
    [served("b", 80), served("a", 0)],
    { a: "fail", b: "pass" },
    /ended as fail/,
  ],
  ["a bad one after it", [served("b", 120), served("a", 0)], { a: "pass", b: "fail" }, undefined],
  ["a bad one before it", [served("b", 30), served("a", 0)], { a: "fail", b: "pass" }, undefined],
])("what served in a stretch of time: %s", async (_what, deploys, verdicts, why) => {
  const found = await blemishOf(runWith(deploys, verdicts), window);
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found?.why).toMatch(why);
});

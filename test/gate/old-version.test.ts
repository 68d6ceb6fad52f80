import { expect, it } from "vitest";
import { checkOf, expectLawful, startWatch } from "./watch-scene.ts";

it("a condition on the deployed commit is no old fault: serving the wrong code is reverted", async () => {
  await using watch = await startWatch(
    "health: { http: /health, pass: [status == 200, body.sha == deploy.sha], fail_after: 2, on_fail: revert }",
  );
  // The switch never reached this version: the answer names the old commit all along.
  watch.web.answerWith(() => ({ body: JSON.stringify({ sha: watch.good }) }));
  const result = await watch.run();
  expect(checkOf(result, "health").reason).toContain("wanted body.sha == deploy.sha");
  expect(result.ending.verdict).toBe("fail");
  expect(watch.github.pulls).toHaveLength(1);
  expectLawful(watch);
});

it("the same failure of the old version holds the remedy back", async () => {
  await using watch = await startWatch(
    "health: { http: /health, pass: status == 200, fail_after: 2, on_fail: revert }",
  );
  watch.web.answerWith(() => ({ status: 404 }));
  const result = await watch.run();
  expect(result.ending.verdict).toBe("fail");
  expect(result.report.actions).toMatchObject([
    { state: "held", reason: '"health" was already failing before' },
  ]);
  expect(watch.github.pulls).toEqual([]);
});

it("what did not apply to the old version has not failed on it", async () => {
  await using watch = await startWatch(
    [
      "queue: { http: /queue, pass: status == 200 }",
      'workers: { http: /workers, only_if: "queue.body.depth > 10", pass: body.busy > 0, fail_after: 2, on_fail: revert }',
    ].join("\n"),
  );
  watch.web.answerWith(({ path }) => ({
    body: path === "/queue" ? `{"depth": ${watch.clock.now() < watch.liveAt ? 0 : 50}}` : '{"busy": 0}',
  }));
  const result = await watch.run();
  expect(checkOf(result, "workers").verdict).toBe("fail");
  expect(watch.github.pulls).toHaveLength(1);
});

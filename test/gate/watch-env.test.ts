import { describe, expect, it } from "vitest";
import { checkOf, expectLawful, expectNoAct, expectTold, startWatch, type Watch } from "./watch-scene.ts";

const CHECK = `settings: { env: { BATCH_SIZE: 010, MODE: live, SHARED: yes }, on_fail: revert }`;

/** What the check wants. */
function set({ render, service }: Watch, over: Readonly<Record<string, string>> = {}): void {
  render.env(service.id, { BATCH_SIZE: "010", MODE: "live", API_KEY: "s3cret-key", ...over });
  render.envGroup({ name: "shared", values: { SHARED: "yes", MODE: "s3cret-mode" }, services: [service.id] });
}

/** Everything that anybody can read of a run. */
function everything(watch: Watch, result: Awaited<ReturnType<Watch["run"]>>): string {
  const { requests, pulls, checkRuns } = watch.github;
  return JSON.stringify([
    result.lines,
    result.masks,
    result.outputs,
    result.state,
    result.summary,
    result.files,
    pulls,
    checkRuns,
    requests.map(({ body }) => body),
  ]);
}

describe("an env check", () => {
  it("passes when all is as written, linked groups included", async () => {
    const watch = await startWatch(CHECK);
    await using _watch = watch;
    set(watch);
    const result = await watch.run();
    expect(checkOf(result, "settings")).toMatchObject({ verdict: "pass", evidence: [] });
    expectTold(watch, result);
    expectNoAct(watch);
    expect(everything(watch, result)).not.toContain("s3cret");
  });

  it("fails with the names of what differs, and never shows a value", async () => {
    const watch = await startWatch(CHECK);
    await using _watch = watch;
    set(watch, { BATCH_SIZE: "s3cret-10", MODE: "s3cret-test" });
    const result = await watch.run();
    expect(checkOf(result, "settings")).toMatchObject({
      verdict: "fail",
      reason: expect.stringContaining("different > 0, got 2"),
      evidence: [{ text: "BATCH_SIZE: different" }, { text: "MODE: different" }],
    });
    expect(result.ending.verdict).toBe("fail");
    expect(watch.github.pulls).toHaveLength(1);
    expectLawful(watch);
    expect(everything(watch, result)).not.toContain("s3cret");
  });

  it.each([/^GET \/env-groups$/, /^GET \/services\/[^/]+\/env-vars$/])(
    "does not believe one list that came empty: %s",
    async (route) => {
      const watch = await startWatch(CHECK);
      await using _watch = watch;
      set(watch);
      watch.render.fault({ route, kind: "empty-list", times: 1 });
      const result = await watch.run();
      expect(checkOf(result, "settings").verdict).toBe("pass");
      expectNoAct(watch);
    },
  );

  it("fails on what is absent", async () => {
    const watch = await startWatch(CHECK);
    await using _watch = watch;
    watch.render.env(watch.service.id, { BATCH_SIZE: "010", MODE: "live" });
    const result = await watch.run();
    expect(checkOf(result, "settings")).toMatchObject({
      verdict: "fail",
      evidence: [{ text: "SHARED: absent" }],
    });
  });

  it.each([
    ["a key without the permission", /env-vars/, "forbidden", /answered 403/],
    ["groups that cannot be read", /env-groups/, "forbidden", /answered 403/],
    ["an answer that cannot be read", /env-vars/, "wrong-type", /unreadably/],
  ] as const)("%s: unknown, and nothing is done", async (_what, route, kind, reason) => {
    const watch = await startWatch(CHECK);
    await using _watch = watch;
    set(watch);
    watch.render.fault({ route, kind });
    const result = await watch.run();
    expect(checkOf(result, "settings")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(reason),
    });
    expectTold(watch, result);
    expectNoAct(watch);
    expect(everything(watch, result)).not.toContain("s3cret");
  });

  it("all of them read the environment once a minute", async () => {
    const watch = await startWatch("a: { env: { MODE: live } }\nb: { env: { SHARED: yes } }", {
      boot: "{ for: 3m, every: 5s }",
    });
    await using _watch = watch;
    set(watch);
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    const asked = (path: RegExp): number => watch.render.requests.filter((one) => path.test(one.path)).length;
    expect(asked(/env-vars$/)).toBeLessThanOrEqual(4);
    expect(asked(/env-groups/)).toBeLessThanOrEqual(8);
  });
});

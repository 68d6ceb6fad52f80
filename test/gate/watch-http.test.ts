import { describe, expect, it } from "vitest";
import { checkOf, expectLawful, expectNoAct, expectTold, startWatch, type Watch } from "./watch-scene.ts";

const HEALTH = "health: { http: { url: /health, timeout: 1s }, on_fail: revert }";

interface Row {
  readonly what: string;
  readonly checks?: string;
  readonly set: (watch: Watch) => void;
  readonly verdict: string;
  readonly reason: RegExp;
}

const FAILURES: readonly Row[] = [
  {
    what: "503",
    set: (watch) => watch.answer(() => ({ status: 503, body: "down" })),
    verdict: "fail",
    reason: /503.*3 of \d samples failed \(fail_after 3\)/,
  },
  {
    what: "a closed connection",
    set: (watch) => watch.answer(() => ({ kind: "reset" })),
    verdict: "fail",
    reason: /connection closed/,
  },
  {
    what: "something that is not HTTP",
    set: (watch) => watch.answer(() => ({ kind: "garbled" })),
    verdict: "fail",
    reason: /not HTTP/,
  },
  {
    what: "404 against the default condition",
    set: (watch) => watch.answer(() => ({ status: 404 })),
    verdict: "fail",
    reason: /wanted status between 200 and 299, got 404/,
  },
  {
    what: "500 while the condition looks at the body only",
    checks: `health: { http: /health, pass: body.status == "ok", on_fail: revert }`,
    set: (watch) => watch.answer(() => ({ status: 500, body: `{"status":"ok"}` })),
    verdict: "fail",
    reason: /answered 500/,
  },
  {
    what: "503 of its own address, written out",
    checks: `health: { http: "http://127.0.0.1:WEB_PORT/health", on_fail: revert }`,
    set: (watch) => watch.answer(() => ({ status: 503 })),
    verdict: "fail",
    reason: /503/,
  },
  {
    what: "the wrong commit",
    checks: `health: { http: /health, pass: body.commit == deploy.sha, on_fail: revert }`,
    set: (watch) => watch.answer(() => ({ body: JSON.stringify({ commit: watch.good.slice(0, 7) }) })),
    verdict: "fail",
    reason: /body.commit == deploy.sha/,
  },
];

const ERRORS: readonly Row[] = [
  {
    what: "429",
    set: (watch) => watch.answer(() => ({ status: 429 })),
    verdict: "unknown",
    reason: /429: too many requests/,
  },
  {
    what: "a challenge of the edge",
    set: (watch) => watch.answer(() => ({ status: 403, headers: { "cf-mitigated": "challenge" } })),
    verdict: "unknown",
    reason: /challenged/,
  },
  {
    what: "5xx of another host",
    checks: `health: { http: "http://localhost:WEB_PORT/health", on_fail: revert }`,
    set: (watch) => watch.answer(() => ({ status: 502 })),
    verdict: "unknown",
    reason: /not the service's own host/,
  },
  {
    what: "another host that refuses",
    checks: `health: { http: "http://127.0.0.1:9/health", on_fail: revert }`,
    set: () => undefined,
    verdict: "unknown",
    reason: /connection refused/,
  },
  {
    what: "503 while Render's API cannot say whether the service is suspended",
    set(watch) {
      watch.answer(() => ({ status: 503 }));
      // What is live can be read; the service cannot.
      watch.render.fault({
        route: /^GET \/services\/[^/]+$/,
        kind: "status",
        status: 503,
        from: watch.liveAt,
      });
    },
    verdict: "unknown",
    reason: /Render's API does not say whether the service is suspended/,
  },
  {
    what: "503 of a suspended service",
    set(watch) {
      watch.answer(() => ({ status: 503 }));
      watch.after(0, () => (watch.service.suspended = "suspended"));
    },
    verdict: "unknown",
    reason: /the service is suspended/,
  },
  {
    what: "503 in maintenance mode",
    set(watch) {
      watch.answer(() => ({ status: 503 }));
      watch.after(0, () => (watch.service.serviceDetails["maintenanceMode"] = { enabled: true, uri: "" }));
    },
    verdict: "unknown",
    reason: /maintenance mode is on/,
  },
  {
    what: "503 in Render's own maintenance",
    set(watch) {
      watch.answer(() => ({ status: 503 }));
      watch.after(0, () =>
        watch.render.event(watch.service.id, {
          type: "maintenance_started",
          details: { trigger: { manual: false, startedByRender: true } },
        }),
      );
    },
    verdict: "unknown",
    reason: /Render's maintenance is in progress/,
  },
];

/** How a request may end without an answer, and whether the service is to blame. */
const SILENCES = [
  ["refused", "fail"],
  ["timeout", "fail"],
  ["unresolved", "unknown"],
  ["tls", "unknown"],
  ["network", "unknown"],
] as const;

async function judged(row: Row) {
  const watch = await startWatch(row.checks ?? HEALTH);
  await using _watch = watch;
  row.set(watch);
  const result = await watch.run();
  return { watch, result };
}

describe("a failure of the service's own host", () => {
  it.each(FAILURES)("$what fails", async (row) => {
    const { watch, result } = await judged(row);
    expect(checkOf(result, "health")).toMatchObject({
      verdict: "fail",
      reason: expect.stringMatching(row.reason),
    });
    expectTold(watch, result);
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expectLawful(watch);
  });
});

describe("trouble that says nothing of the new version", () => {
  it.each(ERRORS)("$what is $verdict", async (row) => {
    const { watch, result } = await judged(row);
    const check = checkOf(result, "health");
    expect(check).toMatchObject({ verdict: row.verdict, reason: expect.stringMatching(row.reason) });
    expect(check.errors).toBeGreaterThan(0);
    expectTold(watch, result);
    expectNoAct(watch);
  });
});

describe("no answer", () => {
  it.each(SILENCES)("%s: %s", async (cause, verdict) => {
    const watch = await startWatch(HEALTH);
    await using _watch = watch;
    const result = await watch.run({
      edges: (edges) => ({
        ...edges,
        prober: {
          probe: (request) =>
            watch.clock.now() < watch.liveAt
              ? edges.prober.probe(request)
              : Promise.resolve({ kind: "silence", latencyMs: 1, cause, reason: `it is ${cause}` }),
        },
      }),
    });
    expect(checkOf(result, "health")).toMatchObject({ verdict, reason: expect.stringContaining(cause) });
    expectTold(watch, result);
    expect(watch.github.pulls).toHaveLength(verdict === "fail" ? 1 : 0);
    expectLawful(watch);
  });
});

it("an old version that could not be asked at first is asked again before the new one is blamed", async () => {
  await using watch = await startWatch(
    "page: { http: /page, pass: status == 200, fail_after: 2, on_fail: revert }",
    { story: { buildMs: 60_000 } },
  );
  let asked = 0;
  watch.web.answerWith(() => ({ status: (asked += 1) === 1 ? 429 : 404 }));
  const result = await watch.run();
  expect(result.report).toMatchObject({
    verdict: "fail",
    actions: [{ kind: "revert_pr", state: "held", reason: '"page" was already failing before' }],
  });
  expectNoAct(watch);
});

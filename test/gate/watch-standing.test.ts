import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectLawful,
  expectNoAct,
  expectTold,
  startWatch,
  type Watch,
  type WatchOptions,
} from "./watch-scene.ts";

interface Row {
  readonly what: string;
  readonly checks: string;
  readonly options?: WatchOptions;
  readonly set?: (watch: Watch) => void;
  readonly verdict: string;
  readonly reason: RegExp;
  readonly samples?: number;
}

/** 503 in these spans, in seconds after live. */
function downIn(...spans: readonly (readonly [number, number])[]): (watch: Watch) => void {
  return (watch) =>
    watch.answer((_request, after) =>
      spans.some(([from, to]) => after >= from * 1_000 && after < to * 1_000)
        ? { status: 503 }
        : { body: JSON.stringify({ depth: Math.round(after / 1_000), ok: true }) },
    );
}

// Samples are taken some 1 s after live, and then every 10 s until 60 s.
const ROWS: readonly Row[] = [
  {
    what: "all passing",
    checks: "health: { http: /health }",
    verdict: "pass",
    reason: /status between 200 and 299/,
  },
  {
    what: "failing in grace only",
    checks: "health: { http: /health, grace: 25s }",
    set: downIn([0, 24]),
    verdict: "pass",
    reason: /status between 200 and 299/,
  },
  {
    what: "failing right after grace",
    checks: "health: { http: /health, grace: 25s, fail_after: 2 }",
    set: downIn([0, 45]),
    verdict: "fail",
    reason: /2 of \d samples failed \(fail_after 2\), later samples passed/,
  },
  {
    what: "two failing in a row, short of three",
    checks: "health: { http: /health }",
    set: downIn([15, 35]),
    verdict: "warn",
    reason: /2 of 6 samples failed, short of fail_after 3/,
  },
  {
    what: "three failing, not in a row",
    checks: "health: { http: /health }",
    set: downIn([5, 25], [35, 45]),
    verdict: "warn",
    reason: /3 of 6 samples failed, short of fail_after 3/,
  },
  {
    what: "three failing of five",
    checks: `health: { http: /health, fail_after: "3 of 5" }`,
    set: downIn([5, 25], [35, 45]),
    verdict: "fail",
    reason: /3 of \d samples failed \(fail_after 3 of 5\)/,
  },
  {
    what: "failing for 30 s",
    checks: "health: { http: /health, fail_after: 30s }",
    set: downIn([5, 45]),
    verdict: "fail",
    reason: /failed \(fail_after 30s\)/,
  },
  {
    what: "failing for less than 30 s",
    checks: "health: { http: /health, fail_after: 30s }",
    set: downIn([5, 30]),
    verdict: "warn",
    reason: /short of fail_after 30s/,
  },
  {
    what: "a failing run that is open at the end and goes on",
    checks: "health: { http: /health }",
    set: downIn([45, 999]),
    verdict: "fail",
    reason: /3 of \d samples failed \(fail_after 3\)/,
    samples: 8,
  },
  {
    what: "a failing run that is open at the end and recovers",
    checks: "health: { http: /health }",
    set: downIn([45, 65]),
    verdict: "warn",
    reason: /short of fail_after 3/,
    samples: 8,
  },
  {
    what: "pass_after not reached at the end",
    checks: "health: { http: /health, pass_after: 3 }",
    set: downIn([15, 25], [35, 45]),
    verdict: "unknown",
    reason: /not settled: 1 of 3 passes in a row/,
  },
  {
    what: "pass_after reached",
    checks: "health: { http: /health, pass_after: 3 }",
    verdict: "pass",
    reason: /status between/,
  },
  {
    what: "need never met",
    checks: "health: { http: /health, pass: latency < 10s, need: body.depth > 1000 }",
    set: downIn(),
    verdict: "unknown",
    reason: /not measured: 0 of 0.*need body.depth > 1000 not met/,
  },
  {
    what: "need never met, and the night is quiet",
    checks: `health: { http: /health, pass: latency < 10s, need: body.depth > 1000, if_unknown: warn }
other: { http: /health }`,
    set: downIn(),
    verdict: "warn",
    reason: /need body.depth > 1000 not met/,
  },
  {
    what: "need met late",
    checks: "health: { http: /health, pass: latency < 10s, need: body.depth > 35 }",
    set: downIn(),
    verdict: "pass",
    reason: /latency < 10s/,
  },
  {
    what: "a path that is missing",
    checks: "health: { http: /health, pass: body.no.such == 1 }",
    set: downIn(),
    verdict: "unknown",
    reason: /body.no.such == 1 not evaluated: body.no.such is missing/,
  },
  {
    what: "a warn line",
    checks: "health: { http: /health, warn: body.depth > 0 }",
    set: downIn(),
    verdict: "warn",
    reason: /body.depth > 0/,
  },
  {
    what: "between pass and fail",
    checks: "health: { http: /health, pass: body.depth < 0, fail: body.depth > 1000 }",
    set: downIn(),
    verdict: "warn",
    reason: /wanted body.depth < 0, got 5\d/,
  },
  {
    what: "p95 over the samples of the watch",
    checks: "health: { http: /health, pass: p95(body.depth) < 30 }",
    set: downIn(),
    verdict: "fail",
    reason: /wanted p95\(body.depth\) < 30, got 5\d; 3 of \d samples failed/,
  },
  {
    what: "max, without what grace forgives",
    checks: "health: { http: /health, grace: 15s, pass: min(body.depth) > 15 }",
    set: downIn(),
    verdict: "pass",
    reason: /min\(body.depth\) > 15 \(2\d\)/,
  },
  {
    what: "fewer than half of the due samples taken",
    checks: "health: { http: { url: /health, headers: { x: y } } }",
    set(watch) {
      watch.answer((_request, after) => (after < 38_000 ? { status: 429 } : { body: "ok" }));
    },
    verdict: "unknown",
    reason: /not measured: 2 of 6 due samples judged, 4 errors/,
  },
  {
    what: "none of the last two samples taken",
    checks: "health: { http: /health }",
    set(watch) {
      watch.answer((_request, after) => (after > 38_000 ? { status: 429 } : { body: "ok" }));
    },
    verdict: "unknown",
    reason: /not measured: 4 of 6 due samples judged, 2 errors/,
  },
  {
    what: "errors between failing samples",
    checks: "health: { http: /health }",
    set(watch) {
      watch.answer((_request, after) => ({ status: Math.round(after / 10_000) % 2 === 0 ? 503 : 429 }));
    },
    verdict: "fail",
    reason: /3 of \d samples failed \(fail_after 3\)/,
  },
];

describe("how a check stands at the end of its stage", () => {
  it.each(ROWS)("$what: $verdict", async (row) => {
    const watch = await startWatch(row.checks, row.options);
    await using _watch = watch;
    row.set?.(watch);
    const result = await watch.run();
    expect(checkOf(result, "health")).toMatchObject({
      verdict: row.verdict,
      reason: expect.stringMatching(row.reason),
      ...(row.samples === undefined ? {} : { samples: row.samples }),
    });
    expect(result.ending.verdict).toBe(row.verdict);
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("nothing measured at all is unknown, though if_unknown says warn", async () => {
    const watch = await startWatch("health: { http: /health, need: body.depth > 1000, if_unknown: warn }");
    await using _watch = watch;
    downIn()(watch);
    const result = await watch.run();
    expect(checkOf(result, "health")).toMatchObject({ verdict: "warn" });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectTold(watch, result);
    expectNoAct(watch);
  });
});

describe("only_if", () => {
  const CHECKS = `queue: { http: /queue, pass: status == 200 }
drain: { http: /drain, pass: body.ok == true, only_if: queue.body.depth > LIMIT }`;
  it.each([
    ["holds", "0", "pass", /body.ok == true/, 6],
    ["holds for a while", "25", "pass", /body.ok == true/, 3],
    ["never holds", "1000", "not-applied", /only_if never held/, 0],
  ])("%s", async (_what, limit, verdict, reason, samples) => {
    const watch = await startWatch(CHECKS.replace("LIMIT", limit));
    await using _watch = watch;
    downIn()(watch);
    const result = await watch.run();
    expect(checkOf(result, "drain")).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason),
      samples,
      errors: 0,
    });
    expect(result.ending.verdict).toBe("pass");
    expectNoAct(watch);
  });

  it("that cannot be read is an error, never a pass", async () => {
    const watch = await startWatch(CHECKS.replace("depth > LIMIT", "none > 1"));
    await using _watch = watch;
    downIn()(watch);
    const result = await watch.run();
    expect(checkOf(result, "drain")).toMatchObject({
      verdict: "unknown",
      errors: 6,
      reason: expect.stringContaining("could not be read"),
    });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(watch);
  });

  it("of every check, never holding, is no green", async () => {
    const watch = await startWatch(`a: { http: /a, only_if: b.status == 1 }
b: { http: /b, only_if: a.status == 1 }`);
    await using _watch = watch;
    const result = await watch.run();
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expectNoAct(watch);
  });
});

describe("the end of the watch", () => {
  const down = downIn([5, 999]);

  it("comes at once when a check with a remedy fails", async () => {
    const watch = await startWatch("health: { http: /health, on_fail: revert }\nhome: { http: / }");
    await using _watch = watch;
    down(watch);
    const result = await watch.run();
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expect(watch.clock.now() - watch.liveAt).toBeLessThan(45_000);
    expectLawful(watch);
  });

  it("waits for the stage when a check only alerts", async () => {
    const watch = await startWatch("health: { http: /health }\nhome: { http: / }");
    await using _watch = watch;
    down(watch);
    const result = await watch.run();
    expect(result.ending.verdict).toBe("fail");
    expect(watch.clock.now() - watch.liveAt).toBeGreaterThanOrEqual(60_000);
    expect(checkOf(result, "home").samples).toBe(6);
    expectNoAct(watch);
  });

  it("never comes early on success", async () => {
    const watch = await startWatch("health: { http: /health }", { boot: "{ for: 3m, every: 20s }" });
    await using _watch = watch;
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    expect(watch.clock.now() - watch.liveAt).toBeGreaterThanOrEqual(180_000);
    expect(checkOf(result, "health").samples).toBe(9);
  });

  it("looks at what is live first: what a descendant took over is not failed", async () => {
    const watch = await startWatch("health: { http: /health, on_fail: revert }");
    await using _watch = watch;
    down(watch);
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third (#3)");
    // Live between two looks, just before the failure is decided.
    watch.after(0, () => {
      watch.render.story(watch.service.id, next, { createdMs: 0, buildMs: 20_000, updateMs: 8_000 });
    });
    const result = await watch.run();
    expect(result.report).toMatchObject({
      verdict: "superseded",
      reason: expect.stringContaining("failed before"),
    });
    expect(watch.github.pulls).toEqual([]);
    expectLawful(watch);
  });
});

describe("already failing on the old version", () => {
  it("fails with the remedy held, and the rest of the stage is watched", async () => {
    const watch = await startWatch("health: { http: /health, on_fail: revert }\nhome: { http: / }");
    await using _watch = watch;
    watch.web.answerWith(({ path }) => (path === "/health" ? { status: 503 } : { body: "ok" }));
    const result = await watch.run();
    expect(result.report).toMatchObject({
      verdict: "fail",
      actions: [
        { kind: "revert_pr", state: "held", reason: expect.stringContaining("already failing before") },
      ],
    });
    expect(checkOf(result, "home")).toMatchObject({ verdict: "pass", samples: 6 });
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("does not excuse another check that fails anew", async () => {
    const watch = await startWatch(
      "health: { http: /health, on_fail: revert }\nhome: { http: /, on_fail: revert }",
    );
    await using _watch = watch;
    watch.web.answerWith(({ path }) =>
      path === "/health" || watch.clock.now() > watch.liveAt + 30_000 ? { status: 503 } : { body: "ok" },
    );
    const result = await watch.run();
    expect(result.report).toMatchObject({ verdict: "fail", actions: [{ kind: "revert_pr", state: "done" }] });
    expectLawful(watch);
  });
});

describe("a stage reached late", () => {
  it("gives http a fresh window of the stage's length", async () => {
    const watch = await startWatch("health: { http: /health }", { lateMs: 20 * 60_000 });
    await using _watch = watch;
    const started = watch.clock.now();
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    expect(watch.clock.now() - started).toBeGreaterThanOrEqual(60_000);
    expect(checkOf(result, "health").samples).toBe(7);
    expectNoAct(watch);
  });
});

describe("a sleeping free service", () => {
  it("is waited for, and its window begins with the first answer", async () => {
    const watch = await startWatch("health: { http: /health }", {
      lateMs: 20 * 60_000,
      service: { serviceDetails: { plan: "free" } },
    });
    await using _watch = watch;
    const timeouts: number[] = [];
    const result = await watch.run({
      edges: (edges) => ({
        ...edges,
        prober: {
          async probe(request) {
            timeouts.push(request.timeoutMs);
            if (timeouts.length === 1) await edges.clock.sleep(70_000);
            return edges.prober.probe(request);
          },
        },
      }),
    });
    expect(result.ending.verdict).toBe("pass");
    expect(timeouts[0]).toBeGreaterThanOrEqual(60_000);
    expect(timeouts[1]).toBeLessThanOrEqual(10_000);
    expect(checkOf(result, "health")).toMatchObject({ errors: 0 });
    expect(checkOf(result, "health").samples).toBeGreaterThanOrEqual(7);
    expectNoAct(watch);
  });
});

import { describe, expect, it } from "vitest";
import type { Edges, Forge } from "../../src/ports.ts";
import { startScene, type GateResult, type Scene } from "./scene.ts";

const CONFIG = `version: 1
service: shop-api
stages:
  boot: { for: 1m, every: 10s }
checks:
  health: { http: /health, on_fail: revert }
`;

interface Stage extends AsyncDisposable {
  readonly scene: Scene;
  readonly sha: string;
}

/** A deploy that is live and whose service is broken: the gate ends with a revert. */
async function failing(): Promise<Stage> {
  const scene = await startScene();
  const service = scene.render.service({
    name: "shop-api",
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
  });
  const good = await scene.push({ "app.py": "print('one')\n", ".github/deploy-gate.yml": CONFIG }, "First");
  scene.render.serving(service.id, good);
  const sha = await scene.push({ "app.py": "print('two')\n" }, "Second (#2)");
  scene.render.story(service.id, sha, { createdMs: 50, buildMs: 50, updateMs: 50 });
  await scene.clock.advance(200);
  scene.web.answerWith(() => ({ status: 503 }));
  return { scene, sha, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

/** The edges with one method of one port replaced; the replacement may call the real one. */
function withMethod<Port extends "forge" | "deploys" | "prober" | "workspace">(
  edges: Edges,
  name: readonly [port: Port, method: keyof Edges[Port]],
  replace: (
    real: (...given: readonly unknown[]) => Promise<unknown>,
  ) => (...given: readonly unknown[]) => unknown,
): Edges {
  const [port, method] = name;
  const target = edges[port];
  const real = (target[method] as (...given: readonly unknown[]) => Promise<unknown>).bind(target);
  return { ...edges, [port]: { ...target, [method]: replace(real) } };
}

const crashes = [
  ["workspace", "head"],
  ["forge", "compare"],
  ["forge", "findCheckRun"],
  ["deploys", "servicesNamed"],
  ["deploys", "deploys"],
  ["prober", "probe"],
] as const;

describe("an exception of our own", () => {
  it.each(crashes)("in %s.%s: told with its place, unknown, exit 1, nothing done", async (port, method) => {
    await using stage = await failing();
    const { scene, sha } = stage;
    const boom = (): never => {
      throw new TypeError("boom of rnd_StandInKey0123456789abcdefgh");
    };
    const result = await scene.gate({
      commit: sha,
      edges: (edges) => withMethod(edges, [port, method as never], () => boom),
    });
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(
      result.lines.some((line) =>
        /^error: (?:shop-api|unknown service): .*the gate itself failed: boom/.test(line),
      ),
    ).toBe(true);
    expect(result.lines.some((line) => /interruption\.test\.ts/.test(line))).toBe(true);
    expect(result.state["closed"]).toBe("true");
    expect(scene.github.pulls).toEqual([]);
    if (method !== "findCheckRun") {
      expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "action_required" }]);
      expect(scene.github.checkRuns[0]?.title).toContain("the gate itself failed: boom of ***");
      expect(scene.github.statuses.at(-1)?.state).toBe("error");
    }
    expect([...scene.render.violations, ...scene.github.violations]).toEqual([]);
  });
});

/** Every write of a failing gate, in its order; `nth` counts the calls of that method. */
const writes: readonly (readonly [method: keyof Forge, nth: number])[] = [
  ["createCheckRun", 1],
  ["setStatus", 1],
  ["updateCheckRun", 1],
  ["setStatus", 2],
  ["createCommit", 1],
  ["createBranch", 1],
  ["createPull", 1],
  ["updateCheckRun", 2],
];

describe("a cancellation in the middle of a write", () => {
  it.each(writes)("%s, number %i: a true state, and a re-run that doubles nothing", async (method, nth) => {
    await using stage = await failing();
    const { scene, sha } = stage;
    const job = new AbortController();
    let calls = 0;
    let after = 0;
    const result: GateResult = await scene.gate({
      commit: sha,
      signal: job.signal,
      edges: (edges) =>
        withMethod(edges, ["forge", method as never], (real) => (...given) => {
          calls += 1;
          if (calls === nth) job.abort();
          return real(...given);
        }),
    });
    expect(calls).toBeGreaterThanOrEqual(nth);
    after = scene.github.requests.length;
    const [checkRun, ...others] = scene.github.checkRuns;
    expect(others).toEqual([]);
    expect(checkRun?.status).toBe("completed");
    const isDecided = result.report.verdict === "fail";
    expect(checkRun?.conclusion).toBe(isDecided ? "failure" : "cancelled");
    expect(scene.github.statuses.at(-1)?.state).toBe(isDecided ? "failure" : "error");
    expect(result.ending.exitCode).toBe(1);
    expect(result.state["closed"]).toBe("true");

    // The story that was left does nothing more behind the ending.
    await scene.clock.advance(60_000);
    expect(scene.github.requests).toHaveLength(after);

    const rerun = await scene.gate({ commit: sha });
    expect(rerun.report.verdict).toBe("fail");
    expect(scene.github.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(scene.github.statuses.at(-1)?.state).toBe("failure");
    expect(scene.github.pulls).toHaveLength(1);
    expect([...scene.render.violations, ...scene.github.violations]).toEqual([]);
  });
});

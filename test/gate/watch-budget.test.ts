import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { planOf } from "../../src/config/plan.ts";
import { fileSchema } from "../../src/config/schema.ts";
import { createLogBook } from "../../src/core/log-book.ts";
import { checkOf, expectLawful, expectNoAct, startWatch } from "./watch-scene.ts";

const ALL = `health: { http: /health }
lines: { logs: { forbid: [FATAL], require: [ready] } }
crashes: { events: [server_failed] }`;

describe("from live to the first sample", () => {
  it.each([1_000, 3_000, 7_500, 31_000])("3 s at most, update of %d ms", async (updateMs) => {
    const watch = await startWatch(ALL, { story: { updateMs, buildMs: 31_000 } });
    await using _watch = watch;
    watch.say(-500, "ready");
    await watch.run();
    const first = watch.web.requests.find(({ at }) => at >= watch.liveAt);
    expect(first!.at - watch.liveAt).toBeLessThanOrEqual(3_000);
    expectNoAct(watch);
  });

  it("also when a long build log uses up the log calls", async () => {
    const watch = await startWatch(
      ALL.replace("forbid: [FATAL]", "type: build, forbid: [FATAL]").replace(", require: [ready]", ""),
      {
        story: { buildMs: 40_000 },
      },
    );
    await using _watch = watch;
    watch.render.refuseSockets(503);
    for (let at = -40_000; at < -4_000; at += 10)
      watch.say(at, `npm http fetch GET 200 ${at}`, { type: "build" });
    const result = await watch.run();
    const first = watch.web.requests.find(({ at }) => at >= watch.liveAt);
    expect(first!.at - watch.liveAt).toBeLessThanOrEqual(3_000);
    expect(checkOf(result, "health")).toMatchObject({ verdict: "pass", samples: 6 });
    expectNoAct(watch);
  });
});

describe("from a failing sample to the verdict", () => {
  it("one beat and 1 s at most", async () => {
    const watch = await startWatch(
      "health: { http: /health, fail_after: 1, on_fail: revert }\nslow: { http: /slow }",
    );
    await using _watch = watch;
    watch.answer(({ path }, after) =>
      path === "/health" && after > 25_000 ? { status: 503 } : { body: "ok" },
    );
    const result = await watch.run({
      edges: (edges) => ({
        ...edges,
        prober: {
          // A check that takes for ever holds up nobody.
          async probe(request) {
            if (request.url.endsWith("/slow")) await watch.beside.sleep(45_000);
            return edges.prober.probe(request);
          },
        },
      }),
    });
    expect(result.ending.verdict).toBe("fail");
    const failing = watch.web.requests.filter(
      ({ path, at }) => path === "/health" && at > watch.liveAt + 25_000,
    );
    const decided = watch.github.requests.find(
      ({ method, path, at }) => method === "PATCH" && /check-runs/.test(path) && at >= failing[0]!.at,
    );
    expect(decided!.at - failing[0]!.at).toBeLessThanOrEqual(11_000);
    expect(failing[0]!.at - watch.liveAt).toBeLessThanOrEqual(35_000);
    expectLawful(watch);
  });
});

describe("Render's budgets", () => {
  it("20 reads in any minute at most, with everything failing", async () => {
    const watch = await startWatch(`${ALL}\nhome: { http: /, fail_after: 20, every: 5s }`, {
      boot: "{ for: 3m, every: 5s }",
    });
    await using _watch = watch;
    watch.say(-500, "ready");
    watch.answer(() => ({ status: 503 }));
    await watch.run();
    const times = watch.render.requests.filter(({ group }) => group === "read").map(({ at }) => at);
    const most = Math.max(
      ...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length),
    );
    expect(most).toBeLessThanOrEqual(20);
    expectNoAct(watch);
  });
});

describe("200,000 lines", () => {
  it("leave little behind in the log book", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { checks } = planOf(
      fileSchema.parse({
        version: 1,
        stages: { boot: { for: "5m", every: "15s" } },
        checks: { lines: { logs: { forbid: ["FATAL", "/ERR_[A-Z]+/"], require: ["ready"] } } },
      }),
      { env: () => undefined, path: "deploy-gate.yml", lineOf: () => 1 },
    );
    const book = createLogBook({
      checks,
      keep: (text) => text,
      facts: () => ({
        startedAt: 0,
        liveAt: 1_000,
        shutdownDelayMs: 30_000,
        hasInstances: true,
        knowsNewInstances: true,
        isNew: (suffix) => (suffix === "zzzzz" ? undefined : true),
      }),
    });
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200_000; index += 1) {
      const message = `${index % 3 === 0 ? "FATAL" : "INFO"} request ${index} ${"x".repeat(200)}`;
      const instance = index % 5 === 0 ? "zzzzz" : "bbbbb";
      book.add(
        { id: `log-${index}`, at: index, timestamp: "", message, type: "app", level: "info", instance },
        index,
      );
    }
    collect();
    expect(book.linesRead()).toBeGreaterThanOrEqual(160_000);
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(40);
  });
});

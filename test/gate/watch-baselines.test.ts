import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type Postgres } from "../stand-ins/postgres.ts";
import type { GateResult } from "./scene.ts";
import { checkOf, expectLawful, startWatch, type Watch } from "./watch-scene.ts";

const DEPTH = "depth: { http: { url: /depth }, fail: body.depth > +50%, baseline: while-building }";

/** The baseline that the first condition of the check saw. */
const comparedWith = (result: GateResult): unknown => checkOf(result, "depth").findings[0]?.baseline;

/** The service's queue as the old version and the new one tell it. */
function answerDepth(watch: Watch, before: number, after: number): void {
  watch.web.answerWith(() => ({
    body: JSON.stringify({ depth: watch.clock.now() < watch.liveAt ? before : after }),
  }));
}

/** Deploys another commit and runs its gate. */
async function deployNext(watch: Watch, name: string): ReturnType<Watch["run"]> {
  const sha = await watch.push({ "app.py": `print('${name}')\n` }, name);
  watch.render.story(watch.service.id, sha, {
    createdMs: 1_000,
    buildMs: 8_000,
    updateMs: 3_000,
    instances: [name],
  });
  return watch.run({ commit: sha });
}

describe("while-building", () => {
  it.each([
    [10, 15, "pass", /body.depth > \+50% does not hold \(15, baseline 10\)/],
    [10, 16, "fail", /fails on body.depth > \+50%, got 16/],
  ] as const)("the old version's %s against %s is %s", async (before, after, verdict, reason) => {
    await using watch = await startWatch(DEPTH);
    answerDepth(watch, before, after);
    const result = await watch.run();
    expect([checkOf(result, "depth").verdict, comparedWith(result)]).toEqual([verdict, 10]);
    expect(checkOf(result, "depth").reason).toMatch(reason);
    expect(checkOf(result, "depth").series[0]).toMatchObject({ subject: "body.depth", baseline: 10 });
    expectLawful(watch);
  });

  it("it is the median of the samples taken while the new version was built", async () => {
    await using watch = await startWatch(DEPTH, { story: { buildMs: 60_000 } });
    let asked = 0;
    watch.web.answerWith(() => {
      const isOld = watch.clock.now() < watch.liveAt;
      if (isOld) asked += 1;
      return { body: JSON.stringify({ depth: isOld ? (asked % 3 === 0 ? 1_000 : 10) : 14 }) };
    });
    const result = await watch.run();
    expect(asked).toBeGreaterThanOrEqual(5);
    expect([checkOf(result, "depth").verdict, comparedWith(result)]).toEqual(["pass", 10]);
  });

  it("a version whose gate failed is no baseline: the last good one is", async () => {
    await using watch = await startWatch(`${DEPTH}\nhealth: { http: /health, fail_after: 1 }`);
    let depth = 10;
    let status = 200;
    watch.web.answerWith(({ path }) => ({
      status: path === "/health" && watch.clock.now() >= watch.liveAt ? status : 200,
      body: JSON.stringify({ depth }),
    }));
    await watch.run();
    [depth, status] = [12, 500];
    const second = await deployNext(watch, "ccccc");
    expect([second.ending.verdict, comparedWith(second)]).toEqual(["fail", 12]);
    [depth, status] = [14, 200];
    const third = await deployNext(watch, "ddddd");
    expect([third.ending.verdict, comparedWith(third)]).toEqual(["pass", 10]);
  });

  it("a gate that comes too late says that there is nothing to compare with", async () => {
    await using watch = await startWatch(DEPTH, { lateMs: 5_000 });
    answerDepth(watch, 10, 100);
    const result = await watch.run();
    expect(checkOf(result, "depth").verdict).toBe("unknown");
    expect(checkOf(result, "depth").reason).toMatch(
      /no baseline for body.depth: the gate came when the old version/,
    );
  });

  it("under the floor nothing is compared", async () => {
    const floor = DEPTH.replace("baseline:", "floor: 100, if_unknown: warn, baseline:");
    await using watch = await startWatch(`${floor}\nhealth: { http: /health }`);
    answerDepth(watch, 10, 99);
    const result = await watch.run();
    expect(checkOf(result, "depth")).toMatchObject({ verdict: "warn" });
    expect(checkOf(result, "depth").reason).toContain("under the floor of 100");
  });
});

describe("rows that the old version had, too", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  const CHECK = `twins:
  sql: SELECT place_id, count(*) AS copies FROM place GROUP BY place_id HAVING count(*) > 1 ORDER BY place_id
  fail: new_rows > 0
  warn: rows > 0
  fail_after: 1
  baseline: while-building
  diagnose: [SELECT count(*) AS places FROM place]`;
  const start = async (): Promise<Watch> => {
    await postgres.sql("DROP TABLE IF EXISTS place; CREATE TABLE place (place_id text)");
    await postgres.sql("INSERT INTO place VALUES ('old-twin'), ('old-twin'), ('single')");
    return startWatch(CHECK, { more: "databases: { main: { url: $DATABASE_URL } }" });
  };

  it("are shown, not blamed", async () => {
    await using watch = await start();
    const result = await watch.run({ env: { DATABASE_URL: postgres.url } });
    const twins = checkOf(result, "twins");
    expect(twins.verdict).toBe("warn");
    expect(twins.evidence).toMatchObject([{ text: expect.stringContaining("old-twin") as string }]);
    expect(twins.diagnosis).toEqual([]);
  });

  it("new ones are blamed, shown first, and diagnosed once", async () => {
    await using watch = await start();
    let hasTwins = false;
    const result = await watch.run({
      env: { DATABASE_URL: postgres.url },
      edges: (edges) => ({
        ...edges,
        database: {
          ...edges.database,
          async query(request) {
            if (!hasTwins && watch.clock.now() > watch.liveAt + 15_000) {
              hasTwins = true;
              await postgres.sql("INSERT INTO place VALUES ('new-twin'), ('new-twin')");
            }
            return edges.database.query(request);
          },
        },
      }),
    });
    const twins = checkOf(result, "twins");
    expect(twins.verdict).toBe("fail");
    expect(twins.reason).toContain("new_rows > 0, got 1");
    expect(JSON.stringify(twins.evidence)).toMatch(/new: .*new-twin.*old-twin/);
    expect(twins.diagnosis.map(({ text }) => text)).toEqual([
      "SELECT count(*) AS places FROM place",
      '{"places":5}',
    ]);
  });

  it("what was diagnosed of a deploy is not told of the redeploy that replaced it", async () => {
    const check = `health: { http: /health, fail_after: 1, diagnose: [SELECT 1 AS one] }`;
    await using watch = await startWatch(check, {
      boot: "{ for: 2m, every: 10s }",
      more: "databases: { main: { url: $DATABASE_URL } }",
    });
    const again = watch.render.story(watch.service.id, watch.bad, {
      createdMs: 1_000,
      trigger: "service_updated",
      instances: ["ccccc"],
      at: watch.liveAt + 20_000,
      buildMs: 5_000,
      updateMs: 5_000,
    });
    watch.answer(() => ({ status: watch.clock.now() < again.liveAt! ? 500 : 200 }));
    const result = await watch.run({ env: { DATABASE_URL: postgres.url } });
    expect(checkOf(result, "health")).toMatchObject({ verdict: "pass", diagnosis: [] });
  });
});

describe("what earlier gates measured", () => {
  const checks = (kind: string): string =>
    `depth: { http: /depth, fail: body.depth > +50%, baseline: ${kind} }\nhealth: { http: /health }`;
  const depths = (watch: Watch, depth: () => number): void =>
    watch.web.answerWith(() => ({ body: JSON.stringify({ depth: depth() }) }));

  it.each(["previous deploy", "last 5 good deploys"])("%s: there is none yet", async (kind) => {
    await using watch = await startWatch(checks(kind));
    depths(watch, () => 10);
    const result = await watch.run();
    expect(result.ending.verdict).toBe("warn");
    expect(checkOf(result, "depth").reason).toMatch(
      /not compared: .*no gate has measured an earlier deploy yet/,
    );
  });

  it("previous deploy: what the gate before this one measured", async () => {
    await using watch = await startWatch(checks("previous deploy"));
    let depth = 10;
    depths(watch, () => depth);
    await watch.run();
    depth = 14;
    const second = await deployNext(watch, "ccccc");
    expect([checkOf(second, "depth").verdict, comparedWith(second)]).toEqual(["pass", 10]);
    depth = 40;
    const third = await deployNext(watch, "ddddd");
    expect([checkOf(third, "depth").verdict, comparedWith(third)]).toEqual(["fail", 14]);
    // One that failed is no baseline: the last good one stays it.
    const fourth = await deployNext(watch, "eeeee");
    expect([checkOf(fourth, "depth").verdict, comparedWith(fourth)]).toEqual(["fail", 14]);
    expectLawful(watch);
  });

  it("last 5 good deploys: the median of those there are", async () => {
    await using watch = await startWatch(checks("last 5 good deploys"));
    const measured = [10, 11, 12];
    let depth = 10;
    depths(watch, () => depth);
    await watch.run();
    for (const [index, next] of measured.slice(1).entries()) {
      depth = next;
      await deployNext(watch, `cccc${index}`);
    }
    const last = await deployNext(watch, "zzzzz");
    expect([checkOf(last, "depth").verdict, comparedWith(last)]).toEqual(["pass", 11]);
  });

  it("a gate that cannot read them does not know", async () => {
    await using watch = await startWatch(checks("previous deploy"));
    depths(watch, () => 10);
    await watch.run();
    watch.github.fault({
      route: new RegExp(`GET .*/commits/${watch.bad}/check-runs`),
      kind: "status",
      status: 403,
    });
    const second = await deployNext(watch, "ccccc");
    expect(checkOf(second, "depth").verdict).toBe("unknown");
    expect(checkOf(second, "depth").reason).toContain("what earlier gates said could not be read");
  });

  it.each([
    [
      "of another service of that name is nothing to compare with",
      /"service": "[^"]+"/,
      '"service": "srv-other"',
      "warn",
      /no gate has measured an earlier deploy yet/,
    ],
    [
      "that is damaged is not known",
      /"version": 1/,
      '"version": 2',
      "unknown",
      /what earlier gates said could not/,
    ],
  ] as const)("what is kept %s", async (_rule, from, to, verdict, reason) => {
    await using watch = await startWatch(checks("previous deploy"));
    depths(watch, () => 10);
    await watch.run();
    const [first] = watch.github.checkRuns;
    if (first !== undefined) Object.assign(first, { text: first.text?.replace(from, to) });
    const second = await deployNext(watch, "ccccc");
    expect(checkOf(second, "depth")).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it("a deploy that had failed when a newer one took over is none", async () => {
    await using watch = await startWatch(checks("previous deploy"), {
      boot: "{ for: 1m, every: 10s }, hour: { for: 1h, every: 5m }",
    });
    watch.answer(({ path }, after) =>
      path === "/depth" ? { body: '{ "depth": 1000 }' } : { status: after < 120_000 ? 200 : 500 },
    );
    let next: ReturnType<Watch["push"]> | undefined;
    watch.after(40 * 60_000, () => {
      next = watch.push({ "app.py": "print('three')\n" }, "Third");
      void next.then((sha) => watch.render.story(watch.service.id, sha, { instances: ["ccccc"] }));
    });
    const first = await watch.run({ inlineMs: 3_600_000 });
    expect([first.report.verdict, checkOf(first, "health").verdict]).toEqual(["warn", "fail"]);
    depths(watch, () => 10);
    const second = await deployNext(watch, "ddddd");
    expect(checkOf(second, "depth")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("none of the 1 gates before this one went well") as string,
    });
  });
});

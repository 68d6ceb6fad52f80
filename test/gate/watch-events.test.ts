import { describe, expect, it } from "vitest";
import { failures } from "../stand-ins/render/server.ts";
import {
  checkOf,
  expectLawful,
  expectNoAct,
  expectTold,
  NEW,
  OLD,
  startWatch,
  type Watch,
} from "./watch-scene.ts";

const CRASHES = "crashes: { events: [server_failed] }";
const RESTARTS = "crashes: { events: [server_restarted] }";
const TRIGGER = { trigger: { manual: false, startedByRender: true } };

/** `server_failed` of an instance so many ms after live. */
function fails(watch: Watch, after: number, about: { suffix?: string; reason?: unknown } = {}): void {
  const { suffix = NEW, reason = failures.outOfMemory() } = about;
  watch.render.event(watch.service.id, {
    type: "server_failed",
    details: { instanceID: `${watch.service.id}-${suffix}`, reason },
    at: watch.liveAt + after,
  });
}

interface Row {
  readonly what: string;
  readonly checks?: string;
  readonly lateMs?: number;
  readonly set: (watch: Watch) => void;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: readonly Row[] = [
  { what: "nothing", set: () => undefined, verdict: "pass", reason: /count >= 1 does not hold \(0\)/ },
  {
    what: "a crash of the new instance",
    set: (watch) => fails(watch, 20_000),
    verdict: "fail",
    reason: /fails on count >= 1, got 1/,
  },
  {
    what: "a crash before live",
    set: (watch) => fails(watch, -1_000),
    verdict: "pass",
    reason: /does not hold \(0\)/,
  },
  {
    what: "a crash of the old instance after live",
    set: (watch) => fails(watch, 30_000, { suffix: OLD }),
    verdict: "pass",
    reason: /\(0\) \(1 not counted: old instance\)/,
  },
  {
    what: "an eviction",
    set: (watch) => fails(watch, 20_000, { reason: failures.evicted() }),
    verdict: "pass",
    reason: /1 not counted: evicted/,
  },
  {
    what: "a hardware failure",
    set(watch) {
      watch.render.event(watch.service.id, { type: "server_hardware_failure", at: watch.liveAt + 19_000 });
      fails(watch, 20_000);
    },
    verdict: "pass",
    reason: /1 not counted: hardware/,
  },
  {
    what: "a crash in Render's maintenance",
    set(watch) {
      const { id } = watch.service;
      watch.render.event(id, { type: "maintenance_started", details: TRIGGER, at: watch.liveAt + 15_000 });
      fails(watch, 20_000);
      watch.render.event(id, { type: "maintenance_ended", details: TRIGGER, at: watch.liveAt + 25_000 });
    },
    verdict: "pass",
    reason: /1 not counted: maintenance/,
  },
  {
    what: "a restart by a person",
    checks: RESTARTS,
    set: (watch) =>
      watch.render.event(watch.service.id, {
        type: "server_restarted",
        details: { triggeredByUser: "jane@acme.test" },
        at: watch.liveAt + 20_000,
      }),
    verdict: "pass",
    reason: /1 not counted: by a person/,
  },
  {
    what: "a restart by nobody",
    checks: RESTARTS,
    set: (watch) =>
      watch.render.event(watch.service.id, {
        type: "server_restarted",
        details: { triggeredByUser: null },
        at: watch.liveAt + 20_000,
      }),
    verdict: "fail",
    reason: /fails on count >= 1, got 1/,
  },
  {
    what: "fewer crashes than are allowed",
    checks: "crashes: { events: [server_failed], fail: count >= 3 }",
    set: (watch) => fails(watch, 20_000),
    verdict: "pass",
    reason: /count >= 3 does not hold \(1\)/,
  },
  {
    what: "a crash long before the gate came",
    lateMs: 20 * 60_000,
    set: (watch) => fails(watch, 5 * 60_000),
    verdict: "fail",
    reason: /fails on count >= 1, got 1/,
  },
  {
    what: "a crash more than a day before the gate came",
    lateMs: 25 * 60 * 60_000,
    set: (watch) => fails(watch, 10 * 60_000),
    verdict: "fail",
    reason: /fails on count >= 1, got 1/,
  },
  {
    what: "a crash of nobody knows whom, while old instances were still there",
    lateMs: 20 * 60_000,
    set: (watch) => fails(watch, 30_000, { suffix: "zzzzz" }),
    verdict: "unknown",
    reason: /whether an old or a new instance cannot be said/,
  },
  {
    what: "a crash just before the end",
    set: (watch) => fails(watch, 59_500),
    verdict: "fail",
    reason: /fails on count >= 1, got 1/,
  },
  {
    what: "events that cannot be read",
    set: (watch) => void watch.render.fault({ route: /\/events$/, kind: "forbidden", from: watch.liveAt }),
    verdict: "unknown",
    reason: /0 of \d+ due samples judged/,
  },
  {
    what: "events that cannot be read at the end",
    set: (watch) =>
      void watch.render.fault({ route: /\/events$/, kind: "forbidden", from: watch.liveAt + 55_000 }),
    verdict: "unknown",
    reason: /403/,
  },
];

describe("a check of Render's events", () => {
  it.each(ROWS)("$what: $verdict", async (row) => {
    const watch = await startWatch(row.checks ?? CRASHES, row.lateMs === undefined ? {} : { lateMs: 0 });
    await using _watch = watch;
    row.set(watch);
    if (row.lateMs !== undefined) await watch.clock.advance(row.lateMs);
    const result = await watch.run();
    expect(checkOf(result, "crashes")).toMatchObject({
      verdict: row.verdict,
      reason: expect.stringMatching(row.reason),
    });
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("counts the instances that restarts brought", async () => {
    const watch = await startWatch("crashes: { events: [server_failed], fail: count >= 3, on_fail: revert }");
    await using _watch = watch;
    let suffix = NEW;
    for (const after of [10_000, 20_000, 30_000])
      watch.after(after, () => (suffix = watch.render.crash(watch.service.id, suffix, failures.exit(137))));
    const result = await watch.run();
    expect(checkOf(result, "crashes")).toMatchObject({ verdict: "fail" });
    expect(checkOf(result, "crashes").evidence).toHaveLength(3);
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expectLawful(watch);
  });

  it("does not blame this deploy for an old version that is restarted again and again", async () => {
    const watch = await startWatch("crashes: { events: [server_failed], on_fail: revert }", {
      boot: "{ for: 2m, every: 10s }",
    });
    await using _watch = watch;
    let suffix = OLD;
    for (const after of [-1_500, 20_000, 50_000])
      watch.after(after, () => (suffix = watch.render.crash(watch.service.id, suffix, failures.exit(1))));
    const result = await watch.run();
    expect(checkOf(result, "crashes")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("whether an old or a new instance cannot be said"),
    });
    expectNoAct(watch);
  });

  it("does not blame this deploy for the crashes of a newer one", async () => {
    const watch = await startWatch("crashes: { events: [server_failed], on_fail: revert }");
    await using _watch = watch;
    const next = await watch.push({ "app.py": "print('three')\n" }, "Third (#3)");
    watch.after(5_000, () =>
      watch.render.story(watch.service.id, next, {
        createdMs: 0,
        buildMs: 10_000,
        updateMs: 80_000,
        instances: ["ccccc"],
      }),
    );
    watch.after(35_000, () => watch.render.crash(watch.service.id, "ccccc"));
    const result = await watch.run();
    expect(checkOf(result, "crashes")).toMatchObject({ verdict: "pass" });
    expectNoAct(watch);
  });
});

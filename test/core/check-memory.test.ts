import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/file.ts";
import { keptCheck, keptCheckOf, type KeptCheck } from "../../src/core/check-memory.ts";
import type { Check, Sample } from "../../src/core/check.ts";
import { dependenciesOf } from "../../src/core/dependencies.ts";
import { findingOf } from "../../src/core/finding.ts";
import { createLogBook } from "../../src/core/log-book.ts";
import { createMeasured } from "../../src/core/measured.ts";
import { createSeries } from "../../src/core/series-book.ts";
import { Misfit } from "../../src/core/shape.ts";
import { NEW_STANDING, withFinding } from "../../src/core/standing.ts";
import type { Subjects } from "../../src/core/value.ts";
import { conditions, givenCheck, givenContext, HOUR, MINUTE, okSample, SECOND, T0 } from "./given.ts";
import { line, LIVE } from "./log-given.ts";

const CAPS = { series: 40, measured: 12, keep: (text: string) => text.replaceAll("hunter2", "***") };

/** What a healthy service shows: what moves has many digits. */
function subjectsOf({ name, source }: Check, at: number): Subjects {
  const moving = ((at / MINUTE) % 97) / 970;
  switch (name) {
    case "memory":
      return { value: 536_870_912 + Math.round(moving * 1e8) };
    case "cpu":
      return { value: 0.1 + moving };
    case "connections":
      return { value: Math.round(moving * 100) };
    case "server-errors":
      return { value: moving / 100, total: 500 };
    case "instances":
      return { value: 1 };
    case "health":
      return { status: 200, body: { status: "ok" }, latency: moving * 1_000 };
    case "wf2-activity":
    case "wf3-activity":
      return { rows: 20 };
    case "no-duplicates":
      return { rows: 0, new_rows: 0 };
    case "throughput":
      return { items_per_hour: 700 + Math.round(moving * 100) };
    case "domains-created":
      return { extracted: 25, domains_created_last_hour: 20 + Math.round(moving * 10) };
  }
  if (name.endsWith("queue"))
    return { depth: Math.round(moving * 30), processing: 1, completed: 9_000, failed: 12 };
  if (name.endsWith("success")) return { success: 0.95 + moving / 3, total: 600 };
  if (source.kind === "derive") return { items_per_cycle: 20, items: 8, seconds_per_item: 1.2 + moving };
  return { equal: 6, different: 0, absent: 0, files: 1, matches: 0, found: 1, missing: 0, count: 0 };
}

/** A day of the runbook's watch: as many samples as its stages make due. */
async function aDay(): Promise<Readonly<Record<string, KeptCheck>>> {
  const file = "examples/wo-004/deploy-gate.yml";
  const config = readConfig({
    text: await readFile(new URL(`../../${file}`, import.meta.url), "utf8"),
    file,
    env: () => "postgres://reader@localhost/app",
  });
  if (!config.ok) throw new Error("the example is wrong");
  const { checks } = config.plan;
  let now = LIVE;
  const book = createLogBook({
    checks,
    keep: CAPS.keep,
    facts: () => ({
      startedAt: T0,
      liveAt: LIVE,
      shutdownDelayMs: 30 * SECOND,
      isNew: () => true,
      hasInstances: true,
      knowsNewInstances: true,
      rereadTo: now,
      lifeOf: () => ({ to: now, isGone: false }),
    }),
  });
  const texts = checks.flatMap(({ source }) => (source.kind === "logs" ? source.require : []));
  for (const [index, pattern] of texts.flatMap(({ patterns }) => patterns).entries())
    if (pattern.kind === "text")
      book.add(line(index, `2026-11-23 10:00:07 INFO ${pattern.text}`, { instance: "x7k2p" }));
  for (let at = 60; at < 24 * 3_600; at += 120) {
    for (const [after, what] of [
      [0, "Starting domain extraction queue processing cycle"],
      [1, `SCHEDULER_LOOP: Found ${at % 20} LocalBusiness items with status 'Queued'`],
      [40, "Finished domain extraction queue processing cycle"],
      [41, "Starting deep scan queue processing cycle"],
      [42, `SCHEDULER_LOOP: Found ${at % 10} Place items with status 'Queued'`],
      [70, "Finished deep scan queue processing cycle"],
      [71, `ERROR could not read page ${at} of ${at % 480 === 60 ? "a map" : "a site"}: timeout`],
    ] as const)
      book.add(line(at + after, `2026-11-23 10:00:07,123 INFO src.scheduler ${what}`, { instance: "x7k2p" }));
  }
  for (const check of book.asksNew()) book.setOldShapes(check.name, { shapes: new Set(["ERROR", "a", "b"]) });
  const beats = [
    ...Array.from({ length: 20 }, (_, index) => ["boot", index * 15 * SECOND] as const),
    ...Array.from({ length: 28 }, (_, index) => ["hour", (5 + index * 2) * MINUTE] as const),
    ...Array.from({ length: 46 }, (_, index) => ["day", HOUR + index * 30 * MINUTE] as const),
  ];
  const sampleOf = (check: Check, at: number): Sample => {
    if (check.source.kind === "logs") return book.sample(check, at);
    return okSample(subjectsOf(check, at), { at });
  };
  const isAskedFor = ({ name }: Check): boolean =>
    checks.some((other) => dependenciesOf(other).includes(name));
  const of = (check: Check): KeptCheck => {
    const [series, measured] = [createSeries(check), createMeasured(check)];
    let standing = NEW_STANDING;
    let latest = {};
    for (const [stage, after] of beats) {
      if (check.stages?.includes(stage) === false) continue;
      const at = LIVE + after;
      now = Math.max(now, at);
      const sample = sampleOf(check, at);
      if (sample.kind === "ok") latest = sample.subjects;
      if (sample.kind === "ok") series.add(at, sample.subjects);
      const context = givenContext({
        liveAt: LIVE,
        since: LIVE,
        series: (path) => series.of(path),
        baseline: { kind: "known", values: { value: 20, items_per_hour: 700 }, from: "the old version" },
      });
      const finding = findingOf(check, sample, context);
      measured.add(finding);
      standing = withFinding(standing, check, finding);
    }
    const asked = isAskedFor(check) ? { latest } : {};
    return keptCheck({ standing, series, measured, firstAt: LIVE, ...asked }, CAPS);
  };
  const kept = checks.map((check) => [check.name, of(check)] as const);
  const logs = book.kept(now);
  return Object.fromEntries(
    kept.map(([name, check]) => [
      name,
      { ...check, ...(logs.checks[name] === undefined ? {} : { log: logs.checks[name] }) },
    ]),
  );
}

const day = aDay();

describe("what is remembered of a check", () => {
  it("is small for all of the runbook's after a day, and comes back as it was", async () => {
    const checks = await day;
    const text = JSON.stringify(checks);
    expect(Object.keys(checks)).toHaveLength(37);
    expect(text.length).toBeLessThan(21_000);
    for (const [name, check] of Object.entries(JSON.parse(text) as object))
      expect(keptCheckOf(check, name)).toEqual(checks[name]);
  });

  it("has no more than may be shown, and nothing of what is not there", () => {
    const check = givenCheck({ pass: conditions("p95(v) < 5") });
    const nothing = { series: createSeries(check), measured: createMeasured(check), latest: {} };
    expect(keptCheck(nothing, CAPS)).toEqual({});
    const long = "x".repeat(200);
    const latest = {
      n: 1,
      t: "ok",
      yes: true,
      no: null,
      secret: "hunter2",
      long,
      list: [1],
      [long]: 1,
      nan: NaN,
    };
    expect(keptCheck({ latest, lastError: `no hunter2 ${long}`, rows: ["a"] }, CAPS)).toEqual({
      latest: { n: 1, t: "ok", yes: true, no: null },
      lastError: `no *** ${"x".repeat(152)}…`,
      rows: ["a"],
    });
    expect(keptCheck({ rows: Array.from({ length: 301 }, String) }, CAPS)).toEqual({});
  });

  it("has no prototype of its own", () => {
    const hostile = JSON.parse(
      '{"latest":{"__proto__":1,"constructor":2},"__proto__":{"firstAt":3}}',
    ) as unknown;
    const kept = keptCheckOf(hostile, "check");
    expect(Object.keys(kept)).toEqual(["latest"]);
    expect(Object.keys(kept.latest ?? {})).toEqual(["constructor"]);
    expect(Object.getPrototypeOf(kept.latest)).toBe(Object.prototype);
  });

  it.each<[string, unknown]>([
    ["no object", "check"],
    ["a list", []],
    ["nothing", null],
    ["a standing that is none", { standing: 1 }],
    ["series that are none", { series: { v: 1 } }],
    ["numbers that are none", { measured: [] }],
    ["a log that is none", { log: "log" }],
    ["a moment that is none", { firstAt: "today" }],
    ["rows that are none", { rows: [1] }],
    ["a subject that is a list", { latest: { v: [] } }],
    ["an error without words", { lastError: 1 }],
  ])("%s is a misfit", (_what, value) => expect(() => keptCheckOf(value, "check")).toThrow(Misfit));

  it("is never anything but read or a misfit, however it is damaged", async () => {
    const checks = await day;
    const leaf = fc.constantFrom<unknown>(null, -1, 1.5, 1e300, "", "x", [], {}, [[]], true);
    const texts = Object.values(checks).map((check) => JSON.stringify(check));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), leaf, (text, place, other) => {
        const places = text.match(/[-\d.]+|"[^"]*"(?!:)|\[\]/g) ?? [];
        let index = 0;
        const damaged = text.replace(/[-\d.]+|"[^"]*"(?!:)|\[\]/g, (part) =>
          index++ === place % places.length ? JSON.stringify(other) : part,
        );
        let value: unknown;
        try {
          value = JSON.parse(damaged);
        } catch {
          return;
        }
        try {
          keptCheckOf(value, "check");
        } catch (error) {
          expect(error).toBeInstanceOf(Misfit);
        }
      }),
    );
  });
});

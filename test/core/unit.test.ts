import { describe, expect, it } from "vitest";
import type { MetricSource, Source } from "../../src/core/source.ts";
import { unitOf } from "../../src/core/unit.ts";
import { condition, conditions, givenCheck, givenLogCheck } from "./given.ts";

const http: Source = { kind: "http", url: "/", method: "GET", headers: {}, timeoutMs: 1 };
const logs = givenLogCheck().source;

const metric = (over: Partial<MetricSource>): Source => ({
  kind: "metric",
  name: "cpu",
  ofLimit: false,
  asRatio: false,
  ...over,
});

describe("the unit of a subject", () => {
  it.each([
    ["success >= 90%", "ratio"],
    ["p95(seconds) < 300ms", "duration"],
    ["memory < 1.5GiB", "size"],
    ["wait between 1s and 2s", "duration"],
    ["wait between 0 and 2s", "duration"],
    ["wait in [1s, 2s]", "duration"],
    ["value > +2pp", "ratio"],
    ["value > +50%", undefined],
    ["value < -20%", undefined],
    ["rate > 3x", undefined],
    ["status in [200, 204]", undefined],
    ["trend(depth, 6h) <= 0", undefined],
    ['state == "5s"', undefined],
    ["state matches /5s/", undefined],
  ] as const)("is told by the limit of %s: %s", (text, unit) => {
    expect(unitOf(givenCheck(), condition(text))).toBe(unit);
  });

  it.each<[string, Source, string, ReturnType<typeof unitOf>]>([
    ["http", http, "latency > 5", "duration"],
    ["http", http, "p95(latency) > +50%", "duration"],
    ["http", http, "status == 200", undefined],
    ["http", http, "body.latency > 5", undefined],
    ["logs", logs, "gap > 5", "duration"],
    ["logs", logs, "duration > +50%", "duration"],
    ["logs", logs, "overlap > 5", undefined],
    ["metric memory", metric({ name: "memory" }), "value > +50%", "size"],
    ["metric memory of the limit", metric({ name: "memory", ofLimit: true }), "value > +50%", "ratio"],
    [
      "metric http_requests as ratio",
      metric({ name: "http_requests", asRatio: true }),
      "value > 3x",
      "ratio",
    ],
    [
      "metric http_requests as ratio",
      metric({ name: "http_requests", asRatio: true }),
      "total > 3x",
      undefined,
    ],
    ["metric http_latency", metric({ name: "http_latency" }), "value > 3x", "duration"],
    ["metric cpu", metric({}), "value > 3x", undefined],
  ])("is told by %s %s", (_source, source, text, unit) => {
    expect(unitOf(givenCheck({ source }), condition(text))).toBe(unit);
  });

  it("is told by another condition about the same, its own first", () => {
    const check = givenCheck({
      pass: conditions("wait < 1m", "size > 2x"),
      warn: conditions("max(wait) > +50%"),
    });
    expect(unitOf(check, condition("wait > 3x"))).toBe("duration");
    expect(unitOf(check, condition("wait > 3MB"))).toBe("size");
    expect(unitOf(check, condition("size > 2x"))).toBeUndefined();
  });

  it("is not that of a count", () => {
    const check = givenCheck({ source: http, pass: conditions("body.wait < 1m") });
    expect(unitOf(check, condition("len(body.wait) > 3"))).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { earlierBaseline, gateMemory, type GateMemory } from "../../src/core/earlier-gates.ts";
import { sha } from "./given.ts";

const now = (name: string, latency: number) => ({
  commit: sha(name),
  at: latency,
  values: { api: { latency } },
  rows: {},
});

/** What is known after gates of these latencies, one after the other. */
function memoryOf(...latencies: readonly number[]): GateMemory {
  const [first = 0, ...more] = latencies;
  return more.reduce<GateMemory>(
    (memory, latency) => gateMemory(now(`c${latency}`, latency), memory),
    gateMemory(now(`c${first}`, first), undefined),
  );
}

describe("what earlier gates measured", () => {
  it("goes on from gate to gate, the last five", () => {
    const memory = memoryOf(1, 2, 3, 4, 5, 6, 7);
    expect(memory.values).toEqual({ api: { latency: 7 } });
    expect(memory.earlier.map((gate) => gate.values["api"]?.["latency"])).toEqual([6, 5, 4, 3]);
  });
  it("a re-run of a commit's gate takes its own place", () => {
    const memory = gateMemory(now("c2", 20), memoryOf(1, 2));
    expect([memory, ...memory.earlier].map((gate) => gate.values["api"]?.["latency"])).toEqual([20, 1]);
  });
  it("the previous deploy is the newest, with its rows", () => {
    const memory = gateMemory({ ...now("c9", 9), rows: { api: ["a", "b"] } }, memoryOf(1));
    expect(earlierBaseline("api", "previous deploy", memory)).toEqual({
      kind: "known",
      values: { latency: 9 },
      rows: ["a", "b"],
      from: `the deploy of ${sha("c9").slice(0, 7)}`,
    });
  });
  it.each([
    ["five", [1, 2, 3, 4, 100], 3, "the last 5 good deploys"],
    ["as many as there are", [1, 3], 2, "the last 2 good deploys"],
    ["one", [8], 8, "the last 1 good deploy"],
  ])("the last good deploys are their median: %s", (_rule, latencies, latency, from) => {
    expect(earlierBaseline("api", "last 5 good deploys", memoryOf(...latencies))).toEqual({
      kind: "known",
      values: { latency },
      from,
    });
  });
  it("a check that no earlier gate had cannot be compared yet", () => {
    expect(earlierBaseline("new", "previous deploy", memoryOf(1))).toMatchObject({
      kind: "none",
      isYet: true,
    });
  });
  it("why there is nothing is handed on", () => {
    const why = { why: "none of the 3 gates before this one went well", isYet: false };
    expect(earlierBaseline("api", "previous deploy", why)).toEqual({ kind: "none", ...why });
  });
  it("a list of rows that is too long to keep is no baseline", () => {
    const rows = { api: Array.from({ length: 301 }, (_, index) => String(index)), few: ["a"] };
    expect(gateMemory({ ...now("c", 1), rows }, undefined).rows).toEqual({ few: ["a"] });
  });
});

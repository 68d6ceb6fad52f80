import { beforeAll, describe, expect, it } from "vitest";
import { lookOnce } from "./look.ts";
import { plainGate, type PlainGate } from "./plain-gate.ts";
import { quietGate } from "./quiet-gate.ts";

/** Bytes. Raise them knowingly. */
const MOST = { untilFirstRequest: 725_000, untilEnd: 1_525_000, dist: 1_905_000 };

describe("what the bundle loads", () => {
  let plain: PlainGate;
  beforeAll(async () => {
    plain = await plainGate();
  });

  it("is little until the first request, and only what the gate uses until its end", () => {
    expect(plain.verdict).toBe("pass");
    expect(plain.violations).toEqual([]);
    const first = [
      "index.js",
      "job.js",
      "start.js",
      "vendor.js",
      "rolldown-runtime.js",
      "words.js",
      "zod.js",
    ];
    const config = ["file.js", "config.js", "yaml.js"];
    const later = [...config, "story.js", "watch.js", "rules.js", "log-stream.js", "socket.js", "page.js"];
    expect(plain.atFirstRequest.files).toEqual(first);
    expect(plain.atFirstRequest.bytes).toBeLessThanOrEqual(MOST.untilFirstRequest);
    expect(new Set(plain.atEnd.files)).toEqual(new Set([...first, ...later]));
    expect(plain.atEnd.bytes).toBeLessThanOrEqual(MOST.untilEnd);
  });

  it("is a part of what lies there", () => {
    expect(plain.dist.bytes).toBeLessThanOrEqual(MOST.dist);
  });

  it("uses connections more than once", () => {
    // How many depends on what is asked side by side, and so on the machine.
    expect(plain.render.connections).toBeLessThan(plain.render.requests);
    expect(plain.github.connections).toBeLessThan(plain.github.requests);
  });
});

describe("calls of a quiet ten-minute gate", () => {
  it.each([
    { checks: 1, metrics: 1, reads: 102, logCalls: 0, github: 12 },
    { checks: 10, metrics: 1, reads: 149, logCalls: 17, github: 12 + 2 },
    // As many as with ten: forty checks more look at what is looked at already.
    { checks: 50, metrics: 1, reads: 149, logCalls: 17, github: 12 + 2 },
    { checks: 50, metrics: 6, reads: 173, logCalls: 17, github: 12 + 2 },
  ])("$checks checks, of $metrics metrics", async ({ checks, metrics, reads, logCalls, github }) => {
    const gate = await quietGate(checks, metrics);
    expect(gate.result.report.verdict).toBe("pass");
    expect(gate.renderReads).toBeLessThanOrEqual(reads);
    expect(gate.renderLogs).toBeLessThanOrEqual(logCalls);
    expect(gate.renderWrites).toBe(0);
    expect(gate.github).toBeLessThanOrEqual(github);
    expect(gate.readsPerMinute).toBeLessThanOrEqual(20);
    expect(gate.result.report.requests).toEqual({
      render: gate.renderReads + gate.renderLogs,
      github: gate.github,
    });
  });
});

it("a look asks Render six times, and GitHub six times", async () => {
  const look = await lookOnce();
  expect(look).toMatchObject({ verdict: "pass", violations: [] });
  expect(look.render).toBeLessThanOrEqual(6);
  expect(look.github).toBeLessThanOrEqual(6);
});

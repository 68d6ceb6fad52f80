import { describe, expect, it } from "vitest";
import type { EventFailure, RenderEvent } from "../../src/core/event.ts";
import { failureOf, failureText } from "../../src/core/failure.ts";
import { givenDeploy, MINUTE, T0 } from "./given.ts";

const deploy = (status: string) => ({ ...givenDeploy("B", { status }), startedAt: T0 + 2 * MINUTE });
let ids = 0;
const event = (type: string, over: Partial<RenderEvent> = {}): RenderEvent => ({
  id: `evt-${(ids += 1)}`,
  type,
  at: T0 + 5 * MINUTE,
  ...over,
});
const ended = (failure: EventFailure): RenderEvent =>
  event("deploy_ended", { deployId: "dep-B", status: "failed", failure });

describe("Render's reason in words", () => {
  it.each<[EventFailure, string | undefined]>([
    [{ evicted: true, oomKilled: "512Mi" }, "evicted by Render"],
    [{ oomKilled: "512Mi" }, "out of memory (limit 512Mi)"],
    [{ oomKilled: "" }, "out of memory"],
    [{ nonZeroExit: 137 }, "exited with status 137"],
    [{ nonZeroExit: 0 }, "exited with status 0"],
    [{ earlyExit: true }, "exited early"],
    [{ unhealthy: "connection refused" }, "unhealthy: connection refused"],
    [{ unhealthy: "" }, "the health check failed"],
    [{ timedOutSeconds: 900 }, "timed out after 900 s"],
    [{ timedOutSeconds: 900, timedOutReason: "no port" }, "timed out after 900 s: no port"],
    [{ timedOutReason: "no port" }, "timed out: no port"],
    [{ timedOutReason: "" }, "timed out"],
    [{ evicted: false, earlyExit: false }, undefined],
    [{}, undefined],
  ])("%j", (failure, text) => expect(failureText(failure)).toBe(text));
});

describe("whose doing a failed deploy was", () => {
  const rows: readonly (readonly [string, string, readonly RenderEvent[] | undefined, string, RegExp])[] = [
    [
      "the code's own: build",
      "build_failed",
      [event("deploy_ended", { deployId: "dep-B", buildFailed: true })],
      "code",
      /^the build failed$/,
    ],
    [
      "the code's own: build, with its exit status",
      "build_failed",
      [
        event("build_ended", { status: "failed", failure: { nonZeroExit: 2 } }),
        event("deploy_ended", { deployId: "dep-B", buildFailed: true }),
      ],
      "code",
      /exited with status 2/,
    ],
    [
      "the code's own: non-zero exit",
      "update_failed",
      [ended({ nonZeroExit: 1 })],
      "code",
      /did not come up: exited with status 1/,
    ],
    ["the code's own: early exit", "update_failed", [ended({ earlyExit: true })], "code", /exited early/],
    [
      "the code's own: out of memory",
      "update_failed",
      [ended({ oomKilled: "512Mi" })],
      "code",
      /out of memory/,
    ],
    ["the code's own: unhealthy", "update_failed", [ended({ unhealthy: "500" })], "code", /unhealthy: 500/],
    [
      "the code's own: never became healthy in time",
      "update_failed",
      [ended({ timedOutSeconds: 900 })],
      "code",
      /timed out/,
    ],
    [
      "the code's own: pre-deploy command",
      "pre_deploy_failed",
      [event("pre_deploy_ended", { deployId: "dep-B", status: "failed", failure: { nonZeroExit: 3 } })],
      "code",
      /pre-deploy command failed: exited with status 3/,
    ],
    ["evicted", "update_failed", [ended({ evicted: true, nonZeroExit: 137 })], "platform", /evicted/],
    [
      "hardware",
      "update_failed",
      [event("server_hardware_failure"), ended({ earlyExit: true })],
      "platform",
      /hardware/,
    ],
    [
      "hardware of a server does not explain a build",
      "build_failed",
      [event("server_hardware_failure"), ended({ nonZeroExit: 1 })],
      "code",
      /status 1/,
    ],
    ["image pull", "update_failed", [event("image_pull_failed")], "platform", /image/],
    [
      "exhausted minutes",
      "build_failed",
      [event("pipeline_minutes_exhausted")],
      "platform",
      /minutes exhausted/,
    ],
    [
      "a build that timed out may have been slowness",
      "build_failed",
      [event("build_ended", { status: "failed", failure: { timedOutSeconds: 7200 } })],
      "unknown",
      /timed out after 7200 s/,
    ],
    [
      "a pre-deploy that timed out",
      "pre_deploy_failed",
      [ended({ timedOutSeconds: 1800 })],
      "unknown",
      /timed out/,
    ],
    [
      "Render gave no reason",
      "update_failed",
      [event("deploy_ended", { deployId: "dep-B", status: "failed" })],
      "unknown",
      /gave no reason/,
    ],
    ["no events at all", "build_failed", [], "unknown", /gave no reason/],
    ["events could not be read: nobody is blamed", "build_failed", undefined, "unknown", /could not be read/],
    [
      "a status of tomorrow",
      "exploded",
      [],
      "unknown",
      /^the deploy ended as exploded; Render gave no reason$/,
    ],

    [
      "another deploy's end is not ours",
      "update_failed",
      [event("deploy_ended", { deployId: "dep-C", failure: { nonZeroExit: 1 } })],
      "unknown",
      /gave no reason/,
    ],
    [
      "another build failed while ours was queued",
      "build_failed",
      [
        event("build_ended", { at: T0 + MINUTE, status: "failed", failure: { nonZeroExit: 1 } }),
        ended({ evicted: true }),
      ],
      "platform",
      /evicted/,
    ],
    [
      "another build failed while ours was starting up",
      "update_failed",
      [event("build_ended", { status: "failed", failure: { nonZeroExit: 1 } }), ended({ evicted: true })],
      "platform",
      /evicted/,
    ],
    [
      "another pre-deploy's end is not ours",
      "pre_deploy_failed",
      [event("pre_deploy_ended", { deployId: "dep-C", status: "failed", failure: { nonZeroExit: 1 } })],
      "unknown",
      /gave no reason/,
    ],
    [
      "a build that succeeded explains nothing",
      "build_failed",
      [event("build_ended", { status: "succeeded", failure: { nonZeroExit: 1 } })],
      "unknown",
      /gave no reason/,
    ],
    [
      "hardware trouble of the day before",
      "update_failed",
      [event("server_hardware_failure", { at: T0 - MINUTE }), ended({ earlyExit: true })],
      "code",
      /exited early/,
    ],
    [
      "an end without a deploy's name, in our time",
      "update_failed",
      [event("deploy_ended", { failure: { earlyExit: true } })],
      "code",
      /exited early/,
    ],

    [
      "canceled by a person",
      "canceled",
      [event("deploy_ended", { deployId: "dep-B", status: "canceled" })],
      "person",
      /^the deploy was canceled$/,
    ],
    [
      "canceled by a person Render names",
      "canceled",
      [event("deploy_ended", { deployId: "dep-B", user: "ada" })],
      "person",
      /^the deploy was canceled by ada$/,
    ],
    [
      "who started it did not cancel it",
      "canceled",
      [event("deploy_started", { deployId: "dep-B", user: "ada" })],
      "person",
      /^the deploy was canceled$/,
    ],
    [
      "canceled for a newer deploy",
      "canceled",
      [event("deploy_ended", { deployId: "dep-B", newDeployId: "dep-C" })],
      "platform",
      /for the newer deploy dep-C/,
    ],
  ];
  it.each(rows)("%s", (_rule, status, events, blame, reason) => {
    const failure = failureOf(deploy(status), events);
    expect(failure.blame).toBe(blame);
    expect(failure.reason).toMatch(reason);
  });

  it("a deploy that never started is taken from its creation", () => {
    const { startedAt: _none, ...queued } = deploy("build_failed");
    const events = [event("build_ended", { at: T0 + MINUTE, status: "failed", failure: { nonZeroExit: 1 } })];
    expect(failureOf(queued, events).blame).toBe("code");
  });
});

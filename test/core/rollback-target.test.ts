import { describe, expect, it } from "vitest";
import type { Deploy } from "../../src/core/deploy.ts";
import { rollbackTarget, type RollbackInput } from "../../src/core/rollback-target.ts";

const MINUTE = 60_000;
const GOOD = "a".repeat(40);
const OLDER = "b".repeat(40);
const BAD = "c".repeat(40);

/** A deploy that went live at so many minutes. */
function deploy(id: string, sha: string | undefined, at: number, more: Partial<Deploy> = {}): Deploy {
  return {
    id,
    status: "deactivated",
    createdAt: (at - 1) * MINUTE,
    finishedAt: at * MINUTE,
    ...(sha === undefined ? {} : { commit: { sha, message: "" } }),
    ...more,
  };
}
function withoutEnd({ finishedAt: _end, ...rest }: Deploy): Deploy {
  return rest;
}
const bad = deploy("dep-bad", BAD, 100, { status: "live" });

function target(
  deploys: readonly Deploy[],
  more: Partial<RollbackInput> = {},
): ReturnType<typeof rollbackTarget> {
  return rollbackTarget({
    deploys: [bad, ...deploys].toSorted((a, b) => b.createdAt - a.createdAt),
    good: GOOD,
    leastMs: 5 * MINUTE,
    ancestors: new Map(),
    gates: new Map([[GOOD, undefined]]),
    ...more,
  });
}

describe("the target of a rollback", () => {
  const good = deploy("dep-good", GOOD, 50);
  const older = deploy("dep-older", OLDER, 10);
  const asked = {
    ancestors: new Map([[OLDER, true]]),
    gates: new Map([
      [GOOD, undefined],
      [OLDER, "success"],
    ]),
  };
  it.each([
    { name: "the deploy of G", deploys: [good, older], more: {}, id: "dep-good" },
    {
      name: "the newest of several deploys of G",
      deploys: [good, deploy("dep-again", GOOD, 60)],
      more: {},
      id: "dep-again",
    },
    {
      name: "G whatever its own verdict but fail",
      deploys: [good],
      more: { gates: new Map([[GOOD, "action_required"]]) },
      id: "dep-good",
    },
    {
      name: "an ancestor where G's gate failed",
      deploys: [good, older],
      more: {
        ...asked,
        gates: new Map([
          [GOOD, "failure"],
          [OLDER, undefined],
        ]),
      },
      id: "dep-older",
    },
    {
      name: "an ancestor where G served too short",
      deploys: [deploy("dep-good", GOOD, 96), older],
      more: asked,
      id: "dep-older",
    },
    {
      name: "an ancestor where what replaced G at once does not tell when it went live",
      deploys: [good, withoutEnd(deploy("dep-next", BAD, 52)), older],
      more: asked,
      id: "dep-older",
    },
    {
      name: "G where it served exactly as long as the first stage",
      deploys: [deploy("dep-good", GOOD, 95), older],
      more: asked,
      id: "dep-good",
    },
    {
      name: "an ancestor where G is an image without a digest",
      deploys: [deploy("dep-good", GOOD, 50, { image: "acme/shop:3" }), older],
      more: asked,
      id: "dep-older",
    },
    {
      name: "an image with a digest",
      deploys: [deploy("dep-good", GOOD, 50, { image: "acme/shop@sha256:0a" })],
      more: {},
      id: "dep-good",
    },
    {
      name: "nothing of another line",
      deploys: [deploy("dep-other", "d".repeat(40), 70), good],
      more: { ancestors: new Map([["d".repeat(40), false]]) },
      id: "dep-good",
    },
    {
      name: "nothing that failed or was canceled",
      deploys: [
        deploy("dep-f", GOOD, 80, { status: "update_failed" }),
        deploy("dep-c", GOOD, 81, { status: "canceled" }),
        good,
      ],
      more: {},
      id: "dep-good",
    },
    {
      name: "nothing without a commit",
      deploys: [deploy("dep-image", undefined, 70, { image: "x@sha256:1" }), good],
      more: {},
      id: "dep-good",
    },
    {
      name: "an earlier rollback to G",
      deploys: [good, deploy("dep-rb", GOOD, 70, { trigger: "rollback" })],
      more: {},
      id: "dep-rb",
    },
  ])("is $name", ({ deploys, more, id }) => {
    expect(target(deploys, more)).toMatchObject({ kind: "target", deploy: { id } });
  });

  it.each([
    {
      name: "how an unknown commit stands to G",
      deploys: [older],
      more: {},
      about: "ancestor",
      commit: OLDER,
    },
    {
      name: "how the gate of G ended",
      deploys: [good],
      more: { gates: new Map() },
      about: "gate",
      commit: GOOD,
    },
    {
      name: "nothing about a deploy that is unfit anyway",
      deploys: [deploy("dep-x", "e".repeat(40), 98), older],
      more: {},
      about: "ancestor",
      commit: OLDER,
    },
  ])("asks $name", ({ deploys, more, about, commit }) => {
    expect(target(deploys, more)).toEqual({ kind: "ask", about, commit });
  });

  const none = `no earlier deploy of ${GOOD.slice(0, 7)} or of an ancestor is fit to be rolled back to`;
  it.each([
    { name: "none is there", deploys: [], more: {}, reason: none },
    {
      name: "it served too short",
      deploys: [deploy("dep-good", GOOD, 98)],
      more: {},
      reason: `${none}: dep-good (aaaaaaa) served 2m only, less than the first stage (5m)`,
    },
    {
      name: "its gate failed",
      deploys: [good],
      more: { gates: new Map([[GOOD, "failure"]]) },
      reason: `${none}: the gate of dep-good (aaaaaaa) failed`,
    },
    {
      name: "nobody knows how long it served",
      deploys: [{ ...good, finishedAt: undefined } as unknown as Deploy],
      more: {},
      reason: `${none}: dep-good (aaaaaaa) served for an unknown time`,
    },
    {
      name: "its image has no digest",
      deploys: [deploy("dep-good", GOOD, 50, { image: "acme/shop:latest" })],
      more: {},
      reason: `${none}: dep-good (aaaaaaa) is an image without a digest, which may be another one by now`,
    },
  ])("is none when $name", ({ deploys, more, reason }) => {
    expect(target(deploys, more)).toEqual({ kind: "none", reason });
  });
});

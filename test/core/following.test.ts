import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deploy } from "../../src/core/deploy.ts";
import {
  followingOf,
  isRunning,
  ownDeploys,
  pollMs,
  servedBefore,
  soonestLiveMs,
  type Relation,
} from "../../src/core/following.ts";
import { givenDeploy, MINUTE, sha, T0 } from "./given.ts";

/** The gated commit is B; A came before it, C and D after it, X is of another branch. */
const RELATIONS: readonly (readonly [string, Relation])[] = [
  ["A", "ancestor"],
  ["A0", "ancestor"],
  ["C", "descendant"],
  ["D", "descendant"],
  ["X", "other"],
];

interface Asked {
  readonly deploys: readonly Deploy[];
  readonly deployId?: string;
  readonly relations?: readonly (readonly [string, Relation])[];
}

const newestFirst = (deploys: readonly Deploy[]): readonly Deploy[] =>
  deploys.toSorted((a, b) => b.createdAt - a.createdAt);

function follow({ deploys, deployId, relations = RELATIONS }: Asked) {
  return followingOf({
    deploys: newestFirst(deploys),
    commit: sha("B"),
    relations: new Map(relations.map(([name, relation]) => [sha(name), relation])),
    ...(deployId === undefined ? {} : { deployId }),
  });
}

/** `live B1`, `superseded B1 by C1`, … */
function told(asked: Asked): string {
  const following = follow(asked);
  const id = (deploy: Deploy | undefined): string => deploy?.id.slice("dep-".length) ?? "";
  const deploy = "deploy" in following ? ` ${id(following.deploy)}` : "";
  const by = "by" in following ? ` by ${id(following.by)}` : "";
  const over = "passedOver" in following ? ` over ${id(following.passedOver)}` : "";
  const asks = following.kind === "ask" ? ` ${following.commits.length}` : "";
  return `${following.kind}${deploy}${by}${over}${asks}`;
}

const OLD = givenDeploy("A1", { commit: "A", at: -60, status: "live" });
const RETIRED = { ...OLD, status: "deactivated" };
const at = (
  id: string,
  minutes: number,
  status: string,
  over: Parameters<typeof givenDeploy>[1] = {},
): Deploy => givenDeploy(id, { commit: id.slice(0, -1), at: minutes, status, ...over });
const image = (
  id: string,
  minutes: number,
  status: string,
  over: Parameters<typeof givenDeploy>[1] = {},
): Deploy => givenDeploy(id, { commit: null, image: "ghcr.io/acme/shop:1", at: minutes, status, ...over });

describe("statuses", () => {
  it.each([
    "queued",
    "created",
    "build_in_progress",
    "pre_deploy_in_progress",
    "update_in_progress",
    "skipped_or_whatever",
    "",
  ])("%j counts as running", (status) => expect(isRunning(at("B1", 0, status))).toBe(true));
  it.each(["live", "deactivated", "build_failed", "pre_deploy_failed", "update_failed", "canceled"])(
    "%s is final",
    (status) => expect(isRunning(at("B1", 0, status))).toBe(false),
  );
});

describe("the deploy of the commit", () => {
  const rows: readonly (readonly [string, Asked, string])[] = [
    ["absent: nothing appeared yet", { deploys: [OLD] }, "absent"],
    ["absent: no deploy at all", { deploys: [] }, "absent"],
    ["absent: deploys without a commit are not ours", { deploys: [image("I1", 0, "live")] }, "absent"],
    ["unknown states count as running", { deploys: [at("B1", 0, "verifying"), OLD] }, "running B1"],
    ["running", { deploys: [at("B1", 0, "build_in_progress"), OLD] }, "running B1"],
    ["live", { deploys: [at("B1", 0, "live"), RETIRED] }, "live B1"],
    ["failed: build", { deploys: [at("B1", 0, "build_failed"), OLD] }, "failed B1"],
    ["failed: pre-deploy", { deploys: [at("B1", 0, "pre_deploy_failed"), OLD] }, "failed B1"],
    ["failed: update", { deploys: [at("B1", 0, "update_failed"), OLD] }, "failed B1"],
    [
      "failed stays failed, whoever came later",
      { deploys: [at("B1", 0, "build_failed"), at("C1", 5, "live")] },
      "failed B1",
    ],
    ["canceled by a person", { deploys: [at("B1", 0, "canceled"), OLD] }, "canceled B1"],
    [
      "canceled, an image deploy came next",
      { deploys: [at("B1", 0, "canceled"), image("I1", 5, "live"), OLD] },
      "canceled B1",
    ],

    [
      "several deploys: the newest counts",
      { deploys: [at("B1", 0, "build_failed"), at("B2", 5, "build_in_progress"), OLD] },
      "running B2",
    ],
    [
      "several deploys: a redeploy went live",
      { deploys: [at("B1", 0, "deactivated"), at("B2", 5, "live")] },
      "live B2",
    ],
    [
      "a failed redeploy, while the older one still serves",
      { deploys: [at("B1", 0, "live"), at("B2", 5, "update_failed")] },
      "live B1 over B2",
    ],
    [
      "a canceled redeploy, while the older one still serves",
      { deploys: [at("B1", 0, "live"), at("B2", 5, "canceled")] },
      "live B1 over B2",
    ],
    [
      "a redeploy at work, while the older one still serves",
      { deploys: [at("B1", 0, "live"), at("B2", 5, "build_in_progress")] },
      "running B2",
    ],

    [
      "Override: canceled, a descendant is at work",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "build_in_progress"), OLD] },
      "superseded B1 by C1",
    ],
    [
      "Override: canceled, a descendant is live",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "live"), RETIRED] },
      "superseded B1 by C1",
    ],
    [
      "Override: of several descendants the live one",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "live"), at("D1", 2, "queued")] },
      "superseded B1 by C1",
    ],
    [
      "canceled, and a later descendant failed: whether it made room for that one, only Render's event can say",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "build_failed"), OLD] },
      "canceled B1",
    ],
    [
      "Override: the one it was canceled for has served and is over by now",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "deactivated"), at("A2", 2, "live")] },
      "superseded B1 by C1",
    ],
    [
      "Override: canceled for a commit that lacks ours",
      { deploys: [at("B1", 0, "canceled"), at("X1", 1, "live")] },
      "canceled B1",
    ],
    [
      "Wait: queued behind another one",
      { deploys: [at("B1", 0, "queued"), at("A2", -1, "build_in_progress"), OLD] },
      "running B1",
    ],
    [
      "Wait: queued, and a newer one queued too",
      { deploys: [at("B1", 0, "queued"), at("C1", 1, "queued"), OLD] },
      "running B1",
    ],
    [
      "Wait: passed over, then the descendant is live",
      { deploys: [at("B1", 0, "queued"), at("C1", 1, "live"), RETIRED] },
      "superseded B1 by C1",
    ],
    [
      "Wait: passed over and canceled",
      { deploys: [at("B1", 0, "canceled"), at("C1", 1, "queued"), OLD] },
      "superseded B1 by C1",
    ],
    [
      "Wait: ours was never created, a descendant is live",
      { deploys: [at("C1", 1, "live"), RETIRED] },
      "superseded by C1",
    ],
    [
      "Wait: ours was never created, a descendant is at work",
      { deploys: [at("C1", 1, "update_in_progress"), OLD] },
      "superseded by C1",
    ],
    [
      "Wait: ours was never created, the descendant failed",
      { deploys: [at("C1", 1, "build_failed"), OLD] },
      "absent",
    ],
    [
      "running, a rollback elsewhere changes nothing yet",
      { deploys: [at("B1", 0, "build_in_progress"), at("A2", 1, "live", { trigger: "rollback" })] },
      "running B1",
    ],

    [
      "a descendant took over",
      { deploys: [at("B1", 0, "deactivated"), at("C1", 5, "live")] },
      "superseded B1 by C1",
    ],
    [
      "a descendant is about to, nothing shows as live",
      { deploys: [at("B1", 0, "deactivated"), at("C1", 5, "update_in_progress")] },
      "superseded B1 by C1",
    ],
    [
      "traffic moves: two are live, the newer one serves",
      { deploys: [at("B1", 0, "live"), at("C1", 5, "live")] },
      "superseded B1 by C1",
    ],
    ["traffic moves to ours: two are live", { deploys: [at("B1", 0, "live"), OLD] }, "live B1"],
    [
      "an ancestor was deployed again",
      { deploys: [at("B1", 0, "deactivated"), at("A2", 5, "live", { trigger: "manual" })] },
      "taken-out B1 by A2",
    ],
    [
      "a rollback by hand",
      { deploys: [at("B1", 0, "deactivated"), at("A2", 5, "live", { trigger: "rollback" }), RETIRED] },
      "taken-out B1 by A2",
    ],
    [
      "a rollback to an image",
      { deploys: [at("B1", 0, "deactivated"), image("I2", 5, "live", { trigger: "rollback" })] },
      "taken-out B1 by I2",
    ],
    [
      "a rollback to a commit elsewhere",
      { deploys: [at("B1", 0, "deactivated"), at("X1", 5, "live", { trigger: "rollback" })] },
      "taken-out B1 by X1",
    ],
    [
      "a rollback among descendants still has our code",
      { deploys: [at("B1", 0, "deactivated"), at("C2", 5, "live", { trigger: "rollback" })] },
      "superseded B1 by C2",
    ],
    [
      "a rollback to our own commit",
      {
        deploys: [
          at("B1", 0, "deactivated"),
          at("C1", 5, "deactivated"),
          at("B2", 6, "live", { trigger: "rollback" }),
        ],
      },
      "live B2",
    ],
    [
      "a commit elsewhere",
      { deploys: [at("B1", 0, "deactivated"), at("X1", 5, "live")] },
      "displaced B1 by X1",
    ],
    ["an image", { deploys: [at("B1", 0, "deactivated"), image("I1", 5, "live")] }, "displaced B1 by I1"],
    [
      "nothing is live",
      { deploys: [at("B1", 0, "deactivated"), at("X1", 5, "build_in_progress")] },
      "displaced B1",
    ],
    [
      "a failed redeploy, then a rollback",
      {
        deploys: [
          at("B1", 0, "deactivated"),
          at("B2", 5, "update_failed"),
          at("A2", 9, "live", { trigger: "rollback" }),
        ],
      },
      "taken-out B1 by A2",
    ],
    [
      "a canceled redeploy, then a descendant",
      { deploys: [at("B1", 0, "deactivated"), at("B2", 5, "canceled"), at("C1", 9, "live")] },
      "superseded B1 by C1",
    ],
    [
      "deployed long ago, now a failed new try behind a descendant",
      { deploys: [at("B1", 0, "deactivated"), at("C1", 5, "live"), at("B2", 9, "build_failed")] },
      "failed B2",
    ],

    [
      "GitHub is asked only where it matters: nothing to ask when live",
      { deploys: [at("B1", 0, "live"), OLD], relations: [] },
      "live B1",
    ],
    [
      "GitHub is asked: whose code is live",
      { deploys: [at("B1", 0, "deactivated"), at("C1", 5, "live")], relations: [] },
      "ask 1",
    ],
    [
      "GitHub is asked: ours is not there",
      { deploys: [at("C1", 5, "queued"), at("C2", 6, "queued"), OLD], relations: [] },
      "ask 2",
    ],
    [
      "GitHub is asked: ours was canceled",
      { deploys: [at("B1", 0, "canceled"), at("C1", 5, "live"), OLD], relations: [] },
      "ask 1",
    ],
    [
      "GitHub is asked: ours waits behind what is live",
      { deploys: [at("B1", 0, "queued"), at("C1", 5, "live")], relations: [] },
      "ask 1",
    ],

    [
      "deploy-id: that one, not the commit's other deploys",
      { deploys: [at("B1", 0, "live"), at("B2", 5, "build_failed")], deployId: "dep-B2" },
      "failed B2",
    ],
    [
      "deploy-id: newer ones of its commit count",
      { deploys: [at("B1", 0, "deactivated"), at("B2", 5, "live")], deployId: "dep-B1" },
      "live B2",
    ],
    [
      "deploy-id: of an image",
      { deploys: [image("I1", 0, "live"), image("I0", -5, "deactivated")], deployId: "dep-I1" },
      "live I1",
    ],
    [
      "deploy-id: an image that a newer image replaced",
      { deploys: [image("I1", 0, "deactivated"), image("I2", 5, "live")], deployId: "dep-I1" },
      "displaced I1 by I2",
    ],
    [
      "deploy-id: an older deploy of its commit serves instead",
      { deploys: [at("B1", 0, "live"), at("B2", 5, "deactivated")], deployId: "dep-B2" },
      "displaced B2 by B1",
    ],
    ["deploy-id: unknown to the list", { deploys: [OLD], deployId: "dep-none" }, "absent"],
  ];
  it.each(rows)("%s", (_rule, asked, expected) => expect(told(asked)).toBe(expected));

  const status = fc.constantFrom(
    "queued",
    "build_in_progress",
    "live",
    "deactivated",
    "build_failed",
    "canceled",
    "new",
  );
  const deploys = fc
    .array(
      fc.tuple(fc.constantFrom("A", "B", "C", "X", null), status, fc.constantFrom("new_commit", "rollback")),
      {
        maxLength: 6,
      },
    )
    .map((list) =>
      list.map(([commit, state, trigger], index) =>
        givenDeploy(`d${index}`, { commit, status: state, trigger, at: index }),
      ),
    );
  it("live is said only of a deploy of the commit that is the newest live one", () => {
    fc.assert(
      fc.property(deploys, (list) => {
        const following = follow({ deploys: list });
        if (following.kind !== "live") return;
        expect(following.deploy.commit?.sha).toBe(sha("B"));
        expect(following.deploy).toBe(newestFirst(list).find((deploy) => deploy.status === "live"));
      }),
    );
  });
  it("superseded is said only of a descendant, of one that ended only when ours was canceled", () => {
    fc.assert(
      fc.property(deploys, (list) => {
        const following = follow({ deploys: list });
        if (following.kind !== "superseded") return;
        expect(following.by.commit?.sha).toBe(sha("C"));
        const isAtWork = following.by.status === "live" || isRunning(following.by);
        expect(isAtWork || following.deploy?.status === "canceled").toBe(true);
      }),
    );
  });
  it("asking ends: every answer of GitHub brings it further", () => {
    fc.assert(
      fc.property(deploys, (list) => {
        const first = follow({ deploys: list, relations: [] });
        if (first.kind !== "ask") return;
        const known = new Map(RELATIONS.map(([name, relation]) => [sha(name), relation]));
        const relations = new Map<string, Relation>();
        for (let turn = 0; turn < 5; turn += 1) {
          const next = followingOf({ deploys: newestFirst(list), commit: sha("B"), relations });
          if (next.kind !== "ask") return;
          for (const commit of next.commits) relations.set(commit, known.get(commit) ?? "other");
        }
        throw new Error("still asking");
      }),
    );
  });
});

describe("deploys of the commit", () => {
  const list = [at("B2", 5, "live"), at("C1", 3, "deactivated"), at("B1", 0, "deactivated")];
  it("all of them, newest first", () => {
    expect(ownDeploys({ deploys: list, commit: sha("B") }).map((deploy) => deploy.id)).toEqual([
      "dep-B2",
      "dep-B1",
    ]);
  });
  it("with a deploy id: that one and newer ones of its commit", () => {
    const ids = (deployId: string) =>
      ownDeploys({ deploys: list, commit: sha("B"), deployId }).map((deploy) => deploy.id);
    expect([ids("dep-B1"), ids("dep-B2"), ids("dep-C1"), ids("dep-Z1")]).toEqual([
      ["dep-B2", "dep-B1"],
      ["dep-B2"],
      ["dep-C1"],
      [],
    ]);
  });
});

describe("G: what served just before", () => {
  const G: readonly (readonly [string, Asked, string | undefined])[] = [
    ["the deploy before, while ours builds", { deploys: [at("B1", 0, "build_in_progress"), OLD] }, "A1"],
    ["the deploy before, once ours is live", { deploys: [at("B1", 0, "live"), RETIRED] }, "A1"],
    [
      "whatever its verdict: the newest that served",
      { deploys: [at("B1", 0, "live"), at("A2", -5, "deactivated"), RETIRED] },
      "A2",
    ],
    [
      "failed and canceled ones never served",
      { deploys: [at("B1", 0, "live"), at("X1", -5, "build_failed"), at("X2", -4, "canceled"), RETIRED] },
      "A1",
    ],
    [
      "redeploys of the commit itself are passed over",
      { deploys: [at("B2", 5, "live"), at("B1", 0, "deactivated"), RETIRED] },
      "A1",
    ],
    [
      "a failed redeploy changes nothing",
      { deploys: [at("B2", 5, "update_failed"), at("B1", 0, "live"), RETIRED] },
      "A1",
    ],
    [
      "ours came back after another commit: that one",
      { deploys: [at("B2", 9, "live"), at("C1", 5, "deactivated"), at("B1", 0, "deactivated"), RETIRED] },
      "C1",
    ],
    [
      "a rollback served before: its commit",
      {
        deploys: [
          at("B1", 0, "live"),
          at("A9", -2, "deactivated", { trigger: "rollback" }),
          at("X1", -5, "deactivated"),
        ],
      },
      "A9",
    ],
    ["ours never went live: the one serving now", { deploys: [at("B1", 0, "build_failed"), OLD] }, "A1"],
    [
      "ours never went live, someone rolled back since: the one serving now",
      { deploys: [at("B1", 0, "build_failed"), at("A2", 5, "live", { trigger: "rollback" }), RETIRED] },
      "A2",
    ],
    [
      "ours never went live and nothing serves: the last that did",
      { deploys: [at("B1", 0, "build_failed"), RETIRED] },
      "A1",
    ],
    [
      "superseded: the one before ours",
      { deploys: [at("C1", 5, "live"), at("B1", 0, "deactivated"), RETIRED] },
      "A1",
    ],
    ["ours is absent: the one serving now", { deploys: [OLD] }, "A1"],
    ["first deploy: none", { deploys: [at("B1", 0, "live")] }, undefined],
    ["first deploy, failed: none", { deploys: [at("B1", 0, "build_failed")] }, undefined],
    ["nothing at all", { deploys: [] }, undefined],
    [
      "an image served before: it, without a commit",
      { deploys: [at("B1", 0, "live"), image("I1", -5, "deactivated"), RETIRED] },
      "I1",
    ],
    [
      "image deploys by id: the image before",
      { deploys: [image("I2", 0, "live"), image("I1", -5, "deactivated")], deployId: "dep-I2" },
      "I1",
    ],
  ];
  it.each(G)("%s", (_rule, { deploys, deployId }, expected) => {
    const input = {
      deploys: newestFirst(deploys),
      commit: sha("B"),
      ...(deployId === undefined ? {} : { deployId }),
    };
    expect(servedBefore(input)?.id).toBe(expected === undefined ? undefined : `dep-${expected}`);
  });
});

describe("how often to ask", () => {
  const built = (minutes: number): Deploy => ({
    ...at("A1", -60, "deactivated"),
    startedAt: T0,
    finishedAt: T0 + minutes * MINUTE,
  });
  it("the soonest live is half of the quickest deploy seen", () => {
    expect(soonestLiveMs([built(8), built(4)])).toBe(2 * MINUTE);
    expect(soonestLiveMs([at("A1", 0, "build_failed"), { ...OLD, startedAt: T0 }])).toBe(0);
    expect(soonestLiveMs([built(-1)])).toBe(0);
  });
  const running = (over: Partial<Deploy>) =>
    ({ kind: "running", deploy: { ...at("B1", 0, "build_in_progress"), ...over } }) as const;
  const pausesFor = (
    following: Parameters<typeof pollMs>[0],
    over: Partial<Parameters<typeof pollMs>[1]> = {},
  ) => pollMs(following, { now: T0, soonestMs: 2 * MINUTE, hasUpdate: true, ...over });
  it.each<[string, number, (ms: number) => boolean]>([
    [
      "within 3 s where live may come next",
      pausesFor(running({ status: "update_in_progress", startedAt: T0 })),
      (ms) => ms <= 3_000,
    ],
    [
      "within 3 s in a state nobody knows",
      pausesFor(running({ status: "verifying", startedAt: T0 })),
      (ms) => ms <= 3_000,
    ],
    [
      "within 3 s in a late build that no update follows",
      pausesFor(running({ startedAt: T0 }), { now: T0 + 3 * MINUTE, hasUpdate: false }),
      (ms) => ms <= 3_000,
    ],
    [
      "longer in a late build that an update follows",
      pausesFor(running({ startedAt: T0 }), { now: T0 + 3 * MINUTE }),
      (ms) => ms === 5_000,
    ],
    [
      "longer when it is not known since when it builds and how long that takes",
      pausesFor(running({}), { soonestMs: 0 }),
      (ms) => ms === 5_000,
    ],
    [
      "at most every 10 s while it cannot be live",
      pausesFor(running({ startedAt: T0 })),
      (ms) => ms === 10_000,
    ],
    ["while it has not appeared", pausesFor({ kind: "absent" }), (ms) => ms === 5_000],
    ["after the end", pausesFor({ kind: "live", deploy: OLD }), (ms) => ms === 3_000],
  ])("%s", (_rule, ms, isRight) => {
    expect(ms).toSatisfy(isRight);
  });
  it("never more than twenty times a minute", () => {
    expect(pausesFor(running({ status: "update_in_progress" })) * 20).toBeGreaterThanOrEqual(MINUTE);
  });
});

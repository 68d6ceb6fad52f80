import { describe, expect, it } from "vitest";
import type { RevertStep } from "../../src/core/remedy.ts";
import {
  firstParents,
  isGateRevert,
  revertBranch,
  revertBranchPrefix,
  revertPlan,
  type Range,
  type RangeCommit,
  type RevertInput,
} from "../../src/core/revert-plan.ts";
import { DAY, givenService, HOUR, MINUTE, sha, T0 } from "./given.ts";

/** G ← O1 ← O2 ← P1 ← B: two other pushes, then one push of two commits. */
function commit(name: string, parent: string, over: Partial<RangeCommit> = {}): RangeCommit {
  return { sha: sha(name), message: name, parents: [sha(parent)], committedAt: T0 - HOUR, ...over };
}
const O1 = commit("O1", "G");
const O2 = commit("O2", "O1");
const P1 = commit("P1", "O2");
const B = commit("B", "P1");

function range(base: string, commits: readonly RangeCommit[], over: Partial<Range> = {}): Range {
  return { base: sha(base), commits, commitsCut: false, files: ["api/app.py"], filesCut: false, ...over };
}
const WHOLE = range("G", [O1, O2, P1, B]);
const PUSH = range("O2", [P1, B]);
const OTHERS = range("G", [O1, O2]);

const STEP: RevertStep = {
  kind: "revert_pr",
  labels: [],
  reviewers: [],
  assignees: [],
  draft: false,
  autoMerge: true,
  scope: "deploy",
  despiteMigrations: false,
};

const INPUT: RevertInput = {
  now: T0,
  liveAt: T0 - 10 * MINUTE,
  service: givenService(),
  commit: B,
  pushBase: sha("G"),
  range: range("G", [P1, B]),
  push: range("G", [P1, B]),
  isAncestorOfBranch: true,
  isPreviousAncestor: true,
  step: STEP,
  guards: {
    maxActions: { count: 1, perMs: 24 * HOUR },
    actWithinMs: DAY,
    holdLabel: "gate:hold",
    migrations: ["**/migrations/**", "prisma/migrations/**"],
  },
  holds: [],
  preDeployFailed: false,
};
/** The same, after two other pushes. */
const MANY: RevertInput = { ...INPUT, pushBase: sha("O2"), range: WHOLE, push: PUSH, others: OTHERS };

const without = (input: RevertInput, key: keyof RevertInput): RevertInput => {
  const { [key]: _gone, ...rest } = input;
  return rest as RevertInput;
};
const step = (over: Partial<RevertStep>): Partial<RevertInput> => ({ step: { ...STEP, ...over } });
const names = (commits: readonly RangeCommit[]) => commits.map((one) => one.message);

describe("what is reverted", () => {
  it("a quiet range: everything from G to the deployed commit", () => {
    expect(revertPlan(INPUT)).toMatchObject({
      kind: "go",
      base: sha("G"),
      scope: "deploy",
      branch: `deploy-gate/revert-${sha("B").slice(0, 12)}-to-${sha("G").slice(0, 12)}`,
      draft: false,
      draftReasons: [],
      autoMerge: true,
      commits: [P1, B],
      others: [],
      files: ["api/app.py"],
    });
  });
  const scopes: readonly (readonly [string, RevertInput, "deploy" | "push"])[] = [
    ["other pushes touch the service", MANY, "deploy"],
    [
      "other pushes touch nothing under the root directory",
      { ...MANY, service: givenService({ rootDir: "web" }) },
      "push",
    ],
    [
      "other pushes touch nothing of the build filter",
      { ...MANY, service: givenService({ buildFilter: { paths: ["web/**"], ignoredPaths: [] } }) },
      "push",
    ],
    [
      "other pushes touch only what the build filter ignores",
      { ...MANY, service: givenService({ buildFilter: { paths: [], ignoredPaths: ["api/**"] } }) },
      "push",
    ],
    [
      "other pushes' files are not all known",
      { ...MANY, service: givenService({ rootDir: "web" }), others: { ...OTHERS, filesCut: true } },
      "deploy",
    ],
    [
      "other pushes' commits are not all known",
      { ...MANY, service: givenService({ rootDir: "web" }), others: { ...OTHERS, commitsCut: true } },
      "deploy",
    ],
    [
      "nothing is known of the other pushes",
      { ...without(MANY, "others"), service: givenService({ rootDir: "web" }) },
      "deploy",
    ],
    ["asked for", { ...MANY, ...step({ scope: "push" }) }, "push"],
    ["no G (first deploy, image)", without(without(MANY, "range"), "others"), "push"],
  ];
  it.each(scopes)("%s: %s", (_rule, input, scope) => {
    const plan = revertPlan(input);
    expect(plan).toMatchObject({ kind: "go", scope, base: scope === "push" ? sha("O2") : sha("G") });
    expect(plan.kind === "go" && names(plan.commits)).toEqual(
      scope === "push" ? ["P1", "B"] : ["O1", "O2", "P1", "B"],
    );
  });
  it("if other pushes remain: a draft, never merged by itself, that lists them", () => {
    expect(revertPlan(MANY)).toMatchObject({
      draft: true,
      autoMerge: false,
      draftReasons: ["it takes back 2 other pushes besides this one"],
      others: [O1, O2],
    });
  });
  it("one other push", () => {
    const input = { ...MANY, range: range("G", [O2, P1, B]), others: range("G", [O2]) };
    expect(revertPlan(input)).toMatchObject({
      draftReasons: ["it takes back 1 other push besides this one"],
    });
  });
  it("other pushes remain even where nothing more is known of them", () => {
    expect(revertPlan(without(MANY, "others"))).toMatchObject({
      draft: true,
      autoMerge: false,
      others: [O1, O2],
    });
    expect(revertPlan(without(without(MANY, "others"), "push"))).toMatchObject({
      draft: true,
      others: [O1, O2, P1],
    });
  });
  it("scope push: the others stay, no draft", () => {
    expect(revertPlan({ ...MANY, ...step({ scope: "push" }) })).toMatchObject({
      draft: false,
      autoMerge: true,
      others: [],
    });
  });
});

describe("what holds it back", () => {
  const old = (days: number) => ({ committedAt: T0 - days * DAY });
  const pushes = (count: number) => {
    const others = Array.from({ length: count }, (_, index) =>
      commit(`N${index}`, index === 0 ? "G" : `N${index - 1}`),
    );
    const own = commit("B", `N${count - 1}`);
    return {
      ...MANY,
      commit: own,
      range: range("G", [...others, own]),
      push: range("O2", [own]),
      others: range("G", others),
    };
  };
  const rows: readonly (readonly [string, RevertInput, RegExp | "go"])[] = [
    ["the commit is no longer in the branch", { ...INPUT, isAncestorOfBranch: false }, /no longer in main/],
    [
      "… of a service that names no branch",
      { ...without(INPUT, "service"), service: without2(givenService()), isAncestorOfBranch: false },
      /no longer in the service's branch/,
    ],
    [
      "G is no ancestor",
      { ...INPUT, isPreviousAncestor: false },
      /the commit that served before \(\w{7}\) is not an ancestor/,
    ],
    [
      "G cannot be compared",
      { ...without(INPUT, "range"), isPreviousAncestor: false },
      /the commit that served before is not an ancestor/,
    ],
    [
      "the hold label",
      { ...INPUT, holds: ["https://github.com/acme/shop/issues/3"] },
      /held by label "gate:hold": https.*3$/,
    ],
    ["act_within is over", { ...INPUT, liveAt: T0 - DAY - 1 }, /act_within \(1d\): advice only/],
    ["act_within: to the last moment", { ...INPUT, liveAt: T0 - DAY }, "go"],
    ["act_within: a deploy that never went live", without(INPUT, "liveAt"), "go"],
    [
      "a revert of a revert: the trailer",
      { ...INPUT, commit: { ...B, message: "Revert\n\nDeploy-Gate-Revert: abc" } },
      /itself a revert by the gate/,
    ],
    [
      "a revert of a revert: its merge",
      { ...INPUT, commit: { ...B, message: "Merge pull request #9 from acme/deploy-gate/revert-a-to-b" } },
      /itself a revert/,
    ],
    [
      "a revert of a revert: squashed without its trailer",
      { ...INPUT, isFromRevertBranch: true },
      /itself a revert/,
    ],
    [
      "a gate's patch: the trailer",
      { ...INPUT, commit: { ...B, message: "Rollback\n\nDeploy-Gate-Patch: abc" } },
      /itself a patch by the gate; a failing patch needs a person/,
    ],
    ["a gate's patch: squashed without its trailer", { ...INPUT, isFromPatchBranch: true }, /itself a patch/],
    [
      "a gate's patch among what would be taken back",
      { ...MANY, range: range("G", [O1, { ...O2, message: "x\nDeploy-Gate-Patch: abc" }, P1, B]) },
      /\w{7} is itself a patch/,
    ],
    [
      "a gate's revert among what would be taken back",
      { ...MANY, range: range("G", [O1, { ...O2, message: "x\nDeploy-Gate-Revert: abc" }, P1, B]) },
      /\w{7} is itself a revert/,
    ],
    [
      "a gate's revert among other pushes that stay",
      {
        ...MANY,
        range: range("G", [O1, { ...O2, message: "x\nDeploy-Gate-Revert: abc" }, P1, B]),
        ...step({ scope: "push" }),
      },
      "go",
    ],
    [
      "the range is longer than GitHub lists",
      { ...INPUT, range: range("G", [P1, B], { commitsCut: true }) },
      /longer than GitHub lists/,
    ],
    [
      "the range is too long, but only the push goes back",
      { ...INPUT, range: range("G", [P1, B], { commitsCut: true }), ...step({ scope: "push" }) },
      "go",
    ],
    ["no parent to go back to", without(without(INPUT, "range"), "push"), /no parent/],
    ["20 pushes", pushes(19), "go"],
    ["over 20 pushes: advice only", pushes(20), /21 pushes.*at most 20.*advice only/],
    ["14 days", { ...MANY, range: range("G", [{ ...O1, ...old(14) }, O2, P1, B]) }, "go"],
    [
      "over 14 days: advice only",
      { ...MANY, range: range("G", [{ ...O1, ...old(15) }, O2, P1, B]) },
      /older than 14 days: advice only/,
    ],
    [
      "an old branch merged just now is not old",
      {
        ...MANY,
        range: range("G", [
          commit("side", "G", old(40)),
          O1,
          { ...O2, parents: [sha("O1"), sha("side")] },
          P1,
          B,
        ]),
      },
      "go",
    ],
    [
      "the limits are about other pushes: a long own one goes",
      { ...INPUT, range: range("G", [{ ...P1, ...old(40) }, B]) },
      "go",
    ],
  ];
  it.each(rows)("%s", (_rule, input, expected) => {
    const plan = revertPlan(input);
    if (expected === "go") expect(plan.kind).toBe("go");
    else expect(plan).toMatchObject({ kind: "held", reason: expect.stringMatching(expected) });
  });
});

function without2(service: ReturnType<typeof givenService>): ReturnType<typeof givenService> {
  const { branch: _gone, ...rest } = service;
  return rest;
}

describe("migrations", () => {
  const migrating = {
    ...INPUT,
    range: range("G", [P1, B], {
      files: ["api/migrations/1.py", "api/migrations/2.py", "x", "prisma/migrations/3.sql", "a/migrations/4"],
    }),
  };
  const rows: readonly (readonly [string, RevertInput, RegExp | undefined])[] = [
    [
      "a range that touches them is a draft that says so",
      migrating,
      /touches migrations \(api\/migrations\/1.py, api\/migrations\/2.py, prisma\/migrations\/3.sql\)/,
    ],
    [
      "a file list that GitHub truncates counts as touching",
      { ...INPUT, range: range("G", [P1, B], { filesCut: true }) },
      /did not list every file/,
    ],
    [
      "pre_deploy_failed counts as a migration",
      { ...INPUT, preDeployFailed: true },
      /pre-deploy command failed/,
    ],
    [
      "despite_migrations overrides",
      { ...migrating, preDeployFailed: true, ...step({ despiteMigrations: true }) },
      undefined,
    ],
    ["other files do not", INPUT, undefined],
    [
      "only what goes back counts",
      { ...MANY, range: { ...WHOLE, files: ["a/migrations/1"] }, ...step({ scope: "push" }) },
      undefined,
    ],
  ];
  it.each(rows)("%s", (_rule, input, reason) => {
    const plan = revertPlan(input);
    if (reason === undefined)
      expect(plan).toMatchObject({ kind: "go", draft: false, autoMerge: true, draftReasons: [] });
    else
      expect(plan).toMatchObject({
        kind: "go",
        draft: true,
        autoMerge: false,
        draftReasons: [expect.stringMatching(reason)],
      });
  });
  it("despite_migrations does not hide other pushes", () => {
    expect(revertPlan({ ...MANY, ...step({ despiteMigrations: true }) })).toMatchObject({ draft: true });
  });
});

describe("draft and auto_merge", () => {
  it("a draft that was asked for is never merged by itself", () => {
    expect(revertPlan({ ...INPUT, ...step({ draft: true }) })).toMatchObject({
      draft: true,
      autoMerge: false,
      draftReasons: [],
    });
  });
  it("auto_merge only where it was asked for", () => {
    expect(revertPlan({ ...INPUT, ...step({ autoMerge: false }) })).toMatchObject({
      draft: false,
      autoMerge: false,
    });
  });
});

describe("a gate's own revert", () => {
  it.each<[string, string, boolean]>([
    ["the trailer", "Revert x\n\nDeploy-Gate-Revert: abc..def", true],
    ["a merge of its branch", "Merge pull request #12 from acme/deploy-gate/revert-1-to-2\n\nRevert x", true],
    ["a person's revert", 'Revert "x"\n\nThis reverts commit abc.', false],
    ["a revert of its revert is ordinary work", 'Revert "Revert x"\n\nReverts acme/shop#12', false],
    ["the trailer quoted within a line", "About Deploy-Gate-Revert: lines", false],
    ["a merge of another branch", "Merge pull request #12 from acme/feature/deploy-gate/revert-x", false],
  ])("%s", (_what, message, expected) => expect(isGateRevert(message)).toBe(expected));
});

describe("names and ranges", () => {
  it("one branch per range", () => {
    expect(revertBranch(sha("G"), sha("B"))).toBe(revertBranchPrefix(sha("B")) + sha("G").slice(0, 12));
  });
  it("first parents, oldest first; merged branches stay out", () => {
    const side = commit("side", "G");
    const merge = { ...B, parents: [sha("O2"), sha("side")] };
    expect(names(firstParents([side, O1, O2, merge], sha("B")))).toEqual(["O1", "O2", "B"]);
  });
  it("of nothing, of a commit not in the range, of a root, of a circle", () => {
    expect(firstParents([], sha("B"))).toEqual([]);
    expect(firstParents([O1], sha("B"))).toEqual([]);
    expect(firstParents([{ ...O1, parents: [] }], sha("O1"))).toHaveLength(1);
    expect(firstParents([{ ...O1, parents: [sha("O1")] }], sha("O1"))).toHaveLength(1);
  });
});

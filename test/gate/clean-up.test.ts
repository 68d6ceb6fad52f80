import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AfterRule, CleanUpIssue, CleanUpPull } from "../../src/core/communication.ts";
import type { Action } from "../../src/core/outcome.ts";
import { cleanUp, type CleanUpRequest } from "../../src/gate/clean-up.ts";
import type { Edges } from "../../src/ports.ts";
import { startStepWorld, type StepOptions, type StepWorld } from "./step-world.ts";
import { outcomeOf, planned, toldOf } from "./told-world.ts";

const OLD = "src/services/sitemap_scheduler.py";
const PULL: CleanUpPull = {
  kind: "cleanup_pr",
  delete: [OLD, "src/old/**"],
  title: "cleanup: remove deprecated sitemap_scheduler",
  list: ["Remove `SITEMAP_*` from settings.py [skip ci]", "Mark WO-004 as COMPLETE"],
  labels: ["cleanup"],
  reviewers: ["ada"],
  assignees: ["grace"],
  draft: false,
};
const ISSUE: CleanUpIssue = {
  kind: "issue",
  title: "Clean up",
  list: ["Archive docs"],
  labels: ["x"],
  assignees: ["ada"],
};
const rule = (...steps: AfterRule["steps"]): AfterRule => ({ stage: "boot", verdict: "pass", steps });

interface Scene extends StepOptions {
  readonly after?: readonly AfterRule[];
  readonly earlier?: string;
  readonly request?: Partial<CleanUpRequest>;
}

async function clean(world: StepWorld, sha: string, scene: Scene = {}) {
  const run = planned(world.run(sha, scene), { after: scene.after ?? [rule(PULL)] });
  const told = toldOf(run, scene.earlier);
  const commit = await world.commit(sha);
  const actions = await cleanUp(run, told, { outcome: outcomeOf(run), commit, ...scene.request });
  return {
    actions,
    notes: run.teller.notes,
    after: told.book.current?.told?.after,
    block: told.book.block(),
  };
}

async function pushed(world: StepWorld, files: Readonly<Record<string, string>> = {}): Promise<string> {
  return world.github.commit({
    files: { "src/main.py": "1\n", [OLD]: "old\n", "src/old/a.py": "a\n", ...files },
    message: "Switch to the new schedulers",
  });
}

describe("the clean-up pull request", () => {
  it("deletes the files as the branch's head has them, once", async () => {
    await using world = await startStepWorld();
    const sha = await pushed(world);
    const head = await world.github.commit({ files: { "later.py": "2\n" }, message: "Later" });
    const { actions, notes, after, block } = await clean(world, sha);
    const url = `${world.github.webUrl}/pull/1`;
    expect(actions).toEqual([{ kind: "cleanup_pr", state: "done", reason: "opened #1", url }]);
    expect(notes).toEqual([]);
    expect(after).toEqual(["boot pass"]);
    const [pull] = world.github.pulls;
    expect(pull).toMatchObject({
      title: PULL.title,
      labels: ["cleanup"],
      reviewers: ["ada"],
      assignees: ["grace"],
      draft: false,
      headRef: `deploy-gate/cleanup-${sha.slice(0, 12)}-shop-api-boot-pass`,
    });
    expect(pull?.body).toContain("- [ ] Remove `SITEMAP_*` from settings.py\n- [ ] Mark WO-004 as COMPLETE");
    expect(Object.keys(await world.github.tree(pull!.headRef))).toEqual(["later.py", "src/main.py"]);
    const [made] = await world.github.log(pull!.headRef);
    expect(made?.parents).toEqual([head]);

    expect((await clean(world, sha, { earlier: block })).actions).toEqual([]);
    // A run that was killed before it kept what it did, and whatever became of the pull request.
    const states = [
      [() => undefined, "done", "#1 was opened by an earlier attempt"],
      [
        () => Object.assign(pull!, { state: "closed" }),
        "skipped",
        "#1 was closed without being merged, which is a no",
      ],
      [() => world.github.mergePull(1, "merge"), "skipped", "#1 has deleted it already"],
    ] as const;
    for (const [change, state, reason] of states) {
      if (state === "skipped") Object.assign(pull!, { state: "open" });
      await change();
      expect((await clean(world, sha)).actions).toEqual([{ kind: "cleanup_pr", state, reason, url }]);
    }
    expect(world.github.pulls).toHaveLength(1);
    expect(world.github.issues.length).toBe(1);
  });

  it("and the issue have their labels although the run that opened them was stopped before it set them", async () => {
    await using world = await startStepWorld();
    const sha = await pushed(world);
    const after = [rule(PULL, ISSUE)];
    const stopped = (edges: Edges): Edges => ({
      ...edges,
      forge: { ...edges.forge, decorate: async () => [], decorateIssue: async () => [] },
    });
    await clean(world, sha, { after, edges: stopped });
    expect(world.github.issues.map(({ labels }) => labels)).toEqual([[], ["deploy-gate"]]);
    await clean(world, sha, { after });
    expect(world.github.issues.map(({ labels }) => labels)).toEqual([["cleanup"], ["deploy-gate", "x"]]);
    expect(world.github.issues[1]?.assignees).toEqual(["ada"]);
  });

  it("of two runs at once is one; whose files are gone is an issue with the list, which two runs open once", async () => {
    await using world = await startStepWorld();
    const first = await pushed(world);
    const both = await Promise.all([clean(world, first), clean(world, first)]);
    expect(both.flatMap(({ actions }) => actions)).toMatchObject([{ state: "done" }, { state: "done" }]);
    expect(world.github.pulls).toHaveLength(1);
    const sha = await world.github.commit({
      files: { [OLD]: null, "src/old/a.py": null },
      message: "Gone already",
    });
    const { actions } = await clean(world, sha);
    const reason = `no file of main fits ${OLD}, src/old/**`;
    expect(actions).toEqual([
      { kind: "cleanup_pr", state: "skipped", reason },
      { kind: "cleanup_issue", state: "done", reason: "opened #2", url: `${world.github.webUrl}/issues/2` },
    ]);
    expect(world.github.issues.slice(1)).toMatchObject([
      { title: PULL.title, labels: ["deploy-gate", "cleanup"], assignees: ["grace"] },
    ]);
    expect(world.github.issues[1]?.body).toContain("no file of main fits");
    await clean(world, sha);
    expect(world.github.issues).toHaveLength(2);
  });
});

interface Row {
  readonly name: string;
  readonly scene?: Scene;
  readonly set?: (world: StepWorld) => void;
  readonly unset?: (world: StepWorld) => void;
  readonly actions: readonly Partial<Action>[];
  readonly after?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: "an issue, and a second step of the same kind",
    scene: { after: [rule(ISSUE, { ...ISSUE, title: "More" })] },
    actions: [
      { kind: "cleanup_issue", state: "done", reason: "opened #1" },
      { kind: "cleanup_issue", state: "done", reason: "opened #2" },
    ],
    after: ["boot pass"],
  },
  {
    name: "advise says what it would do, and how by hand",
    scene: { mode: "advise", after: [rule(PULL, ISSUE)] },
    actions: [
      {
        kind: "cleanup_pr",
        state: "advised",
        reason: expect.stringMatching(
          /^would open a pull request onto main that deletes 2 files\. By hand: git fetch origin && git switch -c \S+ origin\/main && git rm ':\(glob\)src\/services\/sitemap_scheduler\.py' ':\(glob\)src\/old\/\*\*' && git commit -m 'cleanup: /,
        ) as string,
      },
      { kind: "cleanup_issue", state: "advised", reason: 'would open the issue "Clean up"' },
    ],
    after: ["boot pass"],
  },
  { name: "observe does nothing", scene: { mode: "observe" }, actions: [] },
  {
    name: "a stage that ended otherwise",
    scene: { after: [{ ...rule(ISSUE), verdict: "warn" }] },
    actions: [],
  },
  {
    name: "while another gate has frozen the service it is held, and looked at again",
    scene: { request: { frozen: "auto-deploy is frozen" } },
    actions: [{ kind: "cleanup_pr", state: "held", reason: "auto-deploy is frozen" }],
  },
  {
    name: "the hold label holds it, too",
    set: (world) => void world.github.openIssue({ title: "wait", labels: ["gate:hold"] }),
    unset: (world) => void Object.assign(world.github.issues.at(-1)!, { state: "closed" }),
    actions: [
      {
        kind: "cleanup_pr",
        state: "held",
        reason: expect.stringContaining('held by label "gate:hold"') as string,
      },
    ],
  },
  {
    name: "every file is no clean-up",
    scene: { after: [rule({ ...PULL, delete: ["{src,x}/**"] })] },
    actions: [
      { state: "failed", reason: "{src,x}/** fits 3 files of 3, at most 1000 and not all are deleted" },
    ],
    after: ["boot pass"],
  },
  {
    name: "a list that GitHub cuts",
    set: (world) => void (world.github.settings.treeLimit = 1),
    unset: (world) => void (world.github.settings.treeLimit = 1_000),
    actions: [
      { state: "failed", reason: expect.stringContaining("does not list all files of main") as string },
    ],
    after: ["boot pass"],
  },
  {
    name: "a branch that may not be made",
    set: (world) => void world.github.fault({ route: /POST .*\/git\/refs$/, kind: "forbidden", times: 1 }),
    actions: [{ kind: "cleanup_pr", state: "failed", reason: expect.stringContaining("403") as string }],
    after: ["boot pass"],
  },
];

describe("a clean-up", () => {
  let world: StepWorld;
  let sha: string;
  beforeAll(async () => {
    world = await startStepWorld();
    sha = await pushed(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it.each(ROWS)("$name", async ({ scene, set, unset, actions, after }) => {
    set?.(world);
    const found = await clean(world, sha, scene);
    unset?.(world);
    expect(found.actions).toMatchObject(actions);
    expect(found.actions).toHaveLength(actions.length);
    expect(found.after).toEqual(after);
  });
});

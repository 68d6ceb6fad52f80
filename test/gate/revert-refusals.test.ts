import { describe, expect, it } from "vitest";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const BAD = { "app.py": withLine(1, "broken") };
const COMPARE = /\/compare\/[0-9a-f]{40}\.\.\.[0-9a-f]{40}$/;
const READY = /\/compare\/main\.\.\.deploy-gate\/revert-[0-9a-f]{12}-to-[0-9a-f]{12}\?expand=1$/;

interface Refusal {
  readonly name: string;
  /** Before the gate runs; gives the bad commit if it made one. */
  readonly set: (world: RevertWorld) => Promise<string | void> | void;
  readonly inputs?: (world: RevertWorld) => Readonly<Record<string, string>>;
  /** `failed` by default. */
  readonly state?: "held";
  readonly reason: RegExp;
  readonly url: RegExp;
  /** Whether the branch stays for a person to use. */
  readonly branchStays?: boolean;
}

const forbid =
  (route: RegExp) =>
  (world: RevertWorld): void => {
    world.scene.github.fault({ route, kind: "forbidden" });
  };
const conflict = async (world: RevertWorld): Promise<string> => {
  const bad = await world.push(BAD);
  await world.push({ "app.py": withLine(1, "fixed forward") }, "A fix");
  return bad;
};
/** A later commit elsewhere, so that the revert needs the server's merge. */
const later = async (world: RevertWorld): Promise<string> => {
  const bad = await world.push(BAD);
  await world.push({ "later.py": "1\n" }, "Later");
  return bad;
};
const workflows = (world: RevertWorld): Promise<string> =>
  world.push({ ...BAD, ".github/workflows/ci.yml": "on: push\n" });
const app = (workflowsToo: boolean) => (world: RevertWorld) => ({
  "pr-token": world.scene.github.token("bot", {
    kind: "app",
    permissions: { contents: "write", "pull-requests": "write" },
    workflows: workflowsToo,
  }),
});

const REFUSALS: readonly Refusal[] = [
  {
    name: "a conflict with later commits",
    set: conflict,
    reason: /conflict with the revert, so it has to be made by a person\. By hand: git fetch/,
    url: COMPARE,
  },
  {
    name: "GitHub Actions may not open pull requests",
    set: (world) => void (world.scene.github.settings.allowActionsPullRequests = false),
    reason:
      /the branch deploy-gate\/\S+ is ready, but its pull request could not be opened: .*not permitted to create or approve pull requests.*Settings > Actions > General/,
    url: READY,
    branchStays: true,
  },
  {
    name: "workflow files with the job's token",
    set: workflows,
    reason: /changes workflow files, which the job's token may never push; pass an App token or PAT/,
    url: COMPARE,
  },
  {
    name: "workflow files with an App that may not",
    set: workflows,
    inputs: app(false),
    reason: /answered 403 to POST …\/git\/refs.*workflows permission may push/,
    url: COMPARE,
  },
  {
    name: "a protected name",
    set: (world) => void (world.scene.github.settings.protectedPatterns = ["deploy-gate/**"]),
    reason: /Reference update failed.*let the gate create branches below deploy-gate\//,
    url: COMPARE,
  },
  {
    name: "a branch in the way of the name",
    set: async (world) =>
      void (await world.scene.github.commit({ branch: "deploy-gate", files: { a: "1" }, message: "m" })),
    reason: /Reference update failed/,
    url: COMPARE,
  },
  {
    name: "403 on the comparison with the branch",
    set: (world) => forbidSecond(world, /GET .*\/compare\/[0-9a-f]{40}\.\.\.main$/),
    reason: /answered 403 to GET …\/compare/,
    url: COMPARE,
  },
  {
    name: "403 on the pull requests of the commit",
    set: forbid(/GET .*\/commits\/[0-9a-f]+\/pulls$/),
    reason: /answered 403 to GET …\/commits\/[0-9a-f]+\/pulls/,
    url: COMPARE,
  },
  {
    name: "403 on the hold label",
    set: forbid(/GET .*\/issues$/),
    reason: /answered 403 to GET …\/issues/,
    url: COMPARE,
  },
  {
    name: "403 on the list of pull requests",
    set: forbid(/GET \/repos\/acme\/shop\/pulls$/),
    state: "held",
    reason: /so guards\.max_actions holds this back: .*answered 403 to GET …\/pulls: Resource not accessible/,
    url: COMPARE,
  },
  {
    name: "403 on the names of branches",
    set: forbid(/GET .*\/matching-refs\//),
    reason: /answered 403 to GET …\/git\/matching-refs/,
    url: COMPARE,
  },
  {
    name: "403 on the commit",
    set: forbid(/POST .*\/git\/commits$/),
    reason: /answered 403 to POST …\/git\/commits.*Add to the job's permissions: contents: write/,
    url: COMPARE,
  },
  {
    name: "403 on the branch",
    set: forbid(/POST .*\/git\/refs$/),
    reason: /answered 403 to POST …\/git\/refs/,
    url: COMPARE,
  },
  {
    name: "403 on the merge",
    set: (world) => {
      forbid(/POST .*\/merges$/)(world);
      return later(world);
    },
    reason: /answered 403 to POST …\/merges/,
    url: COMPARE,
  },
  {
    name: "403 on moving the branch",
    set: (world) => {
      forbid(/PATCH .*\/git\/refs\//)(world);
      return later(world);
    },
    reason: /answered 403 to PATCH …\/git\/refs/,
    url: COMPARE,
  },
  {
    name: "403 on the pull request",
    set: forbid(/POST .*\/pulls$/),
    reason: /is ready, but its pull request could not be opened: GitHub answered 403/,
    url: READY,
    branchStays: true,
  },
  {
    name: "502 on the merge for good",
    set: (world) => {
      world.scene.github.fault({ route: /POST .*\/merges$/, kind: "status", status: 502 });
      return later(world);
    },
    reason: /502/,
    url: COMPARE,
  },
];

/** The same question is asked once before the watch; only the second time is refused. */
function forbidSecond(world: RevertWorld, route: RegExp): void {
  const { github } = world.scene;
  github.at(world.scene.clock.now() + 3_000, () => void github.fault({ route, kind: "forbidden" }));
}

describe("what the platform refuses", () => {
  it.each(REFUSALS)("$name", async ({ set, inputs, state = "failed", reason, url, branchStays = false }) => {
    await using world = await startRevertWorld();
    const { github } = world.scene;
    const bad = (await set(world)) ?? (await world.push(BAD));
    const head = await github.head();
    const result = await world.gateBad(bad, inputs === undefined ? {} : { inputs: inputs(world) });
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(result.report.actions).toMatchObject([
      {
        kind: "revert_pr",
        state,
        reason: expect.stringMatching(reason) as string,
        url: expect.stringMatching(url) as string,
      },
    ]);
    expect(github.pulls).toEqual([]);
    expect(await github.head()).toBe(head);
    const branches = github.requests.flatMap(({ method, path, body }) =>
      method === "POST" && path.endsWith("/git/refs")
        ? [(body as { readonly ref: string }).ref.replace("refs/heads/", "")]
        : [],
    );
    for (const branch of new Set(branches))
      expect((await github.head(branch)) !== undefined, branch).toBe(branchStays);
    expect(github.checkRuns).toMatchObject([
      {
        conclusion: "failure",
        summary: expect.stringContaining(state === "held" ? "held back" : "did not work") as string,
      },
    ]);
    expect(github.statuses.at(-1)).toMatchObject({ state: "failure" });
    expect(result.summary).toContain("Revert pull request");
    expectClean(world.scene);
  });

  it("leaves the branch ready for a person when pull requests are not permitted", async () => {
    await using world = await startRevertWorld();
    const { github } = world.scene;
    github.settings.allowActionsPullRequests = false;
    const bad = await later(world);
    const result = await world.gateBad(bad);
    const branch = /compare\/main\.\.\.([^?]+)\?/.exec(result.report.actions[0]?.url ?? "")?.[1] ?? "";
    const [commit] = await github.log(branch);
    expect(commit?.parents).toEqual([await github.head()]);
    expect(await github.fileAt(branch, "app.py")).toBe(withLine(-1, ""));
    expect(await github.fileAt(branch, "later.py")).toBe("1\n");
    // Once the setting is on, a re-run finishes what is there.
    github.settings.allowActionsPullRequests = true;
    const again = await world.scene.gate({ commit: bad });
    expect(again.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expect(world.revertPull().headRef).toBe(branch);
    expectClean(world.scene);
  });
});

describe("workflow files with a token that may push them", () => {
  it("are reverted like others", async () => {
    await using world = await startRevertWorld();
    const bad = await workflows(world);
    await world.gateBad(bad, { inputs: app(true)(world) });
    expect(world.revertPull().user.login).toBe("bot[bot]");
    expect(await world.scene.github.treeOf(world.revertPull().headSha)).toBe(
      await world.scene.github.treeOf(world.good),
    );
    expectClean(world.scene);
  });
});

describe("labels, assignees and reviewers", () => {
  const step = "{ labels: [revert], reviewers: [ada], assignees: [grace] }";
  it.each([
    { name: "are set", eventual: false },
    { name: "are set although GitHub does not know the pull request at first", eventual: true },
  ])("$name", async ({ eventual }) => {
    await using world = await startRevertWorld({ config: configOf({ step }) });
    world.scene.github.settings.eventualConsistency = eventual;
    const result = await world.gateBad(await world.push(BAD));
    expect(world.revertPull()).toMatchObject({
      labels: ["revert"],
      reviewers: ["ada"],
      assignees: ["grace"],
    });
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expectClean(world.scene);
  });

  it("are best effort: what did not work is said and the revert stands", async () => {
    const config = configOf({ step: "{ labels: [revert], reviewers: [mallory, ada], assignees: [nobody] }" });
    await using world = await startRevertWorld({ config });
    world.scene.github.fault({ route: /POST .*\/labels$/, kind: "forbidden" });
    const result = await world.gateBad(await world.push(BAD));
    expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
    expect(world.revertPull()).toMatchObject({ labels: [], reviewers: ["ada"], assignees: [] });
    for (const words of [
      "The labels revert could not be added",
      "nobody could not be assigned",
      "mallory could not be asked for a review",
    ])
      expect(result.summary).toContain(words);
    expectClean(world.scene);
  });
});

describe("auto_merge", () => {
  const config = configOf({ step: "{ auto_merge: true }" });
  const required = [
    {
      type: "required_status_checks",
      parameters: {
        required_status_checks: [{ context: "ci" }],
        strict_required_status_checks_policy: false,
      },
    },
  ];
  interface Merge {
    readonly name: string;
    readonly token?: boolean;
    readonly set?: (world: RevertWorld) => void;
    readonly file?: string;
    readonly state: string;
    readonly reason: RegExp;
  }
  const withRules = (world: RevertWorld): void => {
    world.scene.github.settings.branchRules = { main: required };
  };
  const MERGES: readonly Merge[] = [
    {
      name: "is switched on where the branch requires something",
      set: withRules,
      state: "done",
      reason: /once its requirements are met/,
    },
    {
      name: "needs pr-token",
      token: false,
      set: withRules,
      state: "held",
      reason: /needs "pr-token": a merge by the job's token starts no workflow/,
    },
    {
      name: "is not a merge at once where the branch requires nothing",
      state: "failed",
      reason: /requires nothing.*not merged/,
    },
    {
      name: "says when the repository forbids it",
      set: (world) => {
        withRules(world);
        world.scene.github.settings.allowAutoMerge = false;
      },
      state: "failed",
      reason: /"Allow auto-merge" is off/,
    },
    {
      name: "is never for a draft",
      set: withRules,
      file: "db/migrations/1.sql",
      state: "held",
      reason: /a draft is never merged automatically \(it touches migrations/,
    },
  ];
  it.each(MERGES)("$name", async ({ token = true, set, file, state, reason }) => {
    await using world = await startRevertWorld({ config });
    set?.(world);
    const bad = await world.push({ ...BAD, ...(file === undefined ? {} : { [file]: "1\n" }) });
    const result = await world.gateBad(bad, token ? { inputs: app(false)(world) } : {});
    expect(result.report.actions).toMatchObject([
      { kind: "revert_pr", state: "done" },
      { kind: "auto_merge", state, reason: expect.stringMatching(reason) as string },
    ]);
    const pull = world.revertPull();
    expect({ isOn: pull.autoMerge !== null, merged: pull.merged }).toEqual({
      isOn: state === "done",
      merged: false,
    });
    expectClean(world.scene);
  });
});

import { describe, expect, it } from "vitest";
import { REVERT_TRAILER } from "../../src/core/revert-plan.ts";
import type { MergeMethod } from "../stand-ins/github/landing.ts";
import {
  configOf,
  expectClean,
  LINES,
  startRevertWorld,
  treeOfGitRevert,
  withLine,
  type RevertWorld,
} from "./revert-world.ts";

interface History {
  readonly name: string;
  /** Brings the bad commit to main. */
  readonly make: (world: RevertWorld) => Promise<string>;
  /** Whether the push event's `before` is told. */
  readonly before: boolean;
  /** What `git revert` is given, with G and B in place. */
  readonly revert: (range: { readonly good: string; readonly bad: string }) => readonly string[];
  readonly draft?: boolean;
}

const bad = (line: number): Readonly<Record<string, string>> => ({
  "app.py": withLine(line, `broken ${line}`),
});
const three = [
  { "app.py": withLine(1, "broken one") },
  { "new.py": "new\n" },
  {
    "app.py": withLine(2, "broken two", withLine(1, "broken one").split("\n").slice(0, 12)),
    "keep.py": null,
  },
];
const pushAll = async (world: RevertWorld): Promise<string> => {
  let sha = "";
  for (const files of three) sha = await world.push(files, "A step");
  return sha;
};
const range = ({ good, bad: last }: { readonly good: string; readonly bad: string }): readonly string[] => [
  `${good}..${last}`,
];
const landing = (method: MergeMethod) => async (world: RevertWorld) => (await world.land(method, three)).sha;

const HISTORIES: readonly History[] = [
  { name: "one pushed commit", make: (world) => world.push(bad(1)), before: true, revert: range },
  { name: "one pushed commit, no before", make: (world) => world.push(bad(1)), before: false, revert: range },
  { name: "three pushed commits", make: pushAll, before: true, revert: range },
  // Without the event nobody knows that they came together.
  { name: "three pushed commits, no before", make: pushAll, before: false, revert: range, draft: true },
  { name: "a squash merge", make: landing("squash"), before: true, revert: range },
  { name: "a squash merge, no before", make: landing("squash"), before: false, revert: range },
  { name: "a merge", make: landing("merge"), before: true, revert: ({ bad: last }) => ["-m", "1", last] },
  {
    name: "a merge, no before",
    make: landing("merge"),
    before: false,
    revert: ({ bad: last }) => ["-m", "1", last],
  },
  { name: "a rebase merge", make: landing("rebase"), before: true, revert: range },
  { name: "a rebase merge, no before", make: landing("rebase"), before: false, revert: range },
];

describe.each(HISTORIES)("the revert of $name", ({ make, before, revert, draft = false }) => {
  it.each(before ? [0, 2] : [2])(
    "takes back what git revert would, with %i later commits kept",
    async (later) => {
      await using world = await startRevertWorld();
      const { scene, good } = world;
      const last = await make(world);
      for (let count = 0; count < later; count += 1)
        await world.push({ [`later-${count}.py`]: "kept\n" }, "Later");
      const head = await scene.github.head();

      const result = await world.gateBad(last, before ? { before: good } : {});

      expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
      expect(result.report.actions).toMatchObject([{ kind: "revert_pr", state: "done" }]);
      const pull = world.revertPull();
      expect(pull).toMatchObject({ baseRef: "main", draft, state: "open" });
      expect(pull.headRef).toMatch(/^deploy-gate\/revert-[0-9a-f]{12}-to-[0-9a-f]{12}$/);
      expect(await scene.github.treeOf(pull.headSha)).toBe(
        await treeOfGitRevert(scene, revert({ good, bad: last })),
      );
      const [commit] = await scene.github.log(pull.headSha);
      expect(commit?.parents).toEqual([head]);
      expect(commit?.message).toContain(`\n\n${REVERT_TRAILER} ${good}..${last}`);
      expect(commit?.message).not.toMatch(/\[skip ci\]/i);
      expect(await scene.github.head()).toBe(head);
      expect(result.outputs).toMatchObject({
        "revert-pr-number": String(pull.number),
        "revert-pr-url": `${scene.github.webUrl}/pull/${pull.number}`,
      });
      expectClean(scene);
    },
  );
});

describe("the range", () => {
  it("keeps later changes of the same file, renames and deletions apart", async () => {
    await using world = await startRevertWorld({
      files: { "old.py": LINES.join("\n"), "gone.py": "gone\n" },
    });
    const { scene, good } = world;
    const last = await world.push({
      "old.py": null,
      "moved.py": LINES.join("\n"),
      "gone.py": null,
      ...bad(1),
    });
    await world.push({ "app.py": withLine(10, "later", withLine(1, "broken 1").split("\n").slice(0, 12)) });
    await world.gateBad(last, { before: good });
    const tree = await scene.github.tree(world.revertPull().headSha);
    expect(Object.keys(tree).toSorted()).toEqual([
      ".github/deploy-gate.yml",
      "app.py",
      "gone.py",
      "keep.py",
      "old.py",
    ]);
    expect(await scene.github.fileAt(world.revertPull().headRef, "app.py")).toBe(
      withLine(10, "later", ["", ...LINES].slice(1)),
    );
    expect(await scene.github.treeOf(world.revertPull().headSha)).toBe(
      await treeOfGitRevert(scene, [`${good}..${last}`]),
    );
    expectClean(scene);
  });

  it("takes other pushes back with it in a draft that lists what became of them", async () => {
    await using world = await startRevertWorld();
    const { scene, good, serviceId } = world;
    const failed = await world.push({ "one.py": "1\n" }, "One broke its build");
    scene.render.story(serviceId, failed, { createdMs: 10, buildMs: 100, end: "build_failed" });
    await scene.clock.advance(1_000);
    const before = await world.push({ "two.py": "2\n" }, "Two came along @everyone");
    const last = await world.push(bad(1), "Three is bad");
    const result = await world.gateBad(last, { before });
    const pull = world.revertPull();
    expect(pull.draft).toBe(true);
    expect(await scene.github.treeOf(pull.headSha)).toBe(await scene.github.treeOf(good));
    expect(pull.body).toContain("It takes back 2 other pushes besides this one");
    expect(pull.body).toMatch(/One broke its build: its own deploy dep-\w+ ended as build\\_failed\./);
    expect(pull.body).toMatch(
      /Two came along @.{0,8}everyone: no deploy of its own; it went out with this one\./,
    );
    expect(pull.body).not.toContain("@everyone");
    expect(result.report.actions[0]?.reason).toContain("opened draft #");
    expectClean(scene);
  });

  it.each([
    { name: "asked for", step: "{ scope: push }", service: {}, file: "other.py" },
    {
      name: "nothing of the others is under the root directory",
      step: "{}",
      service: { rootDir: "." },
      file: "docs/other.md",
      filter: { paths: ["**/*.py"], ignoredPaths: [] },
    },
  ])("is the push alone when $name", async ({ step, file, filter }) => {
    await using world = await startRevertWorld({
      config: configOf({ step }),
      ...(filter === undefined ? {} : { service: { buildFilter: filter } }),
    });
    const { scene } = world;
    const before = await world.push({ [file]: "kept\n" }, "Another push");
    const last = await world.push(bad(1));
    await world.gateBad(last, { before });
    const pull = world.revertPull();
    expect(pull.draft).toBe(false);
    expect(await scene.github.treeOf(pull.headSha)).toBe(await scene.github.treeOf(before));
    expectClean(scene);
  });

  it("never reaches behind the commit that served, even when the push began there", async () => {
    await using world = await startRevertWorld({ config: configOf({ step: "{ scope: push }" }) });
    const { scene, serviceId } = world;
    const start = await scene.github.head();
    const half = await world.push({ "half.py": "served\n" });
    scene.render.serving(serviceId, half, { at: scene.clock.now() - 3_600_000 });
    const last = await world.push(bad(1));
    await world.gateBad(last, { before: start! });
    expect(await scene.github.treeOf(world.revertPull().headSha)).toBe(await scene.github.treeOf(half));
    expectClean(scene);
  });

  it.each([
    { name: "a rebase merge", land: true, before: false },
    { name: "a push", land: false, before: true },
  ])("without a commit that served before it is the push: $name", async ({ land, before }) => {
    await using world = await startRevertWorld();
    const { scene, good } = world;
    const fresh = scene.render.service({
      name: "worker",
      type: "web_service",
      repo: "https://github.com/acme/shop",
      branch: "main",
      serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
    });
    const last = land ? (await world.land("rebase", three)).sha : await pushAll(world);
    world.deployBad(last, { service: fresh.id });
    await scene.gate({ commit: last, inputs: { service: "worker" }, ...(before ? { before: good } : {}) });
    expect(await scene.github.treeOf(world.revertPull().headSha)).toBe(await scene.github.treeOf(good));
    expectClean(scene);
  });
});

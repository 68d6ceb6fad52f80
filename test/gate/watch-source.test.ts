import { describe, expect, it } from "vitest";
import {
  checkOf,
  expectNoAct,
  expectTold,
  startWatch,
  type Watch,
  type WatchOptions,
} from "./watch-scene.ts";

const LOOP = "def loop():\n    rows = q.with_for_update(skip_locked=True)\n";
const FILES = { "src/loop.py": LOOP, "src/deep/other.py": "print('x')\n", "README.md": "skip_locked\n" };

interface Row {
  readonly what: string;
  readonly source: string;
  readonly files?: WatchOptions["files"];
  readonly verdict: string;
  readonly reason: RegExp;
  readonly evidence?: readonly object[];
}

const ROWS: readonly Row[] = [
  {
    what: "a line that has to be there",
    source: `{ glob: "src/**/*.py", require: ["with_for_update(skip_locked=True)"] }`,
    verdict: "pass",
    reason: /2 files/,
    evidence: [{ text: "src/loop.py:2: rows = q.with_for_update(skip_locked=True)" }],
  },
  {
    what: "a line that is missing",
    source: `{ glob: src/loop.py, require: ["with_for_update(skip_locked=True)", "/nowait\\\\s*=/"] }`,
    verdict: "fail",
    reason: /missing > 0, got 1.*1 file; missing:/,
    evidence: [{ text: "missing: /nowait\\s*=/" }],
  },
  {
    what: "a line that must not be there",
    source: `{ glob: "src/**", forbid: [print] }`,
    verdict: "fail",
    reason: /matches > 0, got 1/,
    evidence: [{ text: "src/deep/other.py:1: print('x')" }],
  },
  {
    what: "no file of that name, and something required in it",
    source: `{ glob: src/scheduler.py, require: [skip_locked] }`,
    verdict: "fail",
    reason: /missing > 0, got 1.*0 files/,
  },
  {
    what: "no file of that name, and something forbidden",
    source: `{ glob: src/scheduler.py, forbid: [skip_locked] }`,
    verdict: "unknown",
    reason: /no file of the commit fits src\/scheduler.py/,
  },
  {
    what: "too many files",
    source: `{ glob: "many/*", forbid: [x] }`,
    files: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`many/${index}.py`, "x\n"])),
    verdict: "unknown",
    reason: /51 files fit many\/\*; 50 at most are read/,
  },
  {
    what: "a file that is too large",
    source: `{ glob: big.txt, forbid: [needle] }`,
    files: { "big.txt": "x".repeat(1_100_000) },
    verdict: "unknown",
    reason: /big.txt.*larger than 1 M/,
  },
];

const pathsOf = ({ github }: Watch): readonly string[] =>
  github.requests.map(({ path }) => decodeURIComponent(path));

describe("a source check", () => {
  it.each(ROWS)("$what: $verdict", async ({ source, files, verdict, reason, evidence }) => {
    const watch = await startWatch(`code: { source: ${source} }`, { files: { ...FILES, ...files } });
    await using _watch = watch;
    const result = await watch.run();
    expect(checkOf(result, "code")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    if (evidence !== undefined) expect(checkOf(result, "code").evidence).toMatchObject(evidence);
    expectTold(watch, result);
    expectNoAct(watch);
  });

  it("reads a commit once, however often it is looked at and by how many", async () => {
    const watch = await startWatch(
      `a: { source: { glob: "src/*.py", require: [loop] } }\nb: { source: { glob: "src/**", require: [loop] } }`,
      { files: FILES },
    );
    await using _watch = watch;
    const result = await watch.run();
    expect(result.ending.verdict).toBe("pass");
    const paths = pathsOf(watch);
    expect(paths.filter((path) => path.includes("/git/trees/"))).toHaveLength(1);
    expect(paths.filter((path) => path.includes("/contents/src/"))).toHaveLength(2);
  });

  it("reads the files of a checkout of the commit without asking for them", async () => {
    const watch = await startWatch(`code: { source: { glob: "src/*.py", require: [from_workspace] } }`, {
      files: FILES,
    });
    await using _watch = watch;
    const asked: string[] = [];
    const result = await watch.run({
      edges: (edges) => ({
        ...edges,
        workspace: {
          head: async () => watch.bad,
          async read(path) {
            asked.push(path);
            return path.endsWith(".py") ? "from_workspace = True\n" : undefined;
          },
        },
      }),
    });
    expect(checkOf(result, "code")).toMatchObject({ verdict: "pass" });
    expect(asked).toContain("src/loop.py");
    expect(pathsOf(watch).filter((path) => path.includes("/contents/src/"))).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "../../src/io/workspace.ts";
import { ConfigProblem } from "../../src/problem.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

let top: string;
let root: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "workspace-test-"));
  root = join(top, "work");
  mkdirSync(root);
});
afterEach(() => rmSync(top, { recursive: true }));

function put(path: string, text: string): void {
  const full = join(top, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

describe("the checked-out commit", () => {
  const packedRefs = `# pack-refs with: peeled\n${B} refs/heads/old/main\n${A} refs/heads/main\n^${B}\n`;
  const rows: { what: string; files: Record<string, string>; head: string | undefined }[] = [
    { what: "a detached HEAD", files: { "work/.git/HEAD": `${A}\n` }, head: A },
    { what: "a SHA-256 repository", files: { "work/.git/HEAD": "c".repeat(64) }, head: "c".repeat(64) },
    {
      what: "a branch",
      files: { "work/.git/HEAD": "ref: refs/heads/main\n", "work/.git/refs/heads/main": `${A}\n` },
      head: A,
    },
    {
      what: "a packed branch",
      files: { "work/.git/HEAD": "ref: refs/heads/main\n", "work/.git/packed-refs": packedRefs },
      head: A,
    },
    {
      what: "a loose ref over a packed one",
      files: {
        "work/.git/HEAD": "ref: refs/heads/main\n",
        "work/.git/refs/heads/main": `${B}\n`,
        "work/.git/packed-refs": packedRefs,
      },
      head: B,
    },
    {
      what: "a ref that names a ref",
      files: {
        "work/.git/HEAD": "ref: refs/heads/alias\n",
        "work/.git/refs/heads/alias": "ref: refs/heads/main\n",
        "work/.git/refs/heads/main": `${A}\n`,
      },
      head: A,
    },
    {
      what: "a worktree",
      files: {
        "work/.git": "gitdir: ../main/.git/worktrees/side\n",
        "main/.git/HEAD": "ref: refs/heads/main\n",
        "main/.git/refs/heads/main": `${B}\n`,
        "main/.git/worktrees/side/HEAD": "ref: refs/heads/side\n",
        "main/.git/worktrees/side/commondir": "../..\n",
        "main/.git/packed-refs": `${A} refs/heads/side\n`,
      },
      head: A,
    },
    { what: "no repository", files: { "work/readme": "" }, head: undefined },
    { what: "an unborn branch", files: { "work/.git/HEAD": "ref: refs/heads/main\n" }, head: undefined },
    { what: "rubbish in HEAD", files: { "work/.git/HEAD": "hello" }, head: undefined },
    {
      what: "refs in a circle",
      files: { "work/.git/HEAD": "ref: refs/heads/x\n", "work/.git/refs/heads/x": "ref: refs/heads/x\n" },
      head: undefined,
    },
    {
      what: "a ref that leaves the folder",
      files: { "work/.git/HEAD": "ref: refs/../../../secret\n", secret: A },
      head: undefined,
    },
  ];
  it.each(rows)("$what", async ({ files, head }) => {
    for (const [path, text] of Object.entries(files)) put(path, text);
    expect(await createWorkspace(root).head()).toBe(head);
  });
});

describe("reading a file", () => {
  beforeEach(() => {
    put("work/.github/deploy-gate.yml", "version: 1\n");
    put("secret", "secret");
    put("work2/secret", "secret");
    symlinkSync("../secret", join(root, "link-out"));
    symlinkSync("..", join(root, "folder-out"));
    symlinkSync(".github/deploy-gate.yml", join(root, "link-in"));
  });

  it.each([".github/deploy-gate.yml", "./.github/../.github/deploy-gate.yml", "link-in"])(
    "reads %s",
    async (path) => {
      expect(await createWorkspace(root).read(path)).toBe("version: 1\n");
    },
  );

  it.each(["missing.yml", ".github", ".github/deploy-gate.yml/x", ""])("%j is not there", async (path) => {
    expect(await createWorkspace(root).read(path)).toBeUndefined();
  });

  it.each([
    "../secret",
    "a/../../secret",
    "/etc/passwd",
    "..",
    "../work2/secret",
    "link-out",
    "folder-out/secret",
  ])("refuses %s", async (path) => {
    const read = createWorkspace(root).read(path);
    await expect(read).rejects.toBeInstanceOf(ConfigProblem);
    await expect(read).rejects.toThrow(
      /^The path ".*" (leaves the workspace|is a link that leaves the workspace)\.$/,
    );
  });

  it("refuses a file over 5 MiB", async () => {
    put("work/big", "x".repeat(5 * 1024 * 1024 + 1));
    await expect(createWorkspace(root).read("big")).rejects.toThrow('The path "big" is larger than 5 MiB.');
  });

  it("a workspace whose own folder is a link is read", async () => {
    symlinkSync(root, join(top, "alias"));
    expect(await createWorkspace(join(top, "alias")).read("link-in")).toBe("version: 1\n");
  });
});

it.each([undefined, "", "/does/not/exist"])("nothing is there without a workspace: %s", async (path) => {
  const workspace = createWorkspace(path);
  expect(await workspace.head()).toBeUndefined();
  expect(await workspace.read("a")).toBeUndefined();
});

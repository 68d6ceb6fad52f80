import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../scripts/build.ts";

const GOOD = "version: 1\nservice: shop-api\nchecks:\n  health: { http: /health, on_fail: revert }\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-gate-cli-"));
  await mkdir(join(folder, ".github"));
  await writeFile(join(folder, ".github/deploy-gate.yml"), GOOD);
  await writeFile(join(folder, "bad.yml"), `${GOOD}  other: { htp: / }\n`);
  await writeFile(join(folder, "doubtful.yml"), `${GOOD}  other: { logs: { forbid: [/.*/] } }\n`);
  await bundle(join(folder, "dist"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundle, started as people start it, on the Node that runs the tests. */
function cli(...words: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env["PATH"] ?? "" } };
    execFile(process.execPath, [join(folder, "dist/cli.js"), ...words], options, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
  });
}

test.each<[string, readonly string[], 0 | 1, RegExp]>([
  ["a good file at the default path", ["lint"], 0, /^\.github\/deploy-gate\.yml: no mistakes\n/],
  [
    "a warning",
    ["lint", "doubtful.yml"],
    0,
    /^doubtful\.yml:5:29: warning: .+\ndoubtful\.yml: no mistakes, 1 warning\n/,
  ],
  ["a mistake", ["lint", "bad.yml"], 1, /^bad\.yml:5:3: error: check "other" has no source; give it one of /],
  ["help", ["--help"], 0, /^Usage: node dist\/cli\.js lint \[file\]\n/],
  ["the version", ["--version"], 0, /^\d+\.\d+\.\d+\n$/],
])("%s", async (_, words, code, stdout) => {
  const result = await cli(...words);
  expect(result).toMatchObject({ code, stderr: "" });
  expect(result.stdout).toMatch(stdout);
  // Nobody sees a pipe's colours.
  expect(result.stdout).not.toContain("\u001b");
});

test.each<[string, readonly string[], string]>([
  ["no such file", ["lint", "none.yml"], '"none.yml" cannot be read: it does not exist; '],
  ["a folder", ["lint", ".github"], '".github" cannot be read: it is a folder; '],
  ["a hostile name", ["lint", "a\u001b[2J\nb"], '"a b" cannot be read: it does not exist; '],
  ["no such command", ["watch"], 'there is no command "watch"; '],
  ["no command", [], "no command is given; "],
])("%s: one line and exit code 2", async (_, words, stderr) => {
  const result = await cli(...words);
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(result.stderr.startsWith(stderr)).toBe(true);
  expect(result.stderr.trimEnd()).not.toContain("\n");
});

test("a file without an end is read up to what a config file may have", async () => {
  const result = await cli("lint", "/dev/zero");
  expect(result.code).toBe(1);
  expect(result.stdout).toContain("at most 262144 are read");
});

test("what people start loads nothing that could talk to anybody", async () => {
  const loaded = new Map<string, string>();
  const waiting = ["cli.js"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    const text = await readFile(join(folder, "dist", name), "utf8");
    loaded.set(name, text);
    for (const [, next] of text.matchAll(/(?:from|import)\s*\(?"\.\/([\w-]+\.js)"/g))
      waiting.push(next ?? "");
  }
  expect([...loaded.keys()]).toContain("rules.js");
  expect([...loaded.keys()]).not.toContain("vendor.js");
  for (const [name, text] of loaded) {
    const modules = [...text.matchAll(/(?:from|import)\s*\(?["'](?:node:)?([\w/]+)["']/g)].map(
      ([, module]) => module,
    );
    expect(
      modules.filter((module) => !["fs", "v8", "module"].includes(module ?? "")),
      name,
    ).toEqual([]);
  }
});

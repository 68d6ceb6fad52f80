import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly sha: string;
  readonly type: ObjectType;
  readonly content: Buffer;
}

/** A bare repository: objects through one long-lived `git cat-file`, everything else through the git command. */
export interface Git {
  readonly gitDir: string;
  /** Any name that git understands (`refs/heads/main`, a sha, `sha:path`); undefined when there is none. */
  read(name: string): Promise<GitObject | undefined>;
  /** Writes a loose object, as `git hash-object -w` does. Gives its sha. */
  write(type: ObjectType, content: Buffer): Promise<string>;
  /** Runs git in the repository. Gives the exit code instead of throwing. */
  run(
    args: readonly string[],
    input?: string,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  close(): Promise<void>;
}

const SHA = /^[0-9a-f]{40}$/;
const TIMELESS = new Set(["diff-tree", "merge-base", "rev-list"]);
/** What git said about objects by their shas, which is the same in every repository that has them. */
const answers = new Map<string, ReturnType<Git["run"]>>();

/** Whether the answer is the same whenever it is asked for: nothing is named but objects. */
function isTimeless([command = "", ...rest]: readonly string[]): boolean {
  const isFixed = (arg: string): boolean => /^(?:-.*|[0-9a-f]{40}(?:\.{2,3}[0-9a-f]{40})?)$/.test(arg);
  return TIMELESS.has(command) && rest.every((arg) => isFixed(arg) && arg !== "--stdin" && arg !== "--all");
}

/** The environment in which nobody's own git configuration counts. */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return {
    PATH,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C.UTF-8",
    ...extra,
  };
}

function runGit(gitDir: string, args: readonly string[], input: string | undefined): ReturnType<Git["run"]> {
  return new Promise((resolve, reject) => {
    const options = { env: gitEnvironment({ GIT_DIR: gitDir }), maxBuffer: 256 * 1024 * 1024 };
    const child = execFile("git", [...args], options, (error, out, err) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

/** Answers of `git cat-file --batch` come in the order of the questions. */
function openReader(gitDir: string): Pick<Git, "read" | "close"> {
  const child = spawn("git", ["cat-file", "--batch"], { env: gitEnvironment({ GIT_DIR: gitDir }) });
  const waiting: { resolve(found: GitObject | undefined): void; reject(cause: Error): void }[] = [];
  let pending: Buffer = Buffer.alloc(0);
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf(10);
      if (end < 0) return;
      const header = pending.toString("utf8", 0, end);
      const match = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
      if (!match) {
        pending = pending.subarray(end + 1);
        waiting.shift()?.resolve(undefined);
        continue;
      }
      const size = Number(match[3]);
      if (pending.length < end + 1 + size + 1) return;
      const content = Buffer.from(pending.subarray(end + 1, end + 1 + size));
      pending = pending.subarray(end + 1 + size + 1);
      waiting.shift()?.resolve({ sha: match[1]!, type: match[2] as ObjectType, content });
    }
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      for (const question of waiting.splice(0)) question.reject(new Error("git cat-file has ended"));
      resolve();
    });
  });
  return {
    read: (name) =>
      new Promise((resolve, reject) => {
        if (name === "" || /[\n\0]/.test(name)) return resolve(undefined);
        if (child.exitCode !== null) return reject(new Error("git cat-file has ended"));
        waiting.push({ resolve, reject });
        child.stdin.write(`${name}\n`);
      }),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Creates an empty bare repository in `gitDir` whose HEAD names `defaultBranch`. */
export async function createGit(gitDir: string, defaultBranch: string): Promise<Git> {
  const run: Git["run"] = (args, input) => {
    if (!isTimeless(args)) return runGit(gitDir, args, input);
    const question = args.join(" ");
    const answer = answers.get(question) ?? runGit(gitDir, args, input);
    answers.set(question, answer);
    // What is not there yet may come.
    void answer.then(({ code }) => code === 0 || answers.delete(question));
    return answer;
  };
  // What `git init --bare` makes, without starting a process for it.
  for (const folder of ["objects", "refs/heads", "refs/tags"])
    await mkdir(join(gitDir, folder), { recursive: true });
  await writeFile(join(gitDir, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
  await writeFile(
    join(gitDir, "config"),
    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tquotePath = false\n" +
      "[gc]\n\tauto = 0\n[uploadpack]\n\tallowAnySHA1InWant = true\n[diff]\n\trenameLimit = 2000\n",
  );
  const reader = openReader(gitDir);
  const known = new Map<string, GitObject>();
  let temporary = 0;
  return {
    gitDir,
    run,
    close: reader.close,
    async read(name) {
      const cached = known.get(name);
      if (cached) return cached;
      const found = await reader.read(name);
      if (found && SHA.test(name)) known.set(name, found);
      return found;
    },
    async write(type, content) {
      const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
      const sha = createHash("sha1").update(whole).digest("hex");
      const path = join(gitDir, "objects", sha.slice(0, 2), sha.slice(2));
      known.set(sha, { sha, type, content });
      if (await stat(path).catch(() => undefined)) return sha;
      await mkdir(dirname(path), { recursive: true });
      temporary += 1;
      const draft = join(gitDir, "objects", `tmp_${temporary}`);
      await writeFile(draft, deflateSync(whole, { level: 1 }), { mode: 0o444 });
      await rename(draft, path);
      return sha;
    },
  };
}

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import type { Expected } from "./ending.ts";

/** One merge into the small service that the demo shows. */
export interface LeadsStory extends Expected {
  readonly folder: string;
  readonly branch: string;
  readonly title: string;
}

/** `bad`: one scheduler takes the id of another and is not registered, and two workers scan the same places. */
export const leadsStories = {
  bad: {
    folder: "bad",
    branch: "faster-deep-scans",
    title: "Speed up deep scans",
    verdict: "fail",
    does: ["revert_pr"],
  },
  good: {
    folder: "good",
    branch: "health-commit",
    title: "Say the commit in /health",
    verdict: "pass",
    does: [],
  },
} as const satisfies Readonly<Record<"bad" | "good", LeadsStory>>;

/** What was merged, and on what. */
export interface History {
  readonly before: string;
  readonly merged: string;
  readonly pull: number;
}

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll("\\", "/");
    files[name] = await readFile(path, "utf8");
  }
  return files;
}

/** Writes the repository of the service, opens the story's pull request, and merges it. */
export async function writeHistory(github: GitHubStandIn, story: LeadsStory): Promise<History> {
  const here = import.meta.dirname;
  const before = await github.commit({
    files: await filesIn(join(here, "service")),
    message: "Scan places and keep one local_business row for each",
    at: Date.now() - 86_400_000,
  });
  await github.commit({
    branch: story.branch,
    files: await filesIn(join(here, "merges", story.folder)),
    message: story.title,
  });
  const pull = await github.openPull({ head: story.branch, base: "main", title: story.title });
  const merged = await github.mergePull(pull.number, "squash");
  return { before, merged, pull: pull.number };
}

import type { StoredCommit } from "./repository.ts";
import { mergeBase, readFileAt, resolveCommit, updateRef, walkTree } from "./repository.ts";
import type { Site } from "./site.ts";
import { isPull, Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";
import { lacking } from "./tokens.ts";

/** Ref calls accept either set; the second is what a change of workflow files needs. */
export const REF_PERMISSIONS = "contents=write; contents=write,workflows=write";

/** The head commit of a branch, without `refs/heads/`. */
export function branchHead(site: Site, branch: string): Promise<StoredCommit | undefined> {
  return resolveCommit(site.git, `refs/heads/${branch}`);
}

function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

const BLOCKING: Readonly<Record<"create" | "update" | "delete", readonly string[]>> = {
  create: ["creation"],
  update: ["update", "pull_request", "merge_queue"],
  delete: ["deletion"],
};

/** Whether a ruleset or protection keeps everybody from doing that to the ref; GitHub says no more than `Reference update failed`. */
export function isProtected(site: Site, ref: string, act: keyof typeof BLOCKING): boolean {
  const branch = ref.replace(/^refs\/heads\//, "");
  const rules = site.settings.branchRules[branch] ?? [];
  return (
    site.settings.protectedPatterns.some((glob) => globPattern(glob).test(branch)) ||
    rules.some((rule) => BLOCKING[act].includes(rule.type))
  );
}

async function workflowFiles(site: Site, tree: string): Promise<ReadonlyMap<string, string>> {
  const folder = await readFileAt(site.git, tree, ".github/workflows");
  if (folder?.type !== "tree") return new Map();
  const files = await walkTree(site.git, { tree: folder.sha, under: ".github/workflows" });
  return new Map(files.map((file) => [file.path, file.sha]));
}

/** A workflow file in which a tree differs from the default branch. That difference counts, not the commit's own. */
async function changedWorkflow(site: Site, tree: string): Promise<string | undefined> {
  const head = await branchHead(site, site.defaultBranch);
  if (!head || head.tree === tree) return undefined;
  const [ours, theirs] = await Promise.all([workflowFiles(site, tree), workflowFiles(site, head.tree)]);
  return [...new Set([...ours.keys(), ...theirs.keys()])].find((path) => ours.get(path) !== theirs.get(path));
}

/** Throws the refusal for a ref whose workflow files the token may not bring in. */
export async function guardWorkflows(
  site: Site,
  token: Token,
  change: { readonly tree: string; readonly how: "ref" | "merge" },
): Promise<void> {
  if (token.workflows) return;
  const path = await changedWorkflow(site, change.tree);
  if (path === undefined) return;
  if (change.how === "ref") throw lacking(token, REF_PERMISSIONS);
  const [who, what] =
    token.kind === "pat"
      ? ["a Personal Access Token", "`workflow` scope"]
      : ["a GitHub App", "`workflows` permission"];
  throw new Refusal(403, `refusing to allow ${who} to create or update workflow \`${path}\` without ${what}`);
}

/** Brings open pull requests in line with their branches: new heads, vanished heads, heads that landed by a push. */
export async function syncPulls(site: Site): Promise<void> {
  for (const pull of site.issues) {
    if (!isPull(pull) || pull.state === "closed") continue;
    const [head, base] = await Promise.all([branchHead(site, pull.headRef), branchHead(site, pull.baseRef)]);
    const now = site.now();
    if (!head || !base) {
      Object.assign(pull, { state: "closed", closedAt: now, updatedAt: now, autoMerge: null });
      continue;
    }
    if (head.sha !== pull.headSha) {
      Object.assign(pull, { headSha: head.sha, baseSha: base.sha, updatedAt: now });
    }
    if (base.sha !== pull.baseSha && (await mergeBase(site.git, head.sha, base.sha)) === head.sha) {
      Object.assign(pull, {
        state: "closed",
        merged: true,
        mergedAt: now,
        closedAt: now,
        mergeCommit: base.sha,
      });
      pull.landed.push(head.sha);
    }
  }
}

/** Moves a branch that still stands at `from`; afterwards pull requests follow. */
export async function moveBranch(
  site: Site,
  branch: string,
  change: { readonly to: string; readonly from: string | undefined },
): Promise<void> {
  if (!(await updateRef(site.git, `refs/heads/${branch}`, change)))
    throw new Refusal(422, "Reference update failed");
  await syncPulls(site);
}

import { branchHead, syncPulls } from "./branches.ts";
import { mergeTrees, readCommit, revisions, updateRef, writeCommit } from "./repository.ts";
import { GITHUB, personOf } from "./shapes.ts";
import type { PullRecord, Site, User } from "./site.ts";
import { Refusal } from "./site.ts";
import { latestStatuses } from "./statuses.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

const PASSING = new Set(["success", "neutral", "skipped"]);

/** Whether a status or check run of that name has passed on the commit. */
function hasPassed(site: Site, sha: string, context: string): boolean {
  const runs = site.checkRuns.filter((run) => run.sha === sha && run.name === context);
  const statuses = site.statuses.filter((status) => status.sha === sha && status.context === context);
  const last = runs.at(-1);
  return last ? PASSING.has(last.conclusion ?? "") : statuses.at(-1)?.state === "success";
}

/** What the rules of the base branch still ask of a pull request. */
export function unmetRules(site: Site, pull: PullRecord): readonly string[] {
  return (site.settings.branchRules[pull.baseRef] ?? []).flatMap(({ type, parameters = {} }) => {
    if (type === "required_status_checks") {
      const checks = (parameters["required_status_checks"] ?? []) as readonly { readonly context: string }[];
      return checks
        .filter(({ context }) => !hasPassed(site, pull.headSha, context))
        .map(({ context }) => `Required status check "${context}" is expected.`);
    }
    const reviews = type === "pull_request" ? Number(parameters["required_approving_review_count"] ?? 0) : 0;
    if (reviews > 0)
      return [`At least ${reviews} approving review is required by reviewers with write access.`];
    return type === "merge_queue" ? ["Changes must be made through the merge queue"] : [];
  });
}

/** Whether something on the head that no rule asks for has failed or is running. */
export function isUnstable(site: Site, pull: PullRecord): boolean {
  const newestFirst = site.statuses.filter((status) => status.sha === pull.headSha).reverse();
  const runs = site.checkRuns.filter((run) => run.sha === pull.headSha);
  return (
    latestStatuses(newestFirst).some((status) => status.state !== "success") ||
    runs.some((run) => !PASSING.has(run.conclusion ?? ""))
  );
}

/** Replays a commit on another: a merge whose common ancestor is the commit's parent. */
async function replay(site: Site, sha: string, onto: string): Promise<string> {
  const [commit, target] = await Promise.all([readCommit(site.git, sha), readCommit(site.git, onto)]);
  const bridge = await writeCommit(site.git, {
    ...target!,
    parents: commit!.parents.slice(0, 1),
    message: "bridge",
  });
  const tree = await mergeTrees(site.git, bridge, sha);
  if (tree === undefined) throw new Refusal(405, "This branch can't be rebased");
  const committer = { ...GITHUB, seconds: Math.floor(site.now() / 1000) };
  return writeCommit(site.git, { ...commit!, tree, parents: [onto], committer });
}

/**
 * Merges a pull request as GitHub would. Gives the new head of the base branch.
 * Throws a Refusal (405) when it conflicts or is closed.
 */
export async function landPull(
  site: Site,
  pull: PullRecord,
  how: {
    readonly method: MergeMethod;
    readonly by: User;
    readonly title?: string | undefined;
    readonly message?: string | undefined;
    readonly guard?: (tree: string) => Promise<void>;
  },
): Promise<string> {
  await syncPulls(site);
  const { method, by } = how;
  const base = await branchHead(site, pull.baseRef);
  const tree = base && pull.state === "open" ? await mergeTrees(site.git, base.sha, pull.headSha) : undefined;
  if (!base || tree === undefined) throw new Refusal(405, "Pull Request is not mergeable");
  await how.guard?.(tree);
  const now = site.now();
  const committer = { ...GITHUB, seconds: Math.floor(now / 1000) };
  const own = await revisions(site.git, ["--reverse", "--topo-order", `${base.sha}..${pull.headSha}`]);
  let landed: string[];
  if (method === "rebase") {
    landed = [];
    let onto = base.sha;
    for (const sha of own) {
      const { parents } = (await readCommit(site.git, sha))!;
      if (parents.length > 1) continue;
      onto = await replay(site, sha, onto);
      landed.push(onto);
    }
  } else {
    const isMerge = method === "merge";
    const title =
      how.title ??
      (isMerge
        ? `Merge pull request #${pull.number} from ${site.owner}/${pull.headRef}`
        : `${pull.title} (#${pull.number})`);
    const message = how.message ?? (isMerge ? pull.title : "");
    const sha = await writeCommit(site.git, {
      tree,
      parents: isMerge ? [base.sha, pull.headSha] : [base.sha],
      author: personOf(isMerge ? by : pull.user, now),
      committer,
      message: message === "" ? title : `${title}\n\n${message}`,
    });
    site.verified.add(sha);
    landed = isMerge ? [...own, sha] : [sha];
  }
  const mergeCommit = landed.at(-1) ?? base.sha;
  if (!(await updateRef(site.git, `refs/heads/${pull.baseRef}`, { to: mergeCommit, from: base.sha }))) {
    throw new Refusal(409, "Base branch was modified. Review and try the merge again.");
  }
  pull.landed.push(...landed);
  Object.assign(pull, {
    state: "closed",
    merged: true,
    mergedAt: now,
    mergedBy: by,
    closedAt: now,
    updatedAt: now,
    mergeCommit,
  });
  await syncPulls(site);
  return mergeCommit;
}

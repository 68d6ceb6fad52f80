import type { PatchStep } from "../core/check.ts";
import type { Action } from "../core/outcome.ts";
import type { PatchedFile } from "../core/patch.ts";
import type { PullRequest } from "../ports.ts";
import { patchBody, patchCommitMessage, patchTitle, type PatchText } from "../report/patch-pull.ts";
import { hasServiceSection, serviceSection } from "../report/pull-request.ts";
import { addSection, createPull, decorate, lacksLabels, openedText, pullOf } from "./pull.ts";
import { claimBranch, removeBranch } from "./revert-branch.ts";
import type { ServiceRun } from "./run.ts";

/** How it went; `url` where there is a better one than the patch file's. */
export type Told = Pick<Action, "state" | "reason" | "url">;

/** What the patch makes of the branch's head. */
export interface Changes {
  readonly files: ReadonlyMap<string, PatchedFile | undefined>;
  readonly head: { readonly sha: string; readonly tree: string };
}

/**
 * One commit that GitHub signs on the head of the service's branch, one branch of the gate's, one pull request; a pull
 * request of that branch that exists is joined or left alone. Throws ServiceProblem.
 */
export async function openPatch(
  run: ServiceRun,
  wish: {
    readonly step: PatchStep;
    readonly text: PatchText;
    /** The gate's own branch. */
    readonly branch: string;
    /** The service's. */
    readonly base: string;
    readonly stillOurs: () => Promise<string | undefined>;
    /** Applies the patch; asked only when there is no pull request yet. */
    readonly make: () => Promise<Changes | Told>;
  },
): Promise<Told> {
  const { forge } = run.edges;
  const { step, text, branch, base } = wish;
  const known = await pullOf(run, branch);
  if (known !== undefined) return joinPatch(run, known, wish);
  const made = await wish.make();
  if ("state" in made) return made;
  const changes = [...made.files].map(([path, file]) =>
    file === undefined ? { path, mode: "100644" as const } : { path, ...file },
  );
  const tree = await forge.createTree(made.head.tree, changes);
  const sha = await forge.createCommit({
    message: patchCommitMessage(text),
    tree,
    parents: [made.head.sha],
  });
  const isMet = async (): Promise<boolean> => (await pullOf(run, branch)) !== undefined;
  if ((await claimBranch(run, { branch, start: sha, isMet })) === "met") {
    const met = await pullOf(run, branch);
    if (met !== undefined) return joinPatch(run, met, wish);
    return { state: "failed", reason: `the pull request of ${branch} vanished while it was looked at` };
  }
  // Making the branch may have taken a while.
  const doubt = await wish.stillOurs();
  if (doubt !== undefined) {
    await removeBranch(run, branch);
    return { state: "held", reason: doubt };
  }
  const opened = await createPull(run, {
    title: patchTitle(text),
    body: patchBody(text),
    head: branch,
    sha,
    base,
    draft: step.draft,
  });
  if (opened.kind === "refused") return { state: "failed", reason: opened.reason, url: opened.url };
  const { pull } = opened;
  if (opened.kind === "met") return joinPatch(run, pull, wish);
  await decorate(run, pull, step);
  const reason = openedText(pull, { isDraft: step.draft, reasons: [] });
  return { state: "done", reason, url: pull.url };
}

/** Several gates, and re-runs, meet in one pull request. Merged: done already. Closed by a person: a no. */
async function joinPatch(
  run: ServiceRun,
  pull: PullRequest,
  { step, text }: { readonly step: PatchStep; readonly text: PatchText },
): Promise<Told> {
  const { url, number } = pull;
  if (pull.merged) return { state: "skipped", reason: `#${number} has applied it already`, url };
  if (pull.state === "closed")
    return { state: "held", reason: `#${number} was closed without being merged, which is a no`, url };
  const isOurs = hasServiceSection(pull.body, run.service.name);
  await addSection(run, pull, serviceSection(text));
  if (isOurs && lacksLabels(pull, step.labels)) await decorate(run, pull, step);
  const reason = isOurs
    ? `#${number} was opened by an earlier attempt; its evidence is up to date`
    : `added the evidence to #${number}, which applies the same patch`;
  return { state: "done", reason, url };
}

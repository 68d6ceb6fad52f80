import { cleanUpBranch } from "../core/clean-up.ts";
import type { CleanUpPull } from "../core/communication.ts";
import { matchesGlob } from "../core/glob.ts";
import type { Action } from "../core/outcome.ts";
import type { Commit } from "../ports.ts";
import { BY_HAND } from "../report/action-list.ts";
import {
  cleanUpByHand,
  cleanUpMessage,
  cleanUpPullBody,
  cleanUpTitle,
  type CleanUpText,
} from "../report/clean-up.ts";
import { amountText, shortSha } from "../report/text.ts";
import { branchStand, type BranchStand } from "./branch-stand.ts";
import { cleanUpIssue, cleanUpText, type CleanUpStep } from "./clean-up-issue.ts";
import { openOwnPull, type OwnChanges, type Told } from "./own-pull.ts";
import { decorate, lacksLabels, openedText } from "./pull.ts";
import { goOn, type ServiceRun } from "./run.ts";

/** More than this is nothing that a person reviews. */
const MOST_FILES = 1_000;

/** The files that go, or why none does. */
type Gone = { readonly changes: OwnChanges; readonly files: readonly string[] } | Told;

/**
 * Opens the pull request that deletes files of the service's branch, as its head has them; where no file fits any
 * more, an issue with what is left to do by hand. Throws ServiceProblem.
 */
export async function cleanUpPull(
  run: ServiceRun,
  commit: Commit,
  wish: CleanUpStep<CleanUpPull>,
): Promise<readonly Action[]> {
  const told = await opened(run, commit, wish);
  const pull: Action = { kind: "cleanup_pr", ...told };
  if (told.state !== "skipped" || told.url !== undefined || wish.step.list.length === 0) return [pull];
  return [pull, await cleanUpIssue(run, wish, told.reason)];
}

async function opened(run: ServiceRun, commit: Commit, wish: CleanUpStep<CleanUpPull>): Promise<Told> {
  const { forge } = run.edges;
  const { step, nth } = wish;
  const text = cleanUpText(run, wish);
  const stand = await branchStand(run, commit, (base, head) => forge.compare(base, head));
  if (!stand.holdsCommit)
    return { state: "held", reason: `${shortSha(commit.sha)} is no longer in ${stand.branch}` };
  const gone = await goneFrom(run, stand, step);
  const branch = cleanUpBranch({ commit: commit.sha, service: text.service, key: text.key, step: nth });
  if (run.mode !== "enforce") return advice(gone, text, branch);
  goOn(run);
  const full: CleanUpText = { ...text, files: "state" in gone ? [] : gone.files };
  const own = await openOwnPull(run, {
    branch,
    base: stand.branch,
    title: cleanUpTitle(full),
    body: cleanUpPullBody(full),
    message: cleanUpMessage(full),
    draft: step.draft,
    stillOurs: () => Promise.resolve(undefined),
    make: () => Promise.resolve("state" in gone ? gone : gone.changes),
  });
  if ("state" in own) return own;
  const { pull } = own;
  const { number, url } = pull;
  if (own.kind === "opened") {
    await decorate(run, pull, step);
    return { state: "done", reason: openedText(pull, { isDraft: step.draft, reasons: [] }), url };
  }
  if (pull.merged) return { state: "skipped", reason: `#${number} has deleted it already`, url };
  if (pull.state === "closed")
    return { state: "skipped", reason: `#${number} was closed without being merged, which is a no`, url };
  if (lacksLabels(pull, step.labels)) await decorate(run, pull, step);
  return { state: "done", reason: `#${number} was opened by an earlier attempt`, url };
}

function advice(gone: Gone, text: CleanUpText, branch: string): Told {
  if ("state" in gone) return gone;
  const what = text.step.kind === "cleanup_pr" && text.step.draft ? "a draft pull request" : "a pull request";
  const reason = `would open ${what} onto ${text.base} that deletes ${amountText(gone.files.length, "file")}.${BY_HAND}${cleanUpByHand(text, branch)}`;
  return { state: "advised", reason };
}

/** The files at the branch's head that fit one of the globs. */
async function goneFrom(run: ServiceRun, stand: BranchStand, step: CleanUpPull): Promise<Gone> {
  const { forge } = run.edges;
  const { branch } = stand;
  const { sha } = stand.head;
  const tree = stand.head.tree ?? (await forge.commit(sha))?.tree;
  if (tree === undefined) return { state: "held", reason: `the head of ${branch} can no longer be read` };
  const { paths, cut } = await forge.tree(tree);
  const files = paths.filter((path) => step.delete.some((glob) => matchesGlob(glob, path)));
  const globs = step.delete.join(", ");
  if (cut)
    return {
      state: "failed",
      reason: `GitHub does not list all files of ${branch}, so ${globs} may fit more`,
    };
  if (files.length === 0) return { state: "skipped", reason: `no file of ${branch} fits ${globs}` };
  if (files.length > MOST_FILES || files.length === paths.length)
    return {
      state: "failed",
      reason: `${globs} fits ${amountText(files.length, "file")} of ${paths.length}, at most ${MOST_FILES} and not all are deleted`,
    };
  if (!forge.hasPrToken && files.some((path) => path.startsWith(".github/workflows/")))
    return {
      state: "failed",
      reason:
        'workflow files go, which the job\'s token may never push; pass an App token or PAT with the workflows permission as "pr-token"',
    };
  const changes = files.map((path) => ({ path, mode: "100644" as const }));
  return { changes: { changes, head: { sha, tree } }, files };
}

import type { PatchStep } from "../core/remedy.ts";
import type { PatchedFile } from "../core/patch.ts";
import type { PullRequest } from "../ports.ts";
import { patchBody, patchCommitMessage, patchTitle, type PatchText } from "../report/patch-pull.ts";
import { hasServiceSection, serviceSection } from "../report/pull-request.ts";
import { openOwnPull, type Told } from "./own-pull.ts";
import { addSection, decorate, lacksLabels, openedText } from "./pull.ts";
import type { ServiceRun } from "./run.ts";

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
  const { step, text, branch, base, stillOurs } = wish;
  const own = await openOwnPull(run, {
    branch,
    base,
    title: patchTitle(text),
    body: patchBody(text),
    message: patchCommitMessage(text),
    draft: step.draft,
    stillOurs,
    async make() {
      const made = await wish.make();
      if ("state" in made) return made;
      const changes = [...made.files].map(([path, file]) =>
        file === undefined ? { path, mode: "100644" as const } : { path, ...file },
      );
      return { changes, head: made.head };
    },
  });
  if ("state" in own) return own;
  const { pull } = own;
  if (own.kind === "known") return joinPatch(run, pull, wish);
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

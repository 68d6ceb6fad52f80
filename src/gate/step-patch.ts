import { actGuard } from "../core/act-guard.ts";
import type { Evidence } from "../core/check.ts";
import type { PatchStep } from "../core/remedy.ts";
import type { Action } from "../core/outcome.ts";
import { applyPatch, type PatchMisfit } from "../core/patch-apply.ts";
import { patchBranch } from "../core/patch-branch.ts";
import { parsePatch } from "../core/patch-parser.ts";
import { pathsOf, type Patch } from "../core/patch.ts";
import type { Commit } from "../ports.ts";
import { ConfigProblem, ServiceProblem } from "../problem.ts";
import { BY_HAND } from "../report/action-list.ts";
import { misfitText, patchByHand, type PatchText } from "../report/patch-pull.ts";
import { amountText, shortSha } from "../report/text.ts";
import type { Acting, Done } from "./acting.ts";
import { branchStand, type BranchStand } from "./branch-stand.ts";
import { holdsOf } from "./holds.ts";
import { fileAtCommit } from "./file-at-commit.ts";
import { liveDoubt } from "./live-expected.ts";
import type { Told } from "./own-pull.ts";
import { openPatch, type Changes } from "./patch-pull.ts";
import { readTargets } from "./patch-targets.ts";
import { refusalText } from "./refusal.ts";
import { goOn, type ServiceRun } from "./run.ts";

/** What the patch is about. */
export interface PatchRequest {
  readonly step: PatchStep;
  /** B: the deployed commit; the patch file is read there. */
  readonly commit: Commit;
  readonly liveAt?: number;
  /** What failed, with its arithmetic. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What the remedy has done so far. */
  readonly actions?: readonly Action[];
  readonly checkRunUrl?: string;
  /** Gives a reason when the deploy is no longer the one to act on. Asked right before acting. */
  readonly stillOurs: () => Promise<string | undefined>;
}

/**
 * Opens the pull request that applies a patch file of the repository to the service's branch (`patch_pr`, design 5.3),
 * or says why not. A platform's refusal is an outcome with a link, never an exception.
 */
export async function patchPull(
  run: ServiceRun,
  request: PatchRequest,
): Promise<{ readonly actions: readonly Action[] }> {
  const { step, commit } = request;
  const path = step.patch.split("/").map(encodeURIComponent).join("/");
  const url = `${run.edges.forge.webUrl}/blob/${commit.sha}/${path}`;
  const told = await patched(run, request).catch((error: unknown): Told => {
    if (!(error instanceof ServiceProblem)) throw error;
    return { state: "failed", reason: refusalText(error) };
  });
  return { actions: [{ kind: "patch_pr", url, ...told }] };
}

/** `patch_pr` as a step of a remedy. */
export function patchStep(run: ServiceRun, acting: Acting, step: PatchStep): Promise<Done> {
  const { outcome, commit, reasons, evidence, checkRunUrl } = acting;
  return patchPull(run, {
    step,
    commit,
    reasons,
    evidence,
    actions: outcome.actions,
    stillOurs: async () => (await liveDoubt(acting)) ?? acting.tooMany(),
    ...(outcome.liveAt === undefined ? {} : { liveAt: outcome.liveAt }),
    ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
  });
}

async function patched(run: ServiceRun, request: PatchRequest): Promise<Told> {
  if (run.mode === "observe") return { state: "advised", reason: "mode observe never acts" };
  const { forge, clock } = run.edges;
  const { step, commit, liveAt } = request;
  const stand = await branchStand(run, commit, (base, head) => forge.compare(base, head));
  const byHand = handCommand(request, stand.branch);
  if (!stand.holdsCommit) {
    const reason = `${shortSha(commit.sha)} is no longer in ${stand.branch}: nothing to patch there`;
    return { state: "held", reason };
  }
  const guard = actGuard({
    guards: run.plan.guards,
    holds: await holdsOf(run, commit.sha),
    now: clock.now(),
    ...(liveAt === undefined ? {} : { liveAt }),
  });
  if (guard !== undefined) return { state: "held", reason: `${guard}.${BY_HAND}${byHand(false)}` };
  const read = await readPatch(run, step.patch, commit.sha);
  if ("state" in read) return read;
  const doubt = await request.stillOurs();
  if (doubt !== undefined) return { state: "held", reason: doubt };

  const branch = patchBranch(commit.sha, step.patch);
  const text = patchText(run, request, { patch: read.patch, branch: stand.branch });
  const make = (): Promise<Changes | Told> => changesOf(run, read.patch, { stand, byHand });
  if (run.mode === "advise") {
    const made = await make();
    if ("state" in made) return made;
    const what = step.draft ? "a draft pull request" : "a pull request";
    const reason = `would open ${what} onto ${stand.branch} that applies ${step.patch} (${amountText(made.files.size, "file")}).${BY_HAND}${byHand(false)}`;
    return { state: "advised", reason };
  }
  goOn(run);
  return openPatch(run, { step, text, branch, base: stand.branch, stillOurs: request.stillOurs, make });
}

/** The patch file as it is at the deployed commit. */
async function readPatch(
  run: ServiceRun,
  path: string,
  sha: string,
): Promise<{ readonly patch: Patch } | Told> {
  const failed = (reason: string): Told => ({ state: "failed", reason });
  let text: string | undefined;
  try {
    text = await fileAtCommit(run.edges, { path, commit: sha });
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    return failed(error.message);
  }
  if (text === undefined)
    return failed(`the patch file ${path} does not exist at ${shortSha(sha)}: commit it`);
  const parsed = parsePatch(text);
  return parsed.ok ? { patch: parsed.patch } : failed(`${path}:${parsed.line}: ${parsed.why}`);
}

/** The patch applied to the branch's head, or why not. */
async function changesOf(
  run: ServiceRun,
  patch: Patch,
  about: { readonly stand: BranchStand; readonly byHand: (isOff: boolean) => string },
): Promise<Changes | Told> {
  const { forge } = run.edges;
  const { stand, byHand } = about;
  const off = (why: string): Told => ({
    state: "failed",
    reason: `the patch does not apply to ${stand.branch}: ${why}.${BY_HAND}${byHand(true)}`,
  });
  const { sha } = stand.head;
  const tree = stand.head.tree ?? (await forge.commit(sha))?.tree;
  if (tree === undefined)
    return { state: "held", reason: `the head of ${stand.branch} can no longer be read` };
  const targets = await readTargets(run, pathsOf(patch), { sha, tree });
  if (!targets.ok) return off(targets.why);
  const applied = applyPatch(patch, (path) => targets.files.get(path));
  switch (applied.kind) {
    case "already":
      return { state: "skipped", reason: `${stand.branch} has everything that the patch brings already` };
    case "misfit":
      return off(misfitText(redacted(run, applied.misfit)));
    case "applied":
      break;
  }
  const isWorkflow = [...applied.files.keys()].some((path) => path.startsWith(".github/workflows/"));
  if (isWorkflow && !forge.hasPrToken) {
    const reason = `the patch changes workflow files, which the job's token may never push; pass an App token or PAT with the workflows permission as "pr-token"`;
    return { state: "failed", reason };
  }
  return { files: applied.files, head: { sha, tree } };
}

/** Lines of the repository are shown; half a secret is no longer known as one. */
function redacted(run: ServiceRun, misfit: PatchMisfit): PatchMisfit {
  const { redact } = run.edges;
  const { expected, found } = misfit;
  return {
    ...misfit,
    ...(expected === undefined ? {} : { expected: redact(expected) }),
    ...(found === undefined ? {} : { found: redact(found) }),
  };
}

function handCommand(request: PatchRequest, branch: string): (isOff: boolean) => string {
  const { step, commit } = request;
  const to = patchBranch(commit.sha, step.patch);
  return (isOff) =>
    patchByHand({ branch, commit: commit.sha, patch: step.patch, to, title: step.title, isOff });
}

function patchText(
  run: ServiceRun,
  request: PatchRequest,
  about: { readonly patch: Patch; readonly branch: string },
): PatchText {
  const { step, commit, checkRunUrl } = request;
  return {
    services: [run.service.name],
    title: step.title,
    patch: step.patch,
    bad: commit.sha,
    baseBranch: about.branch,
    files: about.patch.files.map(({ from, to, hunks }) => {
      const lines = hunks.flatMap((hunk) => hunk.lines);
      return {
        path: to,
        ...(from === to ? {} : { from }),
        added: lines.filter((line) => line.mark === "+").length,
        removed: lines.filter((line) => line.mark === "-").length,
      };
    }),
    reasons: request.reasons,
    evidence: request.evidence,
    actions: request.actions ?? [],
    draftReasons: [],
    runUrl: run.runUrl,
    ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
  };
}

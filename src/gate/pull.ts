import type { PullRequest } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { withServiceSection } from "../report/pull-request.ts";
import type { ServiceRun } from "./run.ts";

/** So often is a description written again that another gate overwrote at the same moment. */
const MOST_REWRITES = 3;

/** The pull request of this branch: the open one, else the newest. */
export async function pullOf(run: ServiceRun, branch: string): Promise<PullRequest | undefined> {
  return openFirst(await run.edges.forge.pullsFrom(branch));
}

/** Of pull requests from one branch, newest first: the open one, else the newest. */
export function openFirst(pulls: readonly PullRequest[]): PullRequest | undefined {
  return pulls.find((pull) => pull.state === "open") ?? pulls[0];
}

/**
 * Puts this service's section into the description. Read, change, write: when two gates do so at once one is lost, so
 * it is looked at again.
 */
export async function addSection(run: ServiceRun, pull: PullRequest, section: string): Promise<void> {
  const { forge } = run.edges;
  let { body } = pull;
  for (let writes = 0; writes < MOST_REWRITES; writes += 1) {
    const wanted = withServiceSection(body, run.service.name, section);
    if (wanted === body) return;
    await forge.updatePull(pull.number, { body: wanted });
    const now = (await forge.pullsFrom(pull.headRef)).find((one) => one.number === pull.number);
    if (now === undefined) return;
    body = now.body;
  }
}

export type Opened =
  /** `met`: another run opened it meanwhile. */
  | { readonly kind: "opened" | "met"; readonly pull: PullRequest }
  /** The branch is ready for a person; `url` is where. */
  | { readonly kind: "refused"; readonly reason: string; readonly url: string };

/** Opens a pull request from a branch that is ready at `sha`; where the repository has no drafts, as none. */
export async function createPull(
  run: ServiceRun,
  wish: {
    readonly title: string;
    readonly body: string;
    readonly head: string;
    readonly sha: string;
    readonly base: string;
    readonly draft: boolean;
  },
): Promise<Opened> {
  const { forge } = run.edges;
  const { sha, ...asked } = wish;
  let pull: PullRequest;
  try {
    pull = await forge.createPull(asked);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    if (wish.draft && /draft pull requests are not supported/i.test(error.message))
      return createPull(run, { ...wish, draft: false });
    const met = await pullOf(run, wish.head);
    if (met !== undefined) return { kind: "met", pull: met };
    const hint = error.failure.hint === undefined ? "" : `. ${error.failure.hint}`;
    return {
      kind: "refused",
      reason: `the branch ${wish.head} is ready, but its pull request could not be opened: ${error.message}${hint}`,
      url: `${forge.webUrl}/compare/${encodeURIComponent(wish.base)}...${wish.head}?expand=1`,
    };
  }
  // A gate that took the branch for an orphan may be at work on it: the finished commit must be shown.
  if (pull.headSha !== sha) await forge.moveBranch(wish.head, sha);
  return { kind: "opened", pull };
}

/** Labels, assignees and reviewers, best effort; what did not work is noted. */
export async function decorate(
  run: ServiceRun,
  pull: PullRequest,
  step: {
    readonly labels: readonly string[];
    readonly assignees: readonly string[];
    readonly reviewers: readonly string[];
  },
): Promise<void> {
  for (const sentence of await run.edges.forge.decorate(pull.number, step)) run.teller.note(sentence);
}

/** Whether one of these labels is missing. */
export function lacksLabels(pull: Pick<PullRequest, "labels">, labels: readonly string[]): boolean {
  const own = new Set(pull.labels.map((label) => label.toLowerCase()));
  return labels.some((label) => !own.has(label.toLowerCase()));
}

/** `opened draft #7: why it is one`. */
export function openedText(
  pull: PullRequest,
  wanted: { readonly isDraft: boolean; readonly reasons: readonly string[] },
): string {
  const isNone = wanted.isDraft && !pull.draft;
  const reasons = [
    ...wanted.reasons,
    ...(isNone ? ["this repository has no drafts, so do not merge it unread"] : []),
  ];
  return `opened ${pull.draft ? "draft " : ""}#${pull.number}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
}

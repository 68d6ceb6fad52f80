import { decodeState } from "../core/gate-state-text.ts";
import type { CheckRun, Edges } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { clockText } from "../report/time.ts";
import { gateCheckRun } from "./publish.ts";
import type { IndexedWatch } from "./watch-index.ts";

/** A watch that waits for its look. */
export interface QueuedWatch {
  readonly indexed: IndexedWatch;
  /** Its check run, where that was read already. */
  readonly checkRun?: CheckRun;
}

/** No look is begun so long after the start of a run, ms: what is left is the next run's. */
const LONGEST_RUN_MS = 10 * 60_000;
/** Of GitHub's hour so much is left to gates, whose deploys are new; looks can wait. */
const SHARE_OF_GATES = 0.1;

/** Why a run takes no more looks, in words that follow a colon; undefined while it goes on. */
export function whyStop(edges: Pick<Edges, "clock" | "githubHour">, startedAt: number): string | undefined {
  const now = edges.clock.now();
  const { limit, remaining, resetAt } = edges.githubHour();
  const isKnown = limit !== undefined && remaining !== undefined && (resetAt ?? Infinity) > now;
  if (isKnown && remaining <= limit * SHARE_OF_GATES) {
    const until = resetAt === undefined ? "" : ` until ${clockText(resetAt)} UTC`;
    return `of the ${limit} GitHub requests an hour that this token has, only ${remaining} are left${until}, and those are for gates`;
  }
  return now - startedAt >= LONGEST_RUN_MS
    ? `this run has been at work for ${LONGEST_RUN_MS / 60_000} minutes`
    : undefined;
}

/**
 * The watches in the order of their looks: the one that was looked at longest ago first, so that runs which are cut
 * short get round. Reads their check runs, one request each, which their looks are spared.
 */
export async function lookQueue(
  edges: Pick<Edges, "forge">,
  watches: readonly IndexedWatch[],
  mayGoOn: () => boolean,
): Promise<readonly QueuedWatch[]> {
  const queue: { readonly watch: QueuedWatch; readonly at: number }[] = [];
  for (const indexed of watches) {
    const checkRun = watches.length > 1 && mayGoOn() ? await readCheckRun(edges, indexed) : undefined;
    const decoded = decodeState(checkRun?.text ?? "");
    const at = decoded.kind === "state" ? (decoded.state.watch?.at ?? 0) : 0;
    queue.push({ watch: { indexed, ...(checkRun === undefined ? {} : { checkRun }) }, at });
  }
  return queue.toSorted((a, b) => a.at - b.at).map(({ watch }) => watch);
}

/** What is wrong with one is told at its look. */
async function readCheckRun(
  edges: Pick<Edges, "forge">,
  { entry, record }: IndexedWatch,
): Promise<CheckRun | undefined> {
  try {
    return await gateCheckRun({ edges, service: entry }, record.sha);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return undefined;
  }
}

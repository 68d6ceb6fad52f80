import { isRunning, type Following } from "../core/following.ts";
import { ServiceProblem } from "../problem.ts";
import { rollbackOf, type Acting } from "./acting.ts";

/** What has to hold for `liveDoubt` besides what is live. */
export interface Expectation {
  /** Also no other deploy may be queued or at work. */
  readonly isAlone?: boolean;
}

/**
 * Right before acting: why what serves is not what this remedy is about. A rollback of its own is expected to serve;
 * else the judged deploy; and for one that never went live no newer deploy may exist. Undefined when all is as it should be.
 */
export async function liveDoubt(
  acting: Acting,
  { isAlone = false }: Expectation = {},
): Promise<string | undefined> {
  const { list, outcome } = acting;
  try {
    const following = await list.look();
    const doubt = doubtOf(acting, following);
    if (doubt !== undefined || !isAlone) return doubt;
    const other = list.deploys.find((one) => isRunning(one) && one.id !== outcome.deploy?.id);
    return other === undefined
      ? undefined
      : `a newer deploy is on its way (${other.id}, ${other.status}), and nothing is rolled back under it`;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return `what is live could not be read: ${error.message}`;
  }
}

function doubtOf(acting: Acting, following: Following): string | undefined {
  const rollback = rollbackOf(acting);
  if (rollback === undefined) return judgedDoubt(acting, following);
  const live = acting.list.deploys.find((one) => one.status === "live");
  if (live?.id === rollback.deploy) return undefined;
  // It did not work out: the judged deploy is expected to serve still.
  if (!rollback.isDone) return judgedDoubt(acting, following);
  const what = live === undefined ? "no deploy is live" : `${live.id} is live`;
  return `${what} instead of ${rollback.deploy}, which the rollback of this remedy made`;
}

function judgedDoubt({ list, outcome }: Acting, following: Following): string | undefined {
  const { deploy, liveAt } = outcome;
  if (liveAt !== undefined) {
    if (following.kind === "live" && following.deploy.id === deploy?.id) return undefined;
    if (following.kind === "live")
      return `${following.deploy.id}, a newer deploy of the same commit, is live by now; nothing is done about a deploy that no longer serves`;
    const isStillLive = list.deploys.some((one) => one.id === deploy?.id && one.status === "live");
    if (following.kind === "running" && isStillLive) return undefined;
    return `what is live has changed (${changeText(following)}); nothing is done about a deploy that no longer serves`;
  }
  if (following.kind !== "failed" || following.deploy.id !== deploy?.id)
    return `the failed deploy is no longer the newest of its commit (${changeText(following)})`;
  const newer = list.deploys.find((one) => one.createdAt > following.deploy.createdAt);
  return newer === undefined
    ? undefined
    : `a newer deploy of the service exists (${newer.id}, ${newer.status})`;
}

function changeText(following: Following): string {
  switch (following.kind) {
    case "superseded":
    case "taken-out":
      return `${following.by.id}${following.by.commit === undefined ? "" : ` of ${following.by.commit.sha.slice(0, 7)}`} has taken over`;
    case "displaced":
      return following.by === undefined ? "no deploy is live" : `${following.by.id} is live`;
    case "running":
    case "live":
    case "failed":
    case "canceled":
      return `${following.deploy.id} is ${following.deploy.status}`;
    default:
      return "Render lists none of its deploys any more";
  }
}

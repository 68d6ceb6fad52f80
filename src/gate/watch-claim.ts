import {
  claimAnswer,
  claimBy,
  claimText,
  type Claim,
  type ClaimAnswer,
  type ClaimLine,
} from "../core/claim.ts";
import type { Edges } from "../ports.ts";
import type { Run } from "./run.ts";

type Claiming = Pick<Edges, "forge" | "clock">;

/** What was written just now, by this run or another, may not be in GitHub's next answer yet. */
const PAUSE_MS = 1_000;

/** A claim in the name of this run. Keep it: by the same one it is renewed and released. */
export function newClaim(
  run: Pick<Run, "runUrl"> & { readonly edges: Pick<Edges, "clock" | "redact"> },
): Claim {
  const { clock, redact } = run.edges;
  return claimBy(redact(run.runUrl), clock.now());
}

/**
 * Asks to be the only run that acts on a watch (its deployment's id), for three minutes. With a claim that is held
 * already, renews it, and tells whether it still holds. Two requests. A watch that another run has closed stays closed.
 * Throws ServiceProblem; then nobody may act.
 */
export async function claimWatch(edges: Claiming, id: number, claim: Claim): Promise<ClaimAnswer> {
  const { forge, clock } = edges;
  const description = claimText("claim", claim);
  await forge.setWatch(id, { state: "in_progress", description });
  const logAfter = async (pause: number): Promise<readonly ClaimLine[]> => {
    await clock.sleep(pause);
    return forge.watchStatuses(id);
  };
  let log = await logAfter(PAUSE_MS);
  if (!log.some((line) => line.description === description)) log = await logAfter(PAUSE_MS);
  const answer = claimAnswer(claim, log);
  if (answer.kind === "closed") {
    const { closed: state, ...line } = answer.line;
    await forge.setWatch(id, {
      state,
      description: line.description,
      ...(line.url === undefined ? {} : { url: line.url }),
    });
  }
  return answer;
}

/** Lets go of a claim. One request; when it is lost, the claim ends by itself. Throws ServiceProblem. */
export async function releaseWatch(edges: Claiming, id: number, claim: Claim): Promise<void> {
  await edges.forge.setWatch(id, { state: "in_progress", description: claimText("release", claim) });
}

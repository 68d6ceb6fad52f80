import type { Deploy } from "./deploy.ts";
import { durationText } from "./duration.ts";
import { hasServed } from "./following.ts";

export interface RollbackInput {
  /** Newest first. */
  readonly deploys: readonly Deploy[];
  /** G's commit. */
  readonly good: string;
  /** It must have served so long, ms: the length of the first stage. */
  readonly leastMs: number;
  /** Whether other commits are ancestors of G, as far as GitHub was asked. */
  readonly ancestors: ReadonlyMap<string, boolean>;
  /** Commits whose gate was looked up, with the conclusion of its check run, if it has one. */
  readonly gates: ReadonlyMap<string, string | undefined>;
}

export type RollbackTarget =
  | { readonly kind: "target"; readonly deploy: Deploy; readonly commit: string }
  /** GitHub has to be asked first: whether it is an ancestor of G, or how its gate ended. */
  | { readonly kind: "ask"; readonly about: "ancestor" | "gate"; readonly commit: string }
  | { readonly kind: "none"; readonly reason: string };

/** So many deploys are looked at; Render keeps 30 at most: https://render.com/docs/rollbacks */
const MOST_CANDIDATES = 12;
const MOST_SAID = 3;

/**
 * What to roll back to (design 5.3): the newest `deactivated` deploy whose commit is G or an ancestor of G, which
 * served as long as the first stage at least, whose gate, if any, did not end `failure`; never an image without digest.
 */
export function rollbackTarget(input: RollbackInput): RollbackTarget {
  const refused: string[] = [];
  const candidates = input.deploys.filter((deploy) => deploy.status === "deactivated");
  for (const deploy of candidates.slice(0, MOST_CANDIDATES)) {
    const sha = deploy.commit?.sha;
    // What it holds was made by other commits, or cannot be told: not worth a word.
    if (sha === undefined || (sha !== input.good && input.ancestors.get(sha) === false)) continue;
    const doubt = doubtOf(deploy, input);
    if (doubt !== undefined) refused.push(`${deploy.id} (${sha.slice(0, 7)}) ${doubt}`);
    else if (sha !== input.good && !input.ancestors.has(sha))
      return { kind: "ask", about: "ancestor", commit: sha };
    else if (!input.gates.has(sha)) return { kind: "ask", about: "gate", commit: sha };
    else if (input.gates.get(sha) === "failure")
      refused.push(`the gate of ${deploy.id} (${sha.slice(0, 7)}) failed`);
    else return { kind: "target", deploy, commit: sha };
  }
  const why = refused.slice(0, MOST_SAID).join("; ");
  const reason = `no earlier deploy of ${input.good.slice(0, 7)} or of an ancestor is fit to be rolled back to`;
  return { kind: "none", reason: why === "" ? reason : `${reason}: ${why}` };
}

/** What Render's list alone says against it. */
function doubtOf(deploy: Deploy, input: RollbackInput): string | undefined {
  if (deploy.image !== undefined && !deploy.image.includes("@sha256:")) {
    return "is an image without a digest, which may be another one by now";
  }
  const served = servedMs(deploy, input.deploys);
  if (served === undefined) return "served for an unknown time";
  return served < input.leastMs
    ? `served ${durationText(Math.floor(served / 1000) * 1000)} only, less than the first stage (${durationText(input.leastMs)})`
    : undefined;
}

/** From when it went live to when the next one did, ms. */
function servedMs(deploy: Deploy, deploys: readonly Deploy[]): number | undefined {
  const from = deploy.finishedAt;
  if (from === undefined) return undefined;
  const later = deploys.flatMap((other) => {
    // Where Render does not tell when it took over, that may have been as soon as it was made.
    const at = other.finishedAt ?? other.createdAt;
    return hasServed(other) && other.id !== deploy.id && at >= from ? [at] : [];
  });
  return later.length === 0 ? undefined : Math.min(...later) - from;
}

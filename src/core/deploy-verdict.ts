import type { Verdict } from "./check.ts";
import type { Deploy } from "./deploy.ts";
import type { Failure } from "./failure.ts";

/** How the deploy of the commit ended, design 3.5. */
export type DeployEnding =
  | { readonly kind: "live"; readonly deploy: Deploy }
  | { readonly kind: "failed"; readonly deploy: Deploy; readonly failure: Failure }
  | { readonly kind: "slow"; readonly deploy: Deploy; readonly reason: string }
  | { readonly kind: "superseded"; readonly by: Deploy; readonly deploy?: Deploy }
  | { readonly kind: "taken-out"; readonly by: Deploy; readonly deploy: Deploy }
  | { readonly kind: "displaced"; readonly reason: string; readonly deploy: Deploy }
  | { readonly kind: "canceled"; readonly deploy: Deploy; readonly failure: Failure }
  | { readonly kind: "skipped"; readonly reason: string }
  /** A gate has switched auto-deploy off, and this commit does not end that. */
  | { readonly kind: "frozen"; readonly reason: string }
  | { readonly kind: "absent"; readonly reason: string };

/** A verdict with the sentence that decided it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
  /** For `superseded`: the commit whose gate covers this one. */
  readonly coveredBy?: string;
}

/** A decision, and whether it calls for `on_fail`: `held` says why not, where one could think so. */
export interface ActingDecision extends Decision {
  readonly calls: boolean;
  readonly held?: string;
}

/** `dep-… (4f2d1a9)`. */
function deployText(deploy: Deploy): string {
  return deploy.commit === undefined ? deploy.id : `${deploy.id} (${deploy.commit.sha.slice(0, 7)})`;
}

/** Superseded, naming who took over. */
export function supersededBy(by: Deploy, when: string): Decision {
  const sha = by.commit?.sha;
  return {
    verdict: "superseded",
    reason: `${deployText(by)} took over ${when}`,
    ...(sha === undefined ? {} : { coveredBy: sha }),
  };
}

/** A deploy that was live and was replaced by an ancestor, or by a rollback that no gate made. */
export function takenOutBy(by: Deploy): Decision {
  const trigger = by.trigger === undefined ? "" : `, trigger ${by.trigger}`;
  return { verdict: "fail", reason: `taken out of production by ${deployText(by)}${trigger}` };
}

/** The verdict of a deploy that never got as far as being watched. Only the code's own failure calls for a remedy. */
export function deployVerdict(ending: Exclude<DeployEnding, { readonly kind: "live" }>): ActingDecision {
  switch (ending.kind) {
    case "failed":
      return failedVerdict(ending.deploy, ending.failure);
    case "slow": {
      const held = "Render is still at work on the deploy";
      return {
        verdict: "fail",
        reason: `deploy ${ending.deploy.id} is ${ending.reason}`,
        calls: false,
        held,
      };
    }
    case "superseded":
      return { ...supersededBy(ending.by, "before this deploy was judged"), calls: false };
    case "taken-out":
      return { ...takenOutBy(ending.by), calls: false };
    case "canceled":
      return { verdict: "unknown", reason: ending.failure.reason, calls: false };
    case "skipped":
      return { verdict: "skipped", reason: ending.reason, calls: false };
    case "displaced":
    case "absent":
    case "frozen":
      return { verdict: "unknown", reason: ending.reason, calls: false };
  }
}

function failedVerdict(deploy: Deploy, failure: Failure): ActingDecision {
  const reason = `deploy ${deploy.id} ended as ${deploy.status}: ${failure.reason}`;
  if (failure.blame === "code") return { verdict: "fail", reason, calls: true };
  if (failure.blame === "platform") {
    return { verdict: "unknown", reason: `${reason}, which is not the code's doing`, calls: false };
  }
  return {
    verdict: "fail",
    reason,
    calls: false,
    held: "Render's reason is not known, so the code is not blamed",
  };
}

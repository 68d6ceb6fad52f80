import type { FreezeState } from "./gate-state.ts";
import { REVERT_TRAILER, type RangeCommit } from "./revert-plan.ts";
import type { AutoDeploySetting, Service } from "./service.ts";

/** Whether the freeze still holds: no gate has lifted it, and nobody has switched auto-deploy on since. */
export function isStanding(freeze: FreezeState | undefined, service: Pick<Service, "autoDeploy">): boolean {
  return freeze !== undefined && freeze.lifted === undefined && !service.autoDeploy;
}

/** How auto-deploy is set, as a freeze has to put it back; undefined when it is off already. */
export function formerSetting(service: Service): FreezeState["former"] | undefined {
  if (!service.autoDeploy) return undefined;
  const { autoDeployTrigger: trigger } = service;
  if (trigger === undefined) return "yes";
  return trigger === "checksPass" ? "checksPass" : "commit";
}

/** Switches auto-deploy off, by the field that the service has. */
export function offSetting(service: Service): AutoDeploySetting {
  return service.autoDeployTrigger === undefined ? { autoDeploy: "no" } : { autoDeployTrigger: "off" };
}

/** Puts auto-deploy back as it was before the freeze. */
export function formerOf({ former }: Pick<FreezeState, "former">): AutoDeploySetting {
  return former === "yes" ? { autoDeploy: "yes" } : { autoDeployTrigger: former };
}

/** Commits whose messages say that this one takes them back. */
function takenBackBy(commit: RangeCommit): readonly string[] {
  const trailers = commit.message
    .split("\n")
    .flatMap((line) => (line.startsWith(REVERT_TRAILER) ? [line.split("..").at(-1)?.trim() ?? ""] : []));
  const words = [...commit.message.matchAll(/\bThis reverts commit ([0-9a-f]{7,64})\b/gu)];
  return [...trailers, ...words.map(([, sha = ""]) => sha)].filter((sha) => sha.length >= 7);
}

/** Pull requests that the message of GitHub's own revert of one names: `Reverts acme/shop#12`. */
function pullsTakenBackBy(commit: RangeCommit): readonly number[] {
  return [...commit.message.matchAll(/\bReverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gu)].map(([, number]) =>
    Number(number),
  );
}

/**
 * Whether the commits after `bad`, oldest first, take it back and leave it so: by the trailer of a gate's revert, by
 * git's own words, or by the merge of the revert's pull request `pull`. A revert that was itself taken back does not count.
 */
export function takesBack(
  commits: readonly RangeCommit[],
  about: { readonly bad: string; readonly pull?: number; readonly merged?: string },
): boolean {
  const kinds = new Map<string, "revert" | "again">();
  let isTakenBack = false;
  for (const commit of commits) {
    const said = takenBackBy(commit);
    const isOf = (sha: string): boolean => said.some((start) => sha.startsWith(start));
    const isOfPull = about.pull !== undefined && pullsTakenBackBy(commit).includes(about.pull);
    const undone = isOfPull ? "revert" : [...kinds].find(([sha]) => isOf(sha))?.[1];
    if (undone !== undefined) {
      isTakenBack = undone === "again";
      kinds.set(commit.sha, isTakenBack ? "revert" : "again");
    } else if (isOf(about.bad) || commit.sha === about.merged) {
      isTakenBack = true;
      kinds.set(commit.sha, "revert");
    }
  }
  return isTakenBack;
}

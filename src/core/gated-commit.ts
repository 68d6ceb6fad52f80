/** The event that started the workflow run, as GitHub hands it over; the payload is untrusted. */
export interface TriggerEvent {
  readonly name: string;
  readonly payload: unknown;
}

export type GatedCommit =
  | {
      readonly kind: "commit";
      readonly sha: string;
      /** The branch before this push; absent when the event does not say. */
      readonly before?: string;
    }
  /** schedule, the dispatches and comments: open watches are resumed. */
  | { readonly kind: "resume" }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string };

const SHA = /^[0-9a-f]{40}$/;
const NO_COMMIT = "0".repeat(40);

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

function commitOf(value: unknown, before?: unknown): GatedCommit | undefined {
  if (typeof value !== "string" || !SHA.test(value) || value === NO_COMMIT) return undefined;
  const known = typeof before === "string" && SHA.test(before) && before !== NO_COMMIT;
  return { kind: "commit", sha: value, ...(known ? { before } : {}) };
}

function refused(message: string, hint: string): GatedCommit {
  return { kind: "refused", message, hint };
}

const SET_COMMIT = `Set the input "commit", or start the gate on push to the deployed branch.`;

/**
 * The commit a run gates by default (design 4): push `after`, workflow_run `head_sha`, deployment_status sha,
 * a merged pull request's `merge_commit_sha`. Other pull request events and merge_group deploy nothing.
 */
export function gatedCommit(event: TriggerEvent): GatedCommit {
  const { name, payload } = event;
  switch (name) {
    case "push":
      return (
        commitOf(field(payload, "after"), field(payload, "before")) ??
        refused(
          "This push deleted a branch; Render deploys nothing for it.",
          "Exclude branch deletions from the workflow's trigger.",
        )
      );
    case "workflow_run":
      return (
        commitOf(field(payload, "workflow_run", "head_sha")) ??
        refused("The workflow_run event names no head_sha.", SET_COMMIT)
      );
    case "deployment_status":
      return (
        commitOf(field(payload, "deployment", "sha")) ??
        refused("The deployment_status event names no commit.", SET_COMMIT)
      );
    case "pull_request":
    case "pull_request_target": {
      const isMerged =
        field(payload, "action") === "closed" && field(payload, "pull_request", "merged") === true;
      const merged = isMerged ? commitOf(field(payload, "pull_request", "merge_commit_sha")) : undefined;
      return (
        merged ??
        refused(
          `Render deploys nothing for this ${name} event: the pull request was not merged by it.`,
          "Start the gate on push to the deployed branch.",
        )
      );
    }
    case "merge_group":
      return refused(
        "Render deploys nothing for a merge_group event.",
        "Start the gate on push to the deployed branch.",
      );
    case "schedule":
    case "workflow_dispatch":
    case "repository_dispatch":
    case "issue_comment":
      return { kind: "resume" };
    default:
      return refused(`The event "${name}" names no commit that Render deploys.`, SET_COMMIT);
  }
}

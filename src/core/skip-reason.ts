import type { RenderEvent } from "./event.ts";
import { deploysFor } from "./glob.ts";
import type { Service } from "./service.ts";

/** Phrases in a commit message that keep Render from deploying it (render.com/docs/deploys). */
const SKIP_PHRASE = /\[(?:skip (?:render|deploy|cd)|(?:render|deploy|cd) skip)\]/i;

export interface SkipInput {
  readonly service: Service;
  readonly commit: string;
  readonly message: string;
  /** Files the push changed; absent when they are not all known. */
  readonly files?: readonly string[];
  readonly events: readonly RenderEvent[];
  /** Whether the gate asked Render for this deploy itself. */
  readonly triggered: boolean;
}

/** Render said so itself (`commit_ignored`): no deploy of this commit will come, unless one was asked for. */
export function isIgnored(input: Pick<SkipInput, "events" | "commit" | "triggered">): boolean {
  return (
    !input.triggered &&
    input.events.some((event) => event.type === "commit_ignored" && event.commit === input.commit)
  );
}

/**
 * Why Render had nothing to deploy for this commit; undefined when it should have deployed it.
 * Facts: render.com/docs/deploys and render.com/docs/monorepo-support.
 */
export function skipReason(input: SkipInput): string | undefined {
  if (isIgnored(input)) return "Render ignored the commit (event commit_ignored)";
  if (input.triggered) return undefined;
  const phrase = SKIP_PHRASE.exec(input.message);
  if (phrase !== null) return `the commit message says ${phrase[0]}`;
  if (!input.service.autoDeploy || input.service.autoDeployTrigger === "off") return "auto-deploy is off";
  if (input.files !== undefined && input.files.length > 0 && !deploysFor(input.service, input.files)) {
    return "no changed file is under the service's root directory and build filter";
  }
  return undefined;
}

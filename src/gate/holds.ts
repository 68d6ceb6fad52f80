import type { PullRequest } from "../ports.ts";
import type { ServiceRun } from "./run.ts";

/** Links to what carries the hold label: open issues and pull requests, and those that brought the commit. */
export async function holdsOf(
  run: ServiceRun,
  commit: string,
  merged?: readonly PullRequest[],
): Promise<readonly string[]> {
  const { forge } = run.edges;
  const label = run.plan.guards.holdLabel;
  if (label === "") return [];
  const brought = merged ?? (await forge.pullsOfCommit(commit)).filter((pull) => pull.merged);
  const own = brought
    .filter((pull) => pull.labels.some((name) => name.toLowerCase() === label.toLowerCase()))
    .map((pull) => pull.url);
  const open = (await forge.openWithLabel(label)).map((issue) => issue.url);
  return [...new Set([...own, ...open])];
}

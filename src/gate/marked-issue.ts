import type { Forge, Issue } from "../ports.ts";
import { hasMarker, ISSUE_LABEL } from "../report/issue.ts";
import { lacksLabels } from "./pull.ts";
import type { ServiceRun } from "./run.ts";

/** An issue, and whether this run opened it. */
export interface MarkedIssue {
  readonly issue: Issue;
  readonly isNew: boolean;
}

async function oldest(forge: Forge, marker: string): Promise<Issue | undefined> {
  const marked = (await forge.issuesWithLabel(ISSUE_LABEL)).filter(({ body }) => hasMarker(body, marker));
  return marked.toSorted((a, b) => a.number - b.number)[0];
}

/**
 * The issue whose body starts with that marker; opened when there is none yet. Of two runs that open it at once the
 * later one closes its own again. Throws ServiceProblem.
 */
export async function openMarked(
  forge: Forge,
  wish: { readonly marker: string; readonly title: string; readonly body: string },
): Promise<MarkedIssue> {
  const known = await oldest(forge, wish.marker);
  if (known !== undefined) return { issue: known, isNew: false };
  const body = `${wish.marker}\n${wish.body}`;
  const issue = await forge.createIssue({ title: wish.title, body, labels: [ISSUE_LABEL] });
  const first = await oldest(forge, wish.marker);
  if (first === undefined || first.number >= issue.number) return { issue, isNew: true };
  await forge.updateIssue(issue.number, {
    body: `Opened at the same moment as #${first.number}, which goes on.`,
    state: "closed",
  });
  return { issue: first, isNew: false };
}

/** Sets labels and assignees that are missing, best effort; what did not work is noted. */
export async function decorateIssue(
  run: ServiceRun,
  issue: Issue,
  { labels, assignees }: { readonly labels: readonly string[]; readonly assignees: readonly string[] },
): Promise<void> {
  const isAssigned = new Set(issue.assignees.map((name) => name.toLowerCase()));
  const wishes = {
    labels: labels.filter((label) => lacksLabels(issue, [label])),
    assignees: assignees.filter((name) => !isAssigned.has(name.replace(/^@/, "").toLowerCase())),
  };
  for (const sentence of await run.edges.forge.decorateIssue(issue.number, wishes)) run.teller.note(sentence);
}

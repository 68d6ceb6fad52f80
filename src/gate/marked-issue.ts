import type { Forge, Issue } from "../ports.ts";
import { hasMarker, ISSUE_LABEL } from "../report/issue.ts";

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

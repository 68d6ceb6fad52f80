import type { Outcome } from "../core/outcome.ts";
import { codeCell, inlineText, link, tableText } from "./markdown.ts";
import { otherNotes } from "./title.ts";
import { dateTimeText, durationText } from "./time.ts";
import { amountText, excerpt, shortSha } from "./text.ts";

/** The web address of a commit, when the service's repository is one on the web. */
function commitUrl(outcome: Outcome, sha: string): string | undefined {
  const repo = outcome.service?.repo?.replace(/(?:\.git)?\/?$/u, "");
  const isKnown = repo !== undefined && /^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/u.test(repo);
  return isKnown && /^[0-9a-f]{7,64}$/iu.test(sha) ? `${repo}/commit/${sha}` : undefined;
}

/** A commit as a link to it; as its short id when its address is unknown. */
export function commitLink(outcome: Outcome, sha: string): string {
  return link(shortSha(sha), commitUrl(outcome, sha));
}

function timeCell(ms: number | undefined): string {
  return ms === undefined ? "" : `${dateTimeText(ms)} UTC`;
}

/** The deploy's own facts as a table of two columns: ids, trigger, times, links. */
export function factsTable(outcome: Outcome): string {
  const { deploy, service } = outcome;
  const rows: readonly (readonly [string, string])[] = [
    ["Service", link(excerpt(service?.name ?? outcome.serviceName, 100), service?.dashboardUrl)],
    ["Service id", service === undefined ? "" : codeCell(excerpt(service.id, 100))],
    ["Commit", commitLink(outcome, outcome.commit)],
    ["Commit message", inlineText(excerpt(deploy?.commit?.message.split("\n")[0] ?? "", 200))],
    [
      "Commit before it (G)",
      outcome.previousCommit === undefined ? "" : commitLink(outcome, outcome.previousCommit),
    ],
    ["Deploy", deploy === undefined ? "" : link(excerpt(deploy.id, 100), outcome.deployUrl)],
    ["Image", inlineText(excerpt(deploy?.image ?? "", 200))],
    ["Status", inlineText(excerpt(deploy?.status ?? "", 60))],
    ["Trigger", inlineText(excerpt(deploy?.trigger ?? "", 60))],
    ["Created", timeCell(deploy?.createdAt)],
    ["Started", timeCell(deploy?.startedAt)],
    ["Live", timeCell(outcome.liveAt)],
    ["Finished", timeCell(deploy?.finishedAt)],
    ["Mode", outcome.mode],
    ["Gate ran for", durationText(outcome.endedAt - outcome.startedAt)],
    [
      "Requests",
      `${amountText(outcome.requests.render, "to Render", "to Render")}, ${amountText(outcome.requests.github, "to GitHub", "to GitHub")}`,
    ],
  ];
  return tableText({ head: ["Deploy facts", ""], rows: rows.filter(([, value]) => value !== "") });
}

/** The notes a reader must know besides, one line each; "" when there are none. */
export function notesList(outcome: Outcome): string {
  return otherNotes(outcome)
    .slice(0, 50)
    .map((note) => `- ${inlineText(excerpt(note, 600))}`)
    .join("\n");
}

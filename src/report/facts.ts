import type { Outcome } from "../core/outcome.ts";
import { durationWords } from "../core/quantity.ts";
import { codeCell, inlineText, link, tableText } from "./markdown.ts";
import { otherNotes } from "./title.ts";
import { dateTimeText } from "./time.ts";
import { countText, excerpt, shortSha } from "./text.ts";

/** The web address of a commit, when the service's repository is one on the web. */
export function commitUrl(outcome: Outcome, sha: string): string | undefined {
  const repo = outcome.service?.repo?.replace(/(?:\.git)?\/?$/u, "");
  const isKnown = repo !== undefined && /^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w.-]+){2,}$/u.test(repo);
  return isKnown && /^[0-9a-f]{7,64}$/iu.test(sha) ? `${repo}/commit/${sha}` : undefined;
}

/** A commit as a link to it; as its short id when its address is unknown. */
export function commitLink(outcome: Outcome, sha: string): string {
  return link(shortSha(sha), commitUrl(outcome, sha));
}

function timeFact(label: string, ms: number | undefined): Fact {
  return { label, text: ms === undefined ? "" : `${dateTimeText(ms)} UTC` };
}

/** One fact about the deploy: untrusted text, cut but not escaped. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly url?: string | undefined;
  readonly isCode?: true;
}

/** The deploy's own facts that are known: ids, trigger, times, links. */
export function factsOf(outcome: Outcome): readonly Fact[] {
  const { deploy, service, previousCommit, requests } = outcome;
  const facts: readonly Fact[] = [
    {
      label: "Service",
      text: excerpt(service?.name ?? outcome.serviceName, 100),
      url: service?.dashboardUrl,
    },
    { label: "Service id", text: excerpt(service?.id ?? "", 100), isCode: true },
    { label: "Commit", text: shortSha(outcome.commit), url: commitUrl(outcome, outcome.commit) },
    { label: "Commit message", text: excerpt(deploy?.commit?.message.split("\n")[0] ?? "", 200) },
    {
      label: "Commit before it (G)",
      text: previousCommit === undefined ? "" : shortSha(previousCommit),
      url: commitUrl(outcome, previousCommit ?? ""),
    },
    { label: "Deploy", text: excerpt(deploy?.id ?? "", 100), url: outcome.deployUrl },
    { label: "Image", text: excerpt(deploy?.image ?? "", 200) },
    { label: "Status", text: excerpt(deploy?.status ?? "", 60) },
    { label: "Trigger", text: excerpt(deploy?.trigger ?? "", 60) },
    timeFact("Created", deploy?.createdAt),
    timeFact("Started", deploy?.startedAt),
    timeFact("Live", outcome.liveAt),
    timeFact("Finished", deploy?.finishedAt),
    { label: "Rollback deploy", text: excerpt(outcome.rollbackDeployId ?? "", 100) },
    { label: "Mode", text: outcome.mode },
    outcome.coverage === undefined
      ? { label: "Gate ran for", text: durationWords(outcome.endedAt - outcome.startedAt) }
      : timeFact("Watched since", outcome.startedAt),
    {
      label: "Requests",
      text: `${countText(requests.render)} to Render, ${countText(requests.github)} to GitHub`,
    },
  ];
  return facts.filter(({ text }) => text !== "");
}

/** Facts, all of them unless said, as a Markdown table of two columns. */
export function factsTable(outcome: Outcome, facts = factsOf(outcome)): string {
  const rows = facts.map(({ label, text, url, isCode }) => {
    return [label, isCode === true ? codeCell(text) : link(text, url)];
  });
  return tableText({ head: ["Deploy facts", ""], rows });
}

/** The notes a reader must know besides, one line each; "" when there are none. */
export function notesList(outcome: Outcome): string {
  return otherNotes(outcome)
    .slice(0, 50)
    .map((note) => `- ${inlineText(excerpt(note, 600))}`)
    .join("\n");
}

import type { Evidence } from "../core/check.ts";
import type { Action } from "../core/outcome.ts";
import { REVERT_TRAILER } from "../core/revert-plan.ts";
import { actionList } from "./action-list.ts";
import { evidenceFold } from "./evidence.ts";
import { codeSpan, folded, inlineText, link } from "./markdown.ts";
import { messageText, quotedMessageText } from "./message-text.ts";
import { pageText } from "./page.ts";
import { BODY_MAX, commentSection, markedSection } from "./service-section.ts";
import { withoutSkipPhrases } from "./skip-phrase.ts";
import { amountText, capitalized, cleanText, excerpt, shortSha, withStop } from "./text.ts";

export { hasServiceSection, withServiceSection } from "./service-section.ts";

/** The title's limit at GitHub: 422 `title is too long (maximum is 256 characters)`. */
const TITLE_MAX = 256;
const SUBJECT_MAX = 200;
const EVIDENCE_MAX = 12_000;
const MOST = 50;

/** What failed, as every page about it tells it. */
export interface FailureText {
  /** The service whose gate writes this first, then others that deploy the same range. */
  readonly services: readonly string[];
  /** What failed, one sentence with its arithmetic each. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly runUrl?: string;
  readonly checkRunUrl?: string;
  /** What the steps before this one did about it. */
  readonly actions?: readonly Action[];
  /** Why it is a draft; empty when it is none. */
  readonly draftReasons: readonly string[];
}

/** Everything a revert says about itself. Times and words come ready; text from outside is escaped here. */
export interface RevertText extends FailureText {
  /** G: the commit that is gone back to. */
  readonly good: string;
  /** B: the deployed commit that failed. */
  readonly bad: string;
  /** The branch the revert is for. */
  readonly baseBranch: string;
  /** What is taken back, oldest first. */
  readonly commits: readonly { readonly sha: string; readonly subject: string }[];
  /** Merged pull requests among them. */
  readonly pulls: readonly {
    readonly number: number;
    readonly title: string;
    readonly url: string;
    readonly author?: string;
  }[];
  /** Other pushes in the range; `fate` is what became of their own deploys. */
  readonly others: readonly { readonly sha: string; readonly subject: string; readonly fate: string }[];
}

/** Untrusted text for the body. Phrases are taken out because a squash merge may make the body its message. */
export function bodyText(text: string, max: number): string {
  return inlineText(excerpt(withoutSkipPhrases(cleanText(text)), max));
}

/** The same as code: commits, branches, services. */
export function bodyCode(text: string, max: number): string {
  return codeSpan(excerpt(quotedMessageText(text), max));
}

/** A commit's short id as code. */
export function commitCode(sha: string): string {
  return bodyCode(shortSha(sha), 40);
}

function subjectOf(text: RevertText): string | undefined {
  const [pull, ...otherPulls] = text.pulls;
  const [commit, ...otherCommits] = text.commits;
  if (commit !== undefined && otherCommits.length === 0) return commit.subject;
  return pull !== undefined && otherPulls.length === 0 && text.others.length === 0 ? pull.title : undefined;
}

/** `Revert "<subject>"` for one commit or one pull request, else `Revert <n> commits up to <sha>`. */
function headline(text: RevertText, max: number): string {
  const subject = subjectOf(text);
  if (subject === undefined) {
    return `Revert ${amountText(text.commits.length, "commit")} up to ${messageText(shortSha(text.bad), 40)}`;
  }
  return `Revert "${messageText(subject, max - 'Revert ""'.length)}"`;
}

/** The pull request's title, at most 256 characters, without phrases that make Render or GitHub skip a commit. */
export function pullRequestTitle(text: RevertText): string {
  return headline(text, TITLE_MAX);
}

/** The trailer by which every gate knows the revert again. */
function trailer(text: RevertText): string {
  const [good, bad] = [text.good, text.bad].map((sha) => sha.replace(/[^0-9a-z]/giu, "").slice(0, 64));
  return `${REVERT_TRAILER} ${good}..${bad}`;
}

/** A list of at most 50 lines that says how many it leaves out. */
export function listText<Item>(items: readonly Item[], lineOf: (item: Item) => string): string {
  const lines = items.slice(0, MOST).map((item) => `- ${lineOf(item)}`);
  const missing = items.length - lines.length;
  return [...lines, ...(missing === 0 ? [] : [`- … and ${missing} more`])].join("\n");
}

/** What was done, for text that a squash merge may make a commit message. */
function doneText(actions: readonly Action[]): string {
  const list = actionList(
    actions.map(({ reason, ...action }) =>
      reason === undefined ? action : { ...action, reason: withoutSkipPhrases(cleanText(reason)) },
    ),
  );
  return list === "" ? "" : `### What the gate did\n\n${list}`;
}

/** What the gate of one service saw and did: reasons, evidence, links. The part that each service's gate keeps up to date. */
export function serviceSection(text: FailureText, options: { readonly hasDoubts?: boolean } = {}): string {
  const [service = "the service"] = text.services;
  const evidence = text.evidence.map(({ at, from, text }) => ({
    ...(at === undefined ? {} : { at }),
    ...(from === undefined ? {} : { from: quotedMessageText(from) }),
    text: quotedMessageText(text),
  }));
  const links = [
    text.checkRunUrl === undefined ? "" : link("Check run", text.checkRunUrl),
    text.runUrl === undefined ? "" : link("Workflow run", text.runUrl),
  ];
  const parts = [
    `### What failed: ${bodyText(service, 100)}`,
    listText(text.reasons, (reason) => withStop(bodyText(reason, 600))),
    options.hasDoubts === true && text.draftReasons.length > 0
      ? `Think twice before merging:\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capitalized(reason), 400)))}`
      : "",
    links.filter((part) => part !== "").join(" · "),
    evidenceFold("Evidence", evidence, { max: EVIDENCE_MAX }),
    doneText(text.actions ?? []),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The same as a comment, where another pull request takes the commit back over another range. */
export function serviceComment(text: RevertText): string {
  const [service = "the service"] = text.services;
  return commentSection(service, serviceSection(text));
}

/** Text as one word of a POSIX shell: a branch's name may hold anything but white space. */
export function shellWord(text: string): string {
  const clean = excerpt(text, 300);
  return /^[\w./-]+$/u.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}

/**
 * The shell commands that make the same branch: a commit that restores the good tree on top of the bad commit,
 * taken over onto the branch's head by a three-way merge.
 */
export function revertByHand(range: {
  readonly branch: string;
  readonly good: string;
  readonly bad: string;
  readonly to: string;
}): string {
  const [good, bad] = [range.good, range.bad].map((sha) => excerpt(sha, 40));
  return [
    "git fetch origin",
    `git switch -c ${shellWord(range.to)} ${shellWord(`origin/${range.branch}`)}`,
    `git cherry-pick $(git commit-tree -p ${bad} -m "Revert ${shortSha(range.good)}..${shortSha(range.bad)}" ${good}^{tree})`,
  ].join(" && ");
}

function pullLine(pull: RevertText["pulls"][number]): string {
  const author = pull.author === undefined ? "" : ` by ${bodyText(pull.author, 60)}`;
  return `${link(`#${pull.number}`, pull.url)} ${bodyText(pull.title, SUBJECT_MAX)}${author}`;
}

function takenBack(text: RevertText): string {
  const commits = listText(text.commits, ({ sha, subject }) => {
    return `${commitCode(sha)} ${bodyText(subject, SUBJECT_MAX)}`;
  });
  const range = `${bodyCode(`${shortSha(text.good)}..${shortSha(text.bad)}`, 100)} on ${bodyCode(text.baseBranch, 200)}`;
  const count = amountText(text.commits.length, "commit");
  return [
    "### What this takes back",
    ...(text.pulls.length === 0 ? [] : [listText(text.pulls, pullLine)]),
    text.commits.length > 10 ? folded(count, `${range}\n\n${commits}`) : `${count}, ${range}:\n\n${commits}`,
  ].join("\n\n");
}

function othersPart(text: RevertText): string {
  if (text.others.length === 0) return "";
  const list = listText(text.others, ({ sha, subject, fate }) => {
    return `${commitCode(sha)} ${bodyText(subject, SUBJECT_MAX)}: ${withStop(bodyText(fate, 300))}`;
  });
  return `### Other pushes that it takes back as well\n\nThey went into production with the same deploy or before it, after the last good one.\n\n${list}`;
}

function draftPart(text: RevertText): string {
  if (text.draftReasons.length === 0) return "";
  return `### Why this is a draft\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capitalized(reason), 400)))}`;
}

const AGAIN = `### To land the change again

Revert the commit that this pull request makes, add the fix, and merge that. Merging the old branch again brings nothing back: git already counts its commits as merged.

Closing this pull request without merging it is a no: the gate will not open another one for the same range.`;

/** The pull request's body, at most 65,536 characters, with the section of this gate's service in its markers. */
export function pullRequestBody(text: RevertText): string {
  const [service = "the service", ...others] = text.services;
  const also =
    others.length === 0
      ? ""
      : ` It is also what ${others.map((name) => bodyCode(name, 100)).join(", ")} deployed.`;
  const intro = `The deploy of ${commitCode(text.bad)} to ${bodyCode(service, 100)} failed its gate. This takes back what came after ${commitCode(text.good)}, up to and with that commit; later commits stay.${also}`;
  const end = trailer(text);
  const page = pageText(
    [
      intro,
      draftPart(text),
      markedSection(service, serviceSection(text)),
      takenBack(text),
      othersPart(text),
      AGAIN,
    ],
    BODY_MAX - end.length - 2,
  );
  return `${page}\n\n${end}`;
}

/** The commit message of the revert: headline, what it takes back and why, and the trailer as last paragraph. */
export function revertCommitMessage(text: RevertText): string {
  const commits = listText(text.commits, ({ sha, subject }) => {
    return `${messageText(shortSha(sha), 40)} ${messageText(subject, 120)}`;
  });
  const reasons = listText(text.reasons, (reason) => messageText(reason, 300));
  const service = messageText(text.services[0] ?? "the service", 100);
  const paragraphs = [
    headline(text, 120),
    `The deploy of ${messageText(shortSha(text.bad), 40)} to ${service} failed its gate:\n${reasons}`,
    `This takes back:\n${commits}`,
    trailer(text),
  ];
  return paragraphs.join("\n\n");
}

import { link } from "./markdown.ts";
import { messageText } from "./message-text.ts";
import { pageText } from "./page.ts";
import { bodyCode, serviceSection, type FailureText } from "./pull-request.ts";
import { BODY_MAX, hasServiceSection, markedSection, withServiceSection } from "./service-section.ts";
import { shortSha } from "./text.ts";

/** By which the gate finds its issues again. */
export const ISSUE_LABEL = "deploy-gate";

const TITLE_MAX = 256;

/** Everything an issue says about a failed deploy. Text from outside is escaped here. */
export interface IssueText extends FailureText {
  /** As configured; else it names the service, the commit and what failed first. */
  readonly title?: string;
  /** The deployed commit that failed. */
  readonly bad: string;
  readonly commitUrl: string;
  /** Name of the first check that failed, when it was one. */
  readonly failedCheck?: string;
}

function serviceOf(text: IssueText): string {
  return text.services[0] ?? "the service";
}

/** The issue's title, at most 256 characters; nobody is notified by it. */
export function issueTitle(text: IssueText): string {
  if (text.title !== undefined) return messageText(text.title, TITLE_MAX);
  const what = text.failedCheck ?? text.reasons[0] ?? "the deploy itself";
  return messageText(`Deploy of ${serviceOf(text)} at ${shortSha(text.bad)} failed: ${what}`, TITLE_MAX);
}

/** The first line of an issue's body, which is the same for every run about this deploy; `what` the issue is for. */
export function issueMarker(service: string, commit: string, what = "issue"): string {
  const name = encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D");
  return `<!-- deploy-gate:${what}=${name}:${commit.replace(/[^0-9a-z]/giu, "").slice(0, 64)} -->`;
}

/** Whether an issue's body starts with that line. */
export function hasMarker(body: string, marker: string): boolean {
  return body.startsWith(marker) && /^(?:\r?\n|$)/u.test(body.slice(marker.length));
}

/** Whether an issue of that body is about this failed deploy. */
export function isIssueAbout(body: string, service: string, commit: string): boolean {
  return hasMarker(body, issueMarker(service, commit));
}

const NO =
  "Close this issue when the failure is dealt with: the gate opens no other one about the same deploy.";

/** The body of a new issue, at most 65,536 characters. */
export function issueBody(text: IssueText): string {
  const service = serviceOf(text);
  const intro = `The deploy of ${link(shortSha(text.bad), text.commitUrl)} to ${bodyCode(service, 100)} failed its gate.`;
  const marker = issueMarker(service, text.bad);
  const page = pageText(
    [intro, markedSection(service, serviceSection(text)), NO],
    BODY_MAX - marker.length - 1,
  );
  return `${marker}\n${page}`;
}

/** The body of an issue that is there, with this run's findings in the place of the former ones. */
export function updatedIssueBody(body: string, text: IssueText): string {
  const service = serviceOf(text);
  // Where a person has taken the section out, it stays out.
  return hasServiceSection(body, service) ? withServiceSection(body, service, serviceSection(text)) : body;
}

import { checklistOf, type Box, type BoxState, type StageBoxes } from "../core/checklist.ts";
import type { Plan } from "../core/check.ts";
import type { AfterRule } from "../core/communication.ts";
import { durationText } from "../core/duration.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { ACTION_STATES, actionName, BY_HAND } from "./action-list.ts";
import { endedLines, linesList } from "./coverage.ts";
import { factsOf, factsTable } from "./facts.ts";
import { issueMarker } from "./issue.ts";
import { addressLink, inlineText, link } from "./markdown.ts";
import { messageText } from "./message-text.ts";
import { pageText } from "./page.ts";
import { BODY_MAX, hasServiceSection, markedSection, withServiceSection } from "./service-section.ts";
import { headed } from "./summary.ts";
import { countText, excerpt, shortSha, withoutStop, withStop } from "./text.ts";
import { dateTimeText } from "./time.ts";
import { decisionSentence, verdictSentence, verdictTitle } from "./title.ts";

const TITLE_MAX = 256;
/** The marker, and what people may have written. */
const SECTION_MAX = BODY_MAX - 4_000;
const MOST_CHECKS = 80;
const WHY_MAX = 240;
/** What does not change from one look to the next. */
const FACTS = [
  "Service",
  "Commit",
  "Commit message",
  "Commit before it (G)",
  "Deploy",
  "Image",
  "Live",
  "Mode",
];

/** What the tracking issue of a deploy tells. */
export interface TrackedDeploy {
  /** All actions so far, those of earlier runs too. */
  readonly outcome: Outcome;
  readonly plan: Pick<Plan, "stages" | "checks" | "after">;
  /** Keys of the rules of `after` that were carried out. */
  readonly after: readonly string[];
  readonly checkRunUrl?: string | undefined;
}

function serviceOf({ service, serviceName }: Outcome): string {
  return service?.name ?? serviceName;
}

/** `Deploy 09dadc4 of shop-api`. */
export function trackingTitle(outcome: Outcome): string {
  return messageText(`Deploy ${shortSha(outcome.commit)} of ${serviceOf(outcome)}`, TITLE_MAX);
}

/** The line by which the tracking issue of a deploy is found again: the first of its body. */
export function trackingMarker(outcome: Outcome): string {
  return issueMarker(serviceOf(outcome), outcome.commit, "deploy");
}

const NOTE =
  "The boxes tick themselves; what is written outside this list stays. The issue is closed when the watch ends with pass, or when a newer deploy takes over; else it stays open for a person.";

/** The body of a new tracking issue below its marker. */
export function trackingBody(deploy: TrackedDeploy): string {
  return `${markedSection(serviceOf(deploy.outcome), section(deploy))}\n\n${NOTE}`;
}

/** The body of a tracking issue that is there, brought up to date; where a person took the list out, it stays out. */
export function updatedTrackingBody(body: string, deploy: TrackedDeploy): string {
  const service = serviceOf(deploy.outcome);
  return hasServiceSection(body, service) ? withServiceSection(body, service, section(deploy)) : body;
}

function section(deploy: TrackedDeploy): string {
  const { outcome, plan } = deploy;
  const sentence = withStop(inlineText(excerpt(decisionSentence(outcome), 1000)));
  const facts = factsOf(outcome).filter(({ label }) => FACTS.includes(label));
  return pageText(
    [
      `**${inlineText(verdictTitle(outcome))}**: ${sentence}`,
      factsTable(outcome, facts),
      headed("Checklist", liveBox(outcome)),
      ...checklistOf(plan, outcome).map((boxes) => stagePart(boxes, deploy)),
      headed("What was done", outcome.actions.slice(0, 50).map(actionBox).join("\n")),
      headed("What follows", plan.after.flatMap((rule) => followBoxes(rule, deploy)).join("\n")),
      headed("How much was seen", linesList(endedLines(outcome))),
    ],
    SECTION_MAX,
  );
}

function liveBox(outcome: Outcome): string {
  const { deploy, deployUrl, liveAt } = outcome;
  const name = deploy === undefined ? "The deploy" : `Deploy ${link(excerpt(deploy.id, 100), deployUrl)}`;
  if (liveAt !== undefined) return `- [x] ${name} is live since ${dateTimeText(liveAt)} UTC`;
  const failed = outcome.verdict === "fail" ? ", **failed**" : "";
  return `- [ ] ${name} is live${failed}`;
}

const TICKS: Readonly<Record<BoxState, string>> = {
  done: "[x]",
  failed: "[ ] **failed**",
  open: "[ ]",
  unsettled: "[ ]",
};

function stagePart({ stage, result, state, checks }: StageBoxes, { checkRunUrl }: TrackedDeploy): string {
  const name = `stage ${inlineText(excerpt(stage.name, 60))}, until live + ${durationText(stage.forMs)}`;
  const ended =
    result === undefined ? "" : `, ended with ${result.verdict} (${link("check run", checkRunUrl)})`;
  const shown = checks.slice(0, MOST_CHECKS).map(checkBox);
  const more = checks.length - shown.length;
  return [
    `- ${TICKS[state]} ${name}${ended}`,
    ...shown,
    ...(more === 0 ? [] : [`  - … and ${countText(more)} more`]),
  ].join("\n");
}

function checkBox({ name, state, why }: Box): string {
  const remark = state === "unsettled" ? "see the check run" : why;
  const because = remark === undefined ? "" : `: ${inlineText(withoutStop(excerpt(remark, WHY_MAX)))}`;
  return `  - ${TICKS[state]} ${inlineText(excerpt(name, 100))}${because}`;
}

function actionBox(action: Action): string {
  const { state, reason = "", url } = action;
  const [why = ""] = reason.split(BY_HAND);
  const because = why === "" ? "" : `, ${inlineText(withoutStop(excerpt(why, WHY_MAX)))}`;
  const tick = state === "done" ? TICKS.done : state === "failed" ? TICKS.failed : TICKS.open;
  const where = url === undefined ? "" : ` ${addressLink(url)}`;
  return `- ${tick} ${inlineText(actionName(action))}: ${ACTION_STATES[state]}${because}${where}`;
}

/** What is still to come; what was carried out stands among what was done. */
function followBoxes({ stage, verdict, steps }: AfterRule, { after }: TrackedDeploy): readonly string[] {
  const key = `${stage} ${verdict}`;
  if (after.includes(key)) return [];
  return steps.map(({ kind, title }) => {
    const what = kind === "issue" ? "issue" : "pull request";
    return `- [ ] after ${inlineText(key)}: ${what} ${inlineText(`"${excerpt(title, 100)}"`)}`;
  });
}

/** The comment that says that nobody goes on with the watch; the issue stays open for a person. */
export function lostComment(outcome: Outcome, checkRunUrl: string | undefined): string {
  const sentence = withStop(inlineText(excerpt(verdictSentence(outcome), 1000)));
  const where = checkRunUrl === undefined ? "" : ` ${link("Check run", checkRunUrl)}`;
  return `${issueMarker(serviceOf(outcome), outcome.commit, "lost")}\n**${sentence}**${where}`;
}

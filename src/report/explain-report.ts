import type { AfterRule, CleanUpIssue, CleanUpPull, ReportMoment } from "../core/communication.ts";
import type { Plan } from "../core/check.ts";
import { codeText, listText } from "./explain-condition.ts";
import { peopleText } from "./explain-remedy.ts";
import { amountText, oneLine } from "./text.ts";

/** When status updates are told, and where; none where nothing is. */
export function reportLines({ report, notify }: Pick<Plan, "report" | "notify">): readonly string[] {
  const { issue, comment, at, template } = report;
  const isAsked = notify.some(({ when }) => when.includes("report"));
  const places = [
    ...(issue ? ["as comments of a tracking issue"] : []),
    ...(comment ? ["as comments of the merged pull request"] : []),
    ...(isAsked ? ["to those of notify who asked for it"] : []),
  ];
  if (places.length === 0 || at.length === 0) return issue ? [ISSUE] : [];
  const whose = template === undefined ? "" : ", in the team's own words";
  const moments = listText(at.map(momentWords), "and");
  return [
    `A status update ${moments}, ${listText(places, "and")}${whose}; what a late run missed is told once.`,
    ...(issue ? [ISSUE] : []),
  ];
}

const ISSUE =
  "One tracking issue per deploy, whose checklist ticks itself; closed when the watch ends with pass, superseded or skipped.";

function momentWords(moment: ReportMoment): string {
  return moment.kind === "daily" ? "once a day" : `at the end of ${moment.stage}`;
}

/** What follows a stage that ended so, one sentence for each step. */
export function afterLines(after: readonly AfterRule[]): readonly string[] {
  return after.flatMap(({ stage, verdict, steps }) =>
    steps.map((step) => `after ${stage} ended with ${verdict}: ${oneLine(stepWords(step))}, once.`),
  );
}

function stepWords(step: CleanUpPull | CleanUpIssue): string {
  const { title, list } = step;
  const count = amountText(list.length, "thing");
  const byHand = list.length === 0 ? "" : `, with a list of ${count} to do by hand`;
  if (step.kind === "issue") {
    return `opens an issue${peopleText({ ...step, reviewers: [] })} titled ${codeText(title)}${byHand}`;
  }
  const what = step.draft ? "a draft pull request" : "a pull request";
  const globs = listText(step.delete.map(codeText), "and");
  return `opens ${what}${peopleText(step)} titled ${codeText(title)} that deletes ${globs}${byHand}`;
}

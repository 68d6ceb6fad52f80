import type { Line } from "../core/condition.ts";
import type { CheckResult, Outcome } from "../core/outcome.ts";
import { comparedText } from "../core/quantity.ts";
import { ACTION_STATES, actionName, BY_HAND, rollbackInEffect } from "./action-list.ts";
import { CHECK_WORDS } from "./checks-table.ts";
import { unseenLines } from "./coverage.ts";
import { worstFirst } from "./evidence.ts";
import { isConcern, lineColumns } from "./line.ts";
import { amountText, capitalized, countText, excerpt, withoutStop } from "./text.ts";
import type { Words } from "./words.ts";

/** Said of a value that nobody has measured. */
export const NOT_MEASURED = "not measured";

const MOST = 40;
const NAME_MAX = 100;
const REASON_MAX = 400;

/** At most so many, and how many more there are. */
function some(items: readonly Words[]): readonly Words[] {
  const more = items.length - MOST;
  return more <= 0 ? items : [...items.slice(0, MOST), [`… and ${countText(more)} more`]];
}

function textWords(text: string): Words {
  return [{ text }];
}

/** Numbers that only count what is looked for, or say that something answered, are no metrics. */
function isMetric({ source }: CheckResult, { subject, value }: Line): boolean {
  if (typeof value !== "number") return false;
  switch (source) {
    case "events":
    case "env":
    case "source":
      return false;
    case "logs":
      return !["matches", "new_matches", "found", "missing"].includes(subject);
    case "http":
      return subject !== "status";
    default:
      return true;
  }
}

/** `orders: success 85% (fail: success < 80%; pass: success >= 90%)`: the newest numbers of each check that has some. */
export function metricItems({ checks }: Outcome): readonly Words[] {
  const items = checks.flatMap((check): readonly Words[] => {
    const lines = (check.finding?.lines ?? []).flatMap((line) =>
      isMetric(check, line) ? [{ ...line, ...newest(check, line) }] : [],
    );
    if (lines.length === 0) return [];
    const { values, conditions } = lineColumns(lines);
    const text = `${values.join(", ")} (${conditions.join("; ")})`;
    return [[{ text: `${excerpt(check.name, NAME_MAX)}: ${excerpt(text, REASON_MAX)}` }]];
  });
  return items.length === 0 ? [[NOT_MEASURED]] : some(items);
}

/** What a check is judged by may be older than what it saw last. */
function newest({ series }: CheckResult, { subject }: Line): Pick<Line, "value"> {
  const last = series.find((one) => one.subject === subject)?.points.at(-1);
  return last === undefined ? {} : { value: last.value };
}

/** `Schedulers: 6/6 active` for each check that looks for named groups of lines. */
export function groupItems({ checks }: Outcome): readonly Words[] {
  return checks.flatMap(({ name, told = [] }) =>
    told.flatMap(({ subject, value }) =>
      subject === "groups" ? [[{ text: `${capitalized(excerpt(name, NAME_MAX))}: ${value} active` }]] : [],
    ),
  );
}

/** One for each check that needs a look, with its arithmetic; why the verdict is no pass where no check says it; who holds the watch; what was not seen. */
export function issueItems(outcome: Outcome): readonly Words[] {
  const { verdict, held } = outcome;
  const checks = worstFirst(outcome.checks)
    .filter(isConcern)
    .map((check) => {
      const stage = check.stage === undefined ? "" : ` in ${excerpt(check.stage, 60)}`;
      return `${excerpt(check.name, NAME_MAX)} (${CHECK_WORDS[check.verdict]}${stage}): ${excerpt(check.reason, REASON_MAX)}`;
    });
  const isSaid = verdict === "pass" || (checks.length > 0 && verdict !== "superseded");
  const texts = [
    ...(isSaid ? [] : [`${verdict}: ${excerpt(outcome.reason, REASON_MAX)}`]),
    ...checks,
    ...(held === undefined ? [] : [`held: ${excerpt(held, REASON_MAX)}`]),
    ...unseenLines(outcome),
  ];
  return texts.length === 0 ? [["None"]] : some(texts.map(withoutStop).map(textWords));
}

/** What was done, held back, advised or refused. */
export function actionItems({ actions }: Outcome): readonly Words[] {
  const told = actions.filter(({ state }) => state !== "skipped");
  const items = told.map((action): Words => {
    const [why = ""] = (action.reason ?? "").split(BY_HAND);
    const reason = why === "" ? "" : `, ${withoutStop(excerpt(why, REASON_MAX))}`;
    const text = { text: `${actionName(action)}: ${ACTION_STATES[action.state]}${reason}` };
    const { url } = action;
    return url === undefined ? [text] : [text, " ", { link: url.replace(/^https?:\/\//u, ""), url }];
  });
  return items.length === 0 ? [["None"]] : some(items);
}

/** How long this version has been serving: `36 hours`; minutes in its first hour. */
export function uptimeText(outcome: Outcome, now: number): string {
  if (outcome.liveAt === undefined) return "not live";
  if (rollbackInEffect(outcome) !== undefined) return "not live any more, rolled back";
  if (outcome.coveredBy !== undefined) return "not live any more, a newer deploy took over";
  const minutes = Math.max(0, Math.floor((now - outcome.liveAt) / 60_000));
  return minutes < 60 ? amountText(minutes, "minute") : amountText(Math.floor(minutes / 60), "hour");
}

/** The latest value of a check's subject in its unit, never rounded over a limit. */
export function toldText(
  checks: readonly CheckResult[],
  asked: { readonly check: string; readonly subject: string },
): string {
  const check = checks.find(({ name }) => name === asked.check);
  const told = check?.told?.find(({ subject }) => subject === asked.subject);
  if (told === undefined) return NOT_MEASURED;
  const { value, unit } = told;
  if (typeof value === "string") return excerpt(value, 200);
  if (typeof value === "boolean") return String(value);
  const line = check?.finding?.lines.find(({ subject }) => subject === asked.subject);
  return comparedText(value, unit, line?.limits ?? []);
}

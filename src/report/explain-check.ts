import type { BaselineKind, Check, FailAfter, Plan, Stage } from "../core/check.ts";
import type { Condition } from "../core/condition.ts";
import { conditionText } from "../core/condition-text.ts";
import { beatMs } from "../core/schedule.ts";
import { unitOf } from "../core/unit.ts";
import { durationWords } from "../core/quantity.ts";
import { codeText, conditionWords, listText } from "./explain-condition.ts";
import { consequenceWords } from "./explain-remedy.ts";
import { sourceWords } from "./explain-source.ts";
import { amountText, excerpt, oneLine } from "./text.ts";
import { valueText } from "./value.ts";

/** One sentence on a check: what it measures and when, when it fails, and what happens then. */
export function explainCheck(check: Check, plan: Pick<Plan, "stages" | "remedies">): string {
  const parts = [
    `${check.name}: ${sourceWords(check.source)}, ${beatWords(check, plan.stages)}`,
    ...settingWords(check),
    ...baselineWords(check),
    ...judgingWords(check, plan.remedies),
    ...(check.ifUnknown === "warn" ? ["what cannot be measured is a warning"] : []),
    ...helpWords(check),
  ];
  return `${oneLine(parts.join("; "))}.`;
}

/** `every 15s in boot (21 samples)`, stage by stage. A stage lasts from the end of the one before it. */
function beatWords(check: Check, stages: readonly Stage[]): string {
  const beats = stages.flatMap((stage, index) => {
    if (check.stages !== undefined && !check.stages.includes(stage.name)) return [];
    const everyMs = beatMs(check, stage);
    const lengthMs = Math.max(0, stage.forMs - (stages[index - 1]?.forMs ?? 0));
    const samples = Math.floor(lengthMs / everyMs) + 1;
    return [`every ${durationWords(everyMs)} in ${stage.name} (${amountText(samples, "sample")})`];
  });
  return beats.length === 0 ? "in no stage" : listText(beats, "and");
}

function settingWords({ graceMs, onlyIf, need }: Check): readonly string[] {
  return [
    ...(graceMs === 0 ? [] : [`nothing is judged before live + ${durationWords(graceMs)}`]),
    ...(onlyIf === undefined ? [] : [`applies only while ${conditionWords(onlyIf)}`]),
    ...(need === undefined ? [] : [`a sample counts only if ${conditionWords(need)}`]),
  ];
}

function canFail({ pass, fail, source }: Check): boolean {
  return pass.length > 0 || fail.length > 0 || source.kind === "http";
}

/** The tiers of design 5.1: fail is tested first, then warn, then pass. */
function judgingWords(check: Check, remedies: Plan["remedies"]): readonly string[] {
  const { pass, warn, fail, passAfter } = check;
  const wanted = listText(pass.map(conditionWords), "and");
  return [
    ...(pass.length > 0 && fail.length > 0 ? [`passes with ${wanted}`] : []),
    ...(canFail(check)
      ? [`fails ${failureWords(check)}`, `then ${consequenceWords(check.onFail, remedies)}`]
      : []),
    ...(warn.length > 0 ? [`warns when ${listText(warn.map(conditionWords), "or")}`] : []),
    ...(pass.length > 0 && fail.length > 0 ? ["warns between the two"] : []),
    ...(canFail(check) ? [] : ["it never fails"]),
    ...(passAfter > 1 ? [`stands as passed after ${passAfter} passes in a row`] : []),
  ];
}

function failureWords({ pass, fail, source, failAfter }: Check): string {
  const known = fail.map((condition) => knownFailure(source.kind, condition));
  const said = known.filter((words) => words !== undefined);
  const isAtOnce = failAfter.kind === "consecutive" && failAfter.count === 1;
  if (isAtOnce && fail.length > 0 && said.length === fail.length) return `when ${listText(said, "or")}`;
  const reasons = [
    ...(fail.length > 0
      ? [`${verb(failAfter)} ${listText(fail.map(conditionWords), "or")}`]
      : pass.length > 0
        ? [
            `${verb(failAfter)} not ${pass.length > 1 ? "all of " : ""}${listText(pass.map(conditionWords), "and")}`,
          ]
        : []),
    ...(source.kind === "http" ? [`${verb(failAfter) === "is" ? "gets" : "get"} no answer`] : []),
  ];
  return `${run(failAfter)} ${listText(reasons, "or")}`;
}

/** What the default conditions of a source say, in words. */
function knownFailure(kind: Check["source"]["kind"], condition: Condition): string | undefined {
  const text = conditionText(condition);
  switch (kind) {
    case "logs":
    case "source":
      if (text === "matches > 0") return "a forbidden one appears";
      return text === "missing > 0" ? "a wanted one is missing" : undefined;
    case "events":
      return text === "count >= 1" ? "one happens" : undefined;
    case "env":
      if (text === "different > 0") return "one is different";
      return text === "absent > 0" ? "one is absent" : undefined;
    case "http":
    case "sql":
    case "metric":
    case "derive":
      return undefined;
  }
}

function run(failAfter: FailAfter): string {
  switch (failAfter.kind) {
    case "consecutive":
      return failAfter.count === 1 ? "at the first sample that" : `when ${failAfter.count} in a row`;
    case "of":
      return `when ${failAfter.count} of ${failAfter.of}`;
    case "duration":
      return `when all samples of ${durationWords(failAfter.ms)}`;
  }
}

function verb(failAfter: FailAfter): "is" | "are" {
  return failAfter.kind === "consecutive" && failAfter.count === 1 ? "is" : "are";
}

const BASELINES: Readonly<Record<BaselineKind, string>> = {
  "while-building": "the old version while this one was building",
  "previous deploy": "what the gate of the previous deploy measured",
  "same hour last week": "the same hour of last week",
  "last 5 good deploys": "what the gates of the last 5 good deploys measured",
};

function baselineWords(check: Check): readonly string[] {
  const { baseline, floor, pass, warn, fail } = check;
  if (baseline === undefined) return [];
  const relative = [...pass, ...warn, ...fail].find(({ operand }) => operand.kind === "relative");
  const unit = relative === undefined ? undefined : unitOf(check, relative);
  const under = floor === undefined ? "" : `, skipped while both are below ${valueText(floor, unit)}`;
  return [`compared with ${BASELINES[baseline]}${under}`];
}

function helpWords({ hint, diagnose }: Check): readonly string[] {
  const databases = [...new Set(diagnose.map((one) => one.database))];
  return [
    ...(diagnose.length === 0
      ? []
      : [
          `runs ${amountText(diagnose.length, "query", "queries")} on ${listText(databases, "and")} for the reader`,
        ]),
    ...(hint === undefined ? [] : [`the hint is ${codeText(excerpt(hint, 120))}`]),
  ];
}

import type { Mode, Plan } from "../core/check.ts";
import type { NotifyRole, Occasion } from "../core/communication.ts";
import { durationWords } from "../core/quantity.ts";
import { listText } from "./explain-condition.ts";
import { consequenceWords } from "./explain-remedy.ts";
import { amountText, oneLine } from "./text.ts";

const MODES: Readonly<Record<Mode, string>> = {
  observe: "measures and reports, exits 0 and never acts",
  advise: "fails the step and says what it would do, but never acts",
  enforce: "fails the step, and remedies act",
};

/** What a plan says besides its checks: each part's name with its sentences. */
export function explainPlan(
  plan: Plan,
): readonly { readonly name: string; readonly sentences: readonly string[] }[] {
  return [
    { name: "service", sentences: [oneLine(plan.service ?? "named by the action's input")] },
    { name: "mode", sentences: [`${plan.mode}: ${MODES[plan.mode]}.`] },
    { name: "deploy", sentences: [oneLine(deployText(plan))] },
    { name: "stages", sentences: stageTexts(plan) },
    ...(plan.notify.length === 0 ? [] : [{ name: "notify", sentences: plan.notify.map(roleText) }]),
  ];
}

function deployText({ deploy, remedies }: Plan): string {
  const { trigger, appearWithinMs, liveWithinMs, retry, onFail } = deploy;
  const appear = `waits ${durationWords(appearWithinMs)} for the deploy of the commit to appear`;
  return [
    `${trigger ? "asks Render for the deploy, " : ""}${appear} and ${durationWords(liveWithinMs)} from its start to live`,
    ...(retry === 0 ? [] : [`a failed build is started again ${amountText(retry, "time")} at most`]),
    `if it fails for the code's own reason, ${consequenceWords(onFail, remedies)}.`,
  ].join("; ");
}

function stageTexts({ stages }: Plan): readonly string[] {
  return stages.map(({ name, forMs, everyMs, acrossDeploys }, index) => {
    const before = stages[index - 1];
    const from = before === undefined ? "live" : `live + ${durationWords(before.forMs)}`;
    const further = acrossDeploys ? ", going on over newer deploys whose gates passed" : "";
    return `${name}: from ${from} to live + ${durationWords(forMs)}, every ${durationWords(everyMs)}${further}.`;
  });
}

const OCCASIONS: Readonly<Record<Occasion, string>> = {
  pass: "it passed",
  warn: "it passed with warnings",
  fail: "it failed",
  unknown: "nobody could tell",
  superseded: "a newer deploy took over",
  skipped: "there was nothing to deploy",
  stage: "a stage has ended",
  action: "a remedy did something or could not",
  report: "a status update is due",
};

/** Who is told what and how; addresses are secrets. */
function roleText({ name, slack, webhook, mention, when }: NotifyRole): string {
  const ways = [
    ...(slack === undefined ? [] : ["on Slack"]),
    ...(webhook === undefined ? [] : ["by webhook"]),
    ...(mention === undefined ? [] : [`by a comment that mentions ${mention}`]),
  ];
  const occasions = listText(
    when.map((occasion) => OCCASIONS[occasion]),
    "or",
  );
  return oneLine(`${name}: is told ${listText(ways, "and")} once when ${occasions}.`);
}

/** The remedies that a check or the deploy names; none: every failure only alerts. */
export function usedRemedies({ checks, deploy }: Pick<Plan, "checks" | "deploy">): readonly string[] {
  const named = new Set([deploy.onFail, ...checks.map((check) => check.onFail)]);
  named.delete("alert");
  return [...named];
}

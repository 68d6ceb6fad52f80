import type { Mode, Plan } from "../core/check.ts";
import { durationWords } from "../core/quantity.ts";
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

/** The remedies that a check or the deploy names; none: every failure only alerts. */
export function usedRemedies({ checks, deploy }: Pick<Plan, "checks" | "deploy">): readonly string[] {
  const named = new Set([deploy.onFail, ...checks.map((check) => check.onFail)]);
  named.delete("alert");
  return [...named];
}

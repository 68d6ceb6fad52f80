import type { Check, Stage } from "./check.ts";
import type { CheckResult, Outcome, StageResult } from "./outcome.ts";
import { checksOf } from "./schedule.ts";

/** `done`: watched and good; `failed`: watched and not; `open`: still to come; `unsettled`: watched, and its own result is not known any more. */
export type BoxState = "done" | "failed" | "open" | "unsettled";

/** One thing to be ticked off. */
export interface Box {
  readonly name: string;
  readonly state: BoxState;
  /** What a reader must know besides the tick. */
  readonly why?: string;
}

/** A stage with everything that is watched in it. */
export interface StageBoxes {
  readonly stage: Stage;
  readonly result?: StageResult;
  readonly state: BoxState;
  readonly checks: readonly Box[];
}

/** Every stage of the plan with its checks, as far as the outcome tells; of each check it holds the worst result only. */
export function checklistOf(
  plan: { readonly stages: readonly Stage[]; readonly checks: readonly Check[] },
  outcome: Pick<Outcome, "stages" | "checks">,
): readonly StageBoxes[] {
  const order = plan.stages.map(({ name }) => name);
  const results = new Map(outcome.checks.map((result) => [result.name, result]));
  return plan.stages.map((stage) => {
    const result = outcome.stages.find(({ name }) => name === stage.name);
    const isLater = (other: string | undefined): boolean =>
      order.indexOf(other ?? stage.name) > order.indexOf(stage.name);
    return {
      stage,
      state: stageState(result),
      ...(result === undefined ? {} : { result }),
      checks: checksOf(plan.checks, stage).map(({ name }) => {
        const own = results.get(name);
        const where =
          own === undefined || own.stage === stage.name ? "here" : isLater(own.stage) ? "later" : "earlier";
        return { name, ...boxOf(result, own, where) };
      }),
    };
  });
}

function stageState(result: StageResult | undefined): BoxState {
  switch (result?.verdict) {
    case "pass":
    case "warn":
      return "done";
    case "fail":
    case "unknown":
      return "failed";
    default:
      return "open";
  }
}

/** A check in a stage; `where` its worst result is from, as seen from there. */
function boxOf(
  stage: StageResult | undefined,
  result: CheckResult | undefined,
  where: "here" | "later" | "earlier",
): Omit<Box, "name"> {
  const isBad = result?.verdict === "fail" || result?.verdict === "unknown";
  const why =
    result === undefined
      ? {}
      : { why: result.verdict === "fail" ? result.reason : `${result.verdict}: ${result.reason}` };
  if (stage === undefined || stageState(stage) === "open")
    return where === "here" && result?.verdict === "fail" ? { state: "failed", ...why } : { state: "open" };
  if (result === undefined) return stage.verdict === "pass" ? { state: "done" } : { state: "unsettled" };
  if (where === "here") {
    if (isBad) return { state: "failed", ...why };
    return result.verdict === "pass" ? { state: "done" } : { state: "done", ...why };
  }
  // Good in the stage as a whole, or never worse than it was anywhere.
  if (stage.verdict === "pass" || result.verdict === "pass" || result.verdict === "not-applied")
    return { state: "done" };
  // What stood worst before this stage passed or warned in it.
  if (stage.verdict === "warn" || (where === "earlier" && result.verdict === "warn"))
    return { state: "done" };
  return { state: "unsettled" };
}

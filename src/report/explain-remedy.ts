import type { Plan } from "../core/check.ts";
import type { Guards, Remedy, RemedyStep, RevertStep } from "../core/remedy.ts";
import { durationWords } from "../core/quantity.ts";
import { codeText, listText } from "./explain-condition.ts";
import { amountText, oneLine } from "./text.ts";

/** What a failure brings, in words that follow "then": `it only alerts`, `the remedy "revert" opens …`. */
export function consequenceWords(onFail: string, remedies: Plan["remedies"]): string {
  if (onFail === "alert") return "it only alerts";
  const steps = Object.hasOwn(remedies, onFail) ? (remedies[onFail]?.steps ?? []) : [];
  return `the remedy "${onFail}" ${listText(steps.map(shortStep), "and")}`;
}

function shortStep(step: RemedyStep): string {
  switch (step.kind) {
    case "revert_pr":
      return "opens a revert pull request";
    case "render_rollback":
      return "rolls Render back";
    case "recheck":
      return "checks the old version again";
    case "patch_pr":
      return "opens a patch pull request";
    case "issue":
      return "opens an issue";
  }
}

/** One sentence for each step of a remedy, in order. */
export function remedyLines(remedy: Remedy): readonly string[] {
  return remedy.steps.map((step) => `${oneLine(stepText(step))}.`);
}

function stepText(step: RemedyStep): string {
  switch (step.kind) {
    case "revert_pr":
      return revertText(step);
    case "render_rollback": {
      const freeze = step.freezeAutoDeploy
        ? "switches auto-deploy off until the revert's own deploy has passed, then rolls Render back"
        : "rolls Render back";
      const held = step.despiteMigrations
        ? ", even if migrations are among the changes"
        : "; held if migrations are among the changes";
      return `${freeze} to what served before${held}`;
    }
    case "recheck":
      return `checks the old version again for as long as stage ${step.stage} lasts, with what it passed before`;
    case "patch_pr":
      return `opens ${pullText("a pull request", step)} titled ${codeText(step.title)} with the patch ${codeText(step.patch)}`;
    case "issue": {
      const title = step.title === undefined ? "" : ` titled ${codeText(step.title)}`;
      return `opens an issue${title} with the evidence${peopleText({ ...step, reviewers: [] })}`;
    }
  }
}

function revertText(step: RevertStep): string {
  const scope = step.scope === "deploy" ? "everything this deploy put in production" : "the last push alone";
  const merge = step.autoMerge ? "; GitHub merges it when its checks pass" : "";
  const draft = step.despiteMigrations || step.draft ? "" : "; a draft if migrations are among the changes";
  return `opens ${pullText("a pull request", step)} that takes back ${scope}${merge}${draft}`;
}

interface People {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
}

function pullText(what: string, step: People & { readonly draft: boolean }): string {
  return `${step.draft ? "a draft pull request" : what}${peopleText(step)}`;
}

/** ` (labelled x, for y to review)`; "" for nobody. */
export function peopleText({ labels, reviewers, assignees }: People): string {
  const parts = [
    ...(labels.length === 0 ? [] : [`labelled ${listText(labels, "and")}`]),
    ...(reviewers.length === 0 ? [] : [`for ${listText(reviewers, "and")} to review`]),
    ...(assignees.length === 0 ? [] : [`assigned to ${listText(assignees, "and")}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** What holds a remedy back, one sentence each. */
export function guardLines(guards: Guards): readonly string[] {
  const { actWithinMs, maxActions, holdLabel, migrations } = guards;
  return [
    `Remedies act until live + ${durationWords(actWithinMs)}; later the gate only advises.`,
    `At most ${amountText(maxActions.count, "remedy", "remedies")} in ${durationWords(maxActions.perMs)}.`,
    `The label ${codeText(holdLabel)} on an open issue or the merged pull request holds them back.`,
    migrations.length === 0
      ? "No file counts as a migration."
      : `A change to ${listText(migrations.map(codeText), "or")} counts as a migration: no rollback, and the revert is a draft.`,
  ];
}

import type { Verdict } from "../core/check.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { addressLink, inlineText } from "./markdown.ts";
import { capitalized, excerpt, withStop } from "./text.ts";
import { markdownWords, type Words } from "./words.ts";

const KINDS: Readonly<Record<string, string>> = {
  revert_pr: "Revert pull request",
  render_rollback: "Rollback on Render",
  recheck: "Recheck",
  patch_pr: "Patch pull request",
  issue: "Issue",
  cleanup_pr: "Clean-up pull request",
  cleanup_issue: "Clean-up issue",
  freeze: "Auto-deploy freeze",
  unfreeze: "Auto-deploy on again",
  auto_merge: "Auto-merge",
  retry: "Rebuild",
  trigger: "Deploy request",
};

/** Before the shell commands of a reason. */
export const BY_HAND = " By hand: ";

/** How an action went, for the reader. */
export const ACTION_STATES: Readonly<Record<Action["state"], string>> = {
  done: "done",
  held: "held back",
  failed: "did not work",
  advised: "advised, not done",
  skipped: "nothing to do",
};

/** What an action is called. */
export function actionName(action: Pick<Action, "kind">): string {
  return KINDS[action.kind] ?? excerpt(action.kind, 60);
}

/** One action as one line of Markdown: what, how it went, why, where. */
function actionLine(action: Action): string {
  const reason = action.reason === undefined ? "" : ` ${markdownWords(reasonWords(action.reason))}`;
  const where = action.url === undefined ? "" : ` ${addressLink(action.url)}`;
  return `- **${inlineText(actionName(action))}**: ${ACTION_STATES[action.state]}.${reason}${where}`;
}

/** Why an action went so, as a sentence; a command that a person is given to run comes as code, so that it can be copied. */
export function reasonWords(reason: string): Words {
  const sentence = capitalized(reason);
  const at = sentence.lastIndexOf(BY_HAND);
  if (at === -1) return [{ text: withStop(excerpt(sentence, 600)) }];
  const command = excerpt(sentence.slice(at + BY_HAND.length), 1000);
  return [{ text: excerpt(sentence.slice(0, at), 600) }, BY_HAND, { code: command }];
}

/** One action in plain words, for the timeline and the job log: `Revert pull request: done, opened #2 https://…`. */
export function actionSentence(action: Action): string {
  const reason = action.reason === undefined ? "" : `, ${action.reason}`;
  const url = action.url === undefined ? "" : ` ${action.url}`;
  return `${KINDS[action.kind] ?? action.kind}: ${ACTION_STATES[action.state]}${reason}${url}`;
}

/** Everything the gate did, tried or held back, one line each; "" when there was nothing. */
export function actionList(actions: readonly Action[]): string {
  return actions.slice(0, 50).map(actionLine).join("\n");
}

function isDone(outcome: Outcome, kind: string): boolean {
  return outcome.actions.some((action) => action.kind === kind && action.state === "done");
}

/** The deploy by which the version before serves again; undefined when no rollback took effect. */
export function rollbackInEffect(outcome: Outcome): string | undefined {
  return isDone(outcome, "render_rollback") ? outcome.rollbackDeployId : undefined;
}

/** Where a failed version is now, which decides what is urgent. */
function whereItIs(outcome: Outcome): Words {
  const rollback = rollbackInEffect(outcome);
  if (rollback !== undefined) {
    const isFrozen = isDone(outcome, "freeze") && !isDone(outcome, "unfreeze");
    const freeze = isFrozen ? "; auto-deploy is off until the revert has passed" : "";
    return ["The version before is live again, by rollback ", { code: excerpt(rollback, 100) }, `${freeze}.`];
  }
  return outcome.liveAt === undefined
    ? ["The failed deploy never went live: production still runs what it ran before."]
    : ["The failed version is still live."];
}

/** What merging the revert is good for. */
function effectOf(outcome: Outcome): string {
  if (rollbackInEffect(outcome) !== undefined) return "take the change out of the branch";
  return outcome.liveAt === undefined ? "make the branch deploy again" : "put the previous version back";
}

function afterFailure(outcome: Outcome): Words {
  const where = whereItIs(outcome);
  if (outcome.revert !== undefined) {
    const pull = { link: `pull request #${outcome.revert.number}`, url: outcome.revert.url };
    const end = ` to ${effectOf(outcome)}, or fix forward and close it. To land the change again later, revert the revert.`;
    return [...where, " Merge ", pull, end];
  }
  const patch = outcome.actions.find(({ kind, state }) => kind === "patch_pr" && state === "done");
  if (patch?.url !== undefined) {
    const pull = { link: "the patch pull request", url: patch.url };
    return [...where, " Merge ", pull, " to apply the patch, or fix forward and close it."];
  }
  if (outcome.actions.some((action) => action.state === "advised")) {
    const advice = " This gate only advises: do what is listed above by hand, or set ";
    return [...where, advice, { code: "mode: enforce" }, "."];
  }
  if (outcome.actions.some((action) => action.state === "held" || action.state === "failed")) {
    const kept = " See above for what kept the gate from acting, then revert by hand or fix forward.";
    return [...where, kept];
  }
  const hasActed = outcome.actions.some((action) => action.state === "done");
  return hasActed
    ? [...where, " No revert was opened: fix forward, or revert by hand."]
    : [
        ...where,
        " Nothing was reverted: none of what failed has a remedy (",
        { code: "on_fail: revert" },
        "). Fix forward, or revert by hand.",
      ];
}

const NEXT: Readonly<Record<Exclude<Verdict, "fail">, Words>> = {
  pass: [],
  superseded: [],
  warn: ["The job succeeds. Look at the warnings before the next deploy."],
  unknown: [
    "Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice.",
  ],
  skipped: ["Nothing was watched. Production still runs what it ran before."],
};

/** How to go on from this verdict: one short paragraph, empty when there is nothing to do. */
export function nextWords(outcome: Outcome): Words {
  if (outcome.mode === "observe") {
    return [
      "This gate only observes: it reports, never fails the job and never acts. Set ",
      { code: "mode: advise" },
      " or ",
      { code: "mode: enforce" },
      " when its verdicts have earned trust.",
    ];
  }
  if (outcome.verdict === "unknown" && outcome.coverage !== undefined)
    return outcome.watchedUntil === undefined
      ? ["Nothing was acted on, and the watch is over: look at the service by hand."]
      : ["Nothing was acted on. The stages that are left are still watched."];
  return outcome.verdict === "fail" ? afterFailure(outcome) : NEXT[outcome.verdict];
}

import type { Verdict } from "../core/check.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { addressLink, codeSpan, inlineText, link } from "./markdown.ts";
import { excerpt, withStop } from "./text.ts";

const KINDS: Readonly<Record<string, string>> = {
  revert_pr: "Revert pull request",
  render_rollback: "Rollback on Render",
  auto_merge: "Auto-merge",
  retry: "Rebuild",
  trigger: "Deploy request",
};

/** Before the shell commands of a reason. */
export const BY_HAND = " By hand: ";

const STATES: Readonly<Record<Action["state"], string>> = {
  done: "done",
  held: "held back",
  failed: "did not work",
  advised: "advised, not done",
  skipped: "nothing to do",
};

/** One action as one line of Markdown: what, how it went, why, where. */
function actionLine(action: Action): string {
  const kind = inlineText(KINDS[action.kind] ?? excerpt(action.kind, 60));
  const reason = action.reason === undefined ? "" : ` ${reasonText(action.reason)}`;
  const where = action.url === undefined ? "" : ` ${addressLink(action.url)}`;
  return `- **${kind}**: ${STATES[action.state]}.${reason}${where}`;
}

/** A sentence; a command that a person is given to run comes as code, so that it can be copied. */
function reasonText(reason: string): string {
  const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
  const at = sentence.lastIndexOf(BY_HAND);
  if (at === -1) return withStop(inlineText(excerpt(sentence, 600)));
  const command = codeSpan(excerpt(sentence.slice(at + BY_HAND.length), 1000));
  return `${inlineText(excerpt(sentence.slice(0, at), 600))}${BY_HAND}${command}`;
}

/** One action in plain words, for the timeline and the job log: `Revert pull request: done, opened #2 https://…`. */
export function actionSentence(action: Action): string {
  const reason = action.reason === undefined ? "" : `, ${action.reason}`;
  const url = action.url === undefined ? "" : ` ${action.url}`;
  return `${KINDS[action.kind] ?? action.kind}: ${STATES[action.state]}${reason}${url}`;
}

/** Everything the gate did, tried or held back, one line each; "" when there was nothing. */
export function actionList(actions: readonly Action[]): string {
  return actions.slice(0, 50).map(actionLine).join("\n");
}

/** Where a failed version is now, which decides what is urgent. */
function whereItIs(outcome: Outcome): string {
  return outcome.liveAt === undefined
    ? "The failed deploy never went live: production still runs what it ran before."
    : "The failed version is still live.";
}

function afterFailure(outcome: Outcome): string {
  if (outcome.revert !== undefined) {
    const pull = link(`pull request #${outcome.revert.number}`, outcome.revert.url);
    const effect =
      outcome.liveAt === undefined ? "make the branch deploy again" : "put the previous version back";
    return `${whereItIs(outcome)} Merge ${pull} to ${effect}, or fix forward and close it. To land the change again later, revert the revert.`;
  }
  if (outcome.actions.some((action) => action.state === "advised")) {
    return `${whereItIs(outcome)} This gate only advises: do what is listed above by hand, or set \`mode: enforce\`.`;
  }
  if (outcome.actions.some((action) => action.state === "held" || action.state === "failed")) {
    return `${whereItIs(outcome)} See above for what kept the gate from acting, then revert by hand or fix forward.`;
  }
  return `${whereItIs(outcome)} Nothing was reverted: none of what failed has a remedy (\`on_fail: revert\`). Fix forward, or revert by hand.`;
}

const NEXT: Readonly<Record<Exclude<Verdict, "fail">, string>> = {
  pass: "",
  superseded: "",
  warn: "The job succeeds. Look at the warnings before the next deploy.",
  unknown:
    "Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice.",
  skipped: "Nothing was watched. Production still runs what it ran before.",
};

/** How to go on from this verdict: one short paragraph of Markdown, "" when there is nothing to do. */
export function nextText(outcome: Outcome): string {
  if (outcome.mode === "observe") {
    return "This gate only observes: it reports, never fails the job and never acts. Set `mode: advise` or `mode: enforce` when its verdicts have earned trust.";
  }
  return outcome.verdict === "fail" ? afterFailure(outcome) : NEXT[outcome.verdict];
}

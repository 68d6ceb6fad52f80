import type { Plan } from "../core/check.ts";
import type { GateState } from "../core/gate-state.ts";
import { NOTHING_FOUND, type Outcome } from "../core/outcome.ts";
import { decodeState, partsOf } from "../core/gate-state-text.ts";
import type { CheckRun, Edges } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { pageWithState } from "../report/check-run.ts";
import { inlineText } from "../report/markdown.ts";
import { lostComment } from "../report/tracking-issue.ts";
import { labelText, logText } from "../report/plain.ts";
import { cutBytes, excerpt } from "../report/text.ts";
import { checkRunTitle, verdictSentence } from "../report/title.ts";
import { createNotifier } from "./notifier.ts";
import type { Unreadable } from "./open-watch.ts";
import { keptTold, toldName } from "./publish.ts";
import type { Start } from "./start.ts";
import { MESSAGES_MS } from "./tell-people.ts";
import { closeIndex } from "./watch-index.ts";

/** What is told of a watch of which nothing but its index entry is known. */
export function lostOutcome(
  edges: Pick<Edges, "clock" | "requests">,
  { entry, record }: Unreadable["indexed"],
): Outcome {
  const now = edges.clock.now();
  return {
    ...NOTHING_FOUND,
    verdict: "unknown",
    reason: "",
    mode: "enforce",
    serviceName: entry.name,
    commit: record.sha,
    requests: edges.requests(),
    startedAt: now,
    endedAt: now,
  };
}

/** Whether a state is that of another service or commit than the index entry says: then no gate has made the entry. */
export function isOfAnother(
  { service, commit }: GateState,
  { entry, record }: Unreadable["indexed"],
): boolean {
  return service !== entry.service || commit !== record.sha;
}

/**
 * Closes a watch that nobody can go on with, as unknown, and tells: on its check run, whose page and state stay for
 * whoever wants to mend them, on the commit, in its tracking issue, and in the index.
 */
export async function closeLost(
  edges: Pick<Edges, "forge" | "runner" | "clock" | "requests">,
  start: Pick<Start, "runUrl">,
  lost: Pick<Unreadable, "indexed" | "why" | "checkRun" | "isForeign">,
): Promise<Outcome> {
  const { indexed, why, checkRun, isForeign = false } = lost;
  const { entry, record } = indexed;
  const { forge, runner } = edges;
  const note = (text: string): void => runner.warning(logText(text));
  // In mode observe the check run of a watch is neutral, and there is no status.
  const isObserving = checkRun?.conclusion === "neutral";
  const outcome: Outcome = {
    ...lostOutcome(edges, indexed),
    ...(isObserving ? { mode: "observe" } : {}),
    reason: `the stages that were left are not watched any more: ${why}`,
  };
  const sentence = verdictSentence(outcome);
  const attempt = async (what: string, write: () => Promise<void>): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      note(`${what}: ${error.message}`);
    }
  };
  if (checkRun !== undefined) {
    const { summary, text } = checkRun;
    const { page, block } = partsOf(text);
    await attempt("The end of the watch could not be written to the check run", () =>
      forge.updateCheckRun(checkRun.id, {
        conclusion: isObserving ? "neutral" : "action_required",
        output: {
          title: checkRunTitle(outcome),
          summary: cutBytes(`**${inlineText(excerpt(sentence, 500))}**\n\n${summary}`, 60_000),
          text: pageWithState(page, block),
        },
      }),
    );
  }
  if (!isObserving && !isForeign)
    await attempt("The commit status could not be written", () =>
      forge.setStatus(record.sha, {
        state: "error",
        context: toldName(entry.name),
        description: labelText(sentence, 140),
        url: checkRun?.url ?? start.runUrl,
      }),
    );
  const kept = decodeState(checkRun?.text ?? "");
  const issue = kept.kind === "state" ? kept.state.told?.issue : undefined;
  if (issue !== undefined)
    await attempt("The end of the watch could not be told in its tracking issue", () =>
      forge.commentIssue(issue, lostComment(outcome, checkRun?.url)),
    );
  await closeIndex({ forge, note }, indexed, { verdict: "unknown", sentence });
  return outcome;
}

/**
 * Starts to tell the roles of a plan that a watch was lost; gives what waits for their messages. Whether they arrive
 * nobody keeps: the watch is closed.
 */
export function tellLost(
  edges: Parameters<typeof createNotifier>[0],
  about: Omit<Parameters<typeof createNotifier>[1], "plan"> & {
    readonly plan: Pick<Plan, "notify">;
    readonly outcome: Outcome;
    readonly checkRun: CheckRun | undefined;
  },
): () => Promise<void> {
  const { outcome, checkRun, runUrl } = about;
  const notifier = createNotifier(edges, about);
  const { serviceName: service, commit, mode } = outcome;
  notifier.tell(outcome, { told: keptTold({ checkRun, service, commit, mode, runUrl }) });
  return async () => void (await notifier.settled(MESSAGES_MS));
}

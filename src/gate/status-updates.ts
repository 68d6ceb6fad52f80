import type { Outcome } from "../core/outcome.ts";
import { dueUpdate, type DueUpdate } from "../core/status-moments.ts";
import type { Transition } from "../core/transition.ts";
import { ServiceProblem } from "../problem.ts";
import { statusUpdateMarkdown, statusUpdateText } from "../report/status-update.ts";
import { issueMarker } from "../report/issue.ts";
import { logText } from "../report/plain.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { keepTold, toldSoFar } from "./told-state.ts";
import type { TrackingIssue } from "./tracking-issue.ts";

/** Pull requests that brought one commit: more than these are not commented on. */
const MOST_PULLS = 3;

/** A status update that was told just now. */
export interface StatusUpdate extends DueUpdate {
  /** As plain text. */
  readonly text: string;
  /** The same for those whom `notify` tells. */
  readonly transition: Transition;
}

/**
 * Tells the status update that is due, if one is: to the tracking issue and the merged pull request, as the plan says.
 * Each is told once, whatever runs come; what GitHub refuses is a note. Gives it for those who are told elsewhere.
 */
export async function tellStatus(
  run: ServiceRun,
  told: Told,
  about: {
    /** All actions so far, those of earlier runs too. */
    readonly outcome: Outcome;
    readonly issue: TrackingIssue;
  },
): Promise<StatusUpdate | undefined> {
  const { report, checks } = run.plan;
  const { outcome, issue } = about;
  const due = updateDue(run, told, outcome);
  if (due === undefined) return undefined;
  const now = run.edges.clock.now();
  const filling = { now, day: due.day, checks: checks.map(({ name }) => name), template: report.template };
  const marker = issueMarker(run.service.name, run.commit, `update-${due.key.replaceAll(/[^\w]+/g, "-")}`);
  const comment = `${marker}\n${statusUpdateMarkdown(outcome, filling)}`;
  if (report.issue) await issue.comment(comment);
  if (report.comment) await commentPulls(run, comment);
  keepTold(run, told, { updates: due.keys });
  run.teller.moment(`Status update told: ${due.key}`);
  const text = statusUpdateText(outcome, filling);
  const [title = "", ...lines] = text.split("\n");
  const transition = { kind: "report", key: `report ${due.key}`, occasion: "report", at: now } as const;
  return { ...due, text, transition: { ...transition, title, lines } };
}

/** The status update that is due and untold. */
export function updateDue(run: ServiceRun, told: Told, outcome: Outcome): DueUpdate | undefined {
  const { report, stages } = run.plan;
  if (outcome.liveAt === undefined) return undefined;
  return dueUpdate(report.at, {
    liveAt: outcome.liveAt,
    now: run.edges.clock.now(),
    stages,
    stagesEnded: outcome.stages.map(({ name }) => name),
    told: toldSoFar(told).updates,
  });
}

async function commentPulls(run: ServiceRun, comment: string): Promise<void> {
  const { forge } = run.edges;
  try {
    const base = run.service.branch ?? "main";
    const pulls = (await forge.pullsOfCommit(run.commit)).filter(
      (pull) => pull.merged && pull.baseRef === base,
    );
    if (pulls.length === 0)
      run.teller.line(
        logText(`No merged pull request brought ${run.commit.slice(0, 7)}, so none is commented on`),
      );
    for (const { number } of pulls.slice(0, MOST_PULLS)) await forge.comment(number, comment);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    const hint = error.failure.hint === undefined ? "" : `. ${error.failure.hint}`;
    run.teller.note(`The merged pull request could not be commented on: ${error.message}${hint}`);
  }
}

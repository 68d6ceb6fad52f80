import type { Outcome } from "../core/outcome.ts";
import type { Issue } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import {
  trackingBody,
  trackingMarker,
  trackingTitle,
  updatedTrackingBody,
  type TrackedDeploy,
} from "../report/tracking-issue.ts";
import { openMarked } from "./marked-issue.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { keepTold, toldSoFar } from "./told-state.ts";

/**
 * The issue that tracks a deploy, where `report.issue` asks for one. What GitHub refuses is a note, and never more;
 * an issue that a person closed is left alone.
 */
export interface TrackingIssue {
  /** Once it is known to be there. */
  readonly known: { readonly number: number; readonly url: string } | undefined;
  /** Opens it, or finds the one that an earlier attempt opened. */
  open(outcome: Outcome): Promise<void>;
  /** Brings its checklist up to date; opens it where that did not work before. */
  update(outcome: Outcome): Promise<void>;
  /** A first line that is an HTML comment marks it: an earlier comment with the same one is replaced. */
  comment(text: string): Promise<void>;
  /** The watch is over: up to date, and closed unless somebody has to look. */
  close(outcome: Outcome): Promise<void>;
}

/** The tracking issue of this run's deploy; `told` keeps its number. */
export function createTrackingIssue(run: ServiceRun, told: Told): TrackingIssue {
  const { forge } = run.edges;
  const isAsked = run.plan.report.issue;
  let known: Issue | undefined;

  const url = (number: number): string => `${forge.webUrl}/issues/${number}`;
  const number = (): number | undefined => known?.number ?? toldSoFar(told).issue;
  const trackedBy = (outcome: Outcome): TrackedDeploy => ({
    outcome,
    plan: run.plan,
    after: toldSoFar(told).after,
    checkRunUrl: told.checkRun?.url,
  });

  async function attempt(what: string, act: () => Promise<void>, isSaid = true): Promise<void> {
    if (!isAsked) return;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      if (isSaid) run.teller.note(`${what}: ${error.message}${hintText(error)}`);
    }
  }

  /** Undefined where it is closed, or was deleted. */
  async function current(): Promise<Issue | undefined> {
    const own = number();
    known ??= own === undefined ? undefined : await forge.issue(own);
    return known?.state === "open" ? known : undefined;
  }

  async function write(outcome: Outcome, state?: "closed"): Promise<void> {
    const issue = await current();
    if (issue === undefined) return;
    const body = updatedTrackingBody(issue.body, trackedBy(outcome));
    if (body === issue.body && state === undefined) return;
    const change = { ...(body === issue.body ? {} : { body }), ...(state === undefined ? {} : { state }) };
    await forge.updateIssue(issue.number, change);
    known = { ...issue, ...change };
  }

  async function open(outcome: Outcome, isFirst: boolean): Promise<void> {
    const what =
      "The tracking issue could not be opened, so there is no checklist that ticks itself and no status update in it";
    await attempt(
      what,
      async () => {
        const body = trackingBody(trackedBy(outcome));
        const opened = await openMarked(forge, {
          marker: trackingMarker(outcome),
          title: trackingTitle(outcome),
          body,
        });
        known = opened.issue;
        keepTold(run, told, { issue: opened.issue.number });
        if (!opened.isNew) await write(outcome);
      },
      isFirst,
    );
  }

  return {
    get known() {
      const own = number();
      return own === undefined ? undefined : { number: own, url: known?.url ?? url(own) };
    },
    open: (outcome) => open(outcome, true),
    async update(outcome) {
      // What was refused at the start was said there.
      if (number() === undefined) await open(outcome, false);
      else await attempt("The tracking issue could not be brought up to date", () => write(outcome));
    },
    comment: (text) =>
      attempt("The tracking issue could not be commented on", async () => {
        const issue = await current();
        if (issue !== undefined) await forge.commentIssue(issue.number, text);
      }),
    close: (outcome) =>
      attempt("The tracking issue could not be closed", () =>
        write(outcome, endsWell(outcome) ? "closed" : undefined),
      ),
  };
}

/** Warnings, failures and what could not be told are for a person to close. */
function endsWell({ verdict }: Outcome): boolean {
  return verdict === "pass" || verdict === "superseded" || verdict === "skipped";
}

/** https://docs.github.com/rest/issues/issues#create-an-issue: 410 where a repository has none. */
function hintText({ status, failure }: ServiceProblem): string {
  if (status === 410) return ". Switch issues on under Settings > General > Features";
  if (status === 403) return ". Give the job issues: write";
  return failure.hint === undefined ? "" : `. ${failure.hint}`;
}

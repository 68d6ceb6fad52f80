import { NOTHING_FOUND, type Outcome } from "../core/outcome.ts";
import type { Followed } from "./follow-deploy.ts";
import type { ServiceRun } from "./run.ts";
import type { StagesWatched } from "./watch-stages.ts";

/** The deploy and where Render shows it. */
export function deployFacts(
  run: ServiceRun,
  deploy: Outcome["deploy"],
): Pick<Outcome, "deploy" | "deployUrl"> {
  return deploy === undefined
    ? {}
    : { deploy, deployUrl: `${run.service.dashboardUrl}/deploys/${deploy.id}` };
}

/** What a run has to tell before anything is known of its deploy. */
export function newOutcome(run: ServiceRun): Outcome {
  return {
    ...NOTHING_FOUND,
    verdict: "unknown",
    reason: "",
    mode: run.mode,
    serviceName: run.service.name,
    service: run.service,
    commit: run.commit,
    timeline: run.teller.timeline,
    notes: run.teller.notes,
    requests: run.edges.requests(),
    startedAt: run.startedAt,
    endedAt: run.edges.clock.now(),
    ...(run.plan.file === undefined ? {} : { configFile: run.plan.file }),
  };
}

/** The outcome so far: nothing judged yet. */
export function baseOutcome(run: ServiceRun, followed: Followed): Outcome {
  const { ending, previous } = followed;
  return {
    ...newOutcome(run),
    actions: followed.actions,
    ...deployFacts(run, "deploy" in ending ? ending.deploy : undefined),
    ...(previous?.commit === undefined ? {} : { previousCommit: previous.commit.sha }),
  };
}

/** What the watch adds to the outcome. A stage that a newer deploy cut short is not among the stages. */
export function watchedOutcome(run: ServiceRun, watched: StagesWatched): Partial<Outcome> {
  const { decision, stages, results, last } = watched;
  return {
    ...decision,
    ...deployFacts(run, last.deploy),
    liveAt: last.liveAt,
    checks: results,
    stages,
    requests: run.edges.requests(),
    endedAt: run.edges.clock.now(),
  };
}

import type { Finding, Verdict } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import { findingOf } from "../core/finding.ts";
import type { Following } from "../core/following.ts";
import { createLogBook } from "../core/log-book.ts";
import { isNewInstance, newInstances, NO_INSTANCES } from "../core/new-instances.ts";
import type { Action, CheckResult, Outcome, StageResult } from "../core/outcome.ts";
import { stageReason, stageVerdict } from "../core/verdict.ts";
import type { Commit, Comparison } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { brokenBefore } from "../core/broken-before.ts";
import { failureEvidence, spotsOf } from "./evidence.ts";
import {
  createDeployList,
  followDeploy,
  type DeployEnding,
  type DeployList,
  type Followed,
} from "./follow-deploy.ts";
import { createLogReader, type LogReader } from "./log-reader.ts";
import type { ServiceRun } from "./run.ts";
import { createSampler, type Sampler } from "./sample.ts";
import { watchStage, type Watched, type WatchFacts } from "./watch.ts";

/** Everything judged, before anything is done about it. */
export interface Judged {
  readonly outcome: Outcome;
  /** The remedy that the outcome calls for, if any; absent also where a doubt holds it back. */
  readonly remedy?: string;
  readonly followed: Followed;
  readonly list: DeployList;
  readonly range?: Comparison;
  readonly preDeployFailed: boolean;
}

/** The story from the deploy to the verdict: follow it, look at the old version meanwhile, watch the new one. */
export async function judge(run: ServiceRun, commit: Commit): Promise<Judged> {
  const streams = new Set<Pick<LogReader, "stop">>();
  try {
    return await followAndWatch(run, commit, streams);
  } finally {
    for (const stream of streams) stream.stop();
  }
}

async function followAndWatch(
  run: ServiceRun,
  commit: Commit,
  streams: Set<Pick<LogReader, "stop">>,
): Promise<Judged> {
  const { edges, plan, service, teller } = run;
  const { clock, deploys } = edges;
  const list = createDeployList(run, commit);
  const facts: WatchFacts = {
    deploy: undefined,
    liveAt: undefined,
    instances: NO_INSTANCES,
    rereadTo: undefined,
  };
  const hasLogs = plan.checks.some((check) => check.source.kind === "logs");
  let reader: LogReader | undefined;
  const book = createLogBook({
    checks: plan.checks,
    keep: edges.redact,
    facts: () => {
      const gap = reader?.gap();
      return {
        startedAt: facts.deploy?.startedAt ?? facts.deploy?.createdAt ?? run.startedAt,
        shutdownDelayMs: service.shutdownDelayMs,
        hasInstances: service.type !== "cron_job" && service.type !== "static_site",
        knowsNewInstances:
          facts.deploy !== undefined && newInstances(facts.instances, facts.deploy).length > 0,
        isNew: (suffix) =>
          facts.deploy === undefined ? undefined : isNewInstance(facts.instances, suffix, facts.deploy),
        ...(facts.liveAt === undefined ? {} : { liveAt: facts.liveAt }),
        ...(facts.rereadTo === undefined ? {} : { rereadTo: facts.rereadTo }),
        ...(gap === undefined ? {} : { gap }),
      };
    },
  });
  if (hasLogs) {
    reader = createLogReader(run, book, plan.checks);
    streams.add(reader);
  }
  const sampler = createSampler(run, { book, customDomains: await domainsOf(run) });
  const oldLook = new Map<string, Finding>();
  let hasLooked = false;

  const followed = await followDeploy(run, {
    list,
    commit,
    changedFiles: () => changedFiles(run, commit),
    async onTurn(deploy, instances) {
      facts.deploy = deploy ?? facts.deploy;
      facts.instances = instances;
      book.reclassify();
      if (reader !== undefined && deploy !== undefined) {
        reader.start(deploy.startedAt ?? deploy.createdAt);
        await reader.turn();
      }
      const isBuilding =
        deploy !== undefined && deploy.status !== "live" && deploy.status !== "update_in_progress";
      if (!hasLooked && isBuilding) {
        hasLooked = true;
        await lookAtOldVersion(run, sampler, oldLook);
      }
    },
    wakeSignal: () => reader?.wakeSignal() ?? new AbortController().signal,
  });
  facts.instances = followed.instances;

  const { ending } = followed;
  const range = await rangeOf(run, followed);
  const base = baseOutcome(run, followed);
  const judged = (outcome: Outcome, remedy?: string): Judged => ({
    outcome,
    followed,
    list,
    preDeployFailed: "deploy" in ending && ending.deploy?.status === "pre_deploy_failed",
    ...(remedy === undefined ? {} : { remedy }),
    ...(range === undefined ? {} : { range }),
  });

  if (ending.kind !== "live") {
    const end = await deployOutcome(run, followed, base);
    return judged(end.outcome, end.remedy);
  }
  const stage = plan.stages[0];
  if (stage === undefined) return judged({ ...base, verdict: "unknown", reason: "no stage is configured" });
  const watched = await watchStage(run, {
    stage,
    deploy: ending.deploy,
    list,
    facts,
    sampler,
    lagMs: book.lagMs,
    onInstances: book.reclassify,
    hasRemedy: (check) => check.onFail !== "alert",
    ...(reader === undefined ? {} : { reader }),
  });
  const spots = await spotsOf(run, { book, watched });
  const { verdict, reason, coveredBy } = verdictOf(watched);
  const stages: readonly StageResult[] =
    watched.ending.kind === "replaced"
      ? []
      : [{ name: stage.name, from: watched.from, to: watched.to, verdict }];
  const outcome: Outcome = {
    ...base,
    verdict,
    reason,
    deploy: watched.deploy,
    deployUrl: deployUrl(run, watched.deploy),
    liveAt: watched.liveAt,
    stages,
    checks: watched.results,
    spots,
    endedAt: clock.now(),
    requests: edges.requests(),
    ...(coveredBy === undefined ? {} : { coveredBy }),
  };
  const remedy = remedyOf(watched, oldLook);
  return judged(
    remedy.held.length === 0 ? outcome : { ...outcome, actions: [...outcome.actions, ...remedy.held] },
    remedy.name,
  );

  async function domainsOf(of: ServiceRun): Promise<readonly string[]> {
    const asks = of.plan.checks.some((check) => check.source.kind === "http");
    if (!asks) return [];
    const isAbsolute = of.plan.checks.some(
      (check) => check.source.kind === "http" && /^https?:/i.test(check.source.url),
    );
    if (!isAbsolute && of.service.subdomainPolicy !== "disabled") return [];
    try {
      return await deploys.customDomains(of.service.id);
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      teller.note(`The custom domains could not be read: ${error.message}`);
      return [];
    }
  }
}

/** http and sql checks once on the old version, so that its faults are not blamed on the new one. */
async function lookAtOldVersion(
  run: ServiceRun,
  sampler: Sampler,
  into: Map<string, Finding>,
): Promise<void> {
  const { plan, edges, teller, commit } = run;
  const checks = plan.checks.filter((check) => check.source.kind === "http" || check.source.kind === "sql");
  await Promise.all(
    checks.map(async (check) => {
      const now = edges.clock.now();
      const sample = await sampler.take(check, { liveAt: now, stageStart: now, isNew: () => undefined });
      const finding = findingOf({ ...check, graceMs: 0 }, sample, {
        liveAt: now,
        since: now,
        sha: commit,
        series: () => [],
        latest: {},
      });
      into.set(check.name, finding);
    }),
  );
  const failing = [...into].filter(([, finding]) => finding.outcome === "fail").map(([name]) => `"${name}"`);
  if (checks.length > 0)
    teller.moment(
      failing.length === 0
        ? `Looked at the old version: ${checks.length} http and sql checks taken once`
        : `The old version already fails ${failing.join(", ")}`,
    );
}

/** Files of the push, for the question whether Render had anything to deploy; undefined when not all are known. */
async function changedFiles(run: ServiceRun, commit: Commit): Promise<readonly string[] | undefined> {
  const before = run.before ?? commit.parents[0];
  if (before === undefined) return undefined;
  const comparison = await run.edges.forge.compare(before, commit.sha);
  if (comparison === undefined || comparison.filesCut || comparison.relation !== "ahead") return undefined;
  return comparison.files.flatMap((file) =>
    file.previousPath === undefined ? [file.path] : [file.path, file.previousPath],
  );
}

/** G..commit, for settling older commits and for the revert; undefined without G. */
async function rangeOf(run: ServiceRun, followed: Followed): Promise<Comparison | undefined> {
  const sha = followed.previous?.commit?.sha;
  if (sha === undefined) return undefined;
  try {
    return await run.edges.forge.compare(sha, run.commit);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The range since the previous deploy could not be read: ${error.message}`);
    return undefined;
  }
}

function deployUrl(run: ServiceRun, deploy: Deploy): string {
  return `${run.service.dashboardUrl}/deploys/${deploy.id}`;
}

/** The outcome so far: nothing judged yet. */
export function baseOutcome(run: ServiceRun, followed: Followed): Outcome {
  const { ending } = followed;
  const deploy = "deploy" in ending ? ending.deploy : undefined;
  return {
    verdict: "unknown",
    reason: "",
    mode: run.mode,
    serviceName: run.service.name,
    service: run.service,
    commit: run.commit,
    stages: [],
    checks: [],
    actions: followed.actions,
    timeline: run.teller.timeline,
    notes: run.teller.notes,
    deployEvidence: [],
    spots: [],
    requests: run.edges.requests(),
    startedAt: run.startedAt,
    endedAt: run.edges.clock.now(),
    ...(deploy === undefined ? {} : { deploy, deployUrl: deployUrl(run, deploy) }),
    ...(followed.previous?.commit === undefined ? {} : { previousCommit: followed.previous.commit.sha }),
    ...(run.plan.file === undefined ? {} : { configFile: run.plan.file }),
  };
}

/** The verdict of a deploy that never got as far as being watched. */
async function deployOutcome(
  run: ServiceRun,
  followed: Followed,
  base: Outcome,
): Promise<{ readonly outcome: Outcome; readonly remedy?: string }> {
  const ending = followed.ending as Exclude<DeployEnding, { readonly kind: "live" }>;
  const remedy = run.plan.deploy.onFail;
  const end = (verdict: Verdict, reason: string, more: Partial<Outcome> = {}): Outcome => ({
    ...base,
    ...more,
    verdict,
    reason,
  });
  const held = (reason: string): readonly Action[] =>
    remedy === "alert" ? base.actions : [...base.actions, { kind: remedy, state: "held", reason }];
  switch (ending.kind) {
    case "failed": {
      const deployEvidence = await failureEvidence(run, ending.deploy);
      const reason = `deploy ${ending.deploy.id} ended as ${ending.deploy.status}: ${ending.failure.reason}`;
      if (ending.failure.blame === "platform")
        return { outcome: end("unknown", `${reason}, which is not the code's doing`, { deployEvidence }) };
      if (ending.failure.blame === "unknown")
        return {
          outcome: end("fail", reason, {
            deployEvidence,
            actions: held("Render's reason is not known, so the code is not blamed"),
          }),
        };
      return { outcome: end("fail", reason, { deployEvidence }), ...(remedy === "alert" ? {} : { remedy }) };
    }
    case "slow":
      return {
        outcome: end("fail", `deploy ${ending.deploy.id} is ${ending.reason}`, {
          actions: held("Render is still at work on the deploy"),
        }),
      };
    case "superseded": {
      const sha = ending.by.commit?.sha;
      return {
        outcome: end(
          "superseded",
          `${ending.by.id}${sha === undefined ? "" : ` (${sha.slice(0, 7)})`} took over before this deploy was judged`,
          sha === undefined ? {} : { coveredBy: sha },
        ),
      };
    }
    case "taken-out":
      return { outcome: end("fail", takenOutText(ending.by)) };
    case "displaced":
      return { outcome: end("unknown", ending.reason) };
    case "canceled":
      return { outcome: end("unknown", ending.failure.reason) };
    case "skipped":
      return { outcome: end("skipped", ending.reason) };
    case "absent":
      return { outcome: end("unknown", ending.reason) };
  }
}

function takenOutText(by: Deploy): string {
  const commit = by.commit === undefined ? "" : ` (${by.commit.sha.slice(0, 7)})`;
  return `taken out of production by ${by.id}${commit}${by.trigger === undefined ? "" : `, trigger ${by.trigger}`}`;
}

/** The verdict of a watch; what replaced the deploy decides before the checks do. */
function verdictOf(watched: Watched): {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly coveredBy?: string;
} {
  const { ending, results } = watched;
  const checks = { verdict: stageVerdict(results), reason: stageReason(results) };
  if (ending.kind === "unsure") {
    return checks.verdict === "fail" ? checks : { verdict: "unknown", reason: ending.reason };
  }
  if (ending.kind !== "replaced") return checks;
  return replacedVerdict(
    ending.following,
    checks.verdict === "fail" ? `; failed before that: ${checks.reason}` : "",
  );
}

function replacedVerdict(
  following: Exclude<Following, { readonly kind: "live" }>,
  before: string,
): { readonly verdict: Verdict; readonly reason: string; readonly coveredBy?: string } {
  switch (following.kind) {
    case "superseded": {
      const sha = following.by.commit?.sha;
      return {
        verdict: "superseded",
        reason: `${following.by.id} took over before the watch was finished${before}`,
        ...(sha === undefined ? {} : { coveredBy: sha }),
      };
    }
    case "taken-out":
      return { verdict: "fail", reason: `${takenOutText(following.by)}${before}` };
    default:
      return {
        verdict: "unknown",
        reason: `the deploy is no longer live and nothing explains it (${following.kind})${before}`,
      };
  }
}

/** The remedy of the first failed check that has one, unless the old version failed in the same way. */
function remedyOf(
  watched: Watched,
  oldLook: ReadonlyMap<string, Finding>,
): { readonly name?: string; readonly held: readonly Action[] } {
  if (watched.ending.kind === "replaced" || watched.ending.kind === "unsure") return { held: [] };
  const failed = watched.results.filter((result) => result.verdict === "fail" && result.onFail !== "alert");
  const isOld = (result: CheckResult): boolean => brokenBefore(oldLook.get(result.name), result.finding);
  const held: Action[] = failed.filter(isOld).map((result) => ({
    kind: result.onFail,
    state: "held",
    reason: `"${result.name}" was already failing before`,
  }));
  const name = failed.find((result) => !isOld(result))?.onFail;
  return { held: name === undefined ? held : [], ...(name === undefined ? {} : { name }) };
}

import { brokenBefore } from "../core/broken-before.ts";
import { deployVerdict } from "../core/deploy-verdict.ts";
import { gateMemory } from "../core/earlier-gates.ts";
import { servedBefore } from "../core/following.ts";
import { NO_INSTANCES } from "../core/new-instances.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { checksOf } from "../core/schedule.ts";
import { inlineStages } from "../core/stage-results.ts";
import type { WatchState } from "../core/watch-state.ts";
import { remedyFor } from "../core/watch-verdict.ts";
import type { Commit, Comparison } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { createDiagnoses } from "./diagnose.ts";
import { customDomains } from "./custom-domains.ts";
import { createDeployList, type DeployList } from "./deploy-list.ts";
import { failureEvidence, spotsOf } from "./evidence.ts";
import { followDeploy, type Followed } from "./follow-deploy.ts";
import type { FreezeWatch } from "./freeze.ts";
import { leftWatch } from "./left-watch.ts";
import { baseOutcome, watchedOutcome } from "./judged-outcome.ts";
import { createMetricReader } from "./metric-reader.ts";
import { createOldVersion } from "./old-version.ts";
import type { ServiceRun } from "./run.ts";
import { createSampler } from "./sample.ts";
import { createWatchBaselines } from "./watch-baselines.ts";
import type { WatchFacts } from "./watch-facts.ts";
import { createWatchLogs, type WatchLogs } from "./watch-logs.ts";
import { createWatchMemory } from "./watch-memory.ts";
import { watchStages } from "./watch-stages.ts";

/** Everything judged, before anything is done about it. */
export interface Judged {
  readonly outcome: Outcome;
  /** The remedy that the outcome calls for; absent also where a doubt holds it back. */
  readonly remedy?: string;
  readonly list: DeployList;
  /** G..commit, when there is a G. */
  readonly range?: Comparison;
  readonly preDeployFailed: boolean;
  /** Checks that the old version passed while the new one was being built. */
  readonly passedOnOld: ReadonlySet<string>;
  /** The watch as it is left to later runs; absent where no stage is to come. */
  readonly watch?: () => Promise<WatchState>;
}

/** The story from the deploy to the verdict: follow it, look at the old version meanwhile, watch the new one. */
export async function judge(
  run: ServiceRun,
  about: { readonly commit: Commit; readonly freeze: FreezeWatch },
): Promise<Judged> {
  const facts: WatchFacts = {
    deploy: undefined,
    liveAt: undefined,
    instances: NO_INSTANCES,
    rereadTo: undefined,
  };
  const logs = createWatchLogs(run, facts);
  try {
    return await followAndWatch(run, { ...about, facts, ...logs });
  } finally {
    logs.reader?.stop();
  }
}

interface Tools extends WatchLogs {
  readonly commit: Commit;
  readonly freeze: FreezeWatch;
  readonly facts: WatchFacts;
}

async function followAndWatch(run: ServiceRun, tools: Tools): Promise<Judged> {
  const { plan } = run;
  const { commit, freeze, facts, book, oldLogs, reader } = tools;
  const list = createDeployList(run, commit);
  const metrics = createMetricReader(run);
  const counted = new Map<string, number>();
  const sampler = createSampler(run, { book, customDomains: await customDomains(run), metrics, counted });
  const old = createOldVersion(run, { sampler, liveSince: () => liveSince(run, list) });
  const baselines = createWatchBaselines(run, { old, list, facts, metrics });

  const followed = await followDeploy(run, {
    list,
    commit,
    freeze,
    changedFiles: (servedBefore) => changedFiles(run, servedBefore),
    onTurn(deploy, instances) {
      facts.deploy = deploy ?? facts.deploy;
      facts.instances = instances;
      book.reclassify();
      if (deploy !== undefined) {
        reader?.start(deploy.startedAt ?? deploy.createdAt);
        void oldLogs.begin(deploy, list.deploys);
      }
      reader?.turn();
      old.look(deploy);
    },
    wakeSignal: () => reader?.wakeSignal() ?? new AbortController().signal,
  });
  facts.instances = followed.instances;

  const { ending } = followed;
  // Read beside the watch: its first sample waits for nobody.
  const reading = rangeOf(run, followed);
  const judged = async (outcome: Outcome, remedy?: string): Promise<Judged> => {
    const range = await reading;
    return {
      outcome,
      list,
      preDeployFailed: "deploy" in ending && ending.deploy?.status === "pre_deploy_failed",
      passedOnOld: new Set(
        [...old.findings].flatMap(([name, { outcome: found }]) => (found === "pass" ? [name] : [])),
      ),
      ...(remedy === undefined ? {} : { remedy }),
      ...(range === undefined ? {} : { range }),
    };
  };
  /** What was held back is told as the step that was not done. */
  const stepOf = (remedy: string): string => plan.remedies[remedy]?.steps[0]?.kind ?? remedy;
  const base = baseOutcome(run, followed);
  if (ending.kind !== "live") {
    const { calls, held, ...decision } = deployVerdict(ending);
    const { onFail } = plan.deploy;
    const heldBack: readonly Action[] =
      held === undefined || onFail === "alert" ? [] : [{ kind: stepOf(onFail), state: "held", reason: held }];
    const deployEvidence =
      ending.kind === "failed"
        ? await failureEvidence(run, { deploy: ending.deploy, instances: facts.instances })
        : [];
    const outcome = { ...base, ...decision, deployEvidence, actions: [...base.actions, ...heldBack] };
    return judged(outcome, calls && onFail !== "alert" ? onFail : undefined);
  }
  const [first, ...more] = inlineStages(plan.stages, run.inlineMs);
  const later = plan.stages.slice(1 + more.length).filter((stage) => checksOf(plan.checks, stage).length > 0);
  if (first === undefined) return judged({ ...base, reason: "no stage is configured" });
  const memory = createWatchMemory();
  const watched = await watchStages(run, {
    stages: [first, ...more],
    deploy: ending.deploy,
    list,
    facts,
    sampler,
    book,
    memory,
    diagnoses: createDiagnoses(run),
    baselineOf: (check) => baselines.of(check),
    // What the old version failed in the same way calls for none: the rest of the stage is still worth watching.
    hasRemedy: (check, finding) =>
      check.onFail !== "alert" && !brokenBefore(old.findings.get(check.name), finding),
    ...(reader === undefined ? {} : { reader }),
  });
  const { last } = watched;
  const spots = await spotsOf(run, { book, results: last.results });
  const remedy = remedyFor(last.ending, last.results, old.findings);
  // A deploy that had failed before a newer one took over keeps its verdict, and is nothing to compare with.
  const hasFailed = watched.results.some(({ verdict }) => verdict === "fail");
  const numbers = { commit: run.commit, at: run.edges.clock.now(), ...memory.measured() };
  const measured = hasFailed ? undefined : gateMemory(numbers, await baselines.earlier());
  const isOpen = later.length > 0 && !hasFailed && last.ending.kind !== "replaced";
  const heldBack = remedy.held.map((action) => ({ ...action, kind: stepOf(action.kind) }));
  const outcome = {
    ...base,
    ...watchedOutcome(run, watched),
    spots,
    actions: [...base.actions, ...heldBack],
    ...(measured === undefined ? {} : { measured }),
    ...(isOpen ? { laterStages: later.map(({ name }) => name) } : {}),
  };
  const found = await judged(outcome, remedy.name);
  if (!isOpen) return found;
  const left = {
    first: ending.deploy,
    watched,
    commit,
    previousCommit: base.previousCommit,
    facts,
    memory,
    book,
    counted,
    baselines,
    old,
  };
  return { ...found, watch: () => leftWatch(run, left) };
}

/**
 * Files of the push, for the question whether Render had anything to deploy; where the event does not say where
 * the push began, everything since the commit that served before. Undefined when not all are known.
 */
async function changedFiles(
  run: ServiceRun,
  servedBefore: string | undefined,
): Promise<readonly string[] | undefined> {
  const before = run.before ?? servedBefore;
  if (before === undefined) return undefined;
  const comparison = await run.edges.forge.compare(before, run.commit);
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

/** When the version that serves before this deploy went live, ms. */
function liveSince(run: ServiceRun, { deploys }: DeployList): number | undefined {
  const id = run.deployId === undefined ? {} : { deployId: run.deployId };
  const previous = servedBefore({ deploys, commit: run.commit, ...id });
  return previous?.finishedAt ?? previous?.createdAt;
}

import { crashCheck, healthCheck } from "./config/default-plan.ts";
import { effectivePlan, type Inputs } from "./config/inputs.ts";
import type { Check, Mode, Plan, Verdict } from "./core/check.ts";
import { ownDeploys } from "./core/following.ts";
import { gatedCommit, type TriggerEvent } from "./core/gated-commit.ts";
import type { Outcome } from "./core/outcome.ts";
import { defaultHealthPath } from "./core/service-type.ts";
import type { Service } from "./core/service.ts";
import { act } from "./gate/act.ts";
import {
  findService,
  readCommit,
  refuseDeadlock,
  refuseUnwatchable,
  warnAboutOthers,
} from "./gate/find-service.ts";
import { createDeployList } from "./gate/follow-deploy.ts";
import { judge } from "./gate/judge.ts";
import { loadPlan } from "./gate/load-plan.ts";
import {
  openTold,
  publishActions,
  publishCanceled,
  publishJob,
  publishMistakes,
  publishVerdict,
  type Told,
} from "./gate/publish.ts";
import { Canceled, type Run, type ServiceRun } from "./gate/run.ts";
import { adoptVerdict, settleAncestors } from "./gate/settle.ts";
import { createTeller, type Teller } from "./gate/teller.ts";
import type { Edges } from "./ports.ts";
import { ConfigProblem, ServiceProblem, type Mistake } from "./problem.ts";
import { resultLine } from "./report/line.ts";
import { failureLine, mistakeLine } from "./report/problem.ts";
import { verdictSentence } from "./report/title.ts";

/** What starts a run: the action's inputs and where it stands. */
export interface Start {
  readonly inputs: Inputs;
  /** Mistakes already found in the inputs. */
  readonly mistakes: readonly Mistake[];
  readonly event: TriggerEvent;
  /** `GITHUB_SHA`: the commit this workflow run is a check of. */
  readonly runSha: string;
  readonly runUrl: string;
  /** Reads a variable of the step's environment, for `$NAME` in the config file. */
  readonly env: (name: string) => string | undefined;
  /** Aborts when the job is canceled. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface Ending {
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1;
}

/** What is aimed at: the commit, and the plan it is judged by. */
interface Aim {
  readonly commit: string;
  readonly before?: string;
  readonly plan: Plan;
  readonly serviceName: string;
  /** Known already when the deploy was named by id. */
  readonly service?: Service;
}

const PASSING: ReadonlySet<Verdict> = new Set(["pass", "warn", "superseded", "skipped"]);

/**
 * One run of the gate, from the inputs to the exit code (design 3). Never throws: every way out is told on the
 * commit, in the job, and in the exit code.
 */
export async function runGate(edges: Edges, start: Start): Promise<Ending> {
  let told: Told | undefined;
  let teller: Teller | undefined;
  const note = (text: string): void =>
    teller === undefined ? edges.runner.warning(text) : teller.note(text);
  const writer = { forge: edges.forge, runner: edges.runner, note };
  const startedAt = edges.clock.now();

  try {
    const aim = await takeAim(edges, start, (open) => (told = open), writer);
    const { plan, commit } = aim;
    teller = createTeller(edges, { serviceName: aim.serviceName, commit });
    const run: Run = {
      edges,
      plan,
      mode: plan.mode,
      commit,
      runSha: start.runSha,
      runUrl: start.runUrl,
      startedAt,
      signal: start.signal,
      teller,
      ...(aim.before === undefined ? {} : { before: aim.before }),
      ...(start.inputs.deployId === undefined ? {} : { deployId: start.inputs.deployId }),
    };
    if (aim.service === undefined) {
      // A name is told at once; an id is looked up first, because the check run carries the service's name.
      if (!isServiceId(aim.serviceName)) told = await openFor(writer, start, aim, aim.serviceName);
    }
    const service = aim.service ?? (await findService(run, aim.serviceName));
    told ??= await openFor(writer, start, aim, service.name);
    if (told.checkRun !== undefined) teller.attach(told.checkRun.id);
    if (plan.file === undefined) teller.note("no config file: defaults only");
    const outcome = await untilCanceled(
      start.signal,
      story({ ...run, service, plan: completed(plan, service) }, told, writer),
    );
    return await finish(edges, told, outcome);
  } catch (error) {
    teller?.stop();
    return await otherEnd(edges, start, { error, told, teller, startedAt, writer });
  }
}

type Writer = Parameters<typeof openTold>[0];

function isServiceId(name: string): boolean {
  return /^(srv|crn)-/.test(name);
}

function openFor(
  writer: Writer,
  start: Start,
  aim: Pick<Aim, "commit"> & { readonly plan: Pick<Plan, "mode"> },
  service: string,
): Promise<Told> {
  return openTold(writer, {
    service,
    commit: aim.commit,
    mode: aim.plan.mode,
    runUrl: start.runUrl,
    output: { title: "Starting", summary: "The gate has started." },
  });
}

/** Which commit, by which plan. Every mistake found on the way is thrown together, after the commit was told. */
async function takeAim(
  edges: Edges,
  start: Start,
  opened: (told: Told) => void,
  writer: Writer,
): Promise<Aim> {
  const { inputs, env } = start;
  const target = await targetOf(edges, start);
  const path = inputs.config;
  const loaded = await loadPlan(edges, { path, commit: target.commit, env });
  for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
  const merged = loaded.plan === undefined ? undefined : effectivePlan(loaded.plan, inputs);
  const mistakes = [...start.mistakes, ...loaded.mistakes, ...(merged?.ok === false ? merged.mistakes : [])];
  const serviceName = inputs.service ?? loaded.plan?.service ?? loaded.serviceHint ?? "unknown service";
  if (mistakes.length > 0 || merged?.ok !== true) {
    const mode: Mode = inputs.mode ?? loaded.plan?.mode ?? "enforce";
    opened(await openFor(writer, start, { commit: target.commit, plan: { mode } }, serviceName));
    throw new ConfigProblem(mistakes);
  }
  const aim: Aim = { ...target, plan: merged.plan, serviceName };
  return inputs.deployId === undefined ? aim : aimAtDeploy(edges, start, aim, inputs.deployId);
}

/** The commit by input or event; a short one is looked up. */
async function targetOf(edges: Edges, start: Start): Promise<Pick<Aim, "commit" | "before">> {
  const { inputs, event } = start;
  if (inputs.commit !== undefined) return { commit: (await readCommit({ edges }, inputs.commit)).sha };
  const gated = gatedCommit(event);
  if (gated.kind === "commit")
    return { commit: gated.sha, ...(gated.before === undefined ? {} : { before: gated.before }) };
  if (inputs.deployId !== undefined) return { commit: start.runSha };
  if (gated.kind === "refused")
    throw new ConfigProblem([{ message: gated.message, hint: gated.hint }, ...start.mistakes]);
  throw new ConfigProblem([
    {
      message: `A ${event.name} run has no commit of its own, and this version keeps no open watches to resume.`,
      hint: `Set the input "commit" or "deploy-id".`,
    },
    ...start.mistakes,
  ]);
}

/** `deploy-id` names the deploy, and its commit, if it has one, is the gated one. */
async function aimAtDeploy(edges: Edges, start: Start, aim: Aim, deployId: string): Promise<Aim> {
  const service = await findService({ edges }, aim.serviceName);
  const deploy = await edges.deploys.deploy(service.id, deployId);
  if (deploy === undefined) {
    throw new ConfigProblem([
      {
        message: `The deploy "${deployId}" does not belong to the service "${service.name}" (${service.id}).`,
        hint: `Pass the id that Render gave when this service's deploy was triggered.`,
      },
    ]);
  }
  const sha = deploy.commit?.sha;
  if (sha === undefined || sha === aim.commit) return { ...aim, service };
  if (start.inputs.commit !== undefined) {
    throw new ConfigProblem([
      {
        message: `The inputs "commit" (${aim.commit.slice(0, 7)}) and "deploy-id" (a deploy of ${sha.slice(0, 7)}) contradict each other.`,
        hint: "Set one of them only.",
      },
    ]);
  }
  const loaded = await loadPlan(edges, { path: start.inputs.config, commit: sha, env: start.env });
  for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
  const merged = loaded.plan === undefined ? undefined : effectivePlan(loaded.plan, start.inputs);
  if (merged?.ok !== true) throw new ConfigProblem([...loaded.mistakes, ...(merged?.mistakes ?? [])]);
  return { commit: sha, plan: merged.plan, serviceName: service.name, service };
}

/** Without a config file: crash events, and the service's own health check where it has one. */
function completed(plan: Plan, service: Service): Plan {
  if (plan.file !== undefined) return plan;
  const path = defaultHealthPath(service);
  const runsServers = service.type !== "static_site" && service.type !== "cron_job";
  const checks: readonly Check[] = [
    ...(path === undefined ? [] : [healthCheck(path)]),
    ...(runsServers ? [crashCheck()] : []),
  ];
  return { ...plan, checks };
}

/** The story itself: refuse what cannot be judged, follow, watch, tell, act, settle. */
async function story(run: ServiceRun, told: Told, writer: Writer): Promise<Outcome> {
  const { edges, teller, service } = run;
  teller.moment(`Gating ${run.commit.slice(0, 7)} of ${service.name} (${service.id}), mode ${run.mode}`);
  await refuseUnwatchable(run, run.plan.checks);
  const commit = await readCommit(run, run.commit);
  if (service.autoDeployTrigger === "checksPass") {
    const list = createDeployList(run, commit);
    await list.look();
    refuseDeadlock(
      run,
      ownDeploys({
        deploys: list.deploys,
        commit: run.commit,
        ...(run.deployId === undefined ? {} : { deployId: run.deployId }),
      }),
    );
  }
  await warnAboutOthers(run, told.name);

  const judged = await judge(run, commit);
  teller.stop();
  let { outcome } = judged;
  for (const result of outcome.checks) teller.line(resultLine(result));
  teller.moment(verdictSentence(outcome));
  await publishVerdict(writer, told, outcome);
  if (judged.remedy !== undefined) {
    outcome = await act(run, commit, { ...judged, remedy: judged.remedy }, told.checkRun?.url);
    await publishActions(writer, told, outcome);
  }
  if (run.mode !== "observe") {
    if (outcome.verdict === "superseded" && outcome.coveredBy !== undefined)
      await adoptVerdict(run, { context: told.name, coveredBy: outcome.coveredBy });
    else if (outcome.verdict !== "skipped")
      await settleAncestors(run, {
        context: told.name,
        verdict: outcome.verdict,
        commits: judged.range?.commits ?? [],
        url: told.checkRun?.url ?? run.runUrl,
      });
  }
  return {
    ...outcome,
    endedAt: edges.clock.now(),
    requests: edges.requests(),
    notes: teller.notes,
    timeline: teller.timeline,
  };
}

async function finish(edges: Edges, told: Told | undefined, outcome: Outcome): Promise<Ending> {
  await publishJob(edges, told, outcome);
  edges.runner.saveState("closed", "true");
  const exitCode = outcome.mode === "observe" || PASSING.has(outcome.verdict) ? 0 : 1;
  const sentence = `${outcome.service?.name ?? outcome.serviceName}: ${verdictSentence(outcome)}`;
  if (
    outcome.verdict === "warn" ||
    (exitCode === 0 &&
      outcome.verdict !== "pass" &&
      outcome.verdict !== "skipped" &&
      outcome.verdict !== "superseded")
  )
    edges.runner.warning(sentence);
  else if (exitCode === 1) edges.runner.error(sentence);
  else edges.runner.notice(sentence);
  return { verdict: outcome.verdict, exitCode };
}

async function untilCanceled<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const canceled = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(new Canceled("the job was canceled"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  // Whichever loses the race may still reject later; nobody waits for it then.
  canceled.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([work, canceled]);
}

/** Every way out but a verdict: mistakes, a service that would not answer, a canceled job, and our own fault. */
async function otherEnd(
  edges: Edges,
  start: Start,
  at: {
    readonly error: unknown;
    readonly told: Told | undefined;
    readonly teller: Teller | undefined;
    readonly startedAt: number;
    readonly writer: Writer;
  },
): Promise<Ending> {
  const { error, told, teller, writer } = at;
  if (error instanceof ConfigProblem) {
    for (const mistake of error.mistakes) edges.runner.error(mistakeLine(mistake));
    if (told !== undefined) await publishMistakes(writer, told, error.mistakes, start.inputs.config);
    const outcome = emptyOutcome(
      edges,
      start,
      at,
      error.mistakes.length === 1
        ? (error.mistakes[0]?.message ?? "")
        : `${error.mistakes.length} mistakes in inputs, config or service`,
    );
    await publishJob(edges, told, {
      ...outcome,
      notes: [...outcome.notes, ...error.mistakes.map(mistakeLine)],
    });
    edges.runner.saveState("closed", "true");
    return { verdict: "unknown", exitCode: 1 };
  }
  if (error instanceof Canceled) {
    const doing = teller?.current();
    const outcome = emptyOutcome(
      edges,
      start,
      at,
      `canceled while waiting for ${doing?.waitingFor ?? "the start"}; nothing was decided`,
    );
    edges.runner.warning(outcome.reason);
    if (told !== undefined) await publishCanceled(writer, told, outcome);
    await publishJob(edges, told, outcome);
    edges.runner.saveState("closed", "true");
    return { verdict: "unknown", exitCode: 1 };
  }
  const reason =
    error instanceof ServiceProblem
      ? failureLine(error.failure)
      : `the gate itself failed: ${error instanceof Error ? error.message : String(error)}`;
  const outcome = emptyOutcome(edges, start, at, reason);
  if (!(error instanceof ServiceProblem) && error instanceof Error)
    for (const line of (error.stack ?? "").split("\n").slice(1)) edges.runner.info(`    ${line.trim()}`);
  if (told !== undefined) await publishVerdict(writer, told, outcome);
  return finish(edges, told, outcome);
}

function emptyOutcome(
  edges: Edges,
  start: Start,
  at: { readonly told: Told | undefined; readonly teller: Teller | undefined; readonly startedAt: number },
  reason: string,
): Outcome {
  return {
    verdict: "unknown",
    reason,
    mode: at.told?.mode ?? start.inputs.mode ?? "enforce",
    serviceName: at.told?.name.replace("deploy-gate / ", "") ?? start.inputs.service ?? "unknown service",
    commit: at.told?.commit ?? start.runSha,
    stages: [],
    checks: [],
    actions: [],
    timeline: at.teller?.timeline ?? [],
    notes: at.teller?.notes ?? [],
    deployEvidence: [],
    spots: [],
    requests: edges.requests(),
    startedAt: at.startedAt,
    endedAt: edges.clock.now(),
  };
}

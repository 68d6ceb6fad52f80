import { effectivePlan } from "../config/inputs.ts";
import type { Mode, Plan } from "../core/check.ts";
import type { GateState } from "../core/gate-state.ts";
import type { Service } from "../core/service.ts";
import type { CheckRun, Edges } from "../ports.ts";
import { ConfigProblem } from "../problem.ts";
import { mistakeLine } from "../report/problem.ts";
import type { Course } from "./course.ts";
import { completedPlan, loadPlan } from "./load-plan.ts";
import { isOfAnother } from "./lost-watch.ts";
import { createNotifier } from "./notifier.ts";
import { type Told, gateCheckRun, keptTold } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import type { Start } from "./start.ts";
import { createTeller } from "./teller.ts";
import { createTrackingIssue, type TrackingIssue } from "./tracking-issue.ts";
import type { IndexedWatch } from "./watch-index.ts";

/** A watch that a resumed run has found, with everything that a look needs. */
export interface OpenWatch {
  readonly indexed: IndexedWatch;
  readonly run: ServiceRun;
  readonly told: Told;
  readonly course: Course;
  readonly state: GateState;
  /** Where all of it is kept. */
  readonly checkRun: CheckRun;
  readonly issue: TrackingIssue;
}

/** Why there is nothing to look at: `lost` for good, or only now. */
export interface Unreadable {
  readonly indexed: IndexedWatch;
  readonly why: string;
  readonly isLost: boolean;
  /** Absent also where it is that of another watch: nothing is written there. */
  readonly checkRun?: CheckRun;
  /** The entry is of no gate's making: nothing is said of the commit. */
  readonly isForeign?: boolean;
}

/** https://docs.github.com/actions/reference/limits: a hosted job ends after six hours. */
export const LONGEST_JOB_MS = 6 * 60 * 60_000;
const CAUTION: readonly Mode[] = ["observe", "advise", "enforce"];

/**
 * Opens what the gate of that commit left: its check run, its config file, its service. Throws ConfigProblem for what
 * the user has to mend, and ServiceProblem; the watch stays as it is then.
 */
export async function openWatch(
  edges: Edges,
  start: Start,
  about: {
    readonly indexed: IndexedWatch;
    /** Where it was read already. */
    readonly checkRun?: CheckRun;
    readonly course: Course;
    readonly publisher: Pick<Edges, "forge" | "runner">;
  },
): Promise<OpenWatch | Unreadable> {
  const { indexed, course, publisher } = about;
  const { entry, record } = indexed;
  const commit = record.sha;
  course.commit = commit;
  course.serviceName = entry.name;
  const checkRun = about.checkRun ?? (await gateCheckRun({ edges, service: entry }, commit));
  const lost = (why: string): Unreadable => ({
    indexed,
    why,
    isLost: true,
    ...(checkRun === undefined ? {} : { checkRun }),
  });
  if (checkRun === undefined) return lost("its check run is gone");
  const told = keptTold({ checkRun, service: entry.name, commit, mode: "enforce", runUrl: start.runUrl });
  if (told.state.kind === "damaged") {
    const why = `what it kept cannot be read: ${told.state.why}`;
    return { ...lost(why), isLost: told.state.isNewer !== true };
  }
  const kept = told.state.kind === "state" ? told.state : undefined;
  if (kept !== undefined && kept.state.commit !== commit)
    return lost(`what it kept is of another commit, ${kept.state.commit.slice(0, 7)}`);
  if (kept !== undefined && isOfAnother(kept.state, indexed)) {
    const why = `its check run is that of ${kept.state.service}`;
    return { indexed, why, isLost: true, isForeign: true };
  }
  const { watch, verdict } = kept?.state ?? {};
  const isAtWork =
    checkRun.status !== "completed" &&
    edges.clock.now() - Math.max(record.createdAt, watch?.at ?? 0) < LONGEST_JOB_MS;
  if (isAtWork) return { indexed, checkRun, why: "its own job is still at work", isLost: false };
  if (kept === undefined || (watch === undefined && verdict === undefined))
    return lost("the job that began it ended before it had left anything");
  const { state } = kept;
  const service = await serviceOf(edges, indexed);
  // Whoever may write deployments may not say by which rules is judged.
  const config = watch === undefined ? entry.config : watch.config;
  const plan = await completedPlan(await planOf(edges, start, { indexed, config }), service);
  const mode = moreCareful(plan.mode, state.watch?.mode ?? plan.mode);
  course.mode = mode;
  course.service = service;
  const teller = createTeller(edges, { serviceName: service.name, commit });
  course.teller = teller;
  course.notifier = createNotifier(
    { ...edges, forge: publisher.forge },
    { plan, runUrl: start.runUrl, note: (text) => teller.note(text) },
  );
  const run: ServiceRun = {
    edges,
    plan,
    mode,
    commit,
    service,
    runSha: start.runSha,
    runUrl: start.runUrl,
    startedAt: watch?.startedAt ?? course.startedAt,
    inlineMs: start.inlineMs,
    signal: start.signal,
    teller,
    ...(watch?.isAssumed === undefined ? {} : { isAssumed: watch.isAssumed }),
    ...(watch?.deployId === undefined ? {} : { deployId: watch.deployId }),
  };
  const own: Told = { ...told, mode };
  course.opening = Promise.resolve(own);
  return { indexed, told: own, course, state, checkRun, run, issue: createTrackingIssue(run, own) };
}

async function serviceOf(edges: Edges, { entry }: IndexedWatch): Promise<Service> {
  const service = await edges.deploys.service(entry.service);
  if (service !== undefined) return service;
  throw new ConfigProblem([
    {
      message: `The service "${entry.name}" (${entry.service}), of which a watch is open, does not exist, or the Render API key cannot see it.`,
      hint: `Resume it with a key of its workspace, or narrow this step with the input "service".`,
    },
  ]);
}

/** The plan at the watched commit, every mistake thrown together. */
export async function planOf(
  edges: Edges,
  start: Start,
  { indexed, config }: { readonly indexed: IndexedWatch; readonly config: string | undefined },
): Promise<Plan> {
  const { env, inputs } = start;
  const { entry, record } = indexed;
  const loaded = await loadPlan(edges, { path: config, commit: record.sha, env });
  for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
  for (const warning of loaded.warnings ?? []) edges.runner.warning(mistakeLine(warning));
  const { mode } = inputs;
  const merged =
    loaded.plan &&
    effectivePlan(loaded.plan, { service: entry.service, ...(mode === undefined ? {} : { mode }) });
  const mistakes = [...loaded.mistakes, ...(merged?.ok === false ? merged.mistakes : [])];
  if (mistakes.length > 0 || merged?.ok !== true) throw new ConfigProblem(mistakes);
  return merged.plan;
}

function moreCareful(one: Mode, other: Mode): Mode {
  return CAUTION.find((mode) => mode === one || mode === other) ?? "observe";
}

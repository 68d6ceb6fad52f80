import { effectivePlan } from "../config/inputs.ts";
import type { Mode, Plan } from "../core/check.ts";
import { gatedCommit } from "../core/gated-commit.ts";
import type { Service } from "../core/service.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem } from "../problem.ts";
import { mistakeLine } from "../report/problem.ts";
import type { Course } from "./course.ts";
import { findService, readCommit } from "./find-service.ts";
import { loadPlan } from "./load-plan.ts";
import type { Start } from "./start.ts";

/** What is aimed at: the commit, and the plan it is judged by. */
export interface Aim {
  readonly commit: string;
  /** No event or input names it: it is only where the workflow stands. */
  readonly isAssumed?: boolean;
  readonly before?: string;
  readonly plan: Plan;
  readonly serviceName: string;
  /** Known already when the deploy was named by id. */
  readonly service?: Service;
}

/**
 * Which commit, by which plan; what is known is noted in `course` at once. Every mistake in inputs and config file is
 * thrown together.
 */
export async function takeAim(edges: Edges, start: Start, course: Course): Promise<Aim> {
  // Without a token nothing can be read and nobody told.
  if (start.inputs.githubToken === undefined) throw new ConfigProblem(start.mistakes);
  const target = await targetOf(edges, start);
  const aim = await planAt(edges, start, { course, ...target });
  const { deployId } = start.inputs;
  return deployId === undefined ? aim : aimAtDeploy(edges, start, { aim, course, deployId });
}

async function planAt(
  edges: Edges,
  start: Start,
  at: { readonly commit: string; readonly before?: string; readonly course: Course },
): Promise<Aim> {
  const { inputs, env } = start;
  const { course, ...target } = at;
  course.commit = target.commit;
  if (inputs.mode !== undefined) course.mode = inputs.mode;
  if (inputs.service !== undefined) course.serviceName = inputs.service;
  const loaded = await loadPlan(edges, { path: inputs.config, commit: target.commit, env });
  for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
  for (const warning of loaded.warnings ?? []) edges.runner.warning(mistakeLine(warning));
  const merged = loaded.plan === undefined ? undefined : effectivePlan(loaded.plan, inputs);
  const mode: Mode = inputs.mode ?? loaded.plan?.mode ?? "enforce";
  const serviceName = inputs.service ?? loaded.plan?.service ?? loaded.serviceHint ?? "unknown service";
  Object.assign(course, { mode, serviceName });
  const mistakes = [...start.mistakes, ...loaded.mistakes, ...(merged?.ok === false ? merged.mistakes : [])];
  if (mistakes.length > 0 || merged?.ok !== true) throw new ConfigProblem(mistakes);
  return { ...target, plan: merged.plan, serviceName };
}

/** The commit by input or event; a short one is looked up. */
async function targetOf(edges: Edges, start: Start): Promise<Pick<Aim, "commit" | "before" | "isAssumed">> {
  const { inputs, event } = start;
  if (inputs.commit !== undefined) return { commit: (await readCommit({ edges }, inputs.commit)).sha };
  const gated = gatedCommit(event);
  if (gated.kind === "commit")
    return { commit: gated.sha, ...(gated.before === undefined ? {} : { before: gated.before }) };
  if (inputs.deployId !== undefined) return { commit: start.runSha, isAssumed: true };
  if (gated.kind === "refused")
    throw new ConfigProblem([{ message: gated.message, hint: gated.hint }, ...start.mistakes]);
  throw new Error("a run that resumes watches aims at no commit");
}

/** `deploy-id` names the deploy, and its commit, if it has one, is the gated one. */
async function aimAtDeploy(
  edges: Edges,
  start: Start,
  at: { readonly aim: Aim; readonly course: Course; readonly deployId: string },
): Promise<Aim> {
  const { aim, course, deployId } = at;
  const service = await findService({ edges }, aim.serviceName);
  course.serviceName = service.name;
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
  const there = await planAt(edges, start, { course, commit: sha });
  course.serviceName = service.name;
  return { ...there, serviceName: service.name, service };
}

import type { Check } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import type { Service } from "../core/service.ts";
import { unsupportedBy } from "../core/service-type.ts";
import type { Commit } from "../ports.ts";
import { ConfigProblem, ServiceProblem, type Mistake } from "../problem.ts";
import type { Run, ServiceRun } from "./run.ts";

function refuse(message: string, hint: string): never {
  throw new ConfigProblem([{ message, hint }]);
}

/**
 * The service by name or `srv-…` id. Throws ConfigProblem when it does not exist or the name is not unique;
 * the candidates are listed.
 */
export async function findService(run: Pick<Run, "edges">, wanted: string): Promise<Service> {
  const { deploys } = run.edges;
  if (SERVICE_ID.test(wanted)) {
    const service = await deploys.service(wanted);
    if (service !== undefined) return service;
    return refuse(
      `The service "${wanted}" does not exist, or the Render API key cannot see it.`,
      "Check the id, and that the key belongs to the service's workspace.",
    );
  }
  const found = await deploys.servicesNamed(wanted);
  const [only, ...more] = found;
  if (only === undefined) {
    return refuse(
      `No service named "${wanted}" is visible to the Render API key.`,
      "Check the spelling, and that the key belongs to the service's workspace; a srv-… id works too.",
    );
  }
  if (more.length === 0) return only;
  const candidates = found.map(
    (service) =>
      `${service.id} (${service.type}, ${service.branch ?? "no branch"}, workspace ${service.ownerId})`,
  );
  return refuse(
    `${found.length} services are named "${wanted}": ${candidates.join(", ")}.`,
    `Set "service" to one of these ids.`,
  );
}

/** A name may begin like an id, too: `srv-` and 20 characters, as in every answer recorded. */
const SERVICE_ID = /^(?:srv|crn)-[0-9a-z]{20}$/;

/**
 * `https://github.com/Acme/Shop.git` and `git@github.com:acme/shop` as `acme/shop`; at the other hosts that Render
 * deploys from, with the host before it: https://render.com/docs/your-first-deploy
 */
function repositoryOf(url: string): string {
  const parts = url
    .toLowerCase()
    .replace(/\/$/, "")
    .replace(/\.git$/, "")
    .split(/[/:@]+/);
  const host = parts.find((part) => part === "gitlab.com" || part === "bitbucket.org");
  const path = parts.slice(-2).join("/");
  return host === undefined ? path : `${host}/${path}`;
}

/**
 * Refuses at once what could never be judged (design 3.3): suspended, another repository or branch, an image
 * without deploy-id, checks the service's type cannot have. All mistakes are thrown together.
 */
export async function refuseUnwatchable(run: ServiceRun, checks: readonly Check[]): Promise<void> {
  const { service, edges, commit, deployId } = run;
  const mistakes: Mistake[] = [];
  if (service.suspended) {
    const by = service.suspenders.length === 0 ? "" : ` (by ${service.suspenders.join(", ")})`;
    mistakes.push({
      message: `The service "${service.name}" is suspended${by}: Render deploys nothing to it.`,
      hint: "Resume it in the Render dashboard, then run the gate again.",
    });
  }
  const here = `${edges.forge.owner}/${edges.forge.repo}`.toLowerCase();
  if (service.repo === undefined) {
    if (deployId === undefined) {
      mistakes.push({
        message: `The service "${service.name}" deploys an image, so no deploy can be found by commit.`,
        hint: `Trigger the deploy in the workflow and pass its id as input "deploy-id".`,
      });
    }
  } else if (repositoryOf(service.repo) !== here) {
    mistakes.push({
      message: `The service "${service.name}" deploys ${repositoryOf(service.repo)}, not ${here}.`,
      hint: `Set "service" to a service of this repository.`,
    });
  } else if (service.branch !== undefined) {
    const contains = await branchContains(run, service.branch);
    if (contains === "no" && deployId === undefined) {
      mistakes.push({
        message: `The service "${service.name}" deploys the branch ${service.branch}, which does not hold ${commit.slice(0, 7)}.`,
        hint: `Start the gate only for pushes to ${service.branch}, or set "service" to the one that deploys this branch.`,
      });
    }
  }
  if (run.plan.deploy.trigger && service.type === "cron_job" && !service.autoDeploy) {
    mistakes.push({
      message: `The cron job "${service.name}" cannot be asked to deploy a given commit, so "deploy: { trigger: true }" cannot work.`,
      hint: `Set Auto-Deploy to "On Commit" in Render, or trigger the deploy in the workflow and pass its id as input "deploy-id".`,
    });
  }
  for (const check of checks) {
    const reason = unsupportedBy(service, check);
    if (reason === undefined) continue;
    const at =
      check.line === undefined || run.plan.file === undefined
        ? {}
        : { at: { file: run.plan.file, line: check.line, column: 1 } };
    mistakes.push({
      message: `Check "${check.name}": ${reason}`,
      hint: "Remove the check, or watch it through another source.",
      ...at,
    });
  }
  if (mistakes.length > 0) throw new ConfigProblem(mistakes);
}

async function branchContains(run: ServiceRun, branch: string): Promise<"yes" | "no"> {
  const comparison = await run.edges.forge.compare(run.commit, branch);
  return comparison?.relation === "ahead" || comparison?.relation === "identical" ? "yes" : "no";
}

/**
 * Refuses the deadlock of `autoDeployTrigger: checksPass`: Render waits for the commit's checks, and the gate's
 * own check run is one of them, while the gate waits for Render. Harmless once the deploy exists.
 */
export function refuseDeadlock(run: ServiceRun, own: readonly Deploy[]): void {
  const { service } = run;
  if (service.autoDeployTrigger !== "checksPass" || own.length > 0) return;
  const because =
    run.runSha === run.commit ? "this run is itself one of them" : "the gate's own check run is one of them";
  refuse(
    `Deadlock: "${service.name}" deploys only after all checks of ${run.commit.slice(0, 7)} have passed, and ${because}, so neither would ever go on.`,
    `Set Auto-Deploy to "On Commit" in Render; or set it to "Off" and let the gate ask for the deploy (deploy: { trigger: true }); or start the gate when the deploy exists (on: deployment_status, or with the input "deploy-id").`,
  );
}

/** Warns where our check would hold up the branch or another service. Best effort. */
export async function warnAboutOthers(run: ServiceRun, checkName: string): Promise<void> {
  const { service, edges, teller } = run;
  try {
    const { requiredChecks } = await edges.forge.branchRules(service.branch ?? "main");
    if (requiredChecks.includes(checkName)) {
      teller.note(
        `Branch rules of ${service.branch} require "${checkName}", which exists only after the merge: pull requests can never meet it. Remove it from the rule.`,
      );
    }
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
  }
  try {
    const here = `${edges.forge.owner}/${edges.forge.repo}`.toLowerCase();
    const waiting = (await edges.deploys.servicesOf(service.ownerId)).filter(
      (other) =>
        other.id !== service.id &&
        other.autoDeployTrigger === "checksPass" &&
        other.branch === service.branch &&
        other.repo !== undefined &&
        repositoryOf(other.repo) === here,
    );
    if (waiting.length > 0) {
      teller.note(
        `${waiting.map((other) => `"${other.name}"`).join(", ")} of this repository deploys only after all checks pass, so this gate delays it until its verdict.`,
      );
    }
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
  }
}

/** The commit, or a ConfigProblem when the repository does not have it. */
export async function readCommit(run: Pick<Run, "edges">, sha: string): Promise<Commit> {
  const commit = await run.edges.forge.commit(sha);
  if (commit !== undefined) return commit;
  return refuse(
    `The commit ${sha} does not exist in ${run.edges.forge.owner}/${run.edges.forge.repo}, or the token cannot read it.`,
    `Check the input "commit", and grant the job "contents: read".`,
  );
}

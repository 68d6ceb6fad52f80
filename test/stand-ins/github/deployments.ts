import { resolveCommit } from "./repository.ts";
import { nodeId, repoUrl, userJson } from "./shapes.ts";
import type { Call, DeploymentRecord, DeploymentStatusRecord, Route, Site } from "./site.ts";
import { forbidden, invalid, iso, paged, Refusal } from "./site.ts";

const MAX_DESCRIPTION = 140;

function deploymentJson(site: Site, deployment: DeploymentRecord): Readonly<Record<string, unknown>> {
  const url = repoUrl(site, `/deployments/${deployment.id}`);
  const changed = deployment.statuses.at(-1)?.at ?? deployment.at;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("DE", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userJson(site, deployment.creator),
    created_at: iso(deployment.at),
    updated_at: iso(changed),
    statuses_url: `${url}/statuses`,
    repository_url: repoUrl(site),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

function statusJson(
  site: Site,
  deployment: DeploymentRecord,
  status: DeploymentStatusRecord,
): Readonly<Record<string, unknown>> {
  const url = repoUrl(site, `/deployments/${deployment.id}`);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DES", status.id),
    state: status.state,
    creator: userJson(site, status.creator),
    description: status.description,
    environment: status.environment,
    ...(status.logUrl !== "" && { log_url: status.logUrl }),
    ...(status.environmentUrl !== "" && { environment_url: status.environmentUrl }),
    target_url: status.logUrl === "" ? url : status.logUrl,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: url,
    repository_url: repoUrl(site),
  };
}

function deploymentOf(site: Site, call: Call): DeploymentRecord {
  const found = site.deployments.find((one) => one.id === Number(call.params["deployment_id"]));
  if (!found) throw new Refusal(404, "Not Found");
  return found;
}

/** `auto_inactive`: earlier successes of the same environment end, unless transient or production. */
function retireOlder(site: Site, deployment: DeploymentRecord, status: DeploymentStatusRecord): void {
  for (const other of site.deployments) {
    const isSuccess = other.statuses.at(-1)?.state === "success";
    if (other === deployment || other.environment !== deployment.environment) continue;
    if (!isSuccess || other.transient || other.production) continue;
    other.statuses.push({ ...status, id: site.nextId(), state: "inactive", description: "" });
  }
}

/** Deployments and their statuses. */
export const deploymentRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/deployments",
    permissions: "deployments=write",
    async handle(site, call) {
      const body = call.body as Partial<{
        ref: string;
        task: string;
        auto_merge: boolean;
        required_contexts: readonly string[];
        payload: unknown;
        environment: string;
        description: string | null;
        transient_environment: boolean;
        production_environment: boolean;
      }>;
      // Left out, the one merges the default branch into the ref and the other waits for every check of the commit.
      if (body.auto_merge !== false)
        throw forbidden("a deployment without auto_merge: false may merge branches");
      if (body.required_contexts === undefined) {
        throw forbidden("a deployment without required_contexts waits for all checks");
      }
      const commit = await resolveCommit(site.git, body.ref ?? "");
      if (!commit) throw invalid("Deployment", { message: `No ref found for: ${body.ref}` });
      for (const context of body.required_contexts) {
        const states = site.statuses.filter((one) => one.sha === commit.sha && one.context === context);
        if (states.at(-1)?.state !== "success") {
          throw new Refusal(409, `Conflict: Commit status checks failed for ${body.ref}.`);
        }
      }
      if ((body.description ?? "").length > MAX_DESCRIPTION) {
        throw invalid("Deployment", {
          message: "description is too long (maximum is 140 characters)",
          violation: true,
        });
      }
      const environment = body.environment ?? "production";
      const deployment: DeploymentRecord = {
        id: site.nextId(),
        sha: commit.sha,
        ref: body.ref ?? "",
        task: body.task ?? "deploy",
        environment,
        payload: body.payload ?? {},
        description: body.description ?? null,
        transient: body.transient_environment ?? false,
        production: body.production_environment ?? environment === "production",
        creator: call.token.user,
        at: site.now(),
        statuses: [],
      };
      site.deployments.push(deployment);
      return { status: 201, body: deploymentJson(site, deployment) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/deployments",
    permissions: "deployments=read",
    query: ["sha", "ref", "task", "environment"],
    handle(site, call) {
      const found = [...site.deployments]
        .reverse()
        .filter((one) =>
          (["sha", "ref", "task", "environment"] as const).every(
            (key) =>
              call.query[key] === undefined || call.query[key] === "none" || one[key] === call.query[key],
          ),
        );
      const { items, headers } = paged(call, found);
      return { status: 200, body: items.map((one) => deploymentJson(site, one)), headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/deployments/{deployment_id}",
    permissions: "deployments=read",
    handle: (site, call) => ({ status: 200, body: deploymentJson(site, deploymentOf(site, call)) }),
  },
  {
    key: "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    permissions: "deployments=write",
    handle(site, call) {
      const deployment = deploymentOf(site, call);
      const body = call.body as Partial<Record<"state" | "description" | "log_url" | "target_url", string>> &
        Partial<Record<"environment" | "environment_url", string>> & { readonly auto_inactive?: boolean };
      if ((body.description ?? "").length > MAX_DESCRIPTION) {
        throw invalid("DeploymentStatus", {
          message: "description is too long (maximum is 140 characters)",
          violation: true,
        });
      }
      const status: DeploymentStatusRecord = {
        id: site.nextId(),
        state: body.state ?? "",
        description: body.description ?? "",
        logUrl: body.log_url ?? body.target_url ?? "",
        environment: body.environment ?? deployment.environment,
        environmentUrl: body.environment_url ?? "",
        creator: call.token.user,
        at: site.now(),
      };
      if (status.state === "success" && body.auto_inactive !== false) retireOlder(site, deployment, status);
      deployment.statuses.push(status);
      return { status: 201, body: statusJson(site, deployment, status) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    permissions: "deployments=read",
    handle(site, call) {
      const deployment = deploymentOf(site, call);
      const { items, headers } = paged(call, [...deployment.statuses].reverse());
      return { status: 200, body: items.map((one) => statusJson(site, deployment, one)), headers };
    },
  },
];

import { resolveCommit } from "./repository.ts";
import { appJson, nodeId, repoUrl } from "./shapes.ts";
import type { Call, CheckAnnotation, CheckRunRecord, Route, Site } from "./site.ts";
import { forbidden, iso, paged, Refusal } from "./site.ts";
import type { Token } from "./tokens.ts";
import { numberOf } from "./tokens.ts";

interface Output {
  readonly title?: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations?: readonly CheckAnnotation[];
}

const MAX_ANNOTATION_BYTES = 64 * 1024;

function checkRunJson(site: Site, run: CheckRunRecord): Readonly<Record<string, unknown>> {
  const url = repoUrl(site, `/check-runs/${run.id}`);
  const page = `${site.webUrl}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: run.completedAt === null ? null : iso(run.completedAt),
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: numberOf(`${run.appId}:${run.sha}`) },
    app: appJson(site, { id: run.appId, slug: run.appSlug }),
    pull_requests: [],
  };
}

/** Rules of annotations that the contract does not hold; a path that GitHub would not show in the diff is a mistake too. */
function checkAnnotation(annotation: CheckAnnotation): void {
  const { path, start_line: start, end_line: end } = annotation;
  if (path === "" || path.startsWith("/") || path.includes("\\") || /(^|\/)\.\.?(\/|$)/.test(path)) {
    throw forbidden(`annotation path "${path}" is not relative to the repository`);
  }
  if (start < 1 || end < start) throw forbidden("annotation lines are out of range");
  if (start !== end && (annotation.start_column ?? annotation.end_column) !== undefined) {
    throw forbidden("annotation columns need start_line = end_line");
  }
  if ((annotation.title ?? "").length > 255)
    throw forbidden("annotation title is too long (maximum is 255 characters)");
  for (const key of ["message", "raw_details"] as const) {
    if (Buffer.byteLength(annotation[key] ?? "") > MAX_ANNOTATION_BYTES) {
      throw forbidden(`annotation ${key} exceeds 64 KB`);
    }
  }
}

/** Checks belong to apps: a person's token may read them only. */
function appOf(token: Token): { readonly id: number; readonly slug: string } {
  if (!token.app) throw new Refusal(403, "You must authenticate via a GitHub App.");
  return token.app;
}

function applyChange(site: Site, run: CheckRunRecord, call: Call): void {
  const body = call.body as Partial<{
    name: string;
    external_id: string;
    details_url: string;
    status: CheckRunRecord["status"];
    conclusion: string;
    started_at: string;
    completed_at: string;
    output: Output;
  }>;
  if (body.conclusion === "stale") throw forbidden("only GitHub sets the conclusion stale");
  if ((body.external_id ?? "").length > 200) throw forbidden("external_id is longer than 200 characters");
  if (body.status !== undefined && !["queued", "in_progress", "completed"].includes(body.status)) {
    throw forbidden(`status ${body.status} is for GitHub Actions itself`);
  }
  if (body.conclusion !== undefined && body.status !== undefined && body.status !== "completed") {
    throw forbidden("a conclusion means the status completed");
  }
  const status = body.conclusion === undefined ? body.status : "completed";
  if (status === "completed" && body.conclusion === undefined) throw forbidden("conclusion is missing");
  for (const annotation of body.output?.annotations ?? []) checkAnnotation(annotation);
  if (body.name !== undefined) run.name = body.name;
  if (body.external_id !== undefined) run.externalId = body.external_id;
  // GitHub ignores it for GITHUB_TOKEN and links to the check's own page.
  if (body.details_url !== undefined && call.token.kind === "app") run.detailsUrl = body.details_url;
  if (body.started_at !== undefined) run.startedAt = Date.parse(body.started_at);
  if (status !== undefined) {
    run.status = status;
    run.conclusion = body.conclusion ?? null;
    run.completedAt = status === "completed" ? Date.parse(body.completed_at ?? iso(site.now())) : null;
  }
  if (body.output) {
    run.title = body.output.title ?? run.title;
    run.summary = body.output.summary;
    run.text = body.output.text ?? null;
    run.annotations.push(...(body.output.annotations ?? []));
  }
}

function runOf(site: Site, call: Call): CheckRunRecord {
  const run = site.checkRuns.find((one) => one.id === Number(call.params["check_run_id"]));
  if (!run) throw new Refusal(404, "Not Found");
  return run;
}

/** Check runs (github.com/github/docs, rest/checks/runs). */
export const checkRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/check-runs",
    permissions: "checks=write",
    async handle(site, call) {
      const app = appOf(call.token);
      const sha = String(call.body["head_sha"]);
      const commit = await resolveCommit(site.git, sha);
      if (commit?.sha !== sha) throw new Refusal(422, `No commit found for SHA: ${sha}`, { violation: true });
      const run: CheckRunRecord = {
        id: site.nextId(),
        name: String(call.body["name"]),
        sha,
        appId: app.id,
        appSlug: app.slug,
        externalId: "",
        detailsUrl: null,
        status: "queued",
        conclusion: null,
        startedAt: site.now(),
        completedAt: null,
        title: null,
        summary: null,
        text: null,
        annotations: [],
        updates: 0,
      };
      applyChange(site, run, call);
      site.checkRuns.push(run);
      return { status: 201, body: checkRunJson(site, run) };
    },
  },
  {
    key: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    permissions: "checks=write",
    handle(site, call) {
      const app = appOf(call.token);
      const run = runOf(site, call);
      if (run.appId !== app.id) {
        throw new Refusal(
          403,
          `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
        );
      }
      applyChange(site, run, call);
      run.updates += 1;
      return { status: 200, body: checkRunJson(site, run) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
    permissions: "checks=read",
    handle: (site, call) => ({ status: 200, body: checkRunJson(site, runOf(site, call)) }),
  },
  {
    key: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
    permissions: "checks=read",
    handle(site, call) {
      const run = runOf(site, call);
      const { items, headers } = paged(call, run.annotations);
      const body = items.map((annotation) => ({
        path: annotation.path,
        blob_href: repoUrl(site, `/contents/${annotation.path}?ref=${run.sha}`),
        start_line: annotation.start_line,
        end_line: annotation.end_line,
        start_column: annotation.start_column ?? null,
        end_column: annotation.end_column ?? null,
        annotation_level: annotation.annotation_level,
        title: annotation.title ?? null,
        message: annotation.message,
        raw_details: annotation.raw_details ?? null,
      }));
      return { status: 200, body, headers };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    permissions: "checks=read",
    query: ["check_name", "status", "filter", "app_id"],
    async handle(site, call) {
      const { check_name: name, status, filter = "latest", app_id: app } = call.query;
      const commit = await resolveCommit(site.git, call.params["ref"]!);
      if (!commit) throw new Refusal(422, `No commit found for SHA: ${call.params["ref"]}`);
      const seen = new Set<string>();
      const found = [...site.checkRuns].reverse().filter((run) => {
        if (run.sha !== commit.sha) return false;
        const key = `${run.appId}:${run.name}`;
        const older = seen.has(key);
        seen.add(key);
        return (
          !(filter === "latest" && older) &&
          (name === undefined || run.name === name) &&
          (status === undefined || run.status === status) &&
          (app === undefined || run.appId === Number(app))
        );
      });
      const { items, headers } = paged(call, found);
      const runs = items.map((run) => checkRunJson(site, run));
      return { status: 200, body: { total_count: found.length, check_runs: runs }, headers };
    },
  },
];

import * as z from "zod";
import type { Annotation, CheckRun, CheckRunText, Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import type { GitHubClient } from "./github-client.ts";
import { checkRunReply } from "./github-shapes.ts";

/** https://docs.github.com/en/rest/checks/runs: one request takes 50 annotations, texts of 65,535 bytes. */
const ANNOTATIONS_PER_REQUEST = 50;
const MOST_BYTES = 65_535;

type Checks = Pick<
  Forge,
  "findCheckRun" | "createCheckRun" | "updateCheckRun" | "annotations" | "setStatus" | "status"
>;

/** The text, cut (and marked so) where it has more bytes than GitHub takes. */
function fitting(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_BYTES) return text;
  const mark = "\n… [cut]";
  return (
    new TextDecoder().decode(bytes.slice(0, MOST_BYTES - mark.length - 8)).replace(/\ufffd+$/u, "") + mark
  );
}

function outputOf(output: CheckRunText): object {
  return {
    title: output.title.slice(0, 255),
    summary: fitting(output.summary),
    ...(output.text === undefined ? {} : { text: fitting(output.text) }),
  };
}

/** Check runs and commit statuses. */
export function createChecks(client: GitHubClient): Checks {
  async function findCheckRun(
    commit: string,
    name: string,
    externalId: string,
  ): Promise<CheckRun | undefined> {
    for (let page = 1; ; page += 1) {
      const reply = await client.ask(
        "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
        { ref: commit, check_name: name, filter: "latest", per_page: 100, page },
        z.object({ check_runs: z.array(checkRunReply) }),
      );
      const found = reply.check_runs.find((run) => run.externalId === externalId);
      if (found !== undefined || reply.check_runs.length < 100) return found;
    }
  }

  return {
    findCheckRun,
    async createCheckRun(run) {
      const create = (): Promise<CheckRun> =>
        client.ask(
          "POST /repos/{owner}/{repo}/check-runs",
          {
            name: run.name,
            head_sha: run.sha,
            external_id: run.externalId,
            status: "in_progress",
            output: outputOf(run.output),
          },
          checkRunReply,
        );
      try {
        return await create();
      } catch (error) {
        if (!isLost(error)) throw error;
        // The answer was lost, the run perhaps not.
        return (await findCheckRun(run.sha, run.name, run.externalId)) ?? (await create());
      }
    },
    async updateCheckRun(id, change) {
      const annotations = change.annotations ?? [];
      const state =
        change.conclusion === undefined
          ? { status: "in_progress" }
          : { status: "completed", conclusion: change.conclusion };
      const batches = annotations.length === 0 ? [[]] : chunksOf(annotations);
      for (const batch of batches) {
        await client.ask(
          "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
          {
            check_run_id: id,
            ...state,
            output: {
              ...outputOf(change.output),
              ...(batch.length === 0 ? {} : { annotations: batch.map(annotationOf) }),
            },
          },
          z.unknown(),
        );
      }
    },
    async annotations(id) {
      const found: Annotation[] = [];
      for (let page = 1; ; page += 1) {
        const list = await client.ask(
          "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
          { check_run_id: id, per_page: 100, page },
          z.array(annotationReply),
        );
        found.push(...list);
        if (list.length < 100) return found;
      }
    },
    async setStatus(commit, status) {
      await client.ask(
        "POST /repos/{owner}/{repo}/statuses/{sha}",
        {
          sha: commit,
          state: status.state,
          context: status.context,
          description: status.description.slice(0, 140),
          ...(status.url === undefined ? {} : { target_url: status.url }),
        },
        z.unknown(),
      );
    },
    async status(commit, context) {
      const reply = await client.find(
        "GET /repos/{owner}/{repo}/commits/{ref}/status",
        { ref: commit, per_page: 100 },
        z.object({
          statuses: z.array(
            z.object({
              context: z.string(),
              state: z.enum(["error", "failure", "pending", "success"]),
              description: z.string().nullish(),
              target_url: z.string().nullish(),
            }),
          ),
        }),
      );
      // Contexts are compared without case: https://docs.github.com/en/rest/commits/statuses
      const own = reply?.statuses.find((one) => one.context.toLowerCase() === context.toLowerCase());
      if (own === undefined) return undefined;
      return {
        state: own.state,
        description: own.description ?? "",
        ...(typeof own.target_url === "string" ? { url: own.target_url } : {}),
      };
    },
  };
}

/** Whether the request may have been carried out although no good answer came. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof ServiceProblem &&
    (error.status === undefined || error.status >= 500) &&
    error.failure.code !== "graphql"
  );
}

function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / ANNOTATIONS_PER_REQUEST) }, (_, index) =>
    items.slice(index * ANNOTATIONS_PER_REQUEST, (index + 1) * ANNOTATIONS_PER_REQUEST),
  );
}

function annotationOf(annotation: Annotation): object {
  return {
    path: annotation.path,
    start_line: annotation.line,
    end_line: annotation.line,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    ...(annotation.detail === undefined ? {} : { raw_details: annotation.detail }),
  };
}

const annotationReply = z
  .object({
    path: z.string(),
    start_line: z.number(),
    annotation_level: z.string().nullish(),
    title: z.string().nullish(),
    message: z.string().nullish(),
    raw_details: z.string().nullish(),
  })
  .transform((reply): Annotation => ({
    path: reply.path,
    line: reply.start_line,
    level:
      reply.annotation_level === "failure" || reply.annotation_level === "warning"
        ? reply.annotation_level
        : "notice",
    title: reply.title ?? "",
    message: reply.message ?? "",
    ...(typeof reply.raw_details === "string" ? { detail: reply.raw_details } : {}),
  }));

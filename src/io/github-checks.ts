import * as z from "zod";
import type { Annotation } from "../core/annotation.ts";
import type { CheckRun, CheckRunText, Conclusion, Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";
import { explained } from "./github-problem.ts";
import { createOnce, isDoubtful } from "./github-retry.ts";
import { cutBytes, cutText, LIMITS } from "./github-text.ts";

type Checks = Pick<Forge, "findCheckRun" | "createCheckRun" | "updateCheckRun" | "annotations">;

/** https://docs.github.com/rest/checks/runs#update-a-check-run */
const MOST_ANNOTATIONS = 50;
/** Between the attempts to write a check run, ms. */
const PAUSES_MS: readonly number[] = [1_000, 5_000];

const checkRun = z
  .object({
    id: z.number(),
    html_url: z.string().nullish(),
    external_id: z.string().nullish(),
    status: z.string(),
    conclusion: z.string().nullish(),
    output: z
      .object({
        title: z.string().nullish(),
        summary: z.string().nullish(),
        text: z.string().nullish(),
        annotations_count: z.number().nullish(),
      })
      .nullish(),
  })
  .transform((run): CheckRun => ({
    id: run.id,
    url: run.html_url ?? "",
    externalId: run.external_id ?? "",
    status: run.status,
    ...(run.conclusion ? { conclusion: run.conclusion } : {}),
    title: run.output?.title ?? "",
    summary: run.output?.summary ?? "",
    text: run.output?.text ?? "",
    annotationsCount: run.output?.annotations_count ?? 0,
  }));
const checkRuns = z.object({ check_runs: z.array(checkRun) }).transform((page) => page.check_runs);

const annotation = z
  .object({
    path: z.string(),
    start_line: z.number(),
    annotation_level: z.string().nullish(),
    title: z.string().nullish(),
    message: z.string().nullish(),
    raw_details: z.string().nullish(),
  })
  .transform((one): Annotation => ({
    path: one.path,
    line: one.start_line,
    level:
      one.annotation_level === "warning" || one.annotation_level === "failure"
        ? one.annotation_level
        : "notice",
    title: one.title ?? "",
    message: one.message ?? "",
    ...(one.raw_details ? { detail: one.raw_details } : {}),
  }));

interface Change {
  readonly conclusion?: Conclusion;
  readonly output: CheckRunText;
}

/** Check runs, with `github-token`: only the app that made a run may change it. */
export function createChecks(client: GitHubApi): Checks {
  const { at, job } = client;

  const annotations: Checks["annotations"] = (id) =>
    job.list(z.array(annotation), (page) =>
      job.request("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", {
        ...at,
        check_run_id: id,
        per_page: FULL_PAGE,
        page,
      }),
    );

  const findCheckRun: Checks["findCheckRun"] = async (sha, name, externalId) => {
    const runs = await job.list(checkRuns, (page) =>
      job.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
        ...at,
        ref: sha,
        check_name: name,
        filter: "all",
        per_page: FULL_PAGE,
        page,
      }),
    );
    return runs
      .filter((run) => run.externalId === externalId)
      .toSorted((one, two) => one.id - two.id)
      .at(-1);
  };

  /** One PATCH. Annotations that a lost answer left behind are not sent again. */
  const patch = async (id: number, change: Change, given: readonly Annotation[]): Promise<void> => {
    let left = given;
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        await job.write(z.object({ id: z.number() }), () =>
          job.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
            ...at,
            check_run_id: id,
            ...(change.conclusion === undefined
              ? { status: "in_progress" as const }
              : { status: "completed" as const, conclusion: change.conclusion }),
            output: {
              ...outputOf(change.output, client.redact),
              ...(left.length === 0
                ? {}
                : { annotations: left.map((one) => annotationBody(one, client.redact)) }),
            },
          }),
        );
        return;
      } catch (error) {
        if (pause === undefined || !isDoubtful(error)) throw error;
        await client.sleep(pause);
        if (left.length === 0) continue;
        const there = new Set((await annotations(id)).map(annotationKey));
        left = left.filter((one) => !there.has(annotationKey(sentForm(one, client.redact))));
        if (left.length === 0) return;
      }
    }
  };

  return {
    annotations,
    findCheckRun,

    createCheckRun(run) {
      return createOnce(
        () =>
          job.write(checkRun, () =>
            job.request("POST /repos/{owner}/{repo}/check-runs", {
              ...at,
              name: run.name,
              head_sha: run.sha,
              external_id: run.externalId,
              status: "in_progress",
              output: outputOf(run.output, client.redact),
            }),
          ),
        () => findCheckRun(run.sha, run.name, run.externalId),
      );
    },

    async updateCheckRun(id, change) {
      const all = change.annotations ?? [];
      const [first = [], ...others] = chunksOf(all, MOST_ANNOTATIONS);
      try {
        await patch(id, change, first);
      } catch (error) {
        if (first.length === 0 || !(error instanceof ServiceProblem) || error.status !== 422) throw error;
        // The verdict matters more than its annotations.
        await patch(id, change, []);
        throw explained(error, "The check run was written, but without its annotations");
      }
      for (const chunk of others) await patch(id, change, chunk);
    },
  };
}

function outputOf(
  output: CheckRunText,
  redact: (text: string) => string,
): { readonly title: string; readonly summary: string; readonly text?: string } {
  return {
    title: cutText(redact(output.title), LIMITS.title),
    summary: cutText(redact(output.summary), LIMITS.checkText),
    ...(output.text === undefined ? {} : { text: cutText(redact(output.text), LIMITS.checkText) }),
  };
}

/** The annotation as GitHub will show it. */
function sentForm(one: Annotation, redact: (text: string) => string): Annotation {
  return {
    path: one.path,
    line: one.line,
    level: one.level,
    title: cutText(redact(one.title), LIMITS.annotationTitle),
    message: cutBytes(redact(one.message), LIMITS.annotationBytes),
    ...(one.detail === undefined ? {} : { detail: cutBytes(redact(one.detail), LIMITS.annotationBytes) }),
  };
}

function annotationBody(
  one: Annotation,
  redact: (text: string) => string,
): {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: Annotation["level"];
  title: string;
  message: string;
  raw_details?: string;
} {
  const { path, line, level, title, message, detail } = sentForm(one, redact);
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title,
    message,
    ...(detail === undefined ? {} : { raw_details: detail }),
  };
}

function annotationKey(one: Annotation): string {
  return JSON.stringify([one.path, one.line, one.level, one.title, one.message]);
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

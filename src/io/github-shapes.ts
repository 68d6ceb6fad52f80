import * as z from "zod";
import type { CheckRun, Commit, PullRequest } from "../ports.ts";
import { instant } from "./instant.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** A commit as `commits`, `compare` and lists give it. */
export const commitReply = z
  .object({
    sha,
    commit: z.object({
      message: z.string(),
      tree: z.object({ sha }),
      committer: z.object({ date: instant.optional() }).nullish(),
    }),
    parents: z.array(z.object({ sha })),
  })
  .transform((reply): Commit => ({
    sha: reply.sha,
    message: reply.commit.message,
    tree: reply.commit.tree.sha,
    parents: reply.parents.map((parent) => parent.sha),
    committedAt: reply.commit.committer?.date ?? 0,
  }));

export const checkRunReply = z
  .object({
    id: z.number(),
    html_url: z.string().nullish(),
    external_id: z.string().nullish(),
    status: z.string(),
    conclusion: z.string().nullish(),
    output: z.object({
      title: z.string().nullish(),
      text: z.string().nullish(),
      annotations_count: z.number().optional(),
    }),
  })
  .transform((reply): CheckRun => ({
    id: reply.id,
    url: reply.html_url ?? "",
    externalId: reply.external_id ?? "",
    status: reply.status,
    title: reply.output.title ?? "",
    text: reply.output.text ?? "",
    annotationsCount: reply.output.annotations_count ?? 0,
    ...(reply.conclusion === null || reply.conclusion === undefined ? {} : { conclusion: reply.conclusion }),
  }));

export const pullReply = z
  .object({
    number: z.number(),
    node_id: z.string(),
    html_url: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(["open", "closed"]),
    merged_at: z.string().nullish(),
    draft: z.boolean().optional(),
    labels: z.array(z.object({ name: z.string() })).catch([]),
    head: z.object({ ref: z.string(), sha: z.string() }),
    base: z.object({ ref: z.string() }),
    user: z.object({ login: z.string() }).nullish(),
    merge_commit_sha: z.string().nullish(),
  })
  .transform((reply): PullRequest => ({
    number: reply.number,
    nodeId: reply.node_id,
    url: reply.html_url,
    title: reply.title,
    body: reply.body ?? "",
    state: reply.state,
    merged: typeof reply.merged_at === "string",
    draft: reply.draft ?? false,
    labels: reply.labels.map((label) => label.name),
    headRef: reply.head.ref,
    headSha: reply.head.sha,
    baseRef: reply.base.ref,
    author: reply.user?.login ?? "",
    ...(typeof reply.merge_commit_sha === "string" ? { mergeCommit: reply.merge_commit_sha } : {}),
  }));

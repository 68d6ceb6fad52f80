import * as z from "zod";
import type { Comparison, Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { isLost } from "./github-checks.ts";
import type { GitHubClient } from "./github-client.ts";
import { commitReply } from "./github-shapes.ts";

type Git = Pick<
  Forge,
  | "commit"
  | "file"
  | "compare"
  | "tree"
  | "branchHead"
  | "branchRules"
  | "createCommit"
  | "createBranch"
  | "branchesStartingWith"
  | "moveBranch"
  | "deleteBranch"
  | "merge"
>;

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits: 250 commits unless paged, 300 files in all. */
const COMMITS_PER_PAGE = 100;
const MOST_COMMITS = 1_000;
const MOST_FILES = 300;

const compareReply = z.object({
  status: z.enum(["identical", "ahead", "behind", "diverged"]),
  merge_base_commit: z.object({ sha: z.string() }),
  total_commits: z.number(),
  commits: z.array(commitReply),
  files: z
    .array(z.object({ filename: z.string(), previous_filename: z.string().optional(), status: z.string() }))
    .optional(),
});

const named = z.object({ object: z.object({ sha: z.string() }) });

/** Commits, trees, branches and merges. Reads go with `reads`, everything that writes with `writes`. */
export function createGit(reads: GitHubClient, writes: GitHubClient): Git {
  async function branchHead(branch: string): Promise<string | undefined> {
    const found = await reads.find(
      "GET /repos/{owner}/{repo}/git/ref/{ref}",
      { ref: `heads/${branch}` },
      named,
    );
    return found?.object.sha;
  }

  return {
    branchHead,
    commit: (ref) => reads.find("GET /repos/{owner}/{repo}/commits/{ref}", { ref, per_page: 1 }, commitReply),
    async file(path, ref) {
      const found = await reads.find(
        "GET /repos/{owner}/{repo}/contents/{path}",
        { path, ref },
        z.object({ type: z.literal("file"), content: z.string(), encoding: z.string() }),
      );
      if (found === undefined) return undefined;
      return Buffer.from(found.content, found.encoding === "base64" ? "base64" : "utf8").toString("utf8");
    },
    async compare(base, head) {
      const ask = (paging: object): Promise<z.output<typeof compareReply> | undefined> =>
        reads.find(
          "GET /repos/{owner}/{repo}/compare/{basehead}",
          { basehead: `${base}...${head}`, ...paging },
          compareReply,
        );
      const first = await ask({});
      if (first === undefined) return undefined;
      let { commits } = first;
      if (commits.length < first.total_commits) {
        commits = [];
        for (let page = 1; commits.length < Math.min(first.total_commits, MOST_COMMITS); page += 1) {
          const next = await ask({ per_page: COMMITS_PER_PAGE, page });
          if (next === undefined || next.commits.length === 0) break;
          commits = [...commits, ...next.commits];
        }
      }
      const files = first.files ?? [];
      const comparison: Comparison = {
        relation: first.status,
        mergeBase: first.merge_base_commit.sha,
        commits,
        commitsCut: commits.length < first.total_commits,
        files: files.map((file) => ({
          path: file.filename,
          status: file.status,
          ...(file.previous_filename === undefined ? {} : { previousPath: file.previous_filename }),
        })),
        filesCut: files.length >= MOST_FILES,
      };
      return comparison;
    },
    async tree(sha) {
      const reply = await reads.ask(
        "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
        { tree_sha: sha, recursive: "1" },
        z.object({
          tree: z.array(z.object({ path: z.string().optional(), type: z.string().optional() })),
          truncated: z.boolean().optional(),
        }),
      );
      const paths = reply.tree.flatMap((entry) =>
        entry.type === "blob" && entry.path !== undefined ? [entry.path] : [],
      );
      return { paths, cut: reply.truncated ?? false };
    },
    async branchRules(branch) {
      const rule = z.object({
        type: z.string(),
        parameters: z
          .object({ required_status_checks: z.array(z.object({ context: z.string() })).optional() })
          .optional()
          .catch(undefined),
      });
      const rules =
        (await reads.find(
          "GET /repos/{owner}/{repo}/rules/branches/{branch}",
          { branch, per_page: 100 },
          z.array(rule),
        )) ?? [];
      return {
        types: rules.map((one) => one.type),
        requiredChecks: rules.flatMap(
          (one) => one.parameters?.required_status_checks?.map((check) => check.context) ?? [],
        ),
      };
    },
    async createCommit({ message, tree, parents }) {
      const make = (): Promise<{ readonly sha: string }> =>
        writes.ask(
          "POST /repos/{owner}/{repo}/git/commits",
          { message, tree, parents },
          z.object({ sha: z.string() }),
        );
      // A second commit object that nothing points to does no harm.
      const made = await make().catch((error: unknown) => {
        if (isLost(error)) return make();
        throw error;
      });
      return made.sha;
    },
    async createBranch(branch, sha) {
      try {
        await writes.ask(
          "POST /repos/{owner}/{repo}/git/refs",
          { ref: `refs/heads/${branch}`, sha },
          z.unknown(),
        );
        return "created";
      } catch (error) {
        if (!(error instanceof ServiceProblem)) throw error;
        if (error.status === 422 && /reference already exists/i.test(error.message)) return "exists";
        if (!isLost(error)) throw error;
        const head = await branchHead(branch);
        if (head === sha) return "created";
        if (head !== undefined) return "exists";
        throw error;
      }
    },
    async branchesStartingWith(prefix) {
      const refs = await reads.find(
        "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
        { ref: `heads/${prefix}` },
        z.array(z.object({ ref: z.string() })),
      );
      return (refs ?? []).map((one) => one.ref.replace(/^refs\/heads\//, ""));
    },
    async moveBranch(branch, sha) {
      await writes.ask(
        "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
        { ref: `heads/${branch}`, sha, force: true },
        z.unknown(),
      );
    },
    async deleteBranch(branch) {
      await writes.find(
        "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
        { ref: `heads/${branch}` },
        z.unknown(),
      );
    },
    async merge(branch, head, message) {
      try {
        const reply = await writes.ask(
          "POST /repos/{owner}/{repo}/merges",
          { base: branch, head, commit_message: message },
          z.union([commitReply, z.literal("").transform(() => undefined), z.undefined()]),
        );
        return reply === undefined
          ? { kind: "nothing" }
          : { kind: "merged", sha: reply.sha, tree: reply.tree };
      } catch (error) {
        if (error instanceof ServiceProblem && error.status === 409) return { kind: "conflict" };
        throw error;
      }
    },
  };
}

import * as z from "zod";
import type { Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import type { GitHubApi } from "./github-api.ts";
import { createOnce } from "./github-retry.ts";

type Branches = Pick<
  Forge,
  | "createTree"
  | "createCommit"
  | "createBranch"
  | "branchesStartingWith"
  | "moveBranch"
  | "deleteBranch"
  | "merge"
>;
type Merged = Awaited<ReturnType<Forge["merge"]>>;

const HEADS = "refs/heads/";

const sha = z.object({ sha: z.string() });
const ref = z.object({ ref: z.string(), object: sha });
/** 204 has no body: the head is in the branch already. */
const merge = z.union([
  z.object({ sha: z.string(), parents: z.array(sha), commit: z.object({ tree: sha }) }),
  z.literal("").transform(() => undefined),
  z.undefined(),
]);

/** Trees, commits, branches and merges, written with `pr-token`. */
export function createBranches(client: GitHubApi, reads: Pick<Forge, "branchHead" | "commit">): Branches {
  const { at, job, pr } = client;
  return {
    async createTree(base, changes) {
      const made = await pr.write(sha, () =>
        pr.request("POST /repos/{owner}/{repo}/git/trees", {
          ...at,
          base_tree: base,
          tree: changes.map(({ path, mode, text }) => ({
            path,
            mode,
            type: "blob" as const,
            ...(text === undefined ? { sha: null } : { content: text }),
          })),
        }),
      );
      return made.sha;
    },

    async createCommit(commit) {
      const made = await pr.write(sha, () =>
        pr.request("POST /repos/{owner}/{repo}/git/commits", {
          ...at,
          message: client.redact(commit.message),
          tree: commit.tree,
          parents: [...commit.parents],
        }),
      );
      return made.sha;
    },

    createBranch(branch, to) {
      return createOnce<"created" | "exists">(
        async () => {
          try {
            await pr.write(ref, () =>
              pr.request("POST /repos/{owner}/{repo}/git/refs", { ...at, ref: HEADS + branch, sha: to }),
            );
            return "created";
          } catch (error) {
            if (isRefusal(error, 422, /Reference already exists/i)) return "exists";
            throw error;
          }
        },
        async () => {
          const head = await reads.branchHead(branch);
          return head === undefined ? undefined : head === to ? "created" : "exists";
        },
      );
    },

    async branchesStartingWith(prefix) {
      const found = await job.read(z.array(ref), () =>
        job.request("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", { ...at, ref: `heads/${prefix}` }),
      );
      return found.map((one) => one.ref.slice(HEADS.length));
    },

    async moveBranch(branch, to) {
      await pr.write(ref, () =>
        pr.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
          ...at,
          ref: `heads/${branch}`,
          sha: to,
          force: true,
        }),
      );
    },

    async deleteBranch(branch) {
      try {
        await pr.write(z.unknown(), () =>
          pr.request("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { ...at, ref: `heads/${branch}` }),
        );
      } catch (error) {
        // Also the answer to a second attempt after the first one's was lost.
        if (!isRefusal(error, 422, /Reference does not exist/i)) throw error;
      }
    },

    async merge(branch, head, message) {
      /** The merge, where the branch's own head is one of that commit. */
      const look = async (): Promise<Merged | undefined> => {
        const now = await reads.branchHead(branch);
        const commit = now === undefined ? undefined : await reads.commit(now);
        return commit !== undefined && commit.parents.slice(1).includes(head)
          ? { kind: "merged", sha: commit.sha, tree: commit.tree }
          : undefined;
      };
      let attempts = 0;
      const merged = await createOnce<Merged>(async () => {
        attempts += 1;
        try {
          const made = await pr.write(merge, () =>
            pr.request("POST /repos/{owner}/{repo}/merges", {
              ...at,
              base: branch,
              head,
              commit_message: client.redact(message),
            }),
          );
          if (made === undefined) return { kind: "nothing" };
          return { kind: "merged", sha: made.sha, tree: made.commit.tree.sha };
        } catch (error) {
          if (error instanceof ServiceProblem && error.status === 409) return { kind: "conflict" };
          throw error;
        }
      }, look);
      // "Nothing" at a second attempt may mean that the first one came through late.
      return merged.kind === "nothing" && attempts > 1 ? ((await look()) ?? merged) : merged;
    },
  };
}

function isRefusal(error: unknown, status: number, words: RegExp): boolean {
  return (
    error instanceof ServiceProblem &&
    error.status === status &&
    words.test(error.failure.body ?? error.message)
  );
}

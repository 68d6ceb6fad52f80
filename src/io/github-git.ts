import * as z from "zod";
import type { Commit, Comparison, Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { FULL_PAGE, type GitHubApi } from "./github-api.ts";

type Reads = Pick<Forge, "commit" | "file" | "compare" | "tree" | "folder" | "branchHead" | "branchRules">;

/** So many commits of a comparison are read; GitHub lists no more than 100 at once. */
const MOST_COMPARED = 1_000;
/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const MOST_FILES = 300;

const sha = z.object({ sha: z.string() });
const person = z.object({ date: z.string().nullish() }).nullish();
const gitCommit = z.object({
  message: z.string(),
  tree: sha,
  author: person,
  committer: person,
});
const plainCommit = gitCommit
  .extend({ sha: z.string(), parents: z.array(sha) })
  .transform((one) => commitOf(one, one));
const repositoryCommit = z
  .object({ sha: z.string(), parents: z.array(sha), commit: gitCommit })
  .transform((one) => commitOf(one, one.commit));

const comparison = z.object({
  status: z.enum(["identical", "ahead", "behind", "diverged"]),
  merge_base_commit: z.union([repositoryCommit, sha]),
  total_commits: z.number(),
  commits: z.array(repositoryCommit),
  files: z
    .array(z.object({ filename: z.string(), previous_filename: z.string().nullish(), status: z.string() }))
    .nullish(),
});

const ref = z.object({ ref: z.string(), object: sha });

/** A list is a folder, which has no text. */
const content = z.union([
  z.array(z.object({ path: z.string(), type: z.string() })),
  z.object({ type: z.string(), encoding: z.string().nullish(), content: z.string().nullish() }),
]);

const trees = z.object({
  tree: z.array(z.object({ path: z.string(), type: z.string() })),
  truncated: z.boolean().nullish(),
});

const folder = z.object({
  tree: z.array(z.object({ path: z.string(), type: z.string(), mode: z.string(), sha: z.string() })),
  truncated: z.boolean().nullish(),
});

const rules = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({ required_status_checks: z.array(z.object({ context: z.string() })).nullish() })
      .nullish(),
  }),
);

/** Commits, files, branches and their rules, read with `github-token`. */
export function createGitReads(client: GitHubApi): Reads {
  const { at, job } = client;
  // A commit never changes, so one that a comparison brought along need not be asked for.
  const seen = new Map<string, Commit>();
  const keep = (commits: readonly Commit[]): void => {
    for (const one of commits) seen.set(one.sha, one);
  };
  return {
    async commit(name) {
      // The plain commit comes without its files and patches, which may be megabytes.
      if (/^[0-9a-f]{40}$/.test(name)) {
        const known = seen.get(name);
        if (known !== undefined) return known;
        const found = await job.find(plainCommit, () =>
          job.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { ...at, commit_sha: name }),
        );
        if (found !== undefined) keep([found]);
        return found;
      }
      // An unknown name is 422, an empty repository 409.
      const send = (): ReturnType<typeof job.request<"GET /repos/{owner}/{repo}/commits/{ref}">> =>
        job.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...at, ref: name, per_page: 1 });
      return job.find(repositoryCommit, send, [404, 409, 422]);
    },

    async file(path, name) {
      const found = await job.find(content, () =>
        job.request("GET /repos/{owner}/{repo}/contents/{path}", { ...at, path, ref: name }),
      );
      if (found === undefined || !("encoding" in found) || found.type !== "file") return undefined;
      if (found.encoding === "base64") return Buffer.from(found.content ?? "", "base64").toString("utf8");
      // From 1 MB on the text is left out: https://docs.github.com/rest/repos/contents
      throw new ServiceProblem({
        service: "GitHub",
        message: `GitHub does not hand out ${path}, which is larger than 1 MB`,
        code: "too-large",
      });
    },

    async compare(base, head) {
      const page = (number: number): Promise<z.infer<typeof comparison> | undefined> =>
        job.find(comparison, () =>
          job.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
            ...at,
            basehead: `${base}...${head}`,
            per_page: FULL_PAGE,
            page: number,
          }),
        );
      const first = await page(1);
      if (first === undefined) return undefined;
      let commits = first.commits;
      const wanted = Math.min(first.total_commits, MOST_COMPARED);
      for (let number = 2; commits.length < wanted; number += 1) {
        const next = await page(number);
        if (next === undefined || next.commits.length === 0) break;
        commits = [...commits, ...next.commits];
      }
      const fork = first.merge_base_commit;
      keep("tree" in fork ? [fork, ...commits] : commits);
      return comparisonOf(first, commits);
    },

    async tree(name) {
      const found = await job.read(trees, () =>
        job.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
          ...at,
          tree_sha: name,
          recursive: "1",
        }),
      );
      const paths = found.tree.filter((entry) => entry.type === "blob").map((entry) => entry.path);
      return { paths, cut: found.truncated ?? false };
    },

    async folder(tree) {
      const found = await job.read(folder, () =>
        job.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", { ...at, tree_sha: tree }),
      );
      if (found.truncated === true)
        throw new ServiceProblem({
          service: "GitHub",
          message: `GitHub does not list everything in the folder ${tree.slice(0, 7)}`,
          code: "too-large",
        });
      return found.tree.map(({ path, ...entry }) => ({ ...entry, name: path }));
    },

    async branchHead(branch) {
      const found = await job.find(ref, () =>
        job.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...at, ref: `heads/${branch}` }),
      );
      return found?.object.sha;
    },

    async branchRules(branch) {
      // A plan without rulesets answers 403.
      const found = await job.find(
        rules,
        () =>
          job.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
            ...at,
            branch,
            per_page: FULL_PAGE,
          }),
        [404, 403],
      );
      const checks = (found ?? []).flatMap((rule) =>
        rule.type === "required_status_checks" ? (rule.parameters?.required_status_checks ?? []) : [],
      );
      return {
        types: [...new Set((found ?? []).map((rule) => rule.type))],
        requiredChecks: [...new Set(checks.map((check) => check.context))],
      };
    },
  };
}

function commitOf(
  named: { readonly sha: string; readonly parents: readonly { readonly sha: string }[] },
  told: z.infer<typeof gitCommit>,
): Commit {
  const date = Date.parse(told.committer?.date ?? told.author?.date ?? "");
  return {
    sha: named.sha,
    message: told.message,
    tree: told.tree.sha,
    parents: named.parents.map((parent) => parent.sha),
    // The beginning of time is older than any limit, so nothing acts on a commit without a date.
    committedAt: Number.isNaN(date) ? 0 : date,
  };
}

function comparisonOf(first: z.infer<typeof comparison>, commits: readonly Commit[]): Comparison {
  const files = first.files ?? [];
  const isEmpty = first.status === "identical" || first.status === "behind";
  return {
    relation: first.status,
    mergeBase: first.merge_base_commit.sha,
    commits,
    commitsCut: commits.length < first.total_commits,
    files: files.map((file) => ({
      path: file.filename,
      status: file.status,
      ...(file.previous_filename ? { previousPath: file.previous_filename } : {}),
    })),
    filesCut: files.length >= MOST_FILES || (!first.files && !isEmpty),
  };
}

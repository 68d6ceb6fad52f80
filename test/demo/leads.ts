import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startGitHubStandIn } from "../stand-ins/github/stand-in.ts";
import { startPostgres } from "../stand-ins/postgres.ts";
import { standInRunner } from "../stand-ins/runner.ts";
import { showEnding } from "./ending.ts";
import { jobLog } from "./job-log.ts";
import { openPlatform } from "./platform.ts";
import { leadsStories, writeHistory } from "./leads-story.ts";

const root = resolve(import.meta.dirname, "../..");
const say = (line = ""): void => console.log(line);

/** Plays a merge into the small service, in real time; gives what did not go as it should. */
export async function playLeads(name: "bad" | "good", out: string): Promise<readonly string[]> {
  const story = leadsStories[name];
  await using opened = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), "deploy-gate-demo-"));
  opened.defer(() => rm(scratch, { recursive: true, force: true }));

  say(`Render Deploy Gate, the demo: ${story.verdict === "fail" ? "a bad merge" : "a good merge"}`);
  say();

  const database = await startPostgres();
  opened.defer(() => database.stop());
  const github = await startGitHubStandIn({ owner: "acme", repo: "leads" });
  opened.defer(() => github.close());
  const history = await writeHistory(github, story);
  const platform = await openPlatform({
    name: "leads-backend",
    repo: github.webUrl,
    gitDir: github.gitDir,
    databaseUrl: database.url,
    scratch,
    onTrouble: (error) => say(`demo: ${String(error)}`),
  });
  opened.defer(() => platform.close());
  await platform.serve(history.before);

  const short = (sha: string): string => sha.slice(0, 7);
  say(`  database   a real PostgreSQL on 127.0.0.1:${String(database.port)}`);
  say(`  service    leads-backend at ${platform.serviceUrl}, serving ${short(history.before)}`);
  say(`  merged     pull request #${String(history.pull)} "${story.title}" as ${short(history.merged)}`);
  say(`  watched    with .github/deploy-gate.yml of that commit, a twenty-second runbook`);
  say();

  platform.deploy(history.merged, `${story.title} (#${String(history.pull)})`);

  /** What the README's workflow grants, and no more. */
  const token = github.token("job", {
    kind: "actions",
    permissions: {
      contents: "write",
      "pull-requests": "write",
      checks: "write",
      statuses: "write",
      issues: "read",
    },
  });
  const log = jobLog();
  const job = await standInRunner({
    inputs: {
      "render-api-key": platform.render.apiKey,
      config: ".github/deploy-gate.yml",
      "github-token": token,
      "render-api-url": platform.render.url,
    },
    env: {
      DATABASE_URL: database.url,
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
      GITHUB_REPOSITORY_OWNER: github.owner,
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_NAME: "main",
      GITHUB_SHA: history.merged,
      GITHUB_WORKFLOW: "Deploy gate",
      GITHUB_WORKFLOW_REF: `${github.owner}/${github.repo}/.github/workflows/gate.yml@refs/heads/main`,
      GITHUB_JOB: "gate",
      GITHUB_RUN_ID: "4711",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_RUN_NUMBER: "12",
      GITHUB_ACTOR: "octocat",
    },
    event: {
      name: "push",
      payload: {
        ref: "refs/heads/main",
        before: history.before,
        after: history.merged,
        forced: false,
        created: false,
        deleted: false,
        repository: {
          name: github.repo,
          full_name: `${github.owner}/${github.repo}`,
          html_url: github.webUrl,
          default_branch: "main",
          owner: { login: github.owner, name: github.owner },
        },
      },
    },
    onLine: (line) => {
      for (const shown of log.shown(line)) say(`  │ ${shown}`);
    },
  });
  opened.defer(() => rm(resolve(job.temp, ".."), { recursive: true, force: true }));
  const gate = await job.run(join(root, "dist/index.js"));
  const post = await job.run(join(root, "dist/post.js"));
  const revert = github.pulls.find((pull) => String(pull.number) === gate.outputs["revert-pr-number"]);
  const wrong = await showEnding(
    {
      gate,
      violations: [...platform.render.violations, ...github.violations],
      revert: revert && {
        number: revert.number,
        title: revert.title,
        body: revert.body ?? "",
        diff: await github.diff("main", revert.headRef),
      },
    },
    { expected: story, out },
  );
  return post.exitCode === 0 ? wrong : [...wrong, `the post step ended with ${String(post.exitCode)}`];
}

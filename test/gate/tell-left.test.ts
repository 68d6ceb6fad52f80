import { afterAll, beforeAll, expect, it } from "vitest";
import { readInputs } from "../../src/config/inputs.ts";
import { createEdges } from "../../src/edges.ts";
import { closeLeftOpen } from "../../src/gate/leave.ts";
import { externalIdOf, toldName } from "../../src/gate/publish.ts";
import { tellLeft } from "../../src/gate/tell-left.ts";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import { startWebhook, type Webhook } from "../stand-ins/webhook.ts";

const CONFIG = `version: 1
service: shop-api
checks: { health: { http: /health } }
notify: { dev: { slack: $SLACK_URL }, all: { webhook: $HOOK_URL, when: [pass] } }
`;

let github: GitHubStandIn;
let post: Webhook;

beforeAll(async () => {
  github = await startGitHubStandIn();
  post = await startWebhook();
});
afterAll(async () => {
  await Promise.all([github.close(), post.close()]);
});

/** What the post step does after a main step that opened its check run, closed it if `isClosed`, and was killed then. */
async function afterKill(config: string, isClosed: boolean): Promise<string> {
  const commit = await github.commit({
    branch: "main",
    files: { ".github/deploy-gate.yml": config },
    message: "c",
  });
  const given: Readonly<Record<string, string>> = { "github-token": github.actionsToken };
  const { inputs } = readInputs((name) => given[name] ?? "");
  const env: Readonly<Record<string, string>> = { SLACK_URL: post.slackUrl, HOOK_URL: post.hookUrl };
  const edges = createEdges(inputs, {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
  });
  try {
    const [name, externalId] = [toldName("shop-api"), externalIdOf("shop-api", commit)];
    const output = { title: "Starting", summary: "The gate has started." };
    const { id } = await edges.forge.createCheckRun({ sha: commit, name, externalId, output });
    if (isClosed) await edges.forge.updateCheckRun(id, { conclusion: "success", output });
    const left = await closeLeftOpen(edges, JSON.stringify({ commit, name, externalId, hasStatus: false }));
    if (left !== undefined)
      await tellLeft(edges, left, {
        inputs,
        env: (variable) => env[variable],
        runUrl: `${github.webUrl}/actions/runs/1`,
      });
    return commit;
  } finally {
    await edges.close();
  }
}

it("a gate that was killed is told of by the post step", async () => {
  const commit = await afterKill(CONFIG, false);
  expect(post.messages.map(({ text }) => text.split("\n").slice(0, 2))).toEqual([
    [
      `shop-api at ${commit.slice(0, 7)}: Could not tell`,
      "The gate stopped before its verdict; nothing was decided.",
    ],
  ]);
  expect([...post.violations, ...github.violations]).toEqual([]);
});

it.each<[string, string, boolean]>([
  ["a verdict that was written", CONFIG, true],
  ["a config file that cannot be read", "version: 2\n", false],
  ["nobody to be told", CONFIG.replace(/notify.*/, ""), false],
])("nothing is said of %s", async (_, config, isClosed) => {
  const before = post.requests.length;
  await afterKill(config, isClosed);
  expect(post.requests).toHaveLength(before);
});

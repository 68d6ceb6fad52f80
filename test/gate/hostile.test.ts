import { describe, expect, it } from "vitest";
import type { Edges } from "../../src/ports.ts";
import type { GateResult } from "./scene.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const HEADER = "hdr-4f9a8c7b6d5e";
const PASSWORD = "pw%21-8f7e6d5c4b";
const DATABASE = `postgres://app:${encodeURIComponent(PASSWORD)}@db.example.test:5432/shop`;

/** Everything that Markdown, HTML, the runner, GitHub or Render might take for something else. */
const HOSTILE = [
  "::error file=app.py,line=1::boom",
  "##[command]rm -rf /",
  "@everyone and @acme/team fixes #1, closes acme/shop#2",
  "[skip ci] [skip render] ***NO_CI***",
  "| a | b | <img src=x onerror=alert(1)> <script>x</script> </details></summary>",
  "``` ~~~ ` **bold** [link](http://evil.example) ![i](http://evil.example/i.png) $x^2$ ${{ secrets.X }}",
  "<!-- deploy-gate:service=worker --> <!-- /deploy-gate:service=shop%2Dapi -->",
  "\u001b[31mred\u001b[0m \u202egnp.exe \u0000 \ud800",
].join(" ");

const CONFIG = `${configOf()}  page: { http: { url: /page, headers: { X-Key: $HEADER_SECRET } }, pass: [status == 200, body.note == "fine"] }
  rows: { sql: "SELECT note FROM notes", fail: note != "fine" }
databases:
  main: { url: $DATABASE_URL }
`;

/** The job as the real runner writes it: redacted. */
function redacting(edges: Edges): Edges {
  const { runner, redact } = edges;
  return {
    ...edges,
    database: {
      query: () => Promise.resolve({ rows: [{ note: `${HOSTILE} ${PASSWORD} ${DATABASE}` }], cut: false }),
      close: () => Promise.resolve(),
    },
    runner: {
      ...runner,
      info: (text) => runner.info(redact(text)),
      notice: (text) => runner.notice(redact(text)),
      warning: (text) => runner.warning(redact(text)),
      error: (text) => runner.error(redact(text)),
      startGroup: (text) => runner.startGroup(redact(text)),
      output: (name, value) => runner.output(name, redact(value)),
      saveState: (name, value) => runner.saveState(name, redact(value)),
      summary: (markdown) => runner.summary(redact(markdown)),
      file: (name, content) => runner.file(name, redact(content)),
    },
  };
}

async function hostileGate(): Promise<{
  readonly world: RevertWorld;
  readonly result: GateResult;
  readonly secrets: readonly string[];
}> {
  const world = await startRevertWorld({ config: CONFIG });
  const { scene, serviceId } = world;
  const { render, github, web } = scene;
  const tokens = {
    "pr-token": github.token("bot", {
      kind: "app",
      permissions: { contents: "write", "pull-requests": "write" },
    }),
  };
  const secrets = [
    render.apiKey,
    github.actionsToken,
    tokens["pr-token"],
    HEADER,
    PASSWORD,
    DATABASE,
    encodeURIComponent(PASSWORD),
  ];
  const body = JSON.stringify({ note: `${HOSTILE} ${secrets.join(" ")}` });
  web.answerWith((request) => (request.path === "/page" ? { status: 500, body } : { body: "ok" }));
  const landed = await world.land("squash", [{ "app.py": withLine(1, "broken") }], {
    title: HOSTILE.slice(0, 200).replaceAll(/\p{C}/gu, ""),
  });
  const bad = await world.push(
    { "more.py": "1\n" },
    `${HOSTILE.replaceAll("\u0000", "")}\n\nCo-authored-by: @everyone`,
  );
  const story = render.story(serviceId, bad, {
    createdMs: 100,
    buildMs: 2_000,
    updateMs: 2_000,
    message: HOSTILE,
  });
  const line = (message: string, at: number): void =>
    render.log(serviceId, { message, instance: story.suffixes[0]!, at: story.liveAt! + at });
  line(`Traceback ${HOSTILE} ${secrets.join(" ")}`, 5_000);
  const before = landed.sha;
  const result = await scene.gate({
    commit: bad,
    before,
    inputs: tokens,
    env: { HEADER_SECRET: HEADER, DATABASE_URL: DATABASE },
    edges: redacting,
  });
  return { world, result, secrets };
}

/** Markdown without its code blocks and code spans. */
function prose(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "")
    .replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, "");
}

describe("text from outside", () => {
  it("leaks nothing, breaks nothing and pings nobody, wherever it is written", async () => {
    const { world, result, secrets } = await hostileGate();
    await using _world = world;
    const { github } = world.scene;
    expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
    expect(result.report.checks.map(({ verdict }) => verdict)).toContain("fail");
    const pull = world.revertPull();
    const [commit] = await github.log(pull.headSha);

    const sent = github.requests.map(({ body, path }) => `${path} ${JSON.stringify(body)}`);
    const job = [
      ...result.lines,
      result.summary,
      ...Object.values(result.files),
      ...Object.values(result.outputs),
      ...Object.values(result.state),
    ];
    for (const secret of secrets) {
      const forms = [
        secret,
        Buffer.from(secret).toString("base64").slice(0, -4),
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ];
      for (const text of [...sent, ...job, commit?.message ?? ""])
        for (const form of forms) expect(text).not.toContain(form);
    }

    for (const line of result.lines) {
      const text = line.replace(/^(?:notice|warning|error|group): /, "");
      expect(text).not.toMatch(/^\s*::|##\[|\n|\u001b|\u202e/);
    }

    // What becomes a commit message notifies people even from a code block.
    for (const text of [pull.title, pull.body ?? "", commit?.message ?? ""]) {
      expect(text).not.toMatch(/(?<![\w.])@[a-z]/i);
      expect(text).not.toMatch(/\[skip |\*\*\*NO_CI|fixes #1|closes acme\/shop#2/i);
      expect(text).not.toMatch(/\u001b|\u202e|\u0000/);
    }
    expect(pull.body?.split("<!-- deploy-gate:service=")).toHaveLength(2);
    expect(pull.body?.split("<!-- /deploy-gate:service=")).toHaveLength(2);
    expect(pull.headRef).toMatch(/^deploy-gate\/revert-[0-9a-f]{12}-to-[0-9a-f]{12}$/);

    const [run] = github.checkRuns;
    for (const markdown of [run?.summary ?? "", run?.text ?? "", pull.body ?? "", result.summary]) {
      expect(markdown.length).toBeGreaterThan(100);
      expect(prose(markdown)).not.toMatch(/@[a-z]|<img|<script|\]\(http:\/\/evil|(?<!\$<\/span>)\$x/i);
      const text = prose(markdown);
      expect(text.split("<details>")).toHaveLength(text.split("</details>").length);
      const tables = prose(markdown)
        .split("\n")
        .filter((line) => line.startsWith("|"));
      for (const row of tables) expect([3, 6]).toContain(row.split("|").length - 1);
    }
    expect(github.statuses.every(({ description }) => (description ?? "").length <= 140)).toBe(true);
    expectClean(world.scene);
  });
});

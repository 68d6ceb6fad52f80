import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Edges } from "../../src/ports.ts";
import { outlineOf } from "../hostile/outline.ts";
import { SECRETS } from "../hostile/secrets.ts";
import { TRICKS } from "../hostile/tricks.ts";
import { startWebhook, type Webhook } from "../stand-ins/webhook.ts";
import type { GateResult } from "./scene.ts";
import { configOf, expectClean, startRevertWorld, withLine, type RevertWorld } from "./revert-world.ts";

const HEADER = "hdr-4f9a8c7b6d5e<&>'";
const PASSWORD = "pw%21-8f7e6d&5c4b";
const DATABASE = `postgres://app:${encodeURIComponent(PASSWORD)}@db.example.test:5432/shop`;

let post: Webhook;
beforeAll(async () => {
  post = await startWebhook();
});
afterAll(() => post.close());

/** What a place where text comes in carries, and secrets with it where there can be any. */
type Words = (place: string) => string;

/** A name of the config file, which takes no control characters and is short. */
const nameOf = (text: string): string =>
  text
    .replaceAll(/\p{C}|\p{Zl}|\p{Zp}/gu, "")
    .trim()
    .slice(0, 50)
    .trim() || "name";
const quoted = (text: string): string => JSON.stringify(text.toWellFormed());

function configWith(words: Words): string {
  return `${configOf({ step: `{ labels: [${quoted(nameOf(words("a label")))}] }` })}  ${quoted(`c${nameOf(words("a check's name"))}`)}:
    http: { url: /page, headers: { X-Key: $HEADER_SECRET } }
    pass: [status == 200, body.note == "fine"]
    hint: ${quoted(`x${words("a hint")}`.replaceAll("\n", " "))}
  rows: { sql: "SELECT note FROM notes", fail: note != "fine" }
  start: { logs: { require: { ${quoted(`g${nameOf(words("a group"))}`)}: [never said] }, within: 10s } }
databases: { main: { url: $DATABASE_URL } }
notify: { dev: { slack: $SLACK_URL, when: [fail, action] }, ops: { webhook: $HOOK_URL, when: [fail, action] } }
`;
}

/** The job as the real runner writes it: redacted. */
function redacting(words: Words, secrets: readonly string[]): (edges: Edges) => Edges {
  return (edges) => {
    const { runner, redact } = edges;
    const row = Object.fromEntries([
      ["note", `${words("a value")} ${secrets.join(" ")}`],
      [words("a column"), words("a value of it")],
    ]);
    return {
      ...edges,
      database: {
        query: () => Promise.resolve({ rows: [row], cut: false }),
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
  };
}

interface Hostile extends AsyncDisposable {
  readonly world: RevertWorld;
  readonly result: GateResult;
  readonly secrets: readonly string[];
  readonly messages: readonly string[];
}

/** A gate that fails and opens a revert, in which all text from outside says `words`. */
async function gateWith(words: Words): Promise<Hostile> {
  const world = await startRevertWorld({ config: configWith(words) });
  const { scene, serviceId } = world;
  const { render, github, web } = scene;
  const token = github.token("bot", {
    kind: "app",
    permissions: { contents: "write", "pull-requests": "write" },
  });
  const kinds = SECRETS.map(({ text }) => text).filter((text) => /^(?:rnd_|gh|github_pat_)/u.test(text));
  const given = [
    render.apiKey,
    github.actionsToken,
    token,
    HEADER,
    PASSWORD,
    DATABASE,
    post.slackUrl,
    post.hookUrl,
  ];
  const secrets = [...given, ...kinds];
  const said = (place: string): string => `${words(place)} ${secrets.join(" ")}`;
  web.answerWith((request) =>
    request.path === "/page"
      ? {
          status: 500,
          body: JSON.stringify({ note: said("a body") }),
          headers: { "rndr-id": words("a header").replaceAll(/[^\u0020-\u007e]/gu, "") },
        }
      : { body: "ok" },
  );
  const landed = await world.land("squash", [{ "app.py": withLine(1, "broken") }], {
    title: `t${words("a title").slice(0, 200).replaceAll(/\p{C}/gu, "")}`,
  });
  const message = `s${words("a commit's subject").replaceAll("\u0000", "").toWellFormed()}\n\n${words("a commit's body").replaceAll("\u0000", "").toWellFormed()}`;
  const bad = await world.push({ "more.py": "1\n" }, message.replaceAll(/^Deploy-Gate-\w+:/gmu, "x"));
  const story = render.story(serviceId, bad, {
    createdMs: 100,
    buildMs: 2_000,
    updateMs: 2_000,
    message: words("a deploy's message"),
  });
  const line = (text: string, at: number): void =>
    render.log(serviceId, { message: text, instance: story.suffixes[0]!, at: story.liveAt! + at });
  line(`Traceback ${said("a log line")}`, 5_000);
  line(`Traceback ${words("another log line")}`, 6_000);
  const before = post.messages.length;
  const result = await scene.gate({
    commit: bad,
    before: landed.sha,
    inputs: { "pr-token": token },
    env: { HEADER_SECRET: HEADER, DATABASE_URL: DATABASE, SLACK_URL: post.slackUrl, HOOK_URL: post.hookUrl },
    edges: redacting(words, secrets),
  });
  const messages = post.messages.slice(before).map(({ body }) => JSON.stringify(body));
  return { world, result, secrets, messages, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** Every page that people read, by where it stands. */
function pagesOf({ world, result }: Hostile): Readonly<Record<string, string>> {
  const [run] = world.scene.github.checkRuns;
  return {
    "the check run's summary": run?.summary ?? "",
    "the check run's text": run?.text ?? "",
    "the pull request": world.revertPull().body ?? "",
    "the job summary": result.summary,
  };
}

/** What a page is made of, whatever its words: commits, addresses and ports differ from run to run. */
function shapeOf(page: string): unknown {
  const { links, comments, ...shape } = outlineOf(page);
  const plain = (text: string): string => text.replaceAll(/[0-9a-f]{7,}|\d+/gu, "N");
  return { ...shape, links: links.map(plain), comments: comments.map(plain) };
}

/** How often each tag stands in an HTML page. */
function tagsOf(html: string): unknown {
  const names = [...html.matchAll(/<(?:\/?[a-z][\w-]*|!)/giu)].map(([tag]) => tag).sort();
  return Object.fromEntries(names.map((name) => [name, names.filter((one) => one === name).length]));
}

/** What shows otherwise than it is: terminal escapes, control and bidirectional characters, tags, half characters. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;

function expectHarmless(hostile: Hostile): void {
  const { world, result, secrets, messages } = hostile;
  const { github } = world.scene;
  expect(result.ending).toEqual({ verdict: "fail", exitCode: 1 });
  const pull = world.revertPull();
  expect(pull.headRef).toMatch(/^deploy-gate\/revert-[0-9a-f]{12}-to-[0-9a-f]{12}$/);

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
      secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    ];
    for (const form of new Set(forms))
      for (const text of [...sent, ...job, ...messages]) expect(text).not.toContain(form);
  }

  for (const line of result.lines) {
    const text = line.replace(/^(?:notice|warning|error|group): /, "");
    expect(text).not.toMatch(/^\s*::|##\[|[\n\r]/);
    expect(text).not.toMatch(UNSEEN);
  }
  for (const value of [...Object.values(result.outputs), ...Object.values(result.state)])
    expect(value).not.toMatch(/[\n\r]/);

  // What becomes a commit message notifies people even from a code block.
  for (const text of [pull.title, pull.body ?? ""]) {
    expect(text).not.toMatch(/(?<![\w.])@[a-z]/i);
    expect(text).not.toMatch(
      /\[\s*(?:skip|no) (?:ci|render)|\*\*\*NO_CI|skip-checks: *true|(?:fixes|closes|resolves) (?:acme\/shop)?(?:#|GH-)\d/i,
    );
    expect(text).not.toMatch(UNSEEN);
  }
  expect(pull.body?.split("<!-- deploy-gate:service=")).toHaveLength(2);
  expect(pull.body?.split("<!-- /deploy-gate:service=")).toHaveLength(2);
  for (const run of github.checkRuns) {
    expect(run.text?.match(/deploy-gate-state/giu)).toHaveLength(1);
    for (const text of [run.title ?? "", run.summary ?? "", run.text ?? ""]) expect(text).not.toMatch(UNSEEN);
  }
  for (const text of messages) expect(text).not.toMatch(/<!channel>|<@U123>|<#C123>/);
  expect(github.statuses.every(({ description }) => (description ?? "").length <= 140)).toBe(true);
  expect(post.violations).toEqual([]);
  expectClean(world.scene);
}

const PLACES = [
  "a label",
  "a check's name",
  "a hint",
  "a group",
  "a value",
  "a column",
  "a value of it",
  "a body",
  "a header",
  "a title",
  "a commit's subject",
  "a commit's body",
  "a deploy's message",
  "a log line",
  "another log line",
];

/** Two other tricks in every place, and other places for every trick, turn by turn. */
function tricksOf(turn: number): Words {
  const trick = (at: number): string => TRICKS[at % TRICKS.length]!.text;
  return (place) => {
    const at = turn + PLACES.indexOf(place) * 3;
    return `${trick(at)} ${trick(at + 23)}`;
  };
}

describe("text from outside", () => {
  let plain: Readonly<Record<string, unknown>>;
  let plainHtml: unknown;
  beforeAll(async () => {
    await using gate = await gateWith(() => "words");
    plain = Object.fromEntries(Object.entries(pagesOf(gate)).map(([name, page]) => [name, shapeOf(page)]));
    plainHtml = tagsOf(gate.result.files["report.html"] ?? "");
  });

  // Two turns with most tricks in some place; `HOSTILE_TURNS=46` has every trick in every place, twice.
  const turns = Number(process.env["HOSTILE_TURNS"] ?? 0);
  it.each(turns > 0 ? Array.from({ length: turns }, (_, at) => at) : [7, 16])(
    "leaks nothing, starts nothing and leaves every page what it is, turn %i",
    async (turn) => {
      await using hostile = await gateWith(tricksOf(turn));
      expectHarmless(hostile);
      for (const [name, page] of Object.entries(pagesOf(hostile)))
        expect(shapeOf(page), name).toEqual(plain[name]);
      expect(tagsOf(hostile.result.files["report.html"] ?? "")).toEqual(plainHtml);
    },
  );
});

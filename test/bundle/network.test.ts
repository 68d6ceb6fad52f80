import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CERTIFICATE_FILE, startPostgres } from "../stand-ins/postgres.ts";
import { startProxy, type Proxy } from "../stand-ins/proxy.ts";
import type { StepResult } from "../stand-ins/runner.ts";
import { AUTHORITY_FILE, startSecureFront } from "../stand-ins/secure.ts";
import { startWebhook } from "../stand-ins/webhook.ts";
import { CONFIG, deploy, MAIN, openWorld, otherWrites, type JobOptions, type World } from "./world.ts";

const hostOf = (url: string): string => new URL(url).host;
const WITH_LOGS = `${CONFIG}  errors: { logs: { forbid: [Traceback] } }\n`;
const TRUSTED = { NODE_EXTRA_CA_CERTS: AUTHORITY_FILE };

/** A deploy that prints a line every quarter of a second, so that the stream brings some whenever it opens. */
function talkingDeploy(world: World): void {
  const { suffixes, liveAt = 0 } = deploy(world, { updateMs: 1_500 });
  for (let at = liveAt - 200; at < liveAt + 20_000; at += 250)
    world.render.log(world.serviceId, { message: "INFO at work", instance: suffixes[0] ?? "", at });
}

/** A world whose servers speak TLS, under names that only a proxy knows. */
interface SecureWorld extends World {
  readonly hosts: { readonly render: string; readonly github: string; readonly web: string };
}

async function openSecureWorld(options: Parameters<typeof openWorld>[0] = {}): Promise<SecureWorld> {
  const world = await openWorld(options);
  const [render, github, web] = await Promise.all(
    [world.render.url, world.github.url, world.web.url].map((url) =>
      startSecureFront(Number(new URL(url).port)),
    ),
  );
  const hosts = {
    render: `render.gate.test:${render!.port}`,
    github: `github.gate.test:${github!.port}`,
    web: `web.gate.test:${web!.port}`,
  };
  world.render.serviceState(world.serviceId).record.serviceDetails["url"] = `https://${hosts.web}`;
  const own = {
    inputs: { "render-api-url": `https://${hosts.render}${new URL(world.render.url).pathname}` },
    env: { GITHUB_API_URL: `https://${hosts.github}${options.basePath ?? ""}` },
  };
  return {
    ...world,
    hosts,
    job: (job: JobOptions = {}) =>
      world.job({ ...job, inputs: { ...own.inputs, ...job.inputs }, env: { ...own.env, ...job.env } }),
    async [Symbol.asyncDispose]() {
      await Promise.all([render!.close(), github!.close(), web!.close()]);
      await world[Symbol.asyncDispose]();
    },
  };
}

/** Everything that a step left for people to read. */
function leftBy(step: StepResult, world: World): string {
  // What asks the runner to hide a secret names it.
  const lines = step.lines.filter((line) => !line.startsWith("::add-mask::"));
  const told = world.github.requests.map(({ body }) => JSON.stringify(body));
  return [...lines, step.summary, ...Object.values(step.outputs), ...told].join("\n");
}

async function run(world: World, job: JobOptions): Promise<StepResult> {
  return (await world.job(job)).run(MAIN);
}

describe("GitHub Enterprise Server", () => {
  it("is GITHUB_API_URL and GITHUB_SERVER_URL with their paths, up to the revert and its links", async () => {
    const pages = "https://ghe.example/some/prefix";
    await using world = await openWorld({
      basePath: "/some/prefix/api/v3",
      serverUrl: pages,
      config: `${CONFIG}remedies:\n  revert: [{ revert_pr: { auto_merge: true } }]\n`,
    });
    const parameters = {
      required_status_checks: [{ context: "ci" }],
      strict_required_status_checks_policy: false,
    };
    world.github.settings.branchRules = { main: [{ type: "required_status_checks", parameters }] };
    deploy(world);
    world.web.answerWith(() => ({ status: 503 }));
    const pr = world.github.token("bot", {
      kind: "app",
      permissions: { contents: "write", "pull-requests": "write" },
    });
    // Slashes at the end change nothing.
    const step = await run(world, {
      inputs: { "pr-token": pr, "render-api-url": `${world.render.url}/` },
      env: { GITHUB_API_URL: `${world.github.url}/`, GITHUB_SERVER_URL: `${pages}/` },
    });
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("fail");
    expect(world.github.pulls).toHaveLength(1);
    expect(world.github.requests.some(({ path }) => path === "/graphql")).toBe(true);
    expect(world.violations()).toEqual([]);
    const links = leftBy(step, world).match(/https:\/\/ghe\.example[^\s"'<>)\\\]]*/g) ?? [];
    const kinds = ["actions/runs/4711", "pull/1", `commit/${world.sha}`];
    for (const kind of kinds) expect(links).toContain(`${pages}/acme/shop/${kind}`);
    expect(links.filter((link) => !link.startsWith(`${pages}/acme/shop`))).toEqual([]);
  });

  const older: readonly {
    readonly without: string;
    readonly route: RegExp;
    readonly config?: string;
    readonly says?: RegExp;
  }[] = [
    { without: "rulesets", route: /\/rules\/branches\// },
    {
      without: "deployments",
      route: /\/deployments/,
      config: CONFIG.replace("every: 1s }", "every: 1s }\n  hour: { for: 1h, every: 1m }"),
      says: /Stage hour will not be watched/,
    },
  ];
  it.each(older)("an older one without $without", async ({ route, config = CONFIG, says = /Passed/ }) => {
    await using world = await openWorld({ basePath: "/api/v3", config });
    const fault = world.github.fault({ route, kind: "status", status: 404 });
    deploy(world);
    const step = await run(world, {});
    expect(fault.hits()).toBeGreaterThan(0);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(step.lines.join("\n")).toMatch(says);
    expect(otherWrites(world.github).filter((write) => !write.includes("/deployments"))).toEqual([]);
    expect(world.violations()).toEqual([]);
  });
});

describe.concurrent("a proxy", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("opens tunnels to http:// addresses, too: %s", async (name) => {
    await using world = await openWorld({ config: WITH_LOGS });
    await using proxy = await startProxy();
    talkingDeploy(world);
    // Names that only the proxy knows.
    const [renderUrl, githubUrl] = [world.render.url, world.github.url].map((url) =>
      url.replace("127.0.0.1", "api.invalid"),
    ) as [string, string];
    const env = { [name]: proxy.url, GITHUB_API_URL: githubUrl };
    const step = await run(world, { inputs: { "render-api-url": renderUrl }, env });
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(new Set(proxy.targets)).toEqual(new Set([renderUrl, githubUrl, world.web.url].map(hostOf)));
    expect(proxy.forwards).toEqual([]);
    expect(world.violations()).toEqual([]);
  });

  it("leaves out what NO_PROXY names", async () => {
    await using world = await openWorld();
    await using proxy = await startProxy();
    deploy(world);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: `${hostOf(world.render.url)},${hostOf(world.web.url)}` };
    const step = await run(world, { env });
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(new Set(proxy.targets)).toEqual(new Set([hostOf(world.github.url)]));
    expect(world.violations()).toEqual([]);
  });

  it("behind https:// with a user leads every edge to TLS of an own authority; a database is reached directly", async () => {
    const database = await startPostgres({ tls: "only" });
    await using post = await startWebhook().then((webhook) => ({
      ...webhook,
      [Symbol.asyncDispose]: () => webhook.close(),
    }));
    await using world = await openSecureWorld({
      config: `${WITH_LOGS}  rows: { sql: "select 1 as n", pass: n == 1 }
databases: { main: { url: $DATABASE_URL } }
notify: { dev: { slack: $SLACK_URL, when: [pass] } }
`,
    });
    await using proxy = await startProxy({ isSecure: true, user: "gate:p@ss/word" });
    const front = await startSecureFront(Number(new URL(post.url).port));
    talkingDeploy(world);
    const folder = await mkdtemp(join(tmpdir(), "deploy-gate-authorities-"));
    const authorities = join(folder, "authorities.pem");
    const files = await Promise.all([AUTHORITY_FILE, CERTIFICATE_FILE].map((file) => readFile(file, "utf8")));
    await writeFile(authorities, files.join(""));
    const slack = `hooks.gate.test:${front.port}`;
    const job = await world.job({
      env: {
        HTTPS_PROXY: proxy.url.replace("//", "//gate:p%40ss%2Fword@"),
        NODE_EXTRA_CA_CERTS: authorities,
        DATABASE_URL: `${database.url.replace("127.0.0.1", "localhost")}?sslmode=verify-full`,
        SLACK_URL: post.slackUrl.replace(post.url, `https://${slack}`),
      },
    });
    const step = await job.run(MAIN);
    await Promise.all([front.close(), database.stop(), rm(folder, { recursive: true })]);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(new Set(proxy.targets)).toEqual(new Set([...Object.values(world.hosts), slack]));
    expect(new Set(proxy.users)).toEqual(new Set(["gate:p@ss/word"]));
    expect(post.messages).toHaveLength(1);
    expect(world.render.requests.some(({ path }) => path === "/logs/subscribe")).toBe(true);
    const left = leftBy(step, world);
    expect(left).not.toMatch(/stream.*(?:down|cannot be opened)/);
    for (const secret of ["p@ss/word", "p%40ss%2Fword", btoa("gate:p@ss/word")]) {
      expect(left).not.toContain(secret);
      expect(step.lines).toContain(`::add-mask::${secret.replaceAll("%", "%25")}`);
    }
    expect(world.violations()).toEqual([]);
  });

  const unreached: readonly {
    readonly title: string;
    readonly env: (proxy: Proxy) => Readonly<Record<string, string>>;
    readonly says: RegExp;
  }[] = [
    {
      title: "to an authority that Node was not told of",
      env: ({ url }) => ({ HTTPS_PROXY: url.replace("//", "//gate:secret-0@") }),
      says: /GitHub.*NODE_EXTRA_CA_CERTS/,
    },
    {
      title: "with a wrong password",
      env: ({ url }) => ({ ...TRUSTED, HTTPS_PROXY: url.replace("//", "//gate:hunter-2@") }),
      says: /answered 407 to CONNECT .*user and password/,
    },
  ];
  it.each(unreached)("$title: unknown, and what to do", async ({ env, says }) => {
    await using world = await openSecureWorld();
    await using proxy = await startProxy({ user: "gate:secret-0" });
    deploy(world);
    const step = await run(world, { env: env(proxy) });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: "unknown" } });
    expect(step.lines.filter((line) => line.startsWith("::error::")).join("\n")).toMatch(says);
    expect(leftBy(step, world)).not.toMatch(/hunter-2|secret-0/);
  });

  it.each([403, "mute", "cut"] as const)(
    "that leaves the service out (%s): unknown, nothing is reverted",
    async (answer) => {
      await using world = await openSecureWorld({
        config: CONFIG.replace("/health,", "{ url: /health, timeout: 1s }, fail_after: 1,"),
      });
      await using proxy = await startProxy();
      proxy.answerWith((target) => (target === world.hosts.web ? answer : "tunnel"));
      deploy(world);
      const step = await run(world, { env: { ...TRUSTED, HTTPS_PROXY: proxy.url } });
      expect(step.outputs["verdict"], step.lines.join("\n")).toBe("unknown");
      expect(leftBy(step, world)).toMatch(/health.*proxy/);
      expect(world.github.pulls).toEqual([]);
      expect(otherWrites(world.github)).toEqual([]);
      expect(world.violations()).toEqual([]);
    },
  );

  it("that is none is a mistake, and its value stays secret", async () => {
    await using world = await openWorld();
    const step = await run(world, { env: { HTTPS_PROXY: "ftp:hunter2@nowhere:x" } });
    expect(step.exitCode).toBe(1);
    const errors = step.lines.filter((line) => line.startsWith("::error::"));
    expect(errors).toEqual([expect.stringMatching(/HTTPS_PROXY.*http:\/\/host:port/)]);
    expect(step.lines.join("\n")).not.toContain("hunter2");
  });
});

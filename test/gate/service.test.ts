import { describe, expect, it } from "vitest";
import type { ServiceInput } from "../stand-ins/render/server.ts";
import { expectNoAct, gatePush, quick, QUICK, startShop, told } from "./deploy-scene.ts";

const OTHER_TEAM = "tea-zzzz0123456789efghij";
const SECONDS_MS = 10_000;

describe("the service", () => {
  it("is found by name", async () => {
    await using shop = await startShop();
    shop.scene.render.service({ name: "shop-api-2" });
    shop.scene.render.story(shop.service.id, shop.bad);
    const { ending, outputs } = await gatePush(shop);
    expect(ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(outputs["service-id"]).toBe(shop.service.id);
    expectNoAct(shop);
  });

  it("is found by id, and the input wins over the file", async () => {
    await using shop = await startShop({ config: QUICK.replace("shop-api", "another") });
    shop.scene.render.story(shop.service.id, shop.bad);
    const { ending } = await gatePush(shop, { service: shop.service.id });
    expect(ending.verdict).toBe("pass");
    expect(shop.scene.github.checkRuns).toMatchObject([{ name: "deploy-gate / shop-api" }]);
    expectNoAct(shop);
  });

  it("may have a name that begins like an id", async () => {
    await using shop = await startShop({ service: { name: "srv-shop" } });
    shop.scene.render.story(shop.service.id, shop.bad);
    expect((await gatePush(shop, { service: "srv-shop" })).ending.verdict).toBe("pass");
    expectNoAct(shop);
  });

  it("is not confused with its own pull request previews", async () => {
    await using shop = await startShop();
    const parentServer = { id: shop.service.id, name: "shop-api" };
    shop.scene.render.service({ name: "shop-api", serviceDetails: { parentServer } });
    shop.scene.render.story(shop.service.id, shop.bad);
    expect((await gatePush(shop)).ending.verdict).toBe("pass");
    expectNoAct(shop);
  });
});

interface Refusal {
  readonly title: string;
  readonly service?: ServiceInput;
  readonly config?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly twin?: ServiceInput;
  /** Every one of them in one error line each. */
  readonly says: readonly RegExp[];
}

const http = "checks:\n  health: { http: /health }\n";
const checks = (text: string): string => `version: 1\nservice: shop-api\nchecks:\n${text}`;

const REFUSALS: readonly Refusal[] = [
  {
    title: "a name that two workspaces have: the candidates are listed",
    twin: { name: "shop-api", ownerId: OTHER_TEAM, type: "background_worker" },
    says: [
      /2 services are named "shop-api": srv-\w{20} \(web_service, main, .*srv-\w{20} \(background_worker, main, workspace tea-zzzz/,
    ],
  },
  { title: "an unknown name", inputs: { service: "shop-app" }, says: [/No service named "shop-app"/] },
  {
    title: "an unknown id",
    inputs: { service: "srv-00000000000000000000" },
    says: [/The service "srv-00000000000000000000" does not exist/],
  },
  {
    title: "a suspended service, and by whom",
    service: { suspended: "suspended", suspenders: ["billing"] },
    says: [/"shop-api" is suspended \(by billing\)/],
  },
  {
    title: "another repository",
    service: { repo: "https://github.com/acme/blog" },
    says: [/deploys acme\/blog, not acme\/shop/],
  },
  {
    title: "the same name at another host",
    service: { repo: "https://gitlab.com/acme/shop" },
    says: [/deploys gitlab\.com\/acme\/shop, not acme\/shop/],
  },
  {
    title: "a branch that is not there",
    service: { branch: "staging" },
    says: [/deploys the branch staging, which does not hold/],
  },
  {
    title: "an image without deploy-id",
    service: { image: "docker.io/acme/shop:1" },
    says: [/"shop-api" deploys an image, so no deploy can be found by commit\. .*deploy-id/],
  },
  {
    title: "the checksPass deadlock, with the way out",
    service: { autoDeployTrigger: "checksPass" },
    says: [/Deadlock: .* this run is itself one of them.*"On Commit".*trigger: true.*deployment_status/],
  },
  {
    title: "a cron job that shall be asked to deploy a commit",
    service: { type: "cron_job", autoDeploy: "no", autoDeployTrigger: "off" },
    config: `version: 1\nservice: shop-api\ndeploy: { trigger: true }\nchecks:\n  rows: { http: "https://example.test/" }\n`,
    says: [/cron job "shop-api" cannot be asked to deploy a given commit/],
  },
  {
    title: "http of a worker",
    service: { type: "background_worker" },
    config: `version: 1\nservice: shop-api\n${http}`,
    says: [/deploy-gate\.yml:4:.*"health": a background worker has no URL/],
  },
  {
    title: "http of a private service",
    service: { type: "private_service" },
    config: `version: 1\nservice: shop-api\n${http}`,
    says: [/"health": a private service cannot be reached from outside Render/],
  },
  {
    title: "http of a cron job, and its server events: both said at once",
    service: { type: "cron_job" },
    config: checks("  health: { http: /health }\n  crashes: { events: [server_failed] }\n"),
    says: [/"health": a cron job has no URL/, /"crashes": a cron job runs no server/],
  },
  {
    title: "app logs, request logs and server events of a static site",
    service: { type: "static_site" },
    config: checks(
      "  app: { logs: { forbid: [x] } }\n  requests: { logs: { type: request, forbid: [x] } }\n  crashes: { events: [server_failed] }\n",
    ),
    says: [
      /"app": a static site has no app logs/,
      /"requests": a static site has no request logs/,
      /"crashes": a static site runs no server/,
    ],
  },
  {
    title: "request logs of a private service",
    service: { type: "private_service" },
    config: checks("  requests: { logs: { type: request, forbid: [x] } }\n"),
    says: [/"requests": a private service has no request logs/],
  },
];

describe("refused within seconds, before any wait", () => {
  it.each(REFUSALS)("$title", async ({ service, config, inputs, twin, says }) => {
    await using shop = await startShop({
      ...(service === undefined ? {} : { service }),
      ...(config === undefined ? {} : { config }),
    });
    if (twin !== undefined) shop.scene.render.service(twin);
    const start = shop.scene.clock.now();
    const result = await gatePush(shop, inputs);
    expect(result.ending).toEqual({ verdict: "unknown", exitCode: 1 });
    expect(shop.scene.clock.now() - start).toBeLessThan(SECONDS_MS);
    const errors = result.lines.filter((line) => line.startsWith("error: "));
    expect(errors).toHaveLength(says.length);
    for (const [index, pattern] of says.entries()) expect(errors[index]).toMatch(pattern);
    expect(
      shop.scene.github.checkRuns.map((run) => run.conclusion).every((it) => it === "action_required"),
    ).toBe(true);
    expectNoAct(shop);
  });

  it("a commit that the service's branch does not hold", async () => {
    await using shop = await startShop();
    const commit = await shop.scene.github.commit({
      branch: "feature",
      files: { "app.py": "print('three')\n" },
      message: "Third",
    });
    const result = await gatePush(shop, {}, commit);
    expect(result.ending.exitCode).toBe(1);
    expect(result.lines.join("\n")).toMatch(/deploys the branch main, which does not hold/);
    expect(told(shop, commit).check).toBe("action_required");
    expectNoAct(shop);
  });
});

describe("the deadlock is none", () => {
  it("once the deploy exists", async () => {
    await using shop = await startShop({ service: { autoDeployTrigger: "checksPass" } });
    shop.scene.render.story(shop.service.id, shop.bad);
    expect((await gatePush(shop)).ending).toEqual({ verdict: "pass", exitCode: 0 });
    expectNoAct(shop);
  });

  it("for a deploy named by its id", async () => {
    await using shop = await startShop({ service: { autoDeployTrigger: "checksPass" } });
    const { deployId } = shop.scene.render.story(shop.service.id, shop.bad);
    expect((await gatePush(shop, { "deploy-id": deployId })).ending.verdict).toBe("pass");
    expectNoAct(shop);
  });
});

describe("warned about", () => {
  it("branch rules that require our check, and services that wait for it; each once", async () => {
    await using shop = await startShop();
    const { render, github } = shop.scene;
    github.settings.branchRules = {
      main: [
        {
          type: "required_status_checks",
          parameters: {
            required_status_checks: [{ context: "deploy-gate / shop-api" }],
            strict_required_status_checks_policy: false,
          },
        },
      ],
    };
    render.service({ name: "shop-worker", type: "background_worker", autoDeployTrigger: "checksPass" });
    render.service({ name: "blog", repo: "https://github.com/acme/blog", autoDeployTrigger: "checksPass" });
    render.service({ name: "shop-next", branch: "next", autoDeployTrigger: "checksPass" });
    render.service({ name: "shop-web", autoDeployTrigger: "commit" });
    render.story(shop.service.id, shop.bad);
    const result = await gatePush(shop);
    expect(result.ending.verdict).toBe("pass");
    const warnings = result.lines.filter((line) => line.startsWith("warning: "));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/require "deploy-gate \/ shop-api".*Remove it from the rule/);
    expect(warnings[1]).toMatch(/"shop-worker" of this repository deploys only after all checks pass/);
    expect(warnings[1]).not.toMatch(/blog|shop-next|shop-web/);
    expectNoAct(shop);
  });
});

interface Served {
  readonly title: string;
  readonly service: ServiceInput;
  readonly config: string | null;
  readonly verdict: string;
}

const events = checks("  crashes: { events: [server_failed] }\n");
const SERVED: readonly Served[] = [
  { title: "a web service without a config file", service: {}, config: null, verdict: "pass" },
  { title: "a static site by its address", service: { type: "static_site" }, config: null, verdict: "pass" },
  {
    title: "a private service by its events",
    service: { type: "private_service" },
    config: events,
    verdict: "pass",
  },
  {
    title: "a worker by its events",
    service: { type: "background_worker" },
    config: events,
    verdict: "pass",
  },
  {
    title: "a worker without a config file",
    service: { type: "background_worker" },
    config: null,
    verdict: "pass",
  },
  {
    title: "a cron job without a config file: nothing to measure",
    service: { type: "cron_job" },
    config: null,
    verdict: "unknown",
  },
  {
    title: "a cron job by an absolute URL",
    service: { type: "cron_job" },
    config: checks(`  health: { http: "URL/health" }\n`),
    verdict: "pass",
  },
];

describe("the five types are served", () => {
  it.each(SERVED)("$title", async ({ service, config, verdict }) => {
    await using shop = await startShop({ service, config: null });
    if (service.type === "static_site") shop.service.serviceDetails["url"] = shop.scene.web.url;
    const bad =
      config === null
        ? shop.bad
        : await shop.scene.push(
            { ".github/deploy-gate.yml": config.replace("URL", shop.scene.web.url) },
            "Third",
          );
    shop.scene.render.story(shop.service.id, bad, { buildMs: 20_000, updateMs: 10_000 });
    const result = await gatePush(shop, config === null ? { service: "shop-api" } : {}, bad);
    expect(result.report.reason).toEqual(expect.any(String));
    expect([result.ending.verdict, result.report.reason]).toEqual([verdict, expect.any(String)]);
    expectNoAct(shop);
  });
});

it("says that auto-deploy is on where the file asks to trigger", async () => {
  await using shop = await startShop({ config: quick("trigger: true") });
  shop.scene.render.story(shop.service.id, shop.bad, { at: shop.scene.clock.now() + 5_000 });
  const result = await gatePush(shop);
  expect(result.report.verdict).toBe("pass");
  expect(result.report.actions).toEqual([expect.objectContaining({ kind: "trigger", state: "skipped" })]);
  expectNoAct(shop);
});

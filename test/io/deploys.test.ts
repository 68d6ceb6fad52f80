import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeploys } from "../../src/io/deploys.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import type { Deploys } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { failures, sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

const MINUTE = 60_000;
let clock: SimulatedClock;
let render: RenderStandIn;
let api: RenderApi;
let deploys: Deploys;

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  api = apiOf();
  deploys = createDeploys(api);
});

afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

function apiOf(options: Partial<Parameters<typeof createRenderApi>[0]> = {}): RenderApi {
  return createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: `${render.url}/`,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
    ...options,
  });
}

/** The next answers on that route are this. */
function reply(route: RegExp, body: unknown, times = 1): void {
  render.fault({ route, kind: "status", status: 200, body, times });
}

async function problemOf(call: Promise<unknown>): Promise<ServiceProblem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServiceProblem);
  return error as ServiceProblem;
}

describe("a machine whose clock is wrong", () => {
  it.each([
    { by: 3_600_000, says: /clock is 3599 s ahead of Render's/ },
    { by: -45_000, says: /clock is 4[45] s behind Render's/ },
    { by: 8_000, says: undefined },
  ])("by $by ms", async ({ by, says }) => {
    const { id } = render.service({ name: "shop-api" });
    const shifted = { ...clock, now: () => clock.now() + by };
    const wrong = apiOf({ clock: shifted });
    const asked = createDeploys(wrong).service(id);
    if (says === undefined) expect(await asked).toMatchObject({ id });
    else {
      const { failure } = await problemOf(asked);
      expect(failure).toMatchObject({ code: "clock", hint: "Set the runner's clock, by NTP for example." });
      expect(failure.message).toMatch(says);
      expect(render.requests).toHaveLength(1);
    }
    await wrong.close();
  });
});

describe("services", () => {
  it("has the fields the gate needs, units and absences settled", async () => {
    const { id } = render.service({
      name: "shop-api",
      rootDir: "api",
      buildFilter: { paths: ["api/**"], ignoredPaths: ["docs/**"] },
      autoDeployTrigger: "checksPass",
      serviceDetails: {
        url: "https://shop-api.onrender.com",
        healthCheckPath: "/healthz",
        maxShutdownDelaySeconds: 90,
        maintenanceMode: { enabled: true, uri: "" },
        renderSubdomainPolicy: "disabled",
      },
    });
    expect(await deploys.service(id)).toMatchObject({
      id,
      name: "shop-api",
      type: "web_service",
      autoDeploy: true,
      autoDeployTrigger: "checksPass",
      suspended: false,
      suspenders: [],
      rootDir: "api",
      buildFilter: { paths: ["api/**"], ignoredPaths: ["docs/**"] },
      url: "https://shop-api.onrender.com",
      healthCheckPath: "/healthz",
      shutdownDelayMs: 90_000,
      maintenanceMode: true,
      subdomainPolicy: "disabled",
    });
  });

  it("an image-backed worker has neither repository, branch, address nor health path", async () => {
    const { id } = render.service({ name: "jobs", type: "background_worker", image: "docker.io/acme/jobs" });
    const service = await deploys.service(id);
    for (const field of ["repo", "branch", "url", "healthCheckPath", "buildFilter"])
      expect(service).not.toHaveProperty(field);
  });

  const asked = /^GET \/services\/srv-x$/;
  const least = { id: "srv-x", name: "x", ownerId: "tea-1", type: "future_type" };
  it.each([
    [
      "an unknown type stays its own string",
      {},
      { type: "future_type", autoDeploy: true, shutdownDelayMs: 30_000 },
    ],
    ["auto-deploy off by the old field", { autoDeploy: "no" }, { autoDeploy: false }],
    ["auto-deploy off by the new field", { autoDeployTrigger: "off" }, { autoDeploy: false }],
    [
      "suspended",
      { suspended: "suspended", suspenders: ["billing"] },
      { suspended: true, suspenders: ["billing"] },
    ],
    [
      "null everywhere",
      { repo: null, branch: null, serviceDetails: null, suspenders: null },
      { suspenders: [] },
    ],
  ])("%s", async (_what, fields, expected) => {
    reply(asked, { ...least, ...fields });
    expect(await deploys.service("srv-x")).toMatchObject(expected);
  });

  it("an unknown id is undefined; so is one with odd characters, which stay in their path segment", async () => {
    expect(await deploys.service("srv-00000000000000000000")).toBeUndefined();
    reply(/%2F/, least);
    expect(await deploys.service("srv-1/deploys?x")).toMatchObject({ id: "srv-x" });
  });

  it("by name: exactly that name, no previews, all pages", async () => {
    const first = render.service({ name: "shop-api" });
    const second = render.service({ name: "shop-api", ownerId: "tea-bbbbbbbbbbbbbbbbbbbb" });
    render.service({ name: "shop-api-2" });
    const page = (start: number, count: number): unknown[] =>
      Array.from({ length: count }, (_, index) => ({
        cursor: `c${start + index}`,
        service: { ...least, id: `srv-${start + index}`, name: start + index === 101 ? "x" : "y" },
      }));
    expect((await deploys.servicesNamed("shop-api")).map((each) => each.id).sort()).toEqual(
      [first.id, second.id].sort(),
    );
    expect(render.requests.at(-1)?.query.get("includePreviews")).toBe("false");
    reply(/^GET \/services$/, page(0, 100));
    reply(/^GET \/services$/, [
      ...page(100, 2),
      {
        cursor: "p",
        service: { ...least, id: "srv-p", name: "x", serviceDetails: { parentServer: { id: "srv-1" } } },
      },
    ]);
    expect((await deploys.servicesNamed("x")).map((each) => each.id)).toEqual(["srv-101"]);
  });

  it("of a workspace", async () => {
    const { id, ownerId } = render.service({ name: "a" });
    render.service({ name: "b", ownerId: "tea-bbbbbbbbbbbbbbbbbbbb" });
    expect((await deploys.servicesOf(ownerId)).map((each) => each.id)).toEqual([id]);
  });

  it("custom domains: the verified ones, in order", async () => {
    const { id } = render.service({ name: "shop-api" });
    render.customDomain(id, "shop.example", "verified");
    render.customDomain(id, "new.example", "unverified");
    render.customDomain(id, "www.shop.example", "verified");
    expect(await deploys.customDomains(id)).toEqual(["shop.example", "www.shop.example"]);
  });
});

describe("deploys", () => {
  it("come newest first whatever the order, with times in ms and the commit", async () => {
    render.quirks.oldestFirst = true;
    const { id } = render.service({ name: "shop-api" });
    const old = render.serving(id, sha("old"));
    const story = render.story(id, sha("new"), { message: "Fix totals (#41)" });
    await clock.advance(10_000);
    const [newest, older] = await deploys.deploys(id, {});
    expect(newest).toMatchObject({
      id: story.deployId,
      commit: { sha: sha("new"), message: "Fix totals (#41)" },
      status: "build_in_progress",
      createdAt: story.createdAt,
      startedAt: story.startedAt,
    });
    expect(newest).not.toHaveProperty("finishedAt");
    expect(older).toMatchObject({ id: old.deployId, status: "live", finishedAt: expect.any(Number) });
    expect(render.requests.at(-1)?.query.get("limit")).toBe("20");
  });

  it("of all pages, each once; the first 20 unless asked", async () => {
    const { id } = render.service({ name: "shop-api" });
    const wanted = render.serving(id, sha("wanted"));
    render.fillers(id, 205, { at: clock.now() - 300_000 });
    expect(await deploys.deploys(id, {})).toHaveLength(20);
    const all = await deploys.deploys(id, { allPages: true });
    expect(all).toHaveLength(206);
    expect(new Set(all.map((deploy) => deploy.id)).size).toBe(206);
    expect(all.at(-1)?.id).toBe(wanted.deployId);
    expect(render.requests).toHaveLength(4);
  });

  it("stop at a full page that brings nothing new", async () => {
    const items = Array.from({ length: 100 }, (_, index) => ({
      cursor: "same",
      deploy: { id: `dep-${index}`, status: "live", createdAt: "2026-11-20T00:00:00Z" },
    }));
    reply(/deploys$/, items, 9);
    expect(await deploys.deploys("srv-x", { allPages: true })).toHaveLength(100);
    expect(render.requests).toHaveLength(2);
  });

  it("since a time, that moment included", async () => {
    const { id } = render.service({ name: "shop-api" });
    const first = render.story(id, sha("a"), {
      at: clock.now() - 2 * MINUTE,
      end: "canceled",
      cancelAfterMs: 1,
    });
    const second = render.story(id, sha("b"), { at: clock.now() - MINUTE });
    const found = await deploys.deploys(id, { createdAfter: second.createdAt });
    expect(found.map((deploy) => deploy.id)).toEqual([second.deployId]);
    expect(await deploys.deploys(id, { createdAfter: first.createdAt })).toHaveLength(2);
  });

  it.each([
    [
      "null commit, image",
      { commit: null, image: { ref: "acme/jobs:1", sha: "x" } },
      { image: "acme/jobs:1" },
    ],
    ["commit without id", { commit: {} }, {}],
    [
      "an unknown status and trigger",
      { status: "future_x", trigger: "future_y" },
      { status: "future_x", trigger: "future_y" },
    ],
    [
      "nanoseconds",
      { createdAt: "2026-11-20T00:00:00.123456789Z" },
      { createdAt: Date.UTC(2026, 10, 20, 0, 0, 0, 123) },
    ],
    ["no digits below the second, an offset", { createdAt: "2026-11-20T02:00:00+02:00" }, {}],
    ["null times", { startedAt: null, finishedAt: null, updatedAt: null }, {}],
  ])("with %s", async (_what, fields, expected) => {
    reply(/dep-1$/, { id: "dep-1", status: "live", createdAt: "2026-11-20T00:00:00Z", ...fields });
    expect(await deploys.deploy("srv-x", "dep-1")).toEqual({
      id: "dep-1",
      status: "live",
      createdAt: Date.UTC(2026, 10, 20),
      ...expected,
    });
  });

  it("one malformed item makes the list garbled: asked again, then a problem", async () => {
    const { id } = render.service({ name: "shop-api" });
    const story = render.serving(id, sha("old"));
    const broken = [{ cursor: "c", deploy: { id: "dep-1", status: "live", createdAt: "yesterday" } }];
    reply(/deploys$/, broken, 2);
    expect((await deploys.deploys(id, {})).map((deploy) => deploy.id)).toEqual([story.deployId]);
    reply(/deploys$/, broken, 99);
    const problem = await problemOf(deploys.deploys(id, {}));
    expect(problem.failure).toMatchObject({ code: "garbled", status: 200 });
    expect(problem.message).toContain("at 0.deploy.createdAt: not a time");
  });

  it("a deploy of another service is undefined", async () => {
    const { id } = render.service({ name: "shop-api" });
    expect(await deploys.deploy(id, "dep-00000000000000000000")).toBeUndefined();
  });
});

describe("trigger", () => {
  it("gives the deploy of 201, and undefined for the empty 202", async () => {
    const { id } = render.service({ name: "shop-api" });
    render.serving(id, sha("old"));
    expect(await deploys.trigger(id, sha("new"))).toMatchObject({
      commit: { sha: sha("new") },
      trigger: "api",
    });
    expect(render.requests.at(-1)?.body).toBe(JSON.stringify({ commitId: sha("new") }));
    render.quirks.emptyTrigger = true;
    expect(await deploys.trigger(id, sha("newer"))).toBeUndefined();
  });

  it.each([
    ["reset", { kind: "reset" }, 1],
    ["garbled", { kind: "truncated" }, 1],
    ["502", { kind: "status", status: 502 }, 1],
    ["429", { kind: "rate-limit", retryAfter: 2 }, 2],
  ] as const)("after %s", async (_what, fault, requests) => {
    const { id } = render.service({ name: "shop-api" });
    render.fault({ route: /^POST/, times: 1, ...fault });
    await deploys
      .trigger(id, sha("new"))
      .catch((error: unknown) => expect(error).toBeInstanceOf(ServiceProblem));
    expect(render.requests).toHaveLength(requests);
  });
});

describe("instances", () => {
  it("have their creation and the suffix after the last hyphen", async () => {
    const { id } = render.service({ name: "shop-api" });
    const story = render.serving(id, sha("old"), { instances: ["aaaaa", "bbbbb"] });
    const found = await deploys.instances(id);
    expect(found.map((each) => each.suffix)).toEqual(["aaaaa", "bbbbb"]);
    expect(found.map((each) => each.id)).toEqual(story.instances);
    expect(found[0]?.createdAt).toBeGreaterThanOrEqual(story.createdAt);
  });
});

describe("events", () => {
  const range = (): { from: number; to: number } => ({ from: clock.now() - 10 * MINUTE, to: clock.now() });

  it.each([
    ["exit", failures.exit(137), { nonZeroExit: 137 }],
    ["early exit", failures.earlyExit(), { earlyExit: true }],
    ["out of memory", failures.outOfMemory("512Mi"), { oomKilled: "512Mi" }],
    ["unhealthy", failures.unhealthy("no answer"), { unhealthy: "no answer" }],
    ["time-out", failures.timedOut(900), { timedOutSeconds: 900, timedOutReason: expect.any(String) }],
    ["evicted", failures.evicted(), { evicted: true }],
  ])("say why a deploy and an instance ended: %s", async (_what, failure, expected) => {
    const { id } = render.service({ name: "shop-api" });
    const story = render.story(id, sha("new"), {
      at: clock.now() - 5 * MINUTE,
      end: "update_failed",
      failure,
      instances: ["bbbbb"],
    });
    render.serving(id, sha("old"), { instances: ["aaaaa"], at: clock.now() - 9 * MINUTE });
    render.crash(id, "aaaaa", failure);
    const found = await deploys.events(id, range());
    expect(
      found.find((event) => event.type === "deploy_ended" && event.deployId === story.deployId),
    ).toMatchObject({
      status: "failed",
      failure: expected,
    });
    expect(found.find((event) => event.instanceId === `${id}-aaaaa`)).toMatchObject({
      type: "server_failed",
      failure: expected,
    });
  });

  const asked = /events$/;
  const event = (type: string, details: unknown): unknown => [
    {
      cursor: "c",
      event: {
        id: "evt-1",
        type,
        serviceId: "srv-x",
        timestamp: new Date(clock.now()).toISOString(),
        details,
      },
    },
  ];
  it.each([
    [
      "who superseded",
      "deploy_ended",
      { deployId: "dep-1", deployStatus: "canceled", status: 3, reason: { newDeploy: { id: "dep-2" } } },
      { deployId: "dep-1", status: "canceled", newDeployId: "dep-2" },
    ],
    [
      "a newer build",
      "build_ended",
      { buildId: "bld-1", buildStatus: "canceled", reason: { newBuild: { id: "bld-2" } } },
      { status: "canceled", newBuildId: "bld-2" },
    ],
    [
      "a broken build",
      "deploy_ended",
      { deployStatus: "failed", reason: { buildFailed: { id: "bld-1" } } },
      { status: "failed", buildFailed: true },
    ],
    [
      "a pre-deploy command",
      "pre_deploy_ended",
      {
        deployId: "dep-1",
        preDeployStatus: "failed",
        reason: { failure: { evicted: false, nonZeroExit: 2 } },
      },
      { deployId: "dep-1", status: "failed", failure: { evicted: false, nonZeroExit: 2 } },
    ],
    [
      "memory without a limit",
      "server_failed",
      { reason: { oomKilled: {} } },
      { failure: { oomKilled: "" } },
    ],
    [
      "a person, without the domain of the address",
      "server_restarted",
      { triggeredByUser: "ops@acme.test" },
      { user: "ops" },
    ],
    [
      "a person without a name",
      "deploy_started",
      { deployId: "dep-1", trigger: { manual: true, user: { id: "usr-1", email: "a@b.test" } } },
      { deployId: "dep-1", user: "" },
    ],
    ["nobody", "server_restarted", { triggeredByUser: null }, {}],
    ["an ignored commit", "commit_ignored", { id: "abc", url: "u" }, { commit: "abc" }],
    ["another type's id is no commit", "future_type", { id: "abc" }, {}],
    ["details of tomorrow", "future_type", { reason: "because", user: 7, deployId: 9, status: {} }, {}],
    ["no details", "server_available", null, {}],
  ])("are flattened: %s", async (_what, type, details, expected) => {
    reply(asked, event(type, details));
    expect(await deploys.events("srv-x", range())).toEqual([
      { id: "evt-1", type, at: clock.now(), ...expected },
    ]);
  });

  it("are filtered by window and type here too, oldest first, and read no further than the window", async () => {
    const at = (ms: number): string => new Date(clock.now() - ms).toISOString();
    const row = (index: number, ms: number, type = "server_failed"): unknown => ({
      cursor: `c${index}`,
      event: { id: `evt-${index}`, type, serviceId: "srv-x", timestamp: at(ms), details: {} },
    });
    // A server that ignores startTime and type: full pages, going back for ever.
    const recent = [row(1, 0), row(2, 5 * MINUTE), row(3, 5 * MINUTE, "server_available")];
    reply(asked, [...recent, ...Array.from({ length: 97 }, (_, index) => row(10 + index, 60 * MINUTE))]);
    reply(
      asked,
      Array.from({ length: 100 }, (_, index) => row(1_000 + index, 90 * MINUTE)),
    );
    const found = await deploys.events("srv-x", { ...range(), types: ["server_failed"] });
    expect(found.map((each) => each.id)).toEqual(["evt-2", "evt-1"]);
    expect(render.requests).toHaveLength(2);
    expect(render.requests[0]?.query.get("type")).toBe("server_failed");
  });

  it("several types are asked for without a filter", async () => {
    const { id } = render.service({ name: "shop-api" });
    await deploys.events(id, { ...range(), types: ["server_failed", "server_restarted"] });
    expect(render.requests[0]?.query.has("type")).toBe(false);
  });
});

describe("the budget of reads", () => {
  it("twenty a minute, then they wait their turn", async () => {
    const { id } = render.service({ name: "shop-api" });
    for (let call = 0; call < 45; call += 1) await deploys.service(id);
    const times = render.requests.map((request) => request.at);
    for (const [index, at] of times.entries()) {
      const later = times[index + 20];
      if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(MINUTE);
    }
    expect(api.requests()).toBe(45);
    expect(clock.sleeps).toHaveLength(2);
  });

  it("is spread until the reset when the platform has little left", async () => {
    const { id } = render.service({ name: "shop-api" });
    const service = render.serviceState(id).record;
    const low = { "Ratelimit-Limit": "400", "Ratelimit-Remaining": "3", "Ratelimit-Reset": "30" };
    render.fault({ kind: "status", status: 200, body: service, headers: low, times: 1 });
    await deploys.service(id);
    await deploys.service(id);
    expect(clock.sleeps).toEqual([10_000]);
  });

  it("waits for the reset when nothing is left, but never longer than a minute", async () => {
    const { id } = render.service({ name: "shop-api" });
    const service = render.serviceState(id).record;
    const none = { "Ratelimit-Limit": "400", "Ratelimit-Remaining": "0", "Ratelimit-Reset": "3494" };
    render.fault({ kind: "status", status: 200, body: service, headers: none, times: 1 });
    await deploys.service(id);
    await deploys.service(id);
    expect(clock.sleeps).toEqual([MINUTE]);
  });
});

describe("a refusal", () => {
  it("of the key says which input to set, and not the key", async () => {
    const { id } = render.service({ name: "shop-api" });
    const wrong = apiOf({ apiKey: "rnd_wrongkey00000000000" });
    const { failure } = await problemOf(createDeploys(wrong).service(id));
    await wrong.close();
    expect(failure).toMatchObject({
      status: 401,
      hint: 'Set the input "render-api-key" to a valid key of Render.',
    });
    expect(failure.message).not.toContain("rnd_wrong");
    expect(failure.message).toMatch(
      /^Render API answered 401 to GET \/services\/srv-\w+ \(request id [-\w]+\)/,
    );
  });

  it("recovers from 503, reset, half an answer and a proxy's page", async () => {
    const { id } = render.service({ name: "shop-api" });
    const story = render.serving(id, sha("old"));
    for (const kind of ["status", "reset", "truncated", "not-json"] as const)
      render.fault({ route: /deploys$/, kind, status: kind === "status" ? 503 : 200, times: 1 });
    expect((await deploys.deploys(id, {})).map((deploy) => deploy.id)).toEqual([story.deployId]);
    expect(render.requests).toHaveLength(5);
  });
});

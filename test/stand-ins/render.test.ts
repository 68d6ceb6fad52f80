import { WebSocket } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { simulatedClock } from "./clock.ts";
import type { SimulatedClock } from "./clock.ts";
import { failures, sha, startRenderStandIn } from "./render/server.ts";
import type { RenderStandIn } from "./render/server.ts";

interface Item {
  readonly cursor: string;
  readonly deploy: { id: string; status: string; commit: { id: string } | null; finishedAt: string | null };
  readonly event: { type: string; timestamp: string; details: Record<string, unknown> };
  readonly service: { id: string; name: string };
}
interface Line {
  readonly id: string;
  readonly timestamp: string;
  readonly message: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}
interface Page {
  readonly hasMore: boolean;
  readonly nextStartTime: string;
  readonly nextEndTime: string;
  readonly logs: readonly Line[];
}
type Init = { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal };

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

let clock: SimulatedClock;
let render: RenderStandIn;
let start: number;

beforeEach(async () => {
  clock = simulatedClock();
  start = clock.now();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
});
afterEach(() => render.close());

function call(path: string, init: Init = {}): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${render.apiKey}`,
    Accept: "application/json",
    ...(init.body === undefined ? {} : { "Content-Type": "application/json" }),
    ...init.headers,
  };
  return fetch(`${render.url}${path}`, { ...init, headers });
}

async function read<Body>(path: string, init: Init = {}): Promise<Body> {
  const response = await call(path, init);
  expect(response.status, path).toBe(200);
  return (await response.json()) as Body;
}

function post(path: string, body: unknown): Promise<Response> {
  return call(path, { method: "POST", body: JSON.stringify(body) });
}

function logPath(serviceId: string, query: Record<string, string | string[]> = {}): string {
  const { ownerId } = render.serviceState(serviceId).record;
  const params = new URLSearchParams({ ownerId, resource: serviceId });
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) params.append(name, one);
  return params.toString();
}

async function messages(serviceId: string, query: Record<string, string | string[]> = {}): Promise<string[]> {
  const page = await read<Page>(
    `/logs?${logPath(serviceId, { direction: "forward", limit: "100", ...query })}`,
  );
  return page.logs.map((line) => line.message);
}

async function statusesAt(serviceId: string): Promise<string[]> {
  return (await read<Item[]>(`/services/${serviceId}/deploys?limit=100`)).map((item) => item.deploy.status);
}

async function eventsOf(serviceId: string): Promise<Item["event"][]> {
  const path = `/services/${serviceId}/events?limit=100&startTime=${new Date(start - HOUR).toISOString()}`;
  return (await read<Item[]>(path)).map((item) => item.event).reverse();
}

interface Listener {
  readonly lines: string[];
  readonly socket: WebSocket;
  readonly closed: Promise<{ readonly code: number }>;
}

async function subscribe(query: string, { key = render.apiKey } = {}): Promise<Listener> {
  const address = `${render.url.replace("http", "ws")}/logs/subscribe?${query}`;
  const socket = new WebSocket(address, { headers: { Authorization: `Bearer ${key}` } });
  const lines: string[] = [];
  socket.addEventListener("message", (event) => {
    lines.push((JSON.parse(String(event.data)) as Line).message);
  });
  const closed = new Promise<{ readonly code: number }>((resolve) => {
    socket.addEventListener("close", ({ code }) => resolve({ code }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("refused")));
  });
  return { lines, socket, closed };
}

describe("strictness", () => {
  test.each([
    ["an unknown parameter", "/services?nam=x", "unknown"],
    ["a limit above 100", "/services?limit=101", "limit"],
    ["a limit of 0", "/services?limit=0", "limit"],
    ["a limit that is no number", "/services?limit=ten", "limit"],
    ["a comma-joined filter given twice", "/services?name=a&name=b", "repeated"],
    ["a boolean that is none", "/services?includePreviews=no", "includePreviews"],
    ["an unknown status", "/services/SRV/deploys?status=done", "status"],
    ["comma-joined statuses", "/services/SRV/deploys?status=live,canceled", "status"],
    ["a time without zone", "/services/SRV/deploys?createdAfter=2026-08-01T10:00:00", "createdAfter"],
    ["a time as a number", "/services/SRV/events?startTime=1700000000", "startTime"],
    ["two event types at once", "/services/SRV/events?type=build_ended&type=deploy_ended", "repeated"],
    ["a commit filter, which does not exist", "/services/SRV/deploys?commit=abc", "unknown"],
    ["logs without owner", "/logs?resource=SRV", "ownerId"],
    ["logs without resource", "/logs?ownerId=tea-abcd0123456789efghij", "resource"],
    ["logs of another owner", "/logs?ownerId=tea-x&resource=SRV", "belong"],
    ["an unknown direction", "/logs?LOGS&direction=up", "direction"],
    [
      "a window that ends before it starts",
      "/logs?LOGS&startTime=2026-08-02T00:00:00Z&endTime=2026-08-01T00:00:00Z",
      "after endTime",
    ],
    ["a filter that is no expression", "/logs?LOGS&text=%2F(%2F", "Invalid"],
    ["a cursor of its own making", "/services/SRV/deploys?cursor=zzz", "cursor"],
    ["a subscription without an upgrade", "/logs/subscribe?LOGS", "upgrade"],
    ["a body on GET-like calls", "POST /services/SRV/restart {}", "body"],
  ])("%s is refused and remembered", async (_, request, problem) => {
    const service = render.service();
    const [, method = "GET", path = "", body] = /^(?:(\w+) )?(\S+)(?: (.*))?$/.exec(request) ?? [];
    const target = path.replace("SRV", service.id).replace("LOGS", logPath(service.id));
    const response = await call(target, { method, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(400);
    expect(render.violations).toHaveLength(1);
    expect(render.violations[0]).toContain(problem);
  });

  test.each([
    ["an unknown field", "/deploys", { commit: "abc" }, "additional"],
    ["a wrong value", "/deploys", { clearCache: "yes" }, "clearCache"],
    ["fields that cannot be joined", "/deploys", { deployMode: "deploy_only", commitId: "abc" }, "joined"],
    ["a missing field", "/rollback", {}, "deployId"],
  ])("a body with %s is refused", async (_, path, body, problem) => {
    const service = render.service();
    expect((await post(`/services/${service.id}${path}`, body)).status).toBe(400);
    expect(render.violations.join()).toContain(problem);
  });

  test("a body needs its type, and must be JSON", async () => {
    const path = `/services/${render.service().id}/deploys`;
    const headers = { "Content-Type": "text/plain" };
    expect((await call(path, { method: "POST", body: "{}", headers })).status).toBe(400);
    expect((await call(path, { method: "POST", body: "{" })).status).toBe(400);
    expect(render.violations).toHaveLength(2);
  });

  test.each([
    ["no such route", "GET", "/nothing", 404],
    ["a method that a route does not have", "POST", "/services", 405],
    [
      "a route that is not served",
      "GET",
      "/services/srv-abcd0123456789efghij/jobs/job-abcd0123456789efghij",
      501,
    ],
  ])("%s counts as a violation", async (_, method, path, status) => {
    expect((await call(path, { method })).status).toBe(status);
    expect(render.violations).toHaveLength(1);
  });

  test("a path outside of the base is a violation", async () => {
    const address = render.url.replace(/\/v1$/, "/services");
    expect((await fetch(address)).status).toBe(404);
    expect(render.violations).toHaveLength(1);
  });

  test("without the right key 401, without JSON in Accept 406", async () => {
    expect((await call("/services", { headers: { Authorization: "Bearer rnd_other" } })).status).toBe(401);
    expect((await fetch(`${render.url}/services`)).status).toBe(401);
    expect(render.violations).toEqual([]);
    expect((await call("/services", { headers: { Accept: "text/html" } })).status).toBe(406);
    expect(render.violations).toHaveLength(1);
  });

  test("our own answers are held to the contract too", async () => {
    const service = render.service();
    Object.assign(service, { futureField: 1 });
    await read(`/services/${service.id}`);
    expect(render.violations).toEqual([]);
    Object.assign(service, { colour: "red" });
    expect((await call(`/services/${service.id}`)).status).toBe(500);
    expect(render.violations[0]).toContain("colour");
  });

  test("an event's details must fit its type", async () => {
    const service = render.service();
    render.event(service.id, { type: "deploy_ended", details: { deployId: "dep-x" } });
    expect((await call(`/services/${service.id}/events`)).status).toBe(500);
    expect(render.violations.join()).toContain("deployStatus");
  });

  test("foreign ids are 404 with Render's words, and no violation", async () => {
    const id = "srv-zzzzzzzzzzzzzzzzzzzz";
    const response = await call(`/services/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: `not found: ${id}` });
    expect(render.violations).toEqual([]);
  });

  test("requests are kept with what they were answered", async () => {
    await call("/services?name=a,b&limit=5");
    expect(render.requests).toMatchObject([
      { at: start, method: "GET", path: "/services", group: "read", status: 200 },
    ]);
    expect(render.requests[0]?.query.get("limit")).toBe("5");
  });
});

describe("rate limits", () => {
  test("the eleventh trigger of a service within a minute is 429; another service is not touched", async () => {
    const [one, other] = [render.service(), render.service({ name: "web" })];
    render.head(one.id, sha("a"));
    render.head(other.id, sha("a"));
    for (let n = 0; n < 10; n += 1) expect((await post(`/services/${one.id}/deploys`, {})).status).toBe(201);
    const refused = await post(`/services/${one.id}/deploys`, {});
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await post(`/services/${other.id}/deploys`, {})).status).toBe(201);
    await clock.advance(MINUTE);
    expect((await post(`/services/${one.id}/deploys`, {})).status).toBe(201);
    expect(render.violations).toEqual([]);
  });

  test.each([
    ["30 log calls", 30, (id: string) => `/logs?${logPath(id)}`],
    ["400 reads", 400, (id: string) => `/services/${id}`],
  ])("%s a minute", async (_, count, pathOf) => {
    const path = pathOf(render.service().id);
    for (let n = 0; n < count; n += 1) expect((await call(path)).status).toBe(200);
    expect((await call(path)).status).toBe(429);
    await clock.advance(MINUTE);
    expect((await call(path)).status).toBe(200);
  });

  test("30 other writes a minute", async () => {
    const path = `/services/${render.service().id}/restart`;
    for (let n = 0; n < 30; n += 1) expect((await call(path, { method: "POST" })).status).toBe(200);
    expect((await call(path, { method: "POST" })).status).toBe(429);
  });

  test("the headers count down, and come in all the forms seen", async () => {
    const first = await call("/services");
    expect(first.headers.get("ratelimit-limit")).toBe("400");
    expect(first.headers.get("ratelimit-remaining")).toBe("399");
    expect(first.headers.get("render-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    await clock.advance(20 * SECOND);
    expect((await call("/services")).headers.get("ratelimit-reset")).toBe("40");
    Object.assign(render.quirks, { doubledLimit: true, resetAsEpoch: true, retryAfter: false });
    render.limits.read = 2;
    const refused = await call("/services");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("ratelimit-limit")).toBe("2, 2");
    expect(refused.headers.get("ratelimit-reset")).toBe(String((start + MINUTE) / 1000));
    expect(refused.headers.has("retry-after")).toBe(false);
  });
});

describe("services", () => {
  test.each(["web_service", "static_site", "private_service", "background_worker", "cron_job"])(
    "%s has believable defaults",
    async (type) => {
      const service = render.service({ type });
      const shown = await read<Record<string, unknown>>(`/services/${service.id}`);
      expect(shown).toEqual(JSON.parse(JSON.stringify(service)));
      render.service({ type, name: "pulled", image: "docker.io/acme/shop:3" });
      expect(await read<Item[]>("/services")).toHaveLength(2);
      expect(render.violations).toEqual([]);
    },
  );

  test("are found by name, without previews", async () => {
    render.service({ name: "web" });
    const api = render.service({ name: "api" });
    render.service({ name: "api", serviceDetails: { parentServer: { id: api.id, name: "api" } } });
    expect(await read<Item[]>("/services?name=api")).toHaveLength(2);
    const found = await read<Item[]>("/services?name=api&includePreviews=false&type=web_service,cron_job");
    expect(found.map((item) => item.service.id)).toEqual([api.id]);
  });

  test("PATCH keeps both names of auto-deploy in step", async () => {
    const service = render.service();
    const body = JSON.stringify({ autoDeployTrigger: "off" });
    expect(await read(`/services/${service.id}`, { method: "PATCH", body })).toMatchObject({
      autoDeploy: "no",
    });
    expect(service.autoDeployTrigger).toBe("off");
  });

  test("domains, environment, databases, metrics and the key's own data are there", async () => {
    const { id } = render.service();
    render.customDomain(id, "shop.acme.test");
    render.customDomain(id, "acme.test", "unverified");
    render.env(id, { DEBUG: "0" });
    const database = render.postgres();
    const domains = await read<unknown[]>(`/services/${id}/custom-domains?verificationStatus=verified`);
    expect(domains).toMatchObject([{ customDomain: { name: "shop.acme.test" } }]);
    expect(await read(`/services/${id}/env-vars/DEBUG`)).toEqual({ key: "DEBUG", value: "0" });
    expect(await read(`/services/${id}/env-vars`)).toHaveLength(1);
    expect(await read(`/postgres?name=shop-db`)).toHaveLength(1);
    await read(`/postgres/${String(database["id"])}`);
    await read(`/postgres/${String(database["id"])}/connection-info`);
    expect(await read(`/metrics/http-requests?resource=${id}&aggregateBy=statusCode`)).toEqual([]);
    await read("/users");
    expect(await read("/owners")).toHaveLength(1);
    expect(render.violations).toEqual([]);
  });
});

describe("deploys", () => {
  test("a whole story: statuses, times, instances and events", async () => {
    const { id } = render.service();
    render.serving(id, sha("old"), { instances: ["aaaaa"] });
    const story = render.story(id, sha("new"), { queuedMs: 5000, preDeployMs: 10_000, instances: ["bbbbb"] });
    render.limits.read = Infinity;
    const seen: string[] = [];
    const living: string[] = [];
    for (let second = 0; second <= 200; second += 1) {
      const deploy = await read<Item["deploy"]>(`/services/${id}/deploys/${story.deployId}`);
      if (seen.at(-1) !== deploy.status) seen.push(deploy.status);
      const instances = await read<{ id: string }[]>(`/services/${id}/instances`);
      const names = instances.map((one) => one.id.slice(-5)).join();
      if (living.at(-1) !== names) living.push(names);
      await clock.advance(SECOND);
    }
    expect(seen).toEqual([
      "queued",
      "created",
      "build_in_progress",
      "pre_deploy_in_progress",
      "update_in_progress",
      "live",
    ]);
    expect(living).toEqual(["aaaaa", "aaaaa,bbbbb", "bbbbb"]);
    expect(await statusesAt(id)).toEqual(["live", "deactivated"]);
    expect(story.liveAt).toBe(start + 97_000);
    const record = render.deployRecord(story.deployId);
    expect(Date.parse(record.startedAt ?? "")).toBe(story.startedAt);
    expect(Date.parse(record.finishedAt ?? "")).toBe(story.liveAt);
    expect((await eventsOf(id)).map((event) => event.type)).toEqual([
      "deploy_started",
      "build_started",
      "build_ended",
      "pre_deploy_started",
      "pre_deploy_ended",
      "deploy_ended",
    ]);
    expect(render.violations).toEqual([]);
  });

  test("the old version stays for 60 s and its shutdown delay after the switch", async () => {
    const { id } = render.service({ serviceDetails: { maxShutdownDelaySeconds: 5 } });
    render.serving(id, sha("old"), { instances: ["aaaaa"] });
    const story = render.story(id, sha("new"), { instances: ["bbbbb"] });
    await clock.advance(story.endsAt - start + 64_999);
    expect(render.instances(id).map((one) => one.suffix)).toEqual(["aaaaa", "bbbbb"]);
    await clock.advance(1);
    expect(render.instances(id).map((one) => one.suffix)).toEqual(["bbbbb"]);
  });

  test("with a disk the old version stops before the new one starts", async () => {
    const disk = { id: "dsk-abcd0123456789efghij", name: "data", sizeGB: 1, mountPath: "/data" };
    const { id } = render.service({ serviceDetails: { disk } });
    render.serving(id, sha("old"), { instances: ["aaaaa"] });
    const story = render.story(id, sha("new"), { instances: ["bbbbb"] });
    await clock.advance((story.updateAt ?? 0) - start);
    expect(render.instances(id).map((one) => one.suffix)).toEqual(["bbbbb"]);
  });

  test.each([
    ["build_failed", failures.exit(2), { buildFailed: { id: expect.any(String) as string } }],
    ["pre_deploy_failed", failures.exit(3), { failure: { evicted: false, nonZeroExit: 3 } }],
    [
      "update_failed",
      failures.outOfMemory(),
      { failure: { evicted: false, oomKilled: { memoryLimit: "512Mi" } } },
    ],
    ["update_failed", failures.unhealthy("no"), { failure: { evicted: false, unhealthy: "no" } }],
    [
      "update_failed",
      failures.timedOut(),
      { failure: expect.objectContaining({ timedOutSeconds: 900 }) as object },
    ],
  ] as const)("%s with its reason; the old version goes on", async (end, failure, reason) => {
    const { id } = render.service();
    render.serving(id, sha("old"), { instances: ["aaaaa"] });
    render.story(id, sha("new"), { end, failure });
    await clock.advance(10 * MINUTE);
    expect(await statusesAt(id)).toEqual([end, "live"]);
    expect(render.instances(id).map((one) => one.suffix)).toEqual(["aaaaa"]);
    const last = (await eventsOf(id)).at(-1);
    expect(last).toMatchObject({ type: "deploy_ended", details: { deployStatus: "failed", reason } });
    expect(render.violations).toEqual([]);
  });

  test("Override: the older one is canceled, and the event names the newer", async () => {
    const { id } = render.service();
    const { older, newer } = render.overridden(id, { older: sha("a"), newer: sha("b") });
    await clock.advance(5 * MINUTE);
    expect(await statusesAt(id)).toEqual(["live", "canceled"]);
    const ended = (await eventsOf(id)).filter((event) => event.type === "deploy_ended");
    expect(ended[0]?.details).toMatchObject({
      deployId: older.deployId,
      deployStatus: "canceled",
      reason: { newDeploy: { id: newer.deployId } },
    });
    expect(render.violations).toEqual([]);
  });

  test.each([
    ["canceled", ["live", "canceled", "deactivated"]],
    ["stuck", ["live", "queued", "deactivated"]],
    ["never", ["live", "deactivated"]],
  ] as const)("Wait: the one in between ends as %s", async (as, statuses) => {
    const { id } = render.service();
    const told = render.waited(id, { running: sha("a"), skipped: sha("b"), next: sha("c"), as });
    await clock.advance(30 * SECOND);
    expect((await statusesAt(id))[0]).toBe("queued");
    await clock.advance(5 * MINUTE);
    expect(await statusesAt(id)).toEqual(statuses);
    expect(told.next.startedAt).toBeGreaterThanOrEqual(told.running.endsAt);
    expect(
      (await eventsOf(id)).filter((event) => event.details["deployId"] === (told.skipped ?? "")),
    ).toEqual([]);
  });

  test("a commit that Render ignores has an event and no deploy", async () => {
    const { id } = render.service();
    render.ignored(id, sha("docs"), start + 4000);
    expect(await eventsOf(id)).toEqual([]);
    await clock.advance(4000);
    expect(await eventsOf(id)).toMatchObject([{ type: "commit_ignored", details: { id: sha("docs") } }]);
    expect(render.violations).toEqual([]);
  });

  test("a deploy on the second page is reached by cursor", async () => {
    const { id } = render.service();
    render.story(id, sha("wanted"));
    render.fillers(id, 25, { at: start + SECOND });
    await clock.advance(MINUTE);
    const first = await read<Item[]>(`/services/${id}/deploys`);
    expect(first).toHaveLength(20);
    const second = await read<Item[]>(`/services/${id}/deploys?cursor=${first.at(-1)?.cursor ?? ""}`);
    expect(second).toHaveLength(6);
    expect(second.at(-1)?.deploy.commit?.id).toBe(sha("wanted"));
    render.quirks.oldestFirst = true;
    const turned = await read<Item[]>(`/services/${id}/deploys?limit=1&status=canceled&status=live`);
    expect(turned[0]?.deploy.status).toBe("canceled");
  });

  test("image deploys have no commit; two deploys of one commit; a status from the future", async () => {
    const image = render.service({ image: "docker.io/acme/shop:3" });
    render.story(image.id, null);
    const { id } = render.service();
    render.story(id, sha("a"));
    render.story(id, sha("a"), {
      at: start + SECOND,
      trigger: "service_updated",
      buildMs: 0,
      end: "canceled",
    });
    render.story(id, sha("b"), { at: start + 3 * MINUTE, future: { status: "future_scan", ms: MINUTE } });
    await clock.advance(MINUTE);
    expect((await read<Item[]>(`/services/${image.id}/deploys`))[0]?.deploy.commit).toBeNull();
    const commits = (await read<Item[]>(`/services/${id}/deploys`)).map((item) => item.deploy.commit?.id);
    expect(commits).toEqual([sha("a"), sha("a")]);
    await clock.advance(3 * MINUTE + 5 * SECOND);
    expect((await statusesAt(id))[0]).toBe("future_scan");
    await clock.advance(3 * MINUTE);
    expect((await statusesAt(id))[0]).toBe("live");
    expect(render.violations).toEqual([]);
  });

  test("lists can be narrowed by time", async () => {
    const { id } = render.service();
    render.serving(id, sha("old"));
    render.story(id, sha("new"));
    const after = new Date(start - 1).toISOString();
    expect(await read<Item[]>(`/services/${id}/deploys?createdAfter=${after}`)).toHaveLength(1);
    expect(await read<Item[]>(`/services/${id}/deploys?createdBefore=${after}`)).toHaveLength(1);
  });

  test("a deploy is triggered: 201 with it, or 202 and it comes queued", async () => {
    const { id } = render.service();
    const made = await post(`/services/${id}/deploys`, { commitId: sha("a") });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ trigger: "api", status: "created", commit: { id: sha("a") } });
    await clock.advance(2 * MINUTE);
    render.quirks.emptyTrigger = true;
    const queued = await post(`/services/${id}/deploys`, { commitId: sha("b") });
    expect(queued.status).toBe(202);
    expect(await queued.text()).toBe("");
    expect(await statusesAt(id)).toEqual(["queued", "live"]);
    expect(render.violations).toEqual([]);
  });

  test("a rollback deploys an earlier one again without a build, if it is kept", async () => {
    const service = render.service();
    const old = render.serving(service.id, sha("old"));
    const bad = render.story(service.id, sha("bad"));
    await clock.advance(5 * MINUTE);
    expect((await post(`/services/${service.id}/rollback`, { deployId: bad.deployId })).status).toBe(400);
    const made = await post(`/services/${service.id}/rollback`, { deployId: old.deployId });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ trigger: "rollback", commit: { id: sha("old") } });
    await clock.advance(MINUTE);
    expect(await statusesAt(service.id)).toEqual(["live", "deactivated", "deactivated"]);
    expect(service.autoDeploy).toBe("yes");
    render.quirks.keptDeploys = 1;
    expect((await post(`/services/${service.id}/rollback`, { deployId: old.deployId })).status).toBe(400);
    expect(render.violations).toEqual([]);
  });

  test("a running deploy is canceled by request, and its story ends there", async () => {
    const { id } = render.service();
    const { deployId } = render.story(id, sha("a"));
    await clock.advance(10 * SECOND);
    const path = `/services/${id}/deploys/${deployId}/cancel`;
    expect(await read(path, { method: "POST" })).toMatchObject({ status: "canceled" });
    await clock.advance(5 * MINUTE);
    expect(await statusesAt(id)).toEqual(["canceled"]);
    expect((await call(path, { method: "POST" })).status).toBe(400);
  });

  test("deploys can be moved by hand", async () => {
    const { id } = render.service();
    const deploy = render.deploy(id, { commit: sha("a"), instances: ["ccccc"] });
    render.status(deploy.id, "build_in_progress");
    render.status(deploy.id, "update_in_progress");
    expect(render.instances(id)).toMatchObject([{ suffix: "ccccc", createdAt: start }]);
    render.status(deploy.id, "live");
    expect(deploy).toMatchObject({
      status: "live",
      finishedAt: new Date(start).toISOString().replace("Z", "000Z"),
    });
  });
});

describe("events", () => {
  test("show the last hour unless asked otherwise, filter by type, and stand alone", async () => {
    const { id } = render.service();
    render.event(id, { type: "service_resumed", at: start - HOUR - 1 });
    const eventId = render.event(id, { type: "plan_changed", details: { from: "free", to: "starter" } });
    expect(await read<Item[]>(`/services/${id}/events`)).toHaveLength(1);
    expect(await eventsOf(id)).toHaveLength(1);
    const early = new Date(start - 2 * HOUR).toISOString();
    const path = `/services/${id}/events?startTime=${early}`;
    expect(await read<Item[]>(path)).toHaveLength(2);
    expect(await read<Item[]>(`${path}&type=service_resumed`)).toHaveLength(1);
    expect(await read(`/events/${eventId}`)).toMatchObject({ type: "plan_changed" });
    expect(render.violations).toEqual([]);
  });

  test("a crash brings server_failed and another instance", async () => {
    const { id } = render.service();
    render.serving(id, sha("a"), { instances: ["aaaaa"] });
    const next = render.crash(id, "aaaaa", failures.outOfMemory("1Gi"));
    expect(render.instances(id).map((one) => one.suffix)).toEqual([next]);
    const [failed, available] = await eventsOf(id);
    expect(failed).toMatchObject({
      type: "server_failed",
      details: { instanceID: `${id}-aaaaa`, reason: { oomKilled: { memoryLimit: "1Gi" } } },
    });
    expect(available?.type).toBe("server_available");
    expect(render.violations).toEqual([]);
  });
});

describe("logs", () => {
  test("carry the labels that tell their origin", async () => {
    const { id } = render.service();
    render.log(id, { message: "compiling", type: "build" });
    render.log(id, { message: "==> live", type: "platform" });
    render.log(id, { message: "\u001b[31mboom\u001b[0m", level: "error", instance: "bbbbb", nanos: 120 });
    render.log(id, { message: 'clientIP="1.2.3.4"', type: "request", path: "/a", statusCode: 503 });
    const page = await read<Page>(`/logs?${logPath(id, { direction: "forward" })}`);
    const labels = page.logs.map((line) =>
      Object.fromEntries(line.labels.map(({ name, value }) => [name, value])),
    );
    expect(labels).toEqual([
      { resource: id, level: "info", type: "build" },
      { resource: id, type: "app" },
      {
        resource: id,
        type: "request",
        method: "GET",
        path: "/a",
        statusCode: "503",
        host: "shop-api.onrender.com",
      },
      { resource: id, instance: `${id}-bbbbb`, level: "error", type: "app" },
    ]);
    expect(page.logs[3]?.timestamp).toBe("2026-11-23T10:00:00.00000012Z");
    expect(render.violations).toEqual([]);
  });

  test.each([
    ["text as a substring", { text: "oo" }, ["boom"]],
    ["text with a star", { text: "h*o" }, ["hello"]],
    ["text as an expression", { text: "/^b.+m$/" }, ["boom"]],
    ["several texts are ORed", { text: ["boom", "hello"] }, ["hello", "boom"]],
    ["filters are ANDed", { text: ["boom", "hello"], level: "error" }, ["boom"]],
    ["type", { type: "build" }, ["make"]],
    ["instance", { instance: "SRV-bbbbb" }, ["boom"]],
    ["a label by star", { instance: "SRV-*" }, ["hello", "boom"]],
    ["a window", { startTime: "2026-11-23T09:59:59.000000001Z" }, ["boom"]],
  ])("are filtered: %s", async (_, query, expected) => {
    const { id } = render.service();
    render.log(id, { message: "make", type: "build", at: start - 2 * SECOND });
    render.log(id, { message: "hello", instance: "aaaaa", at: start - SECOND });
    render.log(id, { message: "boom", level: "error", instance: "bbbbb" });
    const filled = Object.entries(query).map(([name, value]) => [
      name,
      [value].flat().map((v) => v.replace("SRV", id)),
    ]);
    expect(await messages(id, Object.fromEntries(filled) as Record<string, string[]>)).toEqual(expected);
    expect(render.violations).toEqual([]);
  });

  test("show the newest 20 of the last hour, newest first, unless asked otherwise", async () => {
    const { id } = render.service();
    render.log(id, { message: "old", instance: "aaaaa", at: start - HOUR - 1 });
    for (let n = 0; n < 25; n += 1)
      render.log(id, { message: `${n}`, instance: "aaaaa", at: start - 100 + n });
    const page = await read<Page>(`/logs?${logPath(id)}`);
    expect(page.logs.map((line) => line.message)).toEqual(Array.from({ length: 20 }, (_, n) => `${24 - n}`));
    expect(page.hasMore).toBe(true);
  });

  test.each(["forward", "backward"])(
    "are paged %s, repeating lines that share the time at the edge",
    async (direction) => {
      const { id } = render.service();
      for (let n = 0; n < 6; n += 1) {
        render.log(id, { message: `${n}`, instance: "aaaaa", at: start - 10 + Math.floor(n / 2), nanos: 5 });
      }
      const seen: string[] = [];
      let window: Record<string, string> = {};
      for (let pages = 1; ; pages += 1) {
        const page = await read<Page>(`/logs?${logPath(id, { direction, limit: "3", ...window })}`);
        seen.push(...page.logs.map((line) => line.message));
        if (!page.hasMore) break;
        window = { startTime: page.nextStartTime, endTime: page.nextEndTime };
        expect(pages).toBeLessThan(10);
      }
      expect([...new Set(seen)].sort()).toEqual(["0", "1", "2", "3", "4", "5"]);
      expect(seen.length).toBeGreaterThan(6);
    },
  );

  test("may come late, twice, and from the old version after the switch", async () => {
    const { id } = render.service();
    render.serving(id, sha("old"), { instances: ["aaaaa"], platformLines: false });
    const story = render.story(id, sha("new"), { instances: ["bbbbb"], platformLines: false, boot: ["up"] });
    const at = story.endsAt;
    render.log(id, { message: "late", at: at + SECOND, lateMs: 30 * SECOND });
    render.log(id, { message: "twice", at: at + 2 * SECOND, twice: true });
    render.log(id, { message: "stale", at: at + 80 * SECOND, instance: "aaaaa", level: "error" });
    await clock.advance(at - start + 5 * SECOND);
    expect(await messages(id)).toEqual(["up", "twice", "twice"]);
    await clock.advance(80 * SECOND);
    expect(await messages(id)).toEqual(["up", "late", "twice", "twice", "stale"]);
    const values = await read(`/logs/values?${logPath(id, { label: "instance" })}`);
    expect(values).toEqual([`${id}-aaaaa`, `${id}-bbbbb`]);
    expect(render.violations).toEqual([]);
  });
});

describe("the log socket", () => {
  test("pushes each line once it can be read, and only what was asked for", async () => {
    const { id } = render.service();
    const { lines } = await subscribe(logPath(id, { type: "app" }));
    expect(render.sockets()).toBe(1);
    render.log(id, { message: "one", instance: "aaaaa" });
    render.log(id, { message: "build", type: "build" });
    render.log(render.service({ name: "other" }).id, { message: "other", instance: "aaaaa" });
    render.log(id, { message: "late", instance: "aaaaa", lateMs: 30 * SECOND });
    await clock.advance(29 * SECOND);
    expect(lines).toEqual(["one"]);
    await clock.advance(SECOND);
    expect(lines).toEqual(["one", "late"]);
    expect(render.requests).toMatchObject([{ path: "/logs/subscribe", group: "logs", status: 101 }]);
    expect(render.violations).toEqual([]);
  });

  test("can be doubled, muted and dropped", async () => {
    const { id } = render.service();
    const { lines, closed } = await subscribe(logPath(id));
    const say = async (message: string): Promise<void> => {
      render.log(id, { message, instance: "aaaaa" });
      await render.settle();
    };
    render.duplicateSocketLines(true);
    await say("a");
    render.muteSockets(true);
    await say("b");
    render.muteSockets(false);
    render.duplicateSocketLines(false);
    await say("c");
    expect(lines).toEqual(["a", "a", "c"]);
    render.dropSockets();
    expect((await closed).code).toBe(1006);
    await say("d");
    expect(lines).toHaveLength(3);
    const again = await subscribe(logPath(id));
    render.dropSockets(1001);
    expect((await again.closed).code).toBe(1001);
  });

  test("is refused without key, while refused, over the limit, for foreign ids and bad queries", async () => {
    const { id } = render.service();
    const statuses = (): number[] => render.requests.map((request) => request.status);
    await expect(subscribe(logPath(id), { key: "rnd_other" })).rejects.toThrow("refused");
    render.refuseSockets(503);
    await expect(subscribe(logPath(id))).rejects.toThrow("refused");
    render.refuseSockets();
    await expect(subscribe(logPath(id).replace(id, "srv-zzzzzzzzzzzzzzzzzzzz"))).rejects.toThrow("refused");
    render.fault({ route: /subscribe/, kind: "reset", times: 1 });
    await expect(subscribe(logPath(id))).rejects.toThrow("refused");
    render.fault({ route: /subscribe/, kind: "forbidden", times: 1 });
    await expect(subscribe(logPath(id))).rejects.toThrow("refused");
    expect([...new Set(statuses())]).toEqual([401, 503, 404, 0, 403]);
    expect(render.violations).toEqual([]);
    await expect(subscribe(logPath(id, { since: "1" }))).rejects.toThrow("refused");
    expect(render.violations).toHaveLength(1);
    render.limits.logs = 1;
    await expect(subscribe(logPath(id))).rejects.toThrow("refused");
    expect(statuses().at(-1)).toBe(429);
  });
});

describe("faults", () => {
  test("a status for so many times, on one route, then recovery", async () => {
    const { id } = render.service();
    const fault = render.fault({ route: /^GET \/services\/[^/]+$/, kind: "status", status: 503, times: 2 });
    expect((await call("/services")).status).toBe(200);
    const seen = [];
    for (let n = 0; n < 3; n += 1) seen.push((await call(`/services/${id}`)).status);
    expect(seen).toEqual([503, 503, 200]);
    expect(fault.hits()).toBe(2);
  });

  test("for a time, and until stopped", async () => {
    const fault = render.fault({ kind: "forbidden", from: start + SECOND, until: start + 2 * SECOND });
    expect((await call("/services")).status).toBe(200);
    await clock.advance(SECOND);
    expect((await call("/services")).status).toBe(403);
    await clock.advance(SECOND);
    expect((await call("/services")).status).toBe(200);
    fault.stop();
    const second = render.fault({ kind: "empty-list" });
    second.stop();
    render.service();
    expect(await read("/services")).toHaveLength(1);
  });

  test.each([
    ["rate-limit", { retryAfter: 7 }, 429, "rate limit"],
    ["not-json", {}, 200, "<!DOCTYPE"],
    ["wrong-type", {}, 200, "42"],
    ["empty-list", {}, 200, "[]"],
    ["status", { status: 502, body: "" }, 502, ""],
    ["status", { status: 500, body: { id: "x" } }, 500, '{"id":"x"}'],
  ] as const)("%s", async (kind, more, status, body) => {
    render.fault({ kind, ...more });
    const response = await call("/services");
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(body);
    expect(response.headers.get("retry-after")).toBe("retryAfter" in more ? "7" : null);
    expect(render.violations).toEqual([]);
  });

  test("reset, truncated, and a hang until the client gives up", async () => {
    render.service();
    render.fault({ kind: "reset", times: 1 });
    await expect(call("/services")).rejects.toThrow("fetch failed");
    render.fault({ kind: "truncated", times: 1 });
    await expect(call("/services").then((response) => response.text())).rejects.toThrow("terminated");
    render.fault({ kind: "hang", times: 1 });
    const abort = new AbortController();
    const hanging = call("/services", { signal: abort.signal });
    await expect.poll(() => render.requests.length, { timeout: 10_000 }).toBe(3);
    abort.abort();
    await expect(hanging).rejects.toThrow("aborted");
    expect(render.requests.map((request) => request.status)).toEqual([0, 200, 0]);
  });

  test("a slow body ends when the stand-in's time has come", async () => {
    render.service();
    render.fault({ kind: "slow-body", delayMs: 10 * SECOND });
    const response = await call("/services");
    let isWhole = false;
    const body = response.json().then((value) => {
      isWhole = true;
      return value as unknown[];
    });
    await clock.advance(9 * SECOND);
    await call("/services/srv-zzzzzzzzzzzzzzzzzzzz");
    expect(isWhole).toBe(false);
    await clock.advance(SECOND);
    expect(await body).toHaveLength(1);
  });
});

describe("time", () => {
  test("steps run in order at their own times, also those added on the way", async () => {
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} ${render.now() - start}`);
    render.after(2000, note("b"));
    render.at(start + 1000, () => {
      note("a")();
      render.after(500, note("between"));
    });
    await clock.advance(10_000);
    expect(seen).toEqual(["a 1000", "between 1500", "b 2000"]);
  });

  test("in real time the story goes on by itself", async () => {
    const real = await startRenderStandIn({ basePath: "/proxy/v1", apiKey: "rnd_mine" });
    try {
      const { id } = real.service();
      const { deployId } = real.story(id, sha("a"), { createdMs: 0, buildMs: 1, updateMs: 1 });
      await expect.poll(() => real.deployRecord(deployId).status, { timeout: 10_000 }).toBe("live");
      const headers = { Authorization: "Bearer rnd_mine", Accept: "application/json" };
      expect((await fetch(`${real.url}/services/${id}`, { headers })).status).toBe(200);
      expect(real.url).toMatch(/\/proxy\/v1$/);
    } finally {
      await real.close();
    }
  });
});

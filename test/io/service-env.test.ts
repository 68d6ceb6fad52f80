import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import { createServiceEnv } from "../../src/io/service-env.ts";
import type { ServiceEnv } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

let clock: SimulatedClock;
let render: RenderStandIn;
let api: RenderApi;
let env: ServiceEnv;
let service: { readonly id: string; readonly ownerId: string };

beforeEach(async () => {
  clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  service = render.service({ name: "shop-api" });
  api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
  });
  env = createServiceEnv(api);
});

afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

const read = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await env.read(service)).values);
const failing = async (): Promise<ServiceProblem> => {
  const problem: unknown = await env.read(service).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ServiceProblem);
  return problem as ServiceProblem;
};

describe("the service's environment", () => {
  it("is its own variables, every page of them", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`NAME_${index}`, `value ${index}`]),
    );
    render.env(service.id, many);
    expect(await read()).toEqual(many);
    expect(render.requests.map(({ path }) => path)).toEqual([
      `/services/${service.id}/env-vars`,
      `/services/${service.id}/env-vars`,
      "/env-groups",
    ]);
    expect(render.requests[2]?.query.get("ownerId")).toBe(service.ownerId);
  });

  it("and those of linked groups; its own win", async () => {
    const other = render.service({ name: "other" });
    render.env(service.id, { MODE: "own", PORT: "1" });
    render.envGroup({
      name: "shared",
      values: { MODE: "group", REGION: "eu" },
      services: [other.id, service.id],
    });
    render.envGroup({ name: "foreign", values: { REGION: "us", KEY: "x" }, services: [other.id] });
    expect(await read()).toEqual({ MODE: "own", PORT: "1", REGION: "eu" });
    expect(render.requests).toHaveLength(3);
  });

  it("what two groups set differently is ambiguous, unless the service sets it", async () => {
    render.env(service.id, { OWN: "x" });
    render.envGroup({ name: "one", values: { SAME: "1", OTHER: "1", OWN: "1" }, services: [service.id] });
    render.envGroup({ name: "two", values: { SAME: "1", OTHER: "2", OWN: "2" }, services: [service.id] });
    const { values, ambiguous } = await env.read(service);
    expect([...ambiguous]).toEqual(["OTHER"]);
    expect(values.get("OWN")).toBe("x");
    expect(values.get("SAME")).toBe("1");
  });

  it("over more groups than a page has", async () => {
    for (let index = 0; index < 103; index += 1)
      render.envGroup({
        name: `group ${index}`,
        values: { [`N_${index}`]: "1" },
        services: [index === 102 ? service.id : render.service().id],
      });
    expect(await read()).toEqual({ N_102: "1" });
  });

  it("groups that come beside their cursor are read too", async () => {
    const group = render.envGroup({ name: "shared", values: { REGION: "eu" }, services: [service.id] });
    const { values: _values, ...envGroup } = group;
    const body = [{ cursor: "c", envGroup }];
    render.fault({ route: /env-groups$/, kind: "status", status: 200, body, times: 1 });
    expect(await read()).toEqual({ REGION: "eu" });
  });
});

describe("that cannot be read", () => {
  it("a key without the permission for it", async () => {
    render.fault({ route: /env-vars/, kind: "forbidden" });
    expect((await failing()).status).toBe(403);
  });

  it("a group that cannot be read leaves everything unknown", async () => {
    render.envGroup({ name: "shared", values: { REGION: "eu" }, services: [service.id] });
    render.fault({ route: /env-groups\/evg-/, kind: "forbidden" });
    expect((await failing()).status).toBe(403);
  });

  it("a full page of groups that does not say where it goes on", async () => {
    render.quirks.groupCursors = false;
    for (let index = 0; index < 100; index += 1)
      render.envGroup({ name: `group ${index}`, values: {}, services: [render.service().id] });
    expect((await failing()).message).toBe(
      "Render's list of environment groups could not be read beyond the first 100",
    );
  });

  it.each([
    ["not what it should be", [{ cursor: "c", envVar: { key: "KEY", value: ["s3cret"] } }]],
    ["no JSON at all", '{"key": "KEY", "value": "s3cret'],
  ])("an answer that is %s tells no value", async (_what, body) => {
    render.fault({ route: /env-vars/, kind: "status", status: 200, body });
    const problem = await failing();
    expect(JSON.stringify([problem.message, problem.failure, problem.stack, problem.cause])).not.toContain(
      "s3cret",
    );
    expect(problem.message).toContain("unreadably");
  });
});

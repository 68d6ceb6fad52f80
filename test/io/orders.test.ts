import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeploys } from "../../src/io/deploys.ts";
import { createRenderApi, type RenderApi } from "../../src/io/render-api.ts";
import type { Deploys } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock } from "../stand-ins/clock.ts";
import { sha, startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";

let render: RenderStandIn;
let api: RenderApi;
let deploys: Deploys;

beforeEach(async () => {
  const clock = simulatedClock();
  render = await startRenderStandIn({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  api = createRenderApi({
    clock,
    apiKey: render.apiKey,
    baseUrl: render.url,
    redact: (text) => text,
    random: () => 0.5,
    proxyEnv: {},
    attemptTimeoutMs: 2_000,
  });
  deploys = createDeploys(api);
});

afterEach(async () => {
  await api.close();
  await render.close();
  expect(render.violations).toEqual([]);
});

/** A service whose first version was replaced; gives its id and that deploy's. */
function replaced(): { readonly id: string; readonly old: string } {
  const { id } = render.service();
  const old = render.serving(id, sha("old"), { at: render.now() - 2 * 86_400_000 }).deployId;
  render.serving(id, sha("new"));
  return { id, old };
}

const sent = (method: string): number =>
  render.requests.filter((request) => request.method === method).length;

describe("a rollback", () => {
  it("is a new deploy of the old commit", async () => {
    const { id, old } = replaced();
    const made = await deploys.rollback(id, old);
    expect(made).toMatchObject({ trigger: "rollback", commit: { sha: sha("old") } });
    expect(made.id).not.toBe(old);
    expect(render.requests.at(-1)).toMatchObject({ method: "POST", body: JSON.stringify({ deployId: old }) });
  });

  it.each([
    { name: "its answer was lost", kind: "truncated" },
    { name: "its answer is no JSON", kind: "not-json" },
    { name: "Render failed at it", kind: "status" },
  ] as const)("is never ordered twice when $name", async ({ kind }) => {
    const { id, old } = replaced();
    render.fault({ route: /rollback$/, kind, times: 1 });
    await expect(deploys.rollback(id, old)).rejects.toThrow(ServiceProblem);
    expect(sent("POST")).toBe(1);
  });

  it("is ordered again when it was only turned away", async () => {
    const { id, old } = replaced();
    render.fault({ route: /rollback$/, kind: "rate-limit", times: 1, retryAfter: 2 });
    expect(await deploys.rollback(id, old)).toMatchObject({ trigger: "rollback" });
    expect(sent("POST")).toBe(2);
  });

  it.each([
    { name: "a deploy that is not kept", status: 400, set: () => void (render.quirks.keptDeploys = 0) },
    {
      name: "a key that may only read",
      status: 403,
      set: () => void render.fault({ route: /rollback$/, kind: "forbidden" }),
    },
  ])("is refused for $name", async ({ status, set }) => {
    const { id, old } = replaced();
    set();
    const error = await deploys.rollback(id, old).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceProblem);
    expect((error as ServiceProblem).status).toBe(status);
    expect(sent("POST")).toBe(1);
  });
});

describe("auto-deploy", () => {
  it("is set by its trigger, and the service told as it is then", async () => {
    const { id } = render.service();
    expect(await deploys.setAutoDeploy(id, { autoDeployTrigger: "off" })).toMatchObject({
      autoDeploy: false,
    });
    expect(await deploys.setAutoDeploy(id, { autoDeployTrigger: "checksPass" })).toMatchObject({
      autoDeploy: true,
      autoDeployTrigger: "checksPass",
    });
  });

  it("of an older service is set by the old field", async () => {
    const service = render.service({ autoDeployTrigger: undefined as unknown as string });
    delete service.autoDeployTrigger;
    expect(await deploys.setAutoDeploy(service.id, { autoDeploy: "no" })).toMatchObject({
      autoDeploy: false,
    });
  });

  it("is set again when the answer was lost: twice is once", async () => {
    const { id } = render.service();
    render.fault({ route: /^PATCH /, kind: "truncated", times: 1 });
    expect(await deploys.setAutoDeploy(id, { autoDeployTrigger: "off" })).toMatchObject({
      autoDeploy: false,
    });
    expect(sent("PATCH")).toBe(2);
  });
});

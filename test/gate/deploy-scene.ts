import { expect } from "vitest";
import type { ServiceInput, ServiceRecord } from "../stand-ins/render/server.ts";
import { startScene, type GateResult, type Scene } from "./scene.ts";

/** A config whose watch is short: what is tested here comes before it. */
export const QUICK = `version: 1
service: shop-api
stages:
  boot: { for: 20s, every: 10s }
deploy: { on_fail: revert }
checks:
  health: { http: /health, on_fail: revert }
`;

/** `QUICK` with these lines under `deploy:`, and more of them at the end. */
export function quick(deploy = "", more = ""): string {
  return (
    QUICK.replace(
      "on_fail: revert }\nchecks",
      `on_fail: revert${deploy === "" ? "" : `, ${deploy}`} }\nchecks`,
    ) + more
  );
}

export interface Shop extends AsyncDisposable {
  readonly scene: Scene;
  readonly service: ServiceRecord;
  /** The commit that serves. */
  readonly good: string;
  /** The pushed one. */
  readonly bad: string;
}

/** The service `shop-api` of acme/shop on main, its commit `good` serving, and `bad` just pushed on top. */
export async function startShop(
  options: {
    readonly config?: string | null;
    readonly service?: ServiceInput;
    readonly files?: Readonly<Record<string, string>>;
    readonly message?: string;
    readonly serving?: boolean;
  } = {},
): Promise<Shop> {
  const scene = await startScene();
  const { serviceDetails = {}, ...fields } = options.service ?? {};
  const isWeb = (fields.type ?? "web_service") === "web_service";
  const service = scene.render.service({
    name: "shop-api",
    ...fields,
    serviceDetails: isWeb
      ? { url: scene.web.url, healthCheckPath: "/health", ...serviceDetails }
      : serviceDetails,
  });
  const config: Record<string, string> =
    options.config === null ? {} : { ".github/deploy-gate.yml": options.config ?? QUICK };
  const good = await scene.push({ "app.py": "print('one')\n", "docs/a.md": "one\n", ...config }, "First");
  if (options.serving !== false)
    scene.render.serving(service.id, fields.image === undefined ? good : null, { instances: ["aaaaa"] });
  const bad = await scene.push(
    options.files ?? { "app.py": "print('two')\n" },
    options.message ?? "Second (#2)",
  );
  return { scene, service, good, bad, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

/** A gate for the push good..bad. */
export async function gatePush(
  shop: Shop,
  inputs: Readonly<Record<string, string>> = {},
  commit = shop.bad,
): Promise<GateResult> {
  return shop.scene.gate({ commit, before: shop.good, inputs });
}

/** What every story ends with: both platforms were used as they want to be. */
export function expectClean({ scene }: Shop): void {
  expect(scene.render.violations).toEqual([]);
  expect(scene.github.violations).toEqual([]);
}

/** Neither a pull request nor a branch of the gate's, and no deploy asked for. */
export function expectNoAct(shop: Shop): void {
  const { scene } = shop;
  expect(scene.github.pulls).toEqual([]);
  expect(
    scene.github.requests.filter(
      ({ method, path }) => method === "POST" && /\/(git\/refs|pulls)$/.test(path),
    ),
  ).toEqual([]);
  expect(triggers(shop)).toEqual([]);
  expectClean(shop);
}

/** Bodies of the deploys asked for. */
export function triggers({ scene }: Shop): readonly string[] {
  return scene.render.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/deploys"))
    .map(({ body }) => body);
}

/** The newest status of the commit, and how its check run was closed. */
export function told(
  { scene }: Shop,
  commit: string,
): { readonly status?: string; readonly check?: string | null } {
  const status = scene.github.statuses.findLast((one) => one.sha === commit);
  const check = scene.github.checkRuns.findLast((one) => one.sha === commit);
  return {
    ...(status === undefined ? {} : { status: status.state }),
    ...(check === undefined ? {} : { check: check.conclusion }),
  };
}

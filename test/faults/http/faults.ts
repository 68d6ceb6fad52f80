import type { Scene } from "../../gate/scene.ts";
import type { Route } from "./routes.ts";

/** One way in which a route goes wrong; a column of the table. */
export interface HttpFault {
  readonly name: string;
  readonly kind:
    | "status"
    | "forbidden"
    | "secondary-limit"
    | "reset"
    | "hang"
    | "truncated"
    | "not-json"
    | "wrong-type"
    | "empty-list"
    | "dribble";
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Once, unless it lasts. */
  readonly lasts?: "a minute" | "throughout";
  /** What was asked for is done, and only the answer is lost. */
  readonly takesEffect?: boolean;
  readonly only?: (route: Route) => boolean;
}

const isWrite = (route: Route): boolean => route.method !== "GET";
/** One question is what the budget of a revert allows, so an empty list of branches is believed. */
const BRANCHES = "GitHub GET /repos/{owner}/{repo}/git/matching-refs/{ref}";
const isGitHub = (route: Route): boolean => route.service === "GitHub";

export const HTTP_FAULTS: readonly HttpFault[] = [
  { name: "503 once", kind: "status", status: 503 },
  { name: "502, yet done", kind: "status", status: 502, takesEffect: true, only: isWrite },
  { name: "503 for a minute", kind: "status", status: 503, lasts: "a minute" },
  { name: "503 throughout", kind: "status", status: 503, lasts: "throughout" },
  { name: "429, Retry-After", kind: "status", status: 429, retryAfter: 20 },
  { name: "429, nothing said", kind: "status", status: 429 },
  { name: "secondary limit, 403", kind: "secondary-limit", only: isGitHub },
  { name: "secondary limit, 429", kind: "secondary-limit", status: 429, retryAfter: 60, only: isGitHub },
  { name: "reset", kind: "reset" },
  { name: "time-out", kind: "hang", takesEffect: true },
  { name: "truncated", kind: "truncated", takesEffect: true },
  { name: "not JSON", kind: "not-json", takesEffect: true },
  { name: "wrong type", kind: "wrong-type", takesEffect: true },
  { name: "empty list", kind: "empty-list", only: (route) => route.isList && route.name !== BRANCHES },
  { name: "403 for good", kind: "forbidden", lasts: "throughout" },
  { name: "slow body", kind: "dribble" },
];

/** Real time of an attempt where one is never answered; long enough for every request that is. */
export const TIMEOUT_MS = 1_000;

/** Lets the route go wrong so from then on. */
export function strike(
  scene: Scene,
  route: Route,
  about: { readonly fault: HttpFault; readonly from?: number | undefined },
): { readonly hits: () => number; readonly stop: () => void } {
  const { kind, status, retryAfter, lasts, takesEffect } = about.fault;
  const input = {
    route: route.pattern,
    ...(about.from === undefined ? {} : { from: about.from }),
    ...(lasts === undefined ? { times: 1 } : lasts === "a minute" ? { forMs: 60_000 } : {}),
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(takesEffect === true && route.method !== "GET" ? { takesEffect } : {}),
    ...(kind === "empty-list" ? emptyOf(route) : {}),
  };
  if (route.service === "GitHub") return scene.github.fault({ ...input, kind });
  if (kind === "secondary-limit") throw new Error("Render has no secondary limit");
  return scene.render.fault({ ...input, kind });
}

/** Lists that stand inside an object. */
function emptyOf({ name }: Route): { readonly body?: unknown } {
  if (name.endsWith("/check-runs")) return { body: { total_count: 0, check_runs: [] } };
  if (name === "Render GET /logs")
    return { body: { hasMore: false, nextStartTime: "", nextEndTime: "", logs: [] } };
  return {};
}

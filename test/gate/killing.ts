import type { Edges } from "../../src/ports.ts";
import type { GateOptions, Scene } from "./scene.ts";

/** The calls that change something outside, and the read by which a rollback is followed. */
export type Boundary =
  | "comment"
  | "createCheckRun"
  | "updateCheckRun"
  | "setStatus"
  | "setWatch"
  | "createCommit"
  | "createBranch"
  | "createPull"
  | "setAutoDeploy"
  | "rollback"
  | "trigger"
  | "deploy";

export class Killed extends Error {}

/** Edges of which each call asks whether the process is still alive; `dies`: it ends with this one. */
function mortal(
  edges: Edges,
  fate: {
    readonly isDead: () => boolean;
    readonly dies?: (method: string) => "before" | "after" | undefined;
    readonly die?: () => void;
  },
): Edges {
  const { isDead, die } = fate;
  const killed = (): Promise<never> => {
    die?.();
    return Promise.reject(new Killed("killed"));
  };
  const port = <Port extends object>(real: Port): Port =>
    Object.fromEntries(
      Object.entries(real).map(([name, member]) => {
        if (typeof member !== "function") return [name, member];
        const call = member as (...given: unknown[]) => unknown;
        return [
          name,
          (...given: unknown[]) => {
            const dies = isDead() ? "before" : fate.dies?.(name);
            if (dies === "before") return killed();
            const result = call(...given);
            return dies === undefined ? result : Promise.resolve(result).then(killed);
          },
        ];
      }),
    ) as Port;
  return {
    ...edges,
    forge: port(edges.forge),
    deploys: port(edges.deploys),
    prober: port(edges.prober),
    messenger: port(edges.messenger),
    runner: {
      ...edges.runner,
      summary: async () => {
        if (isDead()) throw new Killed("killed");
      },
    },
  };
}

/**
 * Edges of a process that is killed at the nth call of a method, before or after it took effect: from then on no edge
 * answers, so that not even an ending is told.
 */
export function killedAt(
  edges: Edges,
  at: { readonly method: Boundary; readonly nth: number; readonly when: "before" | "after" },
): Edges {
  let calls = 0;
  let isDead = false;
  return mortal(edges, {
    isDead: () => isDead,
    die: () => (isDead = true),
    dies: (method) => (method === at.method && (calls += 1) === at.nth ? at.when : undefined),
  });
}

/** One request of a run: of those that fit `route`, counted from 1 in the order in which Render or GitHub gets them. */
export interface Place {
  readonly to: "Render" | "GitHub";
  readonly route: RegExp;
  readonly nth: number;
}

/** The requests so far that fit, such as `PATCH /repos/acme/shop/check-runs/1`. */
export function requestsTo(
  { render, github }: Pick<Scene, "render" | "github">,
  { to, route }: Pick<Place, "to" | "route">,
): readonly string[] {
  const requests = to === "Render" ? render.requests : github.requests;
  return requests.map(({ method, path }) => `${method} ${path}`).filter((request) => route.test(request));
}

/** The options of a run whose process ends with that request from now on, before or after it took effect. */
export function endingWith(
  { render, github }: Pick<Scene, "render" | "github">,
  at: Place & { readonly when: "before" | "after" },
): Required<Pick<GateOptions, "edges">> & { readonly isDead: () => boolean; readonly stop: () => void } {
  const { route } = at;
  const skip = at.nth - 1;
  const last = { route, skip, times: 1 } as const;
  const later = { route, skip, kind: "reset" } as const;
  const lost =
    at.when === "before"
      ? []
      : [
          at.to === "Render"
            ? render.fault({ ...last, kind: "truncated" })
            : github.fault({ ...last, kind: "reset", takesEffect: true }),
        ];
  const faults = [...lost, at.to === "Render" ? render.fault(later) : github.fault(later)];
  const isDead = (): boolean => faults.some((fault) => fault.hits() > 0);
  return {
    isDead,
    edges: (edges) => mortal(edges, { isDead }),
    stop: () => faults.forEach((fault) => fault.stop()),
  };
}

/** The options of a run that is killed there. */
export function dying(
  method: Boundary,
  nth: number,
  when: "before" | "after" = "after",
): Pick<GateOptions, "edges"> {
  return { edges: (edges) => killedAt(edges, { method, nth, when }) };
}

/** The options of a run in the middle of which another one comes: before its nth call of a method. */
export function met(
  method: "setWatch" | "createPull",
  other: () => Promise<unknown>,
): Pick<GateOptions, "edges"> {
  let isMet = false;
  return {
    edges(edges) {
      const { forge } = edges;
      const call = forge[method] as (...given: unknown[]) => Promise<unknown>;
      const meeting = async (...given: unknown[]): Promise<unknown> => {
        if (!isMet) {
          isMet = true;
          await other();
        }
        return call(...given);
      };
      return { ...edges, forge: { ...forge, [method]: meeting } };
    },
  };
}

import type { Edges } from "../../src/ports.ts";
import type { GateOptions } from "./scene.ts";

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
  const mortal = <Port extends object>(port: Port): Port =>
    Object.fromEntries(
      Object.entries(port).map(([name, member]) => {
        if (typeof member !== "function") return [name, member];
        const call = member as (...given: unknown[]) => unknown;
        return [
          name,
          (...given: unknown[]) => {
            const dies = !isDead && name === at.method && (calls += 1) === at.nth;
            if (isDead || (dies && at.when === "before")) {
              isDead = true;
              return Promise.reject(new Killed("killed"));
            }
            const result = call(...given);
            if (!dies) return result;
            return Promise.resolve(result).then(() => {
              isDead = true;
              throw new Killed("killed");
            });
          },
        ];
      }),
    ) as Port;
  return {
    ...edges,
    forge: mortal(edges.forge),
    deploys: mortal(edges.deploys),
    prober: mortal(edges.prober),
    messenger: mortal(edges.messenger),
    runner: {
      ...edges.runner,
      summary: async () => {
        if (isDead) throw new Killed("killed");
      },
    },
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

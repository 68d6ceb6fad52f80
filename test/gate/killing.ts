import type { Edges } from "../../src/ports.ts";

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

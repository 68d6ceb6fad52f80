import { expect } from "vitest";
import type { GateState } from "../../src/core/gate-state.ts";
import { decodeState } from "../../src/core/gate-state-text.ts";
import { startRevertWorld, type RevertWorld } from "./revert-world.ts";

/** A config whose failing check rolls back, checks again, and opens the revert. */
export function rollbackConfig(
  more: {
    readonly guards?: string;
    readonly mode?: string;
    readonly steps?: string;
    readonly deploy?: string;
    readonly checks?: string;
  } = {},
): string {
  const steps = more.steps ?? "render_rollback: { freeze_auto_deploy: true }, recheck: boot, revert_pr: {}";
  const list = steps.replaceAll(/, (?=recheck|revert_pr|render_rollback)/g, "\n    - ");
  return `version: 1
service: shop-api
${more.mode === undefined ? "" : `mode: ${more.mode}\n`}stages:
  boot: { for: 30s, every: 10s }
${more.guards === undefined ? "" : `guards: ${more.guards}\n`}remedies:
  back:
    - ${list}
deploy: { on_fail: back, appear_within: 1m${more.deploy === undefined ? "" : `, ${more.deploy}`} }
checks:
  errors: { logs: { forbid: [Traceback] }, on_fail: back }
  health: { http: /health }
  crashes: { events: [server_failed] }
${more.checks ?? ""}`;
}

export interface RollbackWorld extends RevertWorld {
  /** Auto-deploy as Render has it. */
  autoDeploy(): string | undefined;
  /** Rollback deploys, oldest first. */
  rollbacks(): readonly {
    readonly id: string;
    readonly status: string;
    readonly commit: string | undefined;
  }[];
  /** What the newest check run of a commit keeps. */
  state(commit: string): GateState;
  /** A gate of that commit has ended so. */
  gateEnded(commit: string, conclusion: "success" | "failure"): Promise<void>;
  /** A person closes a pull request. */
  close(pull: number): Promise<void>;
  /** Calls that changed something at Render: `POST /services/…/rollback`. */
  orders(): readonly string[];
}

export async function startRollbackWorld(
  options: Parameters<typeof startRevertWorld>[0] = {},
): Promise<RollbackWorld> {
  const world = await startRevertWorld({ config: rollbackConfig(), ...options });
  const { scene, serviceId } = world;
  scene.render.quirks.trigger = { createdMs: 1_000, buildMs: 2_000, updateMs: 3_000, boot: ["INFO: up"] };
  return Object.assign(world, {
    autoDeploy: () => scene.render.serviceState(serviceId).record.autoDeployTrigger,
    rollbacks: () =>
      scene.render
        .serviceState(serviceId)
        .deploys.map(({ record }) => record)
        .filter((record) => record.trigger === "rollback")
        .map(({ id, status, commit }) => ({ id, status, commit: commit?.id })),
    state(commit: string) {
      const run = scene.github.checkRuns.findLast((one) => one.sha === commit);
      const decoded = decodeState(run?.text ?? "");
      if (decoded.kind !== "state") throw new Error(`the state of ${commit} is ${decoded.kind}`);
      return decoded.state;
    },
    async close(pull: number) {
      const { github } = scene;
      const answer = await fetch(`${github.url}/repos/${github.owner}/${github.repo}/pulls/${pull}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${github.actionsToken}`, "content-type": "application/json" },
        body: JSON.stringify({ state: "closed" }),
      });
      expect(answer.status).toBe(200);
    },
    async gateEnded(commit: string, conclusion: "success" | "failure") {
      const { github } = scene;
      const answer = await fetch(`${github.url}/repos/${github.owner}/${github.repo}/check-runs`, {
        method: "POST",
        headers: { authorization: `Bearer ${github.actionsToken}`, "content-type": "application/json" },
        body: JSON.stringify({
          name: "deploy-gate / shop-api",
          head_sha: commit,
          external_id: `deploy-gate:shop-api:${commit}`,
          status: "completed",
          conclusion,
          output: { title: conclusion, summary: conclusion },
        }),
      });
      expect(answer.status).toBe(201);
    },
    orders: () =>
      scene.render.requests
        .filter(({ method }) => method !== "GET")
        .map(({ method, path, body }) => `${method} ${path.replace(serviceId, "srv")} ${body}`),
  });
}

/** An action as `kind: state`. */
export function short(
  actions: readonly { readonly kind: string; readonly state: string }[],
): readonly string[] {
  return actions.map(({ kind, state }) => `${kind}: ${state}`);
}

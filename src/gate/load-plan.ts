import type { Check, Plan } from "../core/check.ts";
import { defaultHealthPath } from "../core/service-type.ts";
import type { Service } from "../core/service.ts";
import type { Edges } from "../ports.ts";
import { ConfigProblem, ServiceProblem, type Mistake } from "../problem.ts";
import { fileAtCommit } from "./file-at-commit.ts";

export const DEFAULT_CONFIG = ".github/deploy-gate.yml";

export interface LoadedPlan {
  readonly plan?: Plan;
  readonly mistakes: readonly Mistake[];
  /** What in the file can be used but hardly be meant. */
  readonly warnings?: readonly Mistake[];
  /** Whether a file was there. */
  readonly hasFile: boolean;
  /** The service the file names, read leniently, for naming the check run when the file is broken. */
  readonly serviceHint?: string;
}

/**
 * The config file at the gated commit: from the workspace if that commit is checked out, else through the
 * contents API. The default path counts as absent only if the commit itself could be read with the same token.
 */
export async function loadPlan(
  edges: Pick<Edges, "workspace" | "forge">,
  options: {
    readonly path: string | undefined;
    readonly commit: string;
    readonly env: (name: string) => string | undefined;
  },
): Promise<LoadedPlan> {
  const { commit, env } = options;
  const path = options.path ?? DEFAULT_CONFIG;
  try {
    const text = await fileAtCommit(edges, { path, commit });
    if (text !== undefined) {
      // Not before: the first request waits for nothing that it does not need.
      const { readConfig } = await import("../config/file.ts");
      const read = readConfig({ text, file: path, env });
      const hint = /^service:[ \t]*["']?([\w.-]+)/m.exec(text)?.[1];
      return {
        mistakes: read.ok ? [] : read.mistakes,
        warnings: read.warnings,
        hasFile: true,
        ...(read.ok ? { plan: read.plan } : {}),
        ...(hint === undefined ? {} : { serviceHint: hint }),
      };
    }
    if (path !== DEFAULT_CONFIG) {
      const short = commit.slice(0, 7);
      return {
        mistakes: [
          {
            message: `The config file "${path}" does not exist at ${short}.`,
            hint: `Commit it, or correct the input "config".`,
          },
        ],
        hasFile: false,
      };
    }
    if ((await edges.forge.commit(commit)) === undefined) {
      const hint = `Grant the job "contents: read", or check the repository out before the gate.`;
      return {
        mistakes: [
          { message: `Neither "${path}" nor the commit ${commit} can be read with the token.`, hint },
        ],
        hasFile: false,
      };
    }
    const { defaultPlan } = await import("../config/default-plan.ts");
    return { plan: defaultPlan(), mistakes: [], hasFile: false };
  } catch (error) {
    if (error instanceof ConfigProblem) return { mistakes: error.mistakes, hasFile: false };
    if (!(error instanceof ServiceProblem) || error.status !== 403) throw error;
    return {
      mistakes: [
        {
          message: `The config file "${path}" cannot be read: ${error.message}`,
          hint: `Grant the job "contents: read", or check the repository out before the gate.`,
        },
      ],
      hasFile: false,
    };
  }
}

/** Without a config file: crash events, and the service's own health check where it has one. */
export async function completedPlan(plan: Plan, service: Service): Promise<Plan> {
  if (plan.file !== undefined) return plan;
  const { crashCheck, healthCheck } = await import("../config/default-plan.ts");
  const path = defaultHealthPath(service);
  const runsServers = service.type !== "static_site" && service.type !== "cron_job";
  const checks: readonly Check[] = [
    ...(path === undefined ? [] : [healthCheck(path)]),
    ...(runsServers ? [crashCheck()] : []),
  ];
  return { ...plan, checks };
}

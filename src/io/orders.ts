import type { Deploy } from "../core/deploy.ts";
import type { Deploys } from "../ports.ts";
import type { RenderApi } from "./render-api.ts";
import { deployReply } from "./render-deploy.ts";
import { servicePath, serviceReply } from "./render-service.ts";

/** What the gate asks Render to do. A deploy is asked for once: an order that may have arrived is never repeated. */
export function createOrders(api: RenderApi): Pick<Deploys, "trigger" | "rollback" | "setAutoDeploy"> {
  return {
    // 202 with zero bytes when another deploy is running; see `POST /services/{id}/deploys`.
    trigger: (serviceId, commit): Promise<Deploy | undefined> =>
      api.json({
        method: "POST",
        path: `${servicePath(serviceId)}/deploys`,
        body: { commitId: commit },
        retry: "refused-only",
        schema: deployReply.optional(),
      }),

    rollback: (serviceId, deployId) =>
      api.json({
        method: "POST",
        path: `${servicePath(serviceId)}/rollback`,
        body: { deployId },
        retry: "refused-only",
        schema: deployReply,
      }),

    // The same setting twice is the setting.
    async setAutoDeploy(serviceId, setting) {
      const found = await api.json({
        method: "PATCH",
        path: servicePath(serviceId),
        body: setting,
        retry: "safe",
        schema: serviceReply,
      });
      return found.service;
    },
  };
}

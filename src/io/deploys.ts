import * as z from "zod";
import type { Deploys } from "../ports.ts";
import { pathPart } from "./address.ts";
import { rfc3339 } from "./instant.ts";
import type { RenderApi } from "./render-api.ts";
import { createOrders } from "./orders.ts";
import { deployReply, instanceReply } from "./render-deploy.ts";
import { eventReply } from "./render-event.ts";
import { servicePath, serviceReply } from "./render-service.ts";

const domainReply = z
  .object({ id: z.string().nullish(), name: z.string(), verificationStatus: z.string().nullish() })
  .transform(({ id, name, verificationStatus }) => ({ id: id ?? name, name, verificationStatus }));

/** The port `Deploys` over Render's API. A list with one malformed item counts as garbled: retried, then an error. */
export function createDeploys(api: RenderApi): Deploys {
  return {
    ...createOrders(api),

    async servicesNamed(name) {
      const found = await api.list({
        path: "/services",
        query: { name, includePreviews: false },
        key: "service",
        item: serviceReply,
        allPages: true,
      });
      return found
        .filter((each) => each.service.name === name && !each.isPreview)
        .map((each) => each.service);
    },

    async service(serviceId, { isOnce = false } = {}) {
      const path = servicePath(serviceId);
      const found = await api.json({
        method: "GET",
        path,
        retry: isOnce ? "once" : "safe",
        schema: serviceReply,
        notFoundIsUndefined: true,
      });
      return found?.service;
    },

    async servicesOf(ownerId) {
      const found = await api.list({
        path: "/services",
        query: { ownerId, includePreviews: false },
        key: "service",
        item: serviceReply,
        allPages: true,
      });
      return found.filter((each) => !each.isPreview).map((each) => each.service);
    },

    async customDomains(serviceId) {
      const domains = await api.list({
        path: `${servicePath(serviceId)}/custom-domains`,
        query: { verificationStatus: "verified" },
        key: "customDomain",
        item: domainReply,
        allPages: true,
      });
      return domains.filter((each) => each.verificationStatus === "verified").map((each) => each.name);
    },

    async deploys(serviceId, { createdAfter, allPages = false }) {
      const found = await api.list({
        path: `${servicePath(serviceId)}/deploys`,
        // One ms earlier: whether Render means "at or after" is not said; the filter below decides.
        query: createdAfter === undefined ? {} : { createdAfter: rfc3339(createdAfter - 1) },
        key: "deploy",
        item: deployReply,
        allPages,
      });
      return found
        .filter((deploy) => deploy.createdAt >= (createdAfter ?? -Infinity))
        .toSorted((a, b) => b.createdAt - a.createdAt);
    },

    deploy: (serviceId, deployId) =>
      api.json({
        method: "GET",
        path: `${servicePath(serviceId)}/deploys/${pathPart(deployId)}`,
        retry: "safe",
        schema: deployReply,
        notFoundIsUndefined: true,
      }),

    instances: (serviceId) =>
      api.json({
        method: "GET",
        path: `${servicePath(serviceId)}/instances`,
        retry: "safe",
        schema: z.array(instanceReply),
      }),

    async events(serviceId, { from, to, types }) {
      const found = await api.list({
        path: `${servicePath(serviceId)}/events`,
        query: {
          startTime: rfc3339(from),
          // The last millisecond whole: Render's times are finer than ours.
          endTime: rfc3339(to + 1),
          type: types?.length === 1 ? types[0] : undefined,
        },
        key: "event",
        item: eventReply,
        allPages: true,
        // Should Render ignore `startTime`, the pages would go back to the service's first day.
        isEnough: (page) => page.every((event) => event.at < from),
      });
      return found
        .filter((event) => event.at >= from && event.at <= to)
        .filter((event) => types === undefined || types.includes(event.type))
        .toSorted((a, b) => a.at - b.at);
    },
  };
}

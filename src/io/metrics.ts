import * as z from "zod";
import type { Metrics, RenderDatabase } from "../ports.ts";
import { rfc3339 } from "./instant.ts";
import type { RenderApi } from "./render-api.ts";
import { metricReply } from "./render-metric.ts";

const databaseReply = z
  .object({ id: z.string(), name: z.string(), region: z.string().nullish() })
  .transform(({ id, name, region }): RenderDatabase => ({ id, name, ...(region ? { region } : {}) }));

/** The port `Metrics` over Render's API: https://api-docs.render.com/reference/get-cpu */
export function createMetrics(api: RenderApi): Metrics {
  return {
    read: ({ metric, resourceId, from, to, stepMs, quantile, signal }) =>
      api.json({
        method: "GET",
        path: `/metrics/${metric.replaceAll("_", "-")}`,
        query: {
          resource: resourceId,
          startTime: rfc3339(from),
          endTime: rfc3339(to),
          resolutionSeconds: Math.max(30, Math.round(stepMs / 1_000)),
          ...(quantile === undefined ? {} : { quantile }),
          ...(metric === "http_requests" ? { aggregateBy: "statusCode" } : {}),
        },
        retry: "safe",
        schema: metricReply,
        ...(signal === undefined ? {} : { signal }),
      }),

    databases: (ownerId) =>
      api.list({
        path: "/postgres",
        query: { ownerId },
        key: "postgres",
        item: databaseReply,
        allPages: true,
      }),
  };
}

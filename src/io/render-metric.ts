import * as z from "zod";
import type { MetricSeries } from "../core/metric-series.ts";
import { instant } from "./instant.ts";

const reply = z.object({
  labels: z.array(z.object({ field: z.string(), value: z.string() })).nullish(),
  unit: z.string().nullish(),
  values: z
    .array(z.object({ timestamp: instant, value: z.number().nullish(), unit: z.string().nullish() }))
    .nullish(),
});

/**
 * The series of a metric. The contract wants a unit beside every value, answers have it once for all of them
 * (render-api.md 6): the series' own goes first. A step without a value is left out.
 */
export const metricReply = z
  .array(reply.transform(seriesOf))
  .nullish()
  .transform((series) => series ?? []);

function seriesOf({ labels, unit, values }: z.output<typeof reply>): MetricSeries {
  const points = (values ?? []).flatMap(({ timestamp, value }) =>
    typeof value === "number" ? [{ at: timestamp, value }] : [],
  );
  return {
    labels: Object.fromEntries((labels ?? []).map(({ field, value }) => [field.toLowerCase(), value])),
    unit: unit || values?.find((each) => each.unit)?.unit || "",
    points: points.toSorted((a, b) => a.at - b.at),
  };
}

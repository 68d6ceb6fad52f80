import { conditionsAt, sayMisfits } from "./condition-rules.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import type { SourcePlace } from "./source-rules.ts";
import { METRICS } from "./vocabulary.ts";

const STATUS = { open: false, types: { status: "number" } } as const;

/** Options that only some metrics have. */
const OPTIONS: readonly {
  readonly option: string;
  readonly metrics: readonly string[];
  readonly why: string;
}[] = [
  { option: "of_limit", metrics: ["cpu", "memory"], why: "only cpu and memory have a limit" },
  { option: "where", metrics: ["http_requests"], why: "only http_requests are told apart by status" },
  { option: "as", metrics: ["http_requests"], why: "only http_requests can be a share of all" },
  { option: "quantile", metrics: ["http_latency"], why: "only http_latency has quantiles" },
];

/** The rules between a metric and its options. */
export function checkMetric(written: unknown, { path, file }: SourcePlace): void {
  const { findings } = file;
  const metric: Raw = typeof written === "string" ? { name: written } : mapping(written);
  const place = [...path, "metric"];
  const { name } = metric;
  if (name === "active_connections" && metric["of"] === undefined) {
    findings.say(place, "active_connections belong to a database, and none is named", {
      hint: "write metric: { name: active_connections, of: … } with the name or id of a Render database",
      needsWhole: true,
    });
  }
  const isKnown = METRICS.some((one) => one === name);
  for (const { option, metrics, why } of OPTIONS) {
    const isWritten = metric[option] !== undefined && metric[option] !== false;
    if (!isKnown || !isWritten || metrics.includes(String(name))) continue;
    findings.say([...place, option], `${String(name)} takes no ${option}: ${why}`, {
      hint: `remove ${option}`,
      isKey: true,
    });
  }
  if (metric["as"] !== undefined && metric["where"] === undefined) {
    findings.say([...place, "as"], "as: ratio does not say which requests are the share", {
      hint: "write where beside it, such as where: status >= 500",
      isKey: true,
      needsWhole: true,
    });
  }
  for (const condition of conditionsAt(metric, { path: place, keys: ["where"] }))
    sayMisfits(condition, { table: STATUS, findings, baseline: { hasBaseline: false, who: "where" } });
}

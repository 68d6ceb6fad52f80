import * as z from "zod";
import type { Formula } from "../core/source.ts";
import { parseFormula } from "../core/formula-parser.ts";
import { aggregate, interval, quantile } from "./amounts.ts";
import { choice, flag, MAPPING, oneCondition, pattern, patterns, positiveDuration, text } from "./fields.ts";
import type { IssueParams } from "./fields.ts";
import { LOG_LEVELS, METRICS, WATCHED_EVENTS } from "./vocabulary.ts";

const USE_URL = "use a path such as /health, or an address such as https://example.com/health";
const httpUrl = text(USE_URL).refine(isPathOrUrl, { error: USE_URL });

const http = z.union(
  [
    httpUrl,
    z.strictObject({
      url: httpUrl,
      method: choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("GET"),
      headers: z.record(z.string(), z.string({ error: "use text; quote numbers" }), MAPPING).default({}),
      body: z.string({ error: "use text" }).optional(),
      timeout: positiveDuration.prefault("10s"),
    }),
  ],
  { error: "use a path such as /health, or a mapping with url" },
);

const USE_SPAN = 'use two patterns, how it begins and how it ends, such as ["Starting", "Finished"]';

const logs = z.strictObject(
  {
    type: choice(["app", "build", "request"]).default("app"),
    level: z
      .array(choice(LOG_LEVELS), { error: "use a list, such as [error]" })
      .min(1, { error: "name at least one level" })
      .optional(),
    require: patterns.optional(),
    within: positiveDuration.optional(),
    forbid: patterns.optional(),
    count: pattern.optional(),
    per: interval.optional(),
    span: z.array(pattern, { error: USE_SPAN }).length(2, { error: USE_SPAN }).optional(),
    inside: z
      .array(pattern, { error: "use a list of regular expressions, such as ['/Found (?<found>\\d+)/']" })
      .min(1, { error: "name at least one regular expression" })
      .optional(),
  },
  { error: "use a mapping with require, forbid, count or span" },
);

const query = text("use an SQL statement, such as SELECT count(*) AS total FROM orders");

/** An SQL statement, or which database it is for as well. */
export const statement = z.union(
  [query, z.strictObject({ query, database: text("use the name of a database").optional() })],
  { error: "use an SQL statement, or a mapping with query and database" },
);

const metric = z.union(
  [
    choice(METRICS),
    z.strictObject({
      name: choice(METRICS),
      of: text("use the name or id of a service or database").optional(),
      of_limit: flag.default(false),
      where: oneCondition.optional(),
      as: choice(["ratio"]).optional(),
      quantile: quantile.optional(),
      agg: aggregate.optional(),
    }),
  ],
  { error: "use a metric such as cpu, or a mapping with name" },
);

const events = z
  .array(z.enum(WATCHED_EVENTS, { error: "use an event such as server_failed or server_restarted" }), {
    error: "use a list, such as [server_failed]",
  })
  .min(1, { error: "name at least one event" });

/** The loader hands every plain value over as it is written, so all arrive as text. */
const env = z.record(
  z.string(),
  z
    .string({ error: 'use the text that is expected, "" for an empty one' })
    .meta({ type: ["string", "number", "boolean", "null"] }),
  { error: 'use a mapping of variables, such as { BATCH_SIZE: "10" }' },
);

const source = z.strictObject(
  {
    glob: text("use a path or glob of the repository, such as src/**/*.py"),
    require: patterns.optional(),
    forbid: patterns.optional(),
  },
  { error: "use a mapping with glob, and require or forbid" },
);

const USE_FORMULA = "use arithmetic over other checks, such as wf2.duration / wf2.found";

const formula = z.string({ error: USE_FORMULA }).transform((text, context): Formula => {
  const parsed = parseFormula(text);
  if (parsed.ok) return parsed.formula;
  const { message, hint, column } = parsed;
  const params: IssueParams = { column, ...(hint === undefined ? {} : { hint }) };
  context.issues.push({ code: "custom", message, input: text, params: { ...params } });
  return z.NEVER;
});

const derive = z.record(z.string(), formula, {
  error: "use a mapping of names, such as { per_item: wf2.duration / wf2.found }",
});

/** The sources a check may have; it has one of them. */
export const sources = {
  http: http.optional(),
  logs: logs.optional(),
  sql: statement.optional(),
  metric: metric.optional(),
  events: events.optional(),
  env: env.optional(),
  source: source.optional(),
  derive: derive.optional(),
};

function isPathOrUrl(url: string): boolean {
  if (/[\s\\]/.test(url)) return false;
  if (url.startsWith("/")) return !url.startsWith("//");
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}

import * as z from "zod";
import {
  choice,
  conditions,
  duration,
  failAfter,
  flag,
  names,
  oneCondition,
  patterns,
  positiveDuration,
  text,
  wholeNumber,
} from "./fields.ts";
import { LOG_LEVELS, WATCHED_EVENTS } from "./vocabulary.ts";

/** `{}` and no other mistake message than this when something is no mapping. */
const MAPPING = { error: "use a mapping of keys and values" };

const httpUrl = text("use a path such as /health, or an address such as https://example.com/health").refine(
  isPathOrUrl,
  {
    error: "use a path such as /health, or an address such as https://example.com/health",
  },
);

const http = z
  .union(
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
  )
  .meta({
    description:
      "A path of the service or an absolute address, or url with method, headers, body and timeout.",
  });

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
  },
  { error: "use a mapping with require or forbid" },
);

const query = text("use an SQL statement, such as SELECT count(*) AS total FROM orders");

const sql = z.union(
  [query, z.strictObject({ query, database: text("use the name of a database").optional() })],
  {
    error: "use an SQL statement, or a mapping with query and database",
  },
);

const events = z
  .array(z.enum(WATCHED_EVENTS, { error: "use an event such as server_failed or server_restarted" }), {
    error: "use a list, such as [server_failed]",
  })
  .min(1, { error: "name at least one event" });

const onFail = text("use alert or the name of a remedy");

/** One check; each of its sources and lines. */
export const checkSchema = z.strictObject(
  {
    http: http.optional(),
    logs: logs.optional(),
    sql: sql.optional(),
    events: events.optional(),
    pass: conditions.optional(),
    warn: conditions.optional(),
    fail: conditions.optional(),
    every: positiveDuration.optional(),
    grace: duration.prefault("0s"),
    fail_after: failAfter.optional(),
    pass_after: wholeNumber.min(1, { error: "use 1 or more" }).default(1),
    need: oneCondition.optional(),
    only_if: oneCondition.optional(),
    if_unknown: choice(["unknown", "warn"]).default("unknown"),
    stage: names.min(1, { error: "name at least one stage, or leave it out" }).optional(),
    on_fail: onFail.optional(),
    hint: text("use text or a link").optional(),
  },
  { error: "use a mapping with a source, such as { http: /health }" },
);

const revertPr = z.strictObject(
  {
    labels: names.default([]),
    reviewers: names.default([]),
    assignees: names.default([]),
    draft: flag.default(false),
    auto_merge: flag.default(false),
    scope: choice(["deploy", "push"]).default("deploy"),
    despite_migrations: flag.default(false),
  },
  { error: "use a mapping of options, {} for none" },
);

const remedy = z
  .array(z.strictObject({ revert_pr: revertPr.optional() }, { error: "use a step such as revert_pr: {}" }), {
    error: "use a list of steps, such as [revert_pr: {}]",
  })
  .min(1, { error: "name at least one step" });

/** The file language: its types, its defaults, and the sentences of what would be accepted. */
export const fileSchema = z
  .strictObject(
    {
      version: z.literal(1, { error: "use 1" }),
      service: text("use the name of a Render service, or its id").optional(),
      mode: choice(["observe", "advise", "enforce"]).default("enforce"),
      deploy: z
        .strictObject(
          {
            trigger: flag.default(false),
            appear_within: positiveDuration.prefault("10m"),
            live_within: positiveDuration.prefault("30m"),
            retry: wholeNumber
              .min(0, { error: "use 0 or more" })
              .max(5, { error: "use at most 5" })
              .default(0),
            on_fail: onFail.optional(),
          },
          MAPPING,
        )
        .prefault({}),
      stages: z
        .record(
          z.string(),
          z.strictObject(
            { for: positiveDuration.prefault("5m"), every: positiveDuration.prefault("15s") },
            { error: "use a mapping such as { for: 5m, every: 15s }" },
          ),
          MAPPING,
        )
        .prefault({ boot: {} }),
      databases: z
        .record(
          z.string(),
          z.strictObject(
            {
              url: text("use $NAME, a variable of the step's environment"),
              timeout: positiveDuration.prefault("10s"),
            },
            { error: "use a mapping such as { url: $DATABASE_URL }" },
          ),
          MAPPING,
        )
        .default({}),
      defaults: z
        .strictObject({ on_fail: onFail.default("alert"), fail_after: failAfter.optional() }, MAPPING)
        .prefault({}),
      checks: z.record(z.string(), checkSchema, {
        error: "use a mapping of check names, each with a source",
      }),
      remedies: z.record(z.string(), remedy, MAPPING).default({}),
      guards: z
        .strictObject(
          {
            act_within: positiveDuration.prefault("24h"),
            hold_label: text("use the name of a label").default("gate:hold"),
            migrations: names.default(["**/migrations/**", "**/alembic/versions/**", "prisma/migrations/**"]),
          },
          MAPPING,
        )
        .prefault({}),
    },
    { error: "use a mapping that starts with version: 1" },
  )
  .meta({
    title: "Render Deploy Gate",
    description: "What a gate watches after a deploy, and what it does when that fails.",
  });

/** A config file whose every value is of the right type. */
export type ConfigFile = z.output<typeof fileSchema>;
export type CheckFile = ConfigFile["checks"][string];

function isPathOrUrl(url: string): boolean {
  if (/[\s\\]/.test(url)) return false;
  if (url.startsWith("/")) return !url.startsWith("//");
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}

import * as z from "zod";
import { failAfter, maxActions } from "./amounts.ts";
import { checkSchema, onFail } from "./check-schema.ts";
import { choice, flag, MAPPING, names, positiveDuration, text, wholeNumber } from "./fields.ts";
import { notifySchema } from "./notify-schema.ts";
import { remedySchema } from "./remedy-schema.ts";
import { afterSchema, reportSchema } from "./report-schema.ts";

const deploy = z.strictObject(
  {
    trigger: flag.default(false),
    appear_within: positiveDuration.prefault("10m"),
    live_within: positiveDuration.prefault("30m"),
    retry: wholeNumber.min(0, { error: "use 0 or more" }).max(5, { error: "use at most 5" }).default(0),
    on_fail: onFail.optional(),
  },
  MAPPING,
);

const stage = z.strictObject(
  {
    for: positiveDuration.prefault("5m"),
    every: positiveDuration.prefault("15s"),
    across_deploys: flag.default(false),
  },
  { error: "use a mapping such as { for: 5m, every: 15s }" },
);

const database = z.strictObject(
  {
    url: text("use $NAME, a variable of the step's environment"),
    timeout: positiveDuration.prefault("10s"),
  },
  { error: "use a mapping such as { url: $DATABASE_URL }" },
);

const guards = z.strictObject(
  {
    act_within: positiveDuration.prefault("24h"),
    max_actions: maxActions.prefault("1 per 24h"),
    hold_label: text("use the name of a label").default("gate:hold"),
    migrations: names.default(["**/migrations/**", "**/alembic/versions/**", "prisma/migrations/**"]),
  },
  MAPPING,
);

/** The file language: its types, its defaults, and the sentences of what would be accepted. */
export const fileSchema = z
  .strictObject(
    {
      version: z.literal(1, { error: "use 1" }),
      service: text("use the name of a Render service, or its id").optional(),
      mode: choice(["observe", "advise", "enforce"]).default("enforce"),
      deploy: deploy.prefault({}),
      stages: z.record(z.string(), stage, MAPPING).prefault({ boot: {} }),
      databases: z.record(z.string(), database, MAPPING).default({}),
      defaults: z
        .strictObject({ on_fail: onFail.default("alert"), fail_after: failAfter.optional() }, MAPPING)
        .prefault({}),
      checks: z.record(z.string(), checkSchema, {
        error: "use a mapping of check names, each with a source",
      }),
      remedies: z.record(z.string(), remedySchema, MAPPING).default({}),
      guards: guards.prefault({}),
      notify: notifySchema.default({}),
      report: reportSchema.optional(),
      after: afterSchema.default({}),
    },
    { error: "use a mapping that starts with version: 1" },
  )
  .meta({
    title: "Render Deploy Gate",
    description: "What a gate watches after a deploy, and what it does when that fails.",
  });

/** A config file whose every value is of the right type. */
export type ConfigFile = z.output<typeof fileSchema>;

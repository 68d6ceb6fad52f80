import * as z from "zod";
import { failAfter, floor } from "./amounts.ts";
import {
  choice,
  conditions,
  duration,
  names,
  oneCondition,
  positiveDuration,
  text,
  wholeNumber,
} from "./fields.ts";
import { sources, statement } from "./source-schema.ts";
import { BASELINES } from "./vocabulary.ts";

export const onFail = text("use alert or the name of a remedy");

/** One check: its source, and what stands beside it. */
export const checkSchema = z.strictObject(
  {
    ...sources,
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
    baseline: choice(BASELINES).optional(),
    floor: floor.optional(),
    stage: names.min(1, { error: "name at least one stage, or leave it out" }).optional(),
    on_fail: onFail.optional(),
    hint: text("use text or a link").optional(),
    diagnose: z
      .array(statement, { error: "use a list of SQL statements, such as [SELECT error FROM jobs LIMIT 5]" })
      .min(1, { error: "name at least one SQL statement" })
      .optional(),
  },
  { error: "use a mapping with a source, such as { http: /health }" },
);

export type CheckFile = z.output<typeof checkSchema>;

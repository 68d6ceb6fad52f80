import * as z from "zod";
import type { FailAfter } from "../core/check.ts";
import type { MetricSource } from "../core/source.ts";
import type { NumberOperand } from "../core/condition.ts";
import { parseCondition } from "../core/condition-parser.ts";
import { parseDuration } from "../core/duration.ts";
import { wholeNumber } from "./fields.ts";

const USE_FAIL_AFTER = 'use a number of samples such as 3, "5 of 10", or a duration such as 5m';

/** Reads `3`, `"5 of 10"` or `5m`. */
export const failAfter = z.union(
  [
    wholeNumber
      .min(1, { error: "use 1 or more" })
      .transform((count): FailAfter => ({ kind: "consecutive", count })),
    z
      .string({ error: USE_FAIL_AFTER })
      .regex(/^(?:\d{1,9} of \d{1,9}|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_FAIL_AFTER })
      .transform((text, context): FailAfter => {
        const [, count, of] = /^(\d+) of (\d+)$/.exec(text) ?? [];
        const ms = parseDuration(text);
        if (ms !== undefined && ms > 0) return { kind: "duration", ms };
        if (Number(count) >= 1 && Number(of) >= Number(count))
          return { kind: "of", count: Number(count), of: Number(of) };
        context.issues.push({ code: "custom", message: USE_FAIL_AFTER, input: text });
        return z.NEVER;
      }),
  ],
  { error: USE_FAIL_AFTER },
);

const USE_INTERVAL = "use minute, hour or a duration such as 5m";
const INTERVALS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000 };

/** Reads `minute`, `hour` or `5m`, in ms. */
export const interval = z
  .string({ error: USE_INTERVAL })
  .regex(/^(?:minute|hour|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_INTERVAL })
  .transform((text) => INTERVALS[text] ?? parseDuration(text) ?? 0)
  .refine((ms) => ms >= 1000 && ms <= 366 * 86_400_000, { error: "use at least 1s and at most 366d" });

const USE_AGGREGATE = "use avg, max, min or sum with a duration, such as max 5m";
type Aggregate = NonNullable<MetricSource["agg"]>;

/** Reads `max 5m`. */
export const aggregate = z
  .string({ error: USE_AGGREGATE })
  .regex(/^(?:avg|max|min|sum) \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_AGGREGATE })
  .transform((text): Aggregate => {
    const [name = "", window = ""] = text.split(" ");
    return { name: name as Aggregate["name"], windowMs: parseDuration(window) ?? 0 };
  })
  .refine(({ windowMs }) => windowMs >= 60_000, {
    error: "use at least 1m, because Render keeps a point a minute",
  });

/** Above 0 and at most 1; whoever wrote 95 or p95 is told the number. */
export const quantile = z
  .number({ error: useQuantile })
  .gt(0, { error: useQuantile })
  .lte(1, { error: useQuantile });

function useQuantile({ input }: { readonly input?: unknown }): string {
  const percent = Number(/^p?(\d{1,2}(?:\.\d{1,3})?)%?$/.exec(String(input))?.[1]);
  return percent > 1
    ? `use a quantile from 0 to 1: write ${Number((percent / 100).toPrecision(6))}`
    : "use a quantile from 0 to 1, such as 0.95";
}

const USE_FLOOR = "use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%";

/** Reads `1`, `200ms`, `1GB` or `5%`, as a condition would. */
export const floor = z
  .union([z.number(), z.string()], { error: USE_FLOOR })
  .transform((written, context): NumberOperand => {
    const parsed = parseCondition(`floor >= ${written}`);
    const operand = parsed.ok ? parsed.condition.operand : undefined;
    if (operand?.kind === "number" && operand.value > 0) return operand;
    context.issues.push({ code: "custom", message: USE_FLOOR, input: written });
    return z.NEVER;
  });

const USE_MAX_ACTIONS = "use a number of remedies per time, such as 1 per 24h";

/** Reads `1 per 24h`. */
export const maxActions = z
  .string({ error: USE_MAX_ACTIONS })
  .regex(/^[1-9]\d{0,2} per \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_MAX_ACTIONS })
  .transform((text) => {
    const [count, , time = ""] = text.split(" ");
    return { count: Number(count), perMs: parseDuration(time) ?? 0 };
  })
  .refine(({ perMs }) => perMs > 0, { error: USE_MAX_ACTIONS });

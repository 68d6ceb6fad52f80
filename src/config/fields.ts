import * as z from "zod";
import type { Pattern } from "../core/source.ts";
import type { Condition } from "../core/condition.ts";
import { parseCondition } from "../core/condition-parser.ts";
import { DURATION_PATTERN, parseDuration } from "../core/duration.ts";
import { safeRegex } from "../core/regex.ts";
import { choiceText } from "./raw.ts";

/** What the params of a custom issue may hold; `explain.ts` makes a sentence of them. */
export interface IssueParams {
  readonly hint?: string;
  /** Column inside the text, from 1. */
  readonly column?: number;
}

/** `{}` and no other mistake message than this when something is no mapping. */
export const MAPPING = { error: "use a mapping of keys and values" };

const YEAR_MS = 366 * 86_400_000;
const USE_DURATION = "use a number with a unit, such as 30s";

/** A duration that may be zero, in ms. */
export const duration = z
  .string({ error: USE_DURATION })
  .regex(DURATION_PATTERN, { error: USE_DURATION })
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= YEAR_MS, { error: "use at most 366d" });

/** A duration of at least a tenth of a second, in ms. */
export const positiveDuration = duration.refine((ms) => ms >= 100, { error: "use at least 100ms" });

export function text(use: string): z.ZodString {
  return z.string({ error: use }).trim().min(1, { error: use });
}

/** Text that a title can hold. */
export const line = text("use one line of text").regex(/^[^\u0000-\u001f\u007f]*$/, {
  error: "use one line of text",
});

export function choice<const Options extends readonly string[]>(
  options: Options,
): z.ZodEnum<{ [Key in Options[number]]: Key }> {
  return z.enum(options, {
    error: `use ${choiceText(options)}`,
  });
}

export const flag = z.boolean({ error: "use true or false" });

export const wholeNumber = z.int({ error: "use a whole number" });

export const names = z.array(text("use text"), { error: "use a list, such as [first, second]" });

/** The name of something that conditions and other keys refer to. */
export const ident = /^[A-Za-z_][\w-]{0,59}$/;

const condition = z
  .string({ error: "use a condition, such as status == 200" })
  .transform((text, context): Condition => {
    const parsed = parseCondition(text);
    if (parsed.ok) return parsed.condition;
    const params: IssueParams = {
      column: parsed.column,
      ...(parsed.hint === undefined ? {} : { hint: parsed.hint }),
    };
    context.issues.push({ code: "custom", message: parsed.message, input: text, params: { ...params } });
    return z.NEVER;
  });

export { condition as oneCondition };

const USE_CONDITIONS = "use a condition such as status == 200, or a list of conditions";

/** One condition, or a list. */
export const conditions = z
  .union([condition, z.array(condition, { error: USE_CONDITIONS }).min(1, { error: USE_CONDITIONS })], {
    error: USE_CONDITIONS,
  })
  .transform((value): readonly Condition[] => (Array.isArray(value) ? value : [value]));

const USE_PATTERN = "use text, or a regular expression such as /ERROR .* timeout/i";

/** Plain text, or `/…/flags`. */
export const pattern = z
  .string({ error: USE_PATTERN })
  .min(1, { error: USE_PATTERN })
  .transform((text, context): Pattern => {
    const [, source, flags = ""] = /^\/(.+)\/([A-Za-z]{0,8})$/s.exec(text) ?? [];
    if (source === undefined) return { kind: "text", text };
    const regex = safeRegex(source, flags);
    if (typeof regex !== "string") return { kind: "pattern", source, flags };
    const params = regex.startsWith("the flag")
      ? { hint: `to look for the text itself, write /${source.replaceAll("/", "\\/")}\\/${flags}/` }
      : {};
    context.issues.push({ code: "custom", message: regex, input: text, params });
    return z.NEVER;
  });

const USE_PATTERNS = "use a list such as [Traceback, /FATAL .*/], or named lists";
const list = z.array(pattern, { error: USE_PATTERNS }).min(1, { error: "name at least one pattern" });

/** A list of patterns, or named lists; unnamed ones have the name "". */
export const patterns = z
  .union([list, z.record(z.string(), list, { error: USE_PATTERNS })], { error: USE_PATTERNS })
  .transform((value) =>
    Array.isArray(value)
      ? [{ name: "", patterns: value }]
      : Object.entries(value).map(([name, patterns]) => ({ name, patterns })),
  );

import * as z from "zod";
import { flag, line, names, text } from "./fields.ts";
import type { IssueParams } from "./fields.ts";

/** Whom and when status updates are told. */
export const reportSchema = z.strictObject(
  {
    issue: flag.default(false),
    comment: flag.default(false),
    at: z.array(text("use text"), { error: "use a list, such as [boot end, daily]" }).optional(),
    template: text("use text with placeholders, such as {deployment}").optional(),
  },
  { error: "use a mapping such as { issue: true }" },
);

const OPTIONS = { error: "use a mapping of options, {} for none" };

const cleanUpPull = z.strictObject(
  {
    delete: z
      .array(text("use text"), { error: "use a list of paths and globs, such as [src/old.py]" })
      .min(1, { error: "name at least one file" }),
    title: line.optional(),
    list: names.default([]),
    labels: names.default([]),
    reviewers: names.default([]),
    assignees: names.default([]),
    draft: flag.default(false),
  },
  { error: "use a mapping with the files to delete, such as { delete: [src/old.py] }" },
);

const cleanUpIssue = z.strictObject(
  {
    title: line.optional(),
    list: names.default([]),
    labels: names.default([]),
    assignees: names.default([]),
  },
  OPTIONS,
);

const cleanUpStep = z.strictObject(
  { cleanup_pr: cleanUpPull.optional(), issue: cleanUpIssue.optional() },
  { error: "use a step such as issue: {}" },
);

/** `issue` alone is one with every default. */
const bareStep = z.string().transform((word, context): z.output<typeof cleanUpStep> => {
  if (word.trim() === "issue") return cleanUpStep.parse({ issue: {} });
  const hint =
    word.trim() === "cleanup_pr"
      ? "name the files to delete: cleanup_pr: { delete: [src/old.py] }"
      : undefined;
  const params: IssueParams = hint === undefined ? {} : { hint };
  const message = "use issue, or a step such as cleanup_pr: { delete: [src/old.py] }";
  context.issues.push({ code: "custom", message, input: word, params: { ...params } });
  return z.NEVER;
});

const USE_STEPS = "use a list of steps, as in [issue: {}]";

/** The steps that follow a stage. */
const steps = z
  .union(
    [
      bareStep,
      z
        .array(z.union([bareStep, cleanUpStep], { error: "use a step such as issue: {}" }), {
          error: USE_STEPS,
        })
        .min(1, { error: "name at least one step" }),
    ],
    { error: USE_STEPS },
  )
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** What follows a stage that ended so, by `<stage> <verdict>`. */
export const afterSchema = z.record(z.string(), steps, {
  error: "use a mapping such as { week pass: [issue: {}] }",
});

export type ReportFile = z.output<typeof reportSchema>;
export type AfterFile = z.output<typeof afterSchema>;

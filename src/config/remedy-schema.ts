import * as z from "zod";
import { choice, flag, line, names, text } from "./fields.ts";

const OPTIONS = { error: "use a mapping of options, {} for none" };

const people = { reviewers: names.default([]), assignees: names.default([]) };

const revertPr = z.strictObject(
  {
    labels: names.default([]),
    ...people,
    draft: flag.default(false),
    auto_merge: flag.default(false),
    scope: choice(["deploy", "push"]).default("deploy"),
    despite_migrations: flag.default(false),
  },
  OPTIONS,
);

const rollback = z.strictObject(
  { freeze_auto_deploy: flag.default(false), despite_migrations: flag.default(false) },
  OPTIONS,
);

const patchPr = z.strictObject(
  {
    patch: text("use the path of a patch file in the repository"),
    title: line.optional(),
    labels: names.default([]),
    ...people,
    draft: flag.default(false),
  },
  { error: "use a mapping with patch, such as { patch: .github/gate/old.patch }" },
);

const issue = z.strictObject(
  {
    title: line.optional(),
    labels: names.default([]),
    assignees: names.default([]),
  },
  OPTIONS,
);

const step = z.strictObject(
  {
    revert_pr: revertPr.optional(),
    render_rollback: rollback.optional(),
    recheck: text("use the name of a stage").optional(),
    patch_pr: patchPr.optional(),
    issue: issue.optional(),
  },
  { error: "use a step such as revert_pr: {}" },
);

/** The steps of a remedy, each a mapping of one key. */
export const remedySchema = z
  .array(step, { error: "use a list of steps, such as [revert_pr: {}]" })
  .min(1, { error: "name at least one step" });

export type RemedyFile = z.output<typeof remedySchema>;

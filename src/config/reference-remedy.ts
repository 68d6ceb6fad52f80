import type { Row } from "./reference.ts";

/** The keys of remedies. */
export const REMEDY_ROWS: readonly Row[] = [
  [
    "remedies",
    "mapping of names",
    "",
    "Steps that act, by the name that `on_fail` gives; `revert` and `rollback` are built in, and may be written anew.",
  ],
  [
    "remedies.<name>.revert_pr",
    "mapping",
    "",
    "A step: open the pull request that takes back what this deploy put in production.",
  ],
  ["remedies.<name>.revert_pr.labels", "list", "", "Labels of the pull request."],
  ["remedies.<name>.revert_pr.reviewers", "list", "", "Who is asked to review."],
  ["remedies.<name>.revert_pr.assignees", "list", "", "Who is assigned."],
  ["remedies.<name>.revert_pr.draft", "`true`, `false`", "false", "Open it as a draft."],
  [
    "remedies.<name>.revert_pr.auto_merge",
    "`true`, `false`",
    "false",
    "Let GitHub merge it when its checks pass; needs `pr-token`.",
  ],
  [
    "remedies.<name>.revert_pr.scope",
    "`deploy`, `push`",
    "deploy",
    "Everything this deploy brought, or the last push alone.",
  ],
  [
    "remedies.<name>.revert_pr.despite_migrations",
    "`true`, `false`",
    "false",
    "Not a draft even if migrations are among the changes.",
  ],
  [
    "remedies.<name>.render_rollback",
    "mapping",
    "",
    "A step: roll Render back to the newest deploy that served well before.",
  ],
  [
    "remedies.<name>.render_rollback.freeze_auto_deploy",
    "`true`, `false`",
    "false",
    "Switch auto-deploy off until the revert's own deploy has passed.",
  ],
  [
    "remedies.<name>.render_rollback.despite_migrations",
    "`true`, `false`",
    "false",
    "Roll back even if migrations are among the changes.",
  ],
  [
    "remedies.<name>.recheck",
    "name of a stage",
    "",
    "A step after a rollback: check for as long as that stage what passed on the old version before.",
  ],
  [
    "remedies.<name>.patch_pr",
    "mapping",
    "",
    "A step: open a pull request that applies a patch file of the repository.",
  ],
  ["remedies.<name>.patch_pr.patch", "path", "required", "The patch file, from the repository's root."],
  ["remedies.<name>.patch_pr.title", "text", "", "Title of the pull request; else it names the file."],
  ["remedies.<name>.patch_pr.labels", "list", "", "Labels of the pull request."],
  ["remedies.<name>.patch_pr.reviewers", "list", "", "Who is asked to review."],
  ["remedies.<name>.patch_pr.assignees", "list", "", "Who is assigned."],
  ["remedies.<name>.patch_pr.draft", "`true`, `false`", "false", "Open it as a draft."],
  ["remedies.<name>.issue", "mapping", "", "A step: open an issue with the evidence."],
  ["remedies.<name>.issue.title", "text", "", "Title of the issue; else it names the checks that failed."],
  ["remedies.<name>.issue.labels", "list", "", "Labels of the issue."],
  ["remedies.<name>.issue.assignees", "list", "", "Who is assigned."],
];

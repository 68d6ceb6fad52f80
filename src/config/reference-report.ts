import type { Row } from "./reference.ts";

/** The keys of status updates and of what follows a stage. */
export const REPORT_ROWS: readonly Row[] = [
  ["report", "mapping", "", "Status updates while the watch goes on, and where they are told."],
  [
    "report.issue",
    "`true`, `false`",
    "false",
    "One tracking issue per deploy: a checklist that ticks itself, and the updates as comments. It is closed when the watch ends with `pass`, `superseded` or `skipped`.",
  ],
  ["report.comment", "`true`, `false`", "false", "The updates as comments of the merged pull request."],
  [
    "report.at",
    "list of `<stage> end` and `daily`",
    "",
    "When an update is due: every stage's end and daily unless written. What a late run missed is told once.",
  ],
  [
    "report.template",
    "text",
    "",
    "The team's own update. Filled in are `{service}`, `{commit}`, `{day}`, `{deployment}` (STABLE is pass, ISSUES warn and unknown, CRITICAL fail), `{uptime}`, `{groups}`, `{metrics}`, `{issues}`, `{actions}`, `{next check}`, and `{check.<name>.<subject>}`: the latest value, or with `groups` how many named groups of `require` were found.",
  ],
  [
    "after",
    "mapping of `<stage> <verdict>`",
    "",
    "What follows once when a stage ended so, such as `week pass`.",
  ],
  [
    "after.<name>.cleanup_pr",
    "mapping",
    "",
    "A step: open a pull request that deletes files of the service's branch.",
  ],
  [
    "after.<name>.cleanup_pr.delete",
    "list of paths and globs",
    "required",
    "Which files, from the repository's root.",
  ],
  ["after.<name>.cleanup_pr.title", "text", "", "Title of the pull request; else it names what is deleted."],
  ["after.<name>.cleanup_pr.list", "list of texts", "", "What is left to do by hand, as a checklist."],
  ["after.<name>.cleanup_pr.labels", "list", "", "Labels of the pull request."],
  ["after.<name>.cleanup_pr.reviewers", "list", "", "Who is asked to review."],
  ["after.<name>.cleanup_pr.assignees", "list", "", "Who is assigned."],
  ["after.<name>.cleanup_pr.draft", "`true`, `false`", "false", "Open it as a draft."],
  ["after.<name>.issue", "mapping", "", "A step: open an issue with the list; `issue` alone is one without."],
  ["after.<name>.issue.title", "text", "", "Title of the issue; else it names the stage."],
  ["after.<name>.issue.list", "list of texts", "", "What is to be done, as a checklist."],
  ["after.<name>.issue.labels", "list", "", "Labels of the issue."],
  ["after.<name>.issue.assignees", "list", "", "Who is assigned."],
];

/** One key of the config file, for readers. */
export interface ReferenceRow {
  /** Such as `checks.<name>.every`; `<name>` is any name. */
  readonly key: string;
  readonly takes: string;
  /** As it would be written; "" when there is none, `required` when the key must be there. */
  readonly default: string;
  readonly meaning: string;
}

const rows: readonly (readonly [key: string, takes: string, standard: string, meaning: string])[] = [
  ["version", "`1`", "required", "Version of this language."],
  ["service", "text", "", "Name or id of the Render service; the action's input wins."],
  [
    "mode",
    "`observe`, `advise`, `enforce`",
    "enforce",
    "Whether the gate only measures, also fails the step, or acts; the action's input wins.",
  ],
  ["deploy", "mapping", "", "How the deploy of the commit is found and awaited."],
  [
    "deploy.trigger",
    "`true`, `false`",
    "false",
    "Ask Render to deploy the commit, then follow that deploy; never in `observe` or `advise`.",
  ],
  [
    "deploy.appear_within",
    "duration",
    "10m",
    "How long the deploy may take to appear; then the verdict is `unknown`.",
  ],
  [
    "deploy.live_within",
    "duration",
    "30m",
    "How long from started to live, time in the queue apart; over it the gate fails.",
  ],
  ["deploy.retry", "0 to 5", "0", "How often a failed build is started again before it counts."],
  [
    "deploy.on_fail",
    "`alert` or a remedy",
    "",
    "What happens when the deploy fails for the code's own reason; else `defaults.on_fail`.",
  ],
  [
    "stages",
    "mapping of names",
    "",
    "The window after live in which checks run; one stage, `boot` unless named otherwise.",
  ],
  ["stages.<name>.for", "duration", "5m", "How long the window is."],
  ["stages.<name>.every", "duration", "15s", "The beat of checks that have none of their own."],
  ["databases", "mapping of names", "", "The PostgreSQL databases that `sql` checks ask."],
  [
    "databases.<name>.url",
    "`$NAME`",
    "required",
    "Address of the database, from a variable of the step's environment.",
  ],
  ["databases.<name>.timeout", "duration", "10s", "How long one statement may take."],
  ["defaults", "mapping", "", "What checks do that do not say."],
  ["defaults.on_fail", "`alert` or a remedy", "alert", "`on_fail` of checks and of the deploy."],
  [
    "defaults.fail_after",
    "as in a check",
    "",
    "`fail_after` of http and sql checks; made smaller where a stage is too short for it.",
  ],
  [
    "checks",
    "mapping of names",
    "required",
    "What is watched; the name of a check is how it is shown and asked by others.",
  ],
  [
    "checks.<name>.http",
    "path, address or mapping",
    "",
    "Source: a request to the service. Subjects `status`, `latency`, `body` (JSON when it parses), `headers.x`.",
  ],
  [
    "checks.<name>.http.url",
    "path or address",
    "required",
    "A path is joined to the address of the service; redirects are not followed.",
  ],
  ["checks.<name>.http.method", "`GET`, `HEAD`, `POST`, …", "GET", "Method of the request."],
  [
    "checks.<name>.http.headers",
    "mapping of texts",
    "",
    "Headers; `$NAME` in a value comes from the step's environment.",
  ],
  ["checks.<name>.http.body", "text", "", "Body of the request; not with GET and HEAD."],
  ["checks.<name>.http.timeout", "duration", "10s", "How long the answer may take."],
  [
    "checks.<name>.logs",
    "mapping",
    "",
    "Source: log lines of this deploy. Subjects `matches` (forbid), `found` and `missing` (require).",
  ],
  ["checks.<name>.logs.type", "`app`, `build`, `request`", "app", "Which of Render's logs."],
  [
    "checks.<name>.logs.level",
    "list of levels",
    "",
    "Only lines of these levels; Render guesses levels, and stderr counts as error.",
  ],
  [
    "checks.<name>.logs.require",
    "patterns, or named lists",
    "",
    "Lines that must appear; `fail: missing > 0` unless a condition looks at `missing` or `found`.",
  ],
  [
    "checks.<name>.logs.within",
    "duration",
    "",
    "After live, by when all of `require` must have appeared: 2m, or the stage if that is shorter.",
  ],
  [
    "checks.<name>.logs.forbid",
    "patterns, or named lists",
    "",
    "Lines that must not appear; `fail: matches > 0` unless a condition looks at `matches`.",
  ],
  [
    "checks.<name>.sql",
    "statement or mapping",
    "",
    "Source: one read-only statement. Subjects are the columns of the first row, and `rows`; `:since`, `:live_at` and `:sha` are bound.",
  ],
  ["checks.<name>.sql.query", "statement", "required", "The statement."],
  [
    "checks.<name>.sql.database",
    "name of a database",
    "",
    "Which database; needed when several are configured.",
  ],
  [
    "checks.<name>.events",
    "list of Render's events",
    "",
    "Source: events of the new instances since live. Subject `count`; `fail: count >= 1` unless a condition is written.",
  ],
  [
    "checks.<name>.pass",
    "condition or list",
    "",
    "All must hold. Without it an http check has `status between 200 and 299`.",
  ],
  ["checks.<name>.warn", "condition or list", "", "Any that holds makes the finding `warn`."],
  ["checks.<name>.fail", "condition or list", "", "Any that holds makes the finding `fail`; tested first."],
  ["checks.<name>.every", "duration", "", "The beat of this check; else the stage's."],
  ["checks.<name>.grace", "duration", "0s", "How long after live nothing is judged."],
  [
    "checks.<name>.fail_after",
    '`3`, `"5 of 10"` or `5m`',
    "",
    "How many failing samples make a failed check: 3 in a row for http, 2 for sql; logs and events take none.",
  ],
  [
    "checks.<name>.pass_after",
    "whole number",
    "1",
    "How many passes in a row it takes until the check stands as passed.",
  ],
  ["checks.<name>.need", "condition", "", "A sample for which it does not hold is no finding."],
  [
    "checks.<name>.only_if",
    "condition on another check",
    "",
    "The check applies only while it holds, such as `queue.depth > 10`.",
  ],
  [
    "checks.<name>.if_unknown",
    "`unknown`, `warn`",
    "unknown",
    "How a check counts that could not be measured.",
  ],
  ["checks.<name>.stage", "list of stages", "", "Where it runs; else in every stage."],
  [
    "checks.<name>.on_fail",
    "`alert` or a remedy",
    "",
    "What happens when it fails; else `defaults.on_fail`.",
  ],
  ["checks.<name>.hint", "text or link", "", "Shown when it fails."],
  [
    "remedies",
    "mapping of names",
    "",
    "Steps that act, by the name that `on_fail` gives; `revert` is built in as `[revert_pr: {}]`.",
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
  ["guards", "mapping", "", "What holds a remedy back."],
  ["guards.act_within", "duration", "24h", "After live; later the gate only advises."],
  [
    "guards.hold_label",
    "label",
    "gate:hold",
    "An open issue or the merged pull request with this label: the gate only advises.",
  ],
  [
    "guards.migrations",
    "list of globs",
    "[**/migrations/**, **/alembic/versions/**, prisma/migrations/**]",
    "Changes to these files make a revert a draft.",
  ],
];

/** Every key of the config file, in the order in which a reader wants them. */
export const REFERENCE: readonly ReferenceRow[] = rows.map(([key, takes, standard, meaning]) => ({
  key,
  takes,
  default: standard,
  meaning,
}));

/** The reference as a Markdown table. */
export function referenceTable(): string {
  const lines = REFERENCE.map(({ key, takes, default: standard, meaning }) => {
    const shown = standard === "" || standard === "required" ? standard : `\`${standard}\``;
    return `| \`${key}\` | ${takes} | ${shown} | ${meaning} |`;
  });
  return ["| key | takes | default | meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

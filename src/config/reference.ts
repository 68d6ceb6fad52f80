import { CHECK_ROWS } from "./reference-check.ts";
import { REMEDY_ROWS } from "./reference-remedy.ts";
import { REPORT_ROWS } from "./reference-report.ts";

/** One key of the config file, for readers. */
export interface ReferenceRow {
  /** Such as `checks.<name>.every`; `<name>` is any name. */
  readonly key: string;
  readonly takes: string;
  /** As it would be written; "" when there is none, `required` when the key must be there. */
  readonly default: string;
  readonly meaning: string;
}

/** Key, what it takes, its default and its meaning. */
export type Row = readonly [key: string, takes: string, standard: string, meaning: string];

const rows: readonly Row[] = [
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
    "The windows after live in which checks run, each from the end of the one before; `boot` alone unless named.",
  ],
  ["stages.<name>.for", "duration", "5m", "How long after live it ends."],
  ["stages.<name>.every", "duration", "15s", "The beat of checks that have none of their own."],
  [
    "stages.<name>.across_deploys",
    "`true`, `false`",
    "false",
    "Whether it goes on over newer deploys whose gates passed.",
  ],
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
    "`fail_after` of the checks that take one; made smaller where a stage is too short for it.",
  ],
  [
    "checks",
    "mapping of names",
    "required",
    "What is watched; the name of a check is how it is shown and asked by others.",
  ],
  ...CHECK_ROWS,
  ...REMEDY_ROWS,
  ["guards", "mapping", "", "What holds a remedy back."],
  ["guards.act_within", "duration", "24h", "After live; later the gate only advises."],
  [
    "guards.max_actions",
    "`1 per 24h`",
    "1 per 24h",
    "How many remedies one service may have in that time; a re-run does not count.",
  ],
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
    "Changes to these files hold a rollback back and make a revert a draft.",
  ],
  [
    "notify",
    "mapping of names",
    "",
    "Who is told, by role, each by one or more of `slack`, `webhook` and `mention`.",
  ],
  [
    "notify.<name>.slack",
    "`$NAME`",
    "",
    "Address of a Slack incoming webhook, from a variable of the step's environment.",
  ],
  [
    "notify.<name>.webhook",
    "`$NAME`",
    "",
    "Address that takes a POST of JSON (`schema/message.schema.json`), likewise.",
  ],
  [
    "notify.<name>.mention",
    "`@user` or `@org/team`",
    "",
    "Whom a comment on the merged pull request, else on the commit, mentions.",
  ],
  [
    "notify.<name>.when",
    "list of `pass`, `warn`, `fail`, `unknown`, `superseded`, `skipped`, `stage`, `action`, `report`",
    "[fail, unknown, action]",
    "The occasions: the verdict, the end of a stage, what a remedy did or could not do, a status update. Each is told once.",
  ],
  ...REPORT_ROWS,
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

import * as z from "zod";
import { choice, text } from "./fields.ts";

const address = text("use $NAME, a variable of the step's environment").optional();

const USE_MENTION = "use @user or @org/team";

/** Logins of managed users hold an underscore. */
const mention = z
  .string({ error: USE_MENTION })
  .regex(/^@[A-Za-z\d](?:[-_]?[A-Za-z\d]){0,60}(?:\/[A-Za-z\d][\w.-]{0,99})?$/, { error: USE_MENTION });

const occasion = choice([
  "pass",
  "warn",
  "fail",
  "unknown",
  "superseded",
  "skipped",
  "stage",
  "action",
  "report",
]);

const role = z.strictObject(
  {
    slack: address,
    webhook: address,
    mention: mention.optional(),
    when: z
      .array(occasion, { error: "use a list, such as [fail, action]" })
      .min(1, { error: "name at least one occasion" })
      .default(["fail", "unknown", "action"]),
  },
  { error: "use a mapping such as { slack: $SLACK_URL }" },
);

/** Who is told, by role. */
export const notifySchema = z.record(z.string(), role, {
  error: "use a mapping of roles, such as dev: { slack: $SLACK_URL }",
});

export type NotifyFile = z.output<typeof notifySchema>;

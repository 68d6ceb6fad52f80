import { expect, test } from "vitest";
import { lintReport } from "../../src/cli/lint-report.ts";

function reportOf(text: string, shell: Readonly<Record<string, string>> = {}): string {
  const { lines } = lintReport(text, { file: "gate.yml", shell: (name) => shell[name] });
  return lines.map(({ indent, text }) => " ".repeat(indent) + text).join("\n");
}

const WHOLE = `version: 1
service: shop-api
deploy: { on_fail: revert }
databases: { main: { url: $DATABASE_URL } }
checks:
  health:
    http: { url: /health, headers: { authorization: "Bearer $TOKEN" } }
    pass: status == 200
    on_fail: revert
  orders: { sql: select count(*) as n from orders, pass: n > 0 }
  errors: { logs: { forbid: [FATAL, /.*/] } }
`;

test("a file without mistakes is explained whole, its warnings first", () => {
  expect(reportOf(WHOLE, { TOKEN: "hunter2" })).toMatchInlineSnapshot(`
    "gate.yml:11:37: warning: /.*/ matches every line of text, so every line is a match
    gate.yml: no mistakes, 1 warning

    service
      shop-api

    mode
      enforce: fails the step, and remedies act.

    deploy
      waits 10m for the deploy of the commit to appear and 30m from its start to live; if it fails for the code's own reason, the remedy "revert" opens a revert pull request.

    stages
      boot: from live to live + 5m, every 15s.

    checks
      health: asks GET /health with 1 header (10s for an answer), every 15s in boot (21 samples); fails when 3 in a row are not \`status == 200\` or get no answer; then the remedy "revert" opens a revert pull request.
      orders: asks database main: \`select count(*) as n from orders\`, every 15s in boot (21 samples); fails when 2 in a row are not \`n > 0\`; then it only alerts.
      errors: reads log lines of the new instances and forbids \`FATAL\` and \`/.*/\`, every 15s in boot (21 samples); fails when a forbidden one appears; then it only alerts.

    remedies
      revert: opens a pull request that takes back everything this deploy put in production; a draft if migrations are among the changes.

    guards
      Remedies act until live + 1d; later the gate only advises.
      At most 1 remedy in 1d.
      The label \`gate:hold\` on an open issue or the merged pull request holds them back.
      A change to \`**/migrations/**\`, \`**/alembic/versions/**\` or \`prisma/migrations/**\` counts as a migration: no rollback, and the revert is a draft.

    needs in the step's env: DATABASE_URL, TOKEN (not set here, so a stand-in was used: DATABASE_URL)"
  `);
});

test("a file with mistakes is not explained", () => {
  const text =
    "version: 1\nchecks:\n  a: { htp: /h, pass: stat == 1 }\n  b: { http: /h, fail: status > 700 }\n";
  expect(reportOf(text)).toMatchInlineSnapshot(`
    "gate.yml:3:3: error: check "a" has no source; give it one of http, logs, sql, metric, events, env, source, derive
    gate.yml:3:8: error: unknown key "htp" in "checks.a"; did you mean "http"?
    gate.yml: 2 mistakes"
  `);
});

test("where nothing acts, that is said", () => {
  const report = reportOf("version: 1\nchecks: { a: { http: /h } }\n");
  expect(report).toContain("remedies\n  none: every failure only alerts.");
  expect(report).not.toContain("guards");
  expect(report).not.toContain("needs in the step's env");
});

test("what is reported, and what follows, is said where there is any", () => {
  const text = `version: 1
checks: { a: { http: /h } }
report: { issue: true, comment: true, template: "{day}" }
after:
  boot pass:
    - cleanup_pr: { delete: [old.py, "x/**"], title: Old, list: [docs], reviewers: [ada], draft: true }
    - issue
`;
  expect(reportOf(text).split("\n\n").slice(-2).join("\n\n")).toMatchInlineSnapshot(`
    "report
      A status update at the end of boot and once a day, as comments of a tracking issue and as comments of the merged pull request, in the team's own words; what a late run missed is told once.
      One tracking issue per deploy, whose checklist ticks itself; closed when the watch ends with pass, superseded or skipped.

    after
      after boot ended with pass: opens a draft pull request (for ada to review) titled \`Old\` that deletes \`old.py\` and \`x/**\`, with a list of 1 thing to do by hand, once.
      after boot ended with pass: opens an issue titled \`Clean up after boot pass\`, once."
  `);
});

test.each([
  ["url: $DATABASE_URL", {}, 0],
  ['url: "$DATABASE_URL?sslmode=require"', {}, 0],
  ["url: postgres://$USER:$PASSWORD@$HOST/app", {}, 0],
  ["url: $DATABASE_URL", { DATABASE_URL: "postgres://reader:hunter2@db.test/app" }, 0],
  // What the shell has is taken at its word.
  ["url: $DATABASE_URL", { DATABASE_URL: "hunter2" }, 1],
  ["url: $DATABASE_URL", { DATABASE_URL: "" }, 0],
  ["url: shop", {}, 1],
  ["url: $DATABASE_URL } }\nnotify: { dev: { slack: $SLACK_URL, webhook: $HOOK", {}, 0],
  ["url: $DATABASE_URL } }\nnotify: { dev: { slack: $SLACK_URL", { SLACK_URL: "hunter2" }, 1],
])("%s with %j: %i mistakes", (url, shell, mistakes) => {
  const text = `version: 1\ndatabases: { main: { ${url} } }\nchecks: { a: { sql: select 1, pass: rows == 1 } }\n`;
  const report = lintReport(text, { file: "gate.yml", shell: (name) => shell[name as never] });
  expect(report.mistakes).toBe(mistakes);
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

test("the variables of the step are listed, those that the shell lacks apart", () => {
  const last = (shell: Readonly<Record<string, string>>): string | undefined =>
    reportOf(WHOLE, shell).split("\n").at(-1);
  expect(last({ TOKEN: "a", DATABASE_URL: "postgres://a@b/c" })).toBe(
    "needs in the step's env: DATABASE_URL, TOKEN",
  );
  expect(last({ TOKEN: "a" })).toBe(
    "needs in the step's env: DATABASE_URL, TOKEN (not set here, so a stand-in was used: DATABASE_URL)",
  );
});

test("nothing in a file reaches the terminal but as text", () => {
  const escape = "\\e]0;x\\a\\e[31m::error::\\u202e";
  const text = `version: 1
service: "${escape}"
checks:
  "a${escape}": { http: /h }
  b: { logs: { forbid: ["${escape}"] }, hint: "${escape}", on_fail: "${escape}" }
`;
  const hostile = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^::/m;
  expect(reportOf(text)).not.toMatch(hostile);
  const fine = `version: 1\nservice: "${escape}"\nchecks:\n  b: { logs: { forbid: ["${escape}"] }, hint: "${escape}" }\n`;
  expect(lintReport(fine, { file: "gate.yml", shell: () => undefined }).mistakes).toBe(0);
  expect(reportOf(fine)).not.toMatch(hostile);
});

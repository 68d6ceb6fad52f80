import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";
import type { Mistake } from "../../src/problem.ts";

const ENV: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://u:hunter2@db.example.com/shop",
  TOKEN: "s3cret\n",
  NOT_A_URL: "mysql://u:hunter3@db/x",
  EMPTY: "",
};

function read(text: string): ReturnType<typeof readConfig> {
  return readConfig({ text, file: "gate.yml", env: (name) => ENV[name] });
}

function mistakesOf(text: string): readonly Mistake[] {
  const result = read(text);
  return result.ok ? [] : result.mistakes;
}

/** `line:column message | hint`. */
function shown({ at, message, hint }: Mistake): string {
  return `${at?.line}:${at?.column} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
}

/** A file as people write them on a bad day. */
const BAD_DAY = `# our runbook
version: 1
service: my-api
mode: enforced

stages:
  boot: { for: 5m, every: 15 }

databases:
  main: { url: $DATABASE_URL }

checks:
  health:
    http: /health
    pass:
      - status = 200
      - body.status == ok
    evry: 10s
    on_fail: revrt
  schedulers:
    logs:
      require: ["/Added job (/"]
  rows:
    sql: { query: "SELECT count(*) AS n FROM place", database: mian }
    pass: rows == "0"
  list: { http: /list, pass: status in [200, 204] }
  errors: { logs: { forbid: [Traceback] }, fail_after: 3 }
  cpu: { metric: cpu, pass: value < 80% }
  health: { http: / }
`;

test("a file with more than ten mistakes: all of them, in file order, each with its place", () => {
  const result = readConfig({ text: BAD_DAY, file: ".github/deploy-gate.yml", env: () => undefined });
  const mistakes = result.ok ? [] : result.mistakes;
  expect(mistakes.map(shown)).toEqual([
    '4:7 "mode" holds "enforced"; use observe, advise or enforce | did you mean "enforce"?',
    '7:27 "stages.boot.every" holds 15; use a number with a unit, such as 30s',
    '10:16 "databases.main.url" uses $DATABASE_URL, which is not set | set it in the step\'s env, such as DATABASE_URL: ${{ secrets.DATABASE_URL }}',
    '16:16 "checks.health.pass[0]": after the subject comes one of <= >= == != < > contains matches in between, not "= 200" | write ==',
    '17:24 "checks.health.pass[1]": a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not "ok" | text stands in double quotes: "ok"',
    '18:5 unknown key "evry" in "checks.health" | did you mean "every"?',
    '19:14 there is no remedy "revrt" | did you mean "revert"?',
    '22:17 "checks.schedulers.logs.require[0]": the expression does not parse: unterminated group',
    '24:64 there is no database "mian" | did you mean "main"?',
    '25:19 "checks.rows.pass": rows is a number and cannot be compared with the text "0"',
    '26:40 YAML splits this value at "[" | quote the whole value: inside {} and [] YAML splits at , [ ] { } and elsewhere at ": " and " #"',
    "27:44 logs take no fail_after: their counts accumulate since the deploy | set the number in a condition, such as fail: matches > 3",
    '28:37 "checks.cpu.pass": value is a number and cannot be compared with the ratio 80% | write of_limit: true inside metric for the share of the plan\'s limit; if a change against a baseline was meant, write +80%',
    '29:3 "health" stands twice in the same mapping | keep one of them',
  ]);
  expect(mistakes.every((mistake) => mistake.at?.file === ".github/deploy-gate.yml")).toBe(true);
});

/** A check `a` of that body in an otherwise right file; its body starts at 3:6. */
const check = (body: string): string => `version: 1\nchecks:\n  a: ${body}\n`;
const file = (rest: string): string => `version: 1\nchecks: { a: { http: / } }\n${rest}\n`;

describe("one mistake, one sentence", () => {
  test.each<[string, string, readonly string[]]>([
    ["nothing", "", ["1:1 the file holds nothing; use a mapping that starts with version: 1"]],
    ["a list", "- a", ["1:1 the file holds a list; use a mapping that starts with version: 1"]],
    ["no version", "checks: { a: { http: / } }", ['1:1 "version" is missing; use 1']],
    ["version 2", "version: 2\nchecks: { a: { http: / } }", ['1:10 "version" holds 2; use 1']],
    [
      "no checks",
      "version: 1",
      [
        '1:1 "checks" is missing; use a mapping of check names, each with a source | without a check nothing would be watched',
      ],
    ],
    [
      "empty checks",
      "version: 1\nchecks:",
      [
        '2:1 "checks" holds nothing; use a mapping of check names, each with a source | without a check nothing would be watched',
      ],
    ],
    [
      "checks that select nothing",
      "version: 1\nchecks: {}",
      ["2:1 no check is selected: nothing would be watched | add one, such as health: { http: /health }"],
    ],
    ["an unknown key", file("servce: x"), ['3:1 unknown key "servce" | did you mean "service"?']],
    [
      "an unknown key like none",
      file("zebra: x"),
      [
        '3:1 unknown key "zebra" | keys here: version, service, mode, deploy, stages, databases, defaults, checks, remedies, guards, notify, report, after',
      ],
    ],
    [
      "a reserved name",
      "version: 1\nchecks: { a: { http: / }, __proto__: { http: / } }",
      ['2:27 "__proto__" cannot be used as a name | choose another name'],
    ],
    [
      "another reserved name",
      file("databases: { constructor: { url: $DATABASE_URL } }"),
      ['3:14 "constructor" cannot be used as a name | choose another name'],
    ],
    ["a key that is a list", file("? [a]\n: b"), ["3:3 a key must be a single word or text | quote the key"]],
    [
      "a number as service",
      file("service: 123"),
      ['3:10 "service" holds 123; use the name of a Render service, or its id | quote it: "123"'],
    ],
    [
      "a bad duration",
      check("{ http: /, every: 5 minutes }"),
      ['3:24 "checks.a.every" holds "5 minutes"; use a number with a unit, such as 30s'],
    ],
    [
      "a beat of nothing",
      check("{ http: /, every: 0s }"),
      ['3:24 "checks.a.every" holds "0s"; use at least 100ms'],
    ],
    [
      "an endless window",
      file("stages: { boot: { for: 9999d } }"),
      ['3:24 "stages.boot.for" holds "9999d"; use at most 366d'],
    ],
    [
      "a bad fail_after",
      check("{ http: /, fail_after: 5 of 3 }"),
      [
        '3:29 "checks.a.fail_after" holds "5 of 3"; use a number of samples such as 3, "5 of 10", or a duration such as 5m',
      ],
    ],
    [
      "fail_after as text",
      check('{ http: /, fail_after: "3" }'),
      [
        '3:29 "checks.a.fail_after" holds "3"; use a number of samples such as 3, "5 of 10", or a duration such as 5m',
      ],
    ],
    [
      "fail_after 0",
      check("{ http: /, fail_after: 0 }"),
      ['3:29 "checks.a.fail_after" holds 0; use 1 or more'],
    ],
    [
      "pass_after 1.5",
      check("{ http: /, pass_after: 1.5 }"),
      ['3:29 "checks.a.pass_after" holds 1.5; use a whole number'],
    ],
    [
      "a check of nothing",
      check(""),
      ['3:3 "checks.a" holds nothing; use a mapping with a source, such as { http: /health }'],
    ],
    [
      "a check that is text",
      check("/health"),
      ['3:6 "checks.a" holds "/health"; use a mapping with a source, such as { http: /health }'],
    ],
    [
      "no source",
      check("{ pass: status == 200 }"),
      ['3:3 check "a" has no source | give it one of http, logs, sql, metric, events, env, source, derive'],
    ],
    [
      "an empty check",
      check("{}"),
      ['3:3 check "a" has no source | give it one of http, logs, sql, metric, events, env, source, derive'],
    ],
    [
      "two sources",
      check("{ http: /, events: [server_failed] }"),
      ['3:3 check "a" has 2 sources: http, events | make each a check of its own'],
    ],
    [
      "http without a slash",
      check("{ http: health }"),
      [
        '3:14 "checks.a.http" holds "health"; use a path such as /health, or an address such as https://example.com/health',
      ],
    ],
    [
      "http with another scheme",
      check("{ http: 'file:///etc/passwd' }"),
      [
        '3:14 "checks.a.http" holds "file:///etc/passwd"; use a path such as /health, or an address such as https://example.com/health',
      ],
    ],
    [
      "http of another host by //",
      check("{ http: //evil.example }"),
      [
        '3:14 "checks.a.http" holds "//evil.example"; use a path such as /health, or an address such as https://example.com/health',
      ],
    ],
    [
      "http that is a number",
      check("{ http: 5 }"),
      ['3:14 "checks.a.http" holds 5; use a path such as /health, or a mapping with url'],
    ],
    [
      "an option beside its source",
      check("{ http: /, timeout: 3s }"),
      ['3:17 "timeout" belongs inside "http", not beside it | write http: { url: …, timeout: … }'],
    ],
    [
      "a log option beside its source",
      check("{ logs: { forbid: [x] }, level: [error] }"),
      ['3:31 "level" belongs inside "logs", not beside it | write logs: { level: … }'],
    ],
    [
      "a check's option inside its source",
      check("{ http: { url: /, every: 5s } }"),
      ['3:24 "every" belongs beside "http", not inside it'],
    ],
    [
      "a body with GET",
      check("{ http: { url: /, body: x } }"),
      ["3:24 a GET request has no body | set method: POST"],
    ],
    [
      "a bad header name",
      check('{ http: { url: /, headers: { "a b": x } } }'),
      ['3:35 "a b" is no name of a header'],
    ],
    [
      "a header with an unset variable",
      check("{ http: { url: /, headers: { authorization: Bearer $NOPE } } }"),
      [
        '3:50 "checks.a.http.headers.authorization" uses $NOPE, which is not set | set it in the step\'s env, such as NOPE: ${{ secrets.NOPE }}',
      ],
    ],
    [
      "a header of two lines",
      check('{ http: { url: /, headers: { x: "a\\nb" } } }'),
      [
        '3:38 the value of header "x" holds a line break or control character | check the variable or the quotes',
      ],
    ],
    [
      "an unset database variable",
      file("databases: { main: { url: $EMPTY } }"),
      [
        '3:27 "databases.main.url" uses $EMPTY, which is not set | set it in the step\'s env, such as EMPTY: ${{ secrets.EMPTY }}',
      ],
    ],
    [
      "a database URL that is none",
      file("databases: { main: { url: $NOT_A_URL } }"),
      [
        '3:27 "databases.main.url" is no address of a PostgreSQL database | the value of $NOT_A_URL must look like postgres://user:password@host/name',
      ],
    ],
    [
      "a database URL that is a number",
      file("databases: { main: { url: 5 } }"),
      [
        '3:27 "databases.main.url" holds the wrong kind of value; use $NAME, a variable of the step\'s environment',
      ],
    ],
    [
      "sql without any database",
      check("{ sql: select 1, pass: rows == 1 }"),
      [
        '3:13 check "a" asks a database, and none is configured | add databases: { main: { url: $DATABASE_URL } }',
      ],
    ],
    [
      "sql that does not say which",
      `${check("{ sql: select 1, pass: rows == 1 }")}databases: { a: { url: $DATABASE_URL }, b: { url: $DATABASE_URL } }`,
      ['3:13 check "a" does not say which database | write sql: { database: a, query: … }'],
    ],
    [
      "sql without a condition",
      `${check("{ sql: select 1 }")}databases: { a: { url: $DATABASE_URL } }`,
      ['3:3 check "a" has no condition | write pass, warn or fail, such as fail: rows > 0'],
    ],
    [
      "logs that look for nothing",
      check("{ logs: { type: app } }"),
      [
        '3:8 "checks.a.logs" looks for nothing | give it require, forbid, count or span, such as { forbid: [Traceback] }',
      ],
    ],
    [
      "an empty group",
      check("{ logs: { forbid: {} } }"),
      ['3:24 "checks.a.logs.forbid" names no pattern | use a list such as [Traceback]'],
    ],
    [
      "an empty list",
      check("{ logs: { forbid: [] } }"),
      ['3:24 "checks.a.logs.forbid" holds a list; name at least one pattern'],
    ],
    [
      "within without require",
      check("{ logs: { forbid: [x], within: 1m } }"),
      ["3:29 within belongs to require, and there is none"],
    ],
    [
      "an unknown level",
      check("{ logs: { forbid: [x], level: [err] } }"),
      [
        '3:37 "checks.a.logs.level[0]" holds "err"; use debug, info, notice, warning, error, critical, alert or emergency | did you mean "error"?',
      ],
    ],
    [
      "a pattern that is a number",
      check("{ logs: { forbid: [404] } }"),
      [
        '3:25 "checks.a.logs.forbid[0]" holds 404; use text, or a regular expression such as /ERROR .* timeout/i | quote it: "404"',
      ],
    ],
    [
      "a regular expression that does not parse",
      check('{ logs: { forbid: ["/(/"] } }'),
      ['3:25 "checks.a.logs.forbid[0]": the expression does not parse: unterminated group'],
    ],
    [
      "a regular expression that can explode",
      check('{ logs: { forbid: ["/(a+)+\\\\1$/"] } }'),
      [
        '3:25 "checks.a.logs.forbid[0]": the expression can take for ever on some texts; write it without lookaround, back references, the u flag and counts above 16, or with fewer repeats',
      ],
    ],
    [
      "a path that looks like a pattern",
      check("{ logs: { forbid: [/usr/lib] } }"),
      [
        '3:25 "checks.a.logs.forbid[0]": the flag "l" is not one of i, m, s, u | to look for the text itself, write /usr\\/lib/',
      ],
    ],
    [
      "fail_after of events",
      check("{ events: [server_failed], fail_after: 2 }"),
      [
        "3:33 events take no fail_after: their counts accumulate since the deploy | set the number in a condition, such as fail: count >= 3",
      ],
    ],
    [
      "an unknown event",
      check("{ events: [server_faild] }"),
      [
        '3:17 "checks.a.events[0]" holds "server_faild"; use an event such as server_failed or server_restarted | did you mean "server_failed"?',
      ],
    ],
    [
      "an event that says nothing",
      check("{ events: [deploy_ended] }"),
      [
        '3:17 "checks.a.events[0]" holds "deploy_ended"; use an event such as server_failed or server_restarted | Render has the event deploy_ended, but it says nothing about the version that is live',
      ],
    ],
    [
      "an unknown stage",
      check("{ http: /, stage: [bot] }"),
      ['3:25 there is no stage "bot" | did you mean "boot"?'],
    ],
    [
      "no stage",
      check("{ http: /, stage: [] }"),
      ['3:24 "checks.a.stage" holds a list; name at least one stage, or leave it out'],
    ],
    [
      "an unknown remedy",
      check("{ http: /, on_fail: undo }"),
      ['3:26 there is no remedy "undo" | use alert, revert or rollback'],
    ],
    [
      "a remedy of Object's",
      check("{ http: /, on_fail: toString }"),
      ['3:26 there is no remedy "toString" | use alert, revert or rollback'],
    ],
    [
      "an unknown default remedy",
      file("defaults: { on_fail: revrt }"),
      ['3:22 there is no remedy "revrt" | did you mean "revert"?'],
    ],
    [
      "an unknown remedy of the deploy",
      file("deploy: { on_fail: revrt }"),
      ['3:20 there is no remedy "revrt" | did you mean "revert"?'],
    ],
    [
      "a remedy without steps",
      file("remedies: { x: [] }"),
      ['3:16 "remedies.x" holds a list; name at least one step'],
    ],
    [
      "a step without options",
      file("remedies: { x: [revert_pr] }"),
      ['3:17 "remedies.x[0]" holds "revert_pr"; use a step such as revert_pr: {}'],
    ],
    [
      "an unknown option of a step",
      file("remedies: { x: [{ revert_pr: { lables: [a] } }] }"),
      ['3:32 unknown key "lables" in "remedies.x[0].revert_pr" | did you mean "labels"?'],
    ],
    [
      "a step that does nothing",
      file("remedies: { x: [{}] }"),
      ['3:17 step 1 of remedy "x" does nothing | write revert_pr: {}'],
    ],
    [
      "a remedy named alert",
      file("remedies: { alert: [{ revert_pr: {} }] }"),
      ['3:13 "alert" is what happens without a remedy | choose another name'],
    ],
    [
      "a bad name",
      file('databases: { "my db": { url: $DATABASE_URL } }'),
      ['3:14 "my db" cannot be a name here | use letters, digits, _ and -, a letter first'],
    ],
    [
      "a check's name of two lines",
      'version: 1\nchecks: { "a\\nb": { http: / } }',
      ['2:11 "a b" cannot be the name of a check | use one line of at most 60 characters'],
    ],
    [
      "only_if of nobody",
      check("{ http: /, only_if: b.status == 200 }"),
      [
        '3:26 "checks.a.only_if": there is no other check "b" | start with the name of another check, such as queue.depth > 10',
      ],
    ],
    [
      "only_if of itself",
      check("{ http: /, only_if: a.status == 200 }"),
      ['3:26 "checks.a.only_if": a check cannot ask itself | name another check'],
    ],
    [
      "only_if of no subject",
      `${check("{ http: /, only_if: b == 200 }")}  b: { http: / }`,
      ['3:26 "checks.a.only_if": b is a check; name one of its subjects | such as b.status'],
    ],
    [
      "only_if of a wrong subject",
      `${check("{ http: /, only_if: b.rows == 0 }")}  b: { http: / }`,
      [
        '3:26 "checks.a.only_if": "rows" is no subject of this source | subjects here: status, latency, body, headers',
      ],
    ],
    [
      "an upper-case header",
      check("{ http: /, pass: has(headers.X-Y) == true }"),
      ['3:23 "checks.a.pass": header names are in lower case | headers.x-y'],
    ],
    [
      "an empty list of conditions",
      check("{ http: /, pass: [] }"),
      ['3:23 "checks.a.pass" holds a list; use a condition such as status == 200, or a list of conditions'],
    ],
    [
      "a condition that is true",
      check("{ http: /, pass: true }"),
      ['3:23 "checks.a.pass" holds true; use a condition such as status == 200, or a list of conditions'],
    ],
    [
      "missing of a check that requires nothing",
      check("{ logs: { forbid: [x] }, fail: missing > 0 }"),
      ['3:37 "checks.a.fail": "missing" is no subject of this source | subjects here: matches, new_matches'],
    ],
    [
      "a percentage of a count",
      check("{ events: [server_failed], fail: count > 90% }"),
      [
        '3:47 "checks.a.fail": count is a number and cannot be compared with the ratio 90% | if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%',
      ],
    ],
    [
      "a relative condition",
      check("{ http: /, pass: latency < +50% }"),
      [
        '3:33 "checks.a.pass": +50% compares with a baseline, and this check has none | write baseline: while-building beside http (or previous deploy, last 5 good deploys)',
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(mistakesOf(text).map(shown)).toEqual(expected);
  });
});

describe("what no stage can decide, if it was written", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "grace",
      "{ http: /, grace: 10m }",
      [
        "3:24 with a grace of 10m nothing is judged: its last stage ends 5m after live | shorten grace, or lengthen the stage",
      ],
    ],
    [
      "within",
      "{ logs: { require: [x], within: 6m } }",
      [
        "3:38 within 6m cannot be decided: its last stage ends 5m after live | shorten within, or lengthen the stage",
      ],
    ],
    [
      "fail_after",
      "{ http: /, every: 1m, fail_after: 7 }",
      [
        "3:40 fail_after 7 can never be reached: its stage lasts 5m and at most 6 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      "fail_after under grace",
      "{ http: /, every: 1m, grace: 3m, fail_after: 4 }",
      [
        "3:51 fail_after 4 can never be reached: its stage lasts 5m and at most 3 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      "fail_after n of m",
      "{ http: /, every: 1m, fail_after: 8 of 10 }",
      [
        "3:40 fail_after 8 of 10 can never be reached: its stage lasts 5m and at most 6 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      "fail_after of time",
      "{ http: /, fail_after: 10m }",
      [
        "3:29 fail_after 10m can never be reached: its stage lasts 5m and at most 21 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      "pass_after",
      "{ http: /, every: 5m, pass_after: 3 }",
      [
        "3:40 pass_after 3 can never be reached: its stage lasts 5m and at most 2 samples are judged there | lower pass_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      "a trend",
      "{ http: /, fail: 'trend(latency, 6h) > 0' }",
      [
        '3:24 "checks.a.fail": the window of 6h never fills: its last stage ends 5m after live | use a shorter window or a longer stage',
      ],
    ],
    ["just possible", "{ http: /, every: 1m, fail_after: 6 }", []],
    ["just possible with time", "{ http: /, fail_after: 5m }", []],
    ["just possible with grace", "{ http: /, grace: 5m, fail_after: 1 }", []],
  ])("%s", (_, body, expected) => {
    expect(mistakesOf(check(body)).map(shown)).toEqual(expected);
  });
});

describe("what YAML makes of unquoted text", () => {
  const QUOTE =
    'quote the whole value: inside {} and [] YAML splits at , [ ] { } and elsewhere at ": " and " #"';
  test.each<[string, string, readonly string[]]>([
    [
      "a list in a condition",
      check("{ http: /, pass: status in [200, 204] }"),
      [`3:33 YAML splits this value at "[" | ${QUOTE}`],
    ],
    [
      "an index in a condition",
      check("{ http: /, pass: body.items[0] == 1 }"),
      [`3:33 YAML splits this value at "[" | ${QUOTE}`],
    ],
    [
      "a window in a condition",
      check("{ http: /, fail: p95(latency, 5m) > 3s }"),
      [
        '3:23 "checks.a.fail" holds "p95(latency", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a window in a list of conditions",
      check("{ http: /, fail: [p95(latency, 5m) > 3s, status == 500] }"),
      [
        '3:24 "checks.a.fail[0]" holds "p95(latency", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in text",
      check('{ http: /, pass: body contains "a, b" }'),
      [
        '3:23 "checks.a.pass" holds "body contains "a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in a pattern",
      check("{ logs: { forbid: [/a,b/] } }"),
      [
        '3:25 "checks.a.logs.forbid[0]" holds "/a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in brackets of a pattern",
      check("{ logs: { forbid: [Error(a, b) happened] } }"),
      [
        '3:25 "checks.a.logs.forbid[0]" holds "Error(a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a count in a pattern",
      check("{ logs: { forbid: [/x{1,3}/, b] } }"),
      [`3:27 YAML splits this value at "{" | ${QUOTE}`],
    ],
    [
      "a class in a pattern",
      check("{ logs: { forbid: [/[ab]/] } }"),
      [`3:26 YAML splits this value at "[" | ${QUOTE}`],
    ],
    [
      "a colon in a value",
      'version: 1\nchecks:\n  a:\n    http: /\n    pass: body contains "a: b"',
      [`5:11 YAML reads the ": " in this value as a mapping | ${QUOTE}`],
    ],
    [
      "a colon in a list",
      'version: 1\nchecks:\n  a:\n    http: /\n    pass:\n      - body contains "a: b"',
      [
        '6:9 "checks.a.pass[0]" holds a mapping; use a condition, such as status == 200 | quote this: YAML made a mapping of it, "body contains "a" with "b""',
      ],
    ],
    [
      "a colon in a pattern",
      "version: 1\nchecks:\n  a:\n    logs:\n      require:\n        - ERROR: boom",
      [
        '6:11 "checks.a.logs.require[0]" holds a mapping; use text, or a regular expression such as /ERROR .* timeout/i | quote this: YAML made a mapping of it, "ERROR" with "boom"',
      ],
    ],
    [
      "a comment in a condition",
      'version: 1\nchecks:\n  a:\n    http: /\n    pass: body contains "a #b"',
      [
        '5:25 "checks.a.pass": the text has no closing double quote | quote the whole condition if it holds " #" or ": "',
      ],
    ],
    [
      "a comma in a text",
      check("{ http: /, hint: see (a, b) }"),
      [
        '3:23 "checks.a.hint" holds "see (a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in a statement",
      `${check("{ sql: select a, b from t, pass: rows == 0 }")}databases: { a: { url: $DATABASE_URL } }`,
      [
        '3:13 "checks.a.sql" holds "select a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in a statement of a list",
      `${check("{ http: /, diagnose: [select a, b from t] }")}databases: { a: { url: $DATABASE_URL } }`,
      [
        '3:28 "checks.a.diagnose[0]" holds "select a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a comma in the pattern of count",
      check("{ logs: { count: Error(a, b), per: 1m }, fail: value > 3 }"),
      [
        '3:23 "checks.a.logs.count" holds "Error(a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      "a key alone behind a path",
      check("{ http: /, evry }"),
      ['3:17 unknown key "evry" in "checks.a" | did you mean "every"?'],
    ],
    [
      "a path and a number",
      check("{ logs: { forbid: [/health, 5] } }"),
      [
        '3:34 "checks.a.logs.forbid[1]" holds 5; use text, or a regular expression such as /ERROR .* timeout/i | quote it: "5"',
      ],
    ],
    [
      "a colon inside {}",
      check("{ http: /, hint: a: b }"),
      [`3:23 YAML reads the ": " in this value as a mapping | ${QUOTE}`],
    ],
    [
      "a colon in a list inside []",
      check("{ logs: { forbid: [ERROR: boom] } }"),
      [
        '3:25 "checks.a.logs.forbid[0]" holds a mapping; use text, or a regular expression such as /ERROR .* timeout/i | quote this: YAML made a mapping of it, "ERROR" with "boom"',
      ],
    ],
    ["a backquote", check("{ logs: { forbid: [`x`] } }"), [`3:25 a value cannot start with \` | ${QUOTE}`]],
    [
      "an alias of nothing",
      check("{ logs: { forbid: [*x] } }"),
      ["3:25 *x is an alias of nothing | quote it if it is meant as text"],
    ],
    [
      "tabs",
      "version: 1\nchecks:\n  a:\n\t  http: /",
      ["4:1 YAML does not take tabs as indentation | indent with spaces"],
    ],
    [
      "two documents",
      `${check("{ http: / }")}---\nversion: 1`,
      ['4:1 the file holds more than one document ("---") | keep one'],
    ],
    [
      "a bracket that stays open",
      "version: 1\nchecks:\n  a: { http: /, evry: 3s }\n  b: { logs: { forbid: [x\nservice: y",
      [
        '3:17 unknown key "evry" in "checks.a" | did you mean "every"?',
        "5:1 a [ or { above is not closed | check the brackets, quotes and indentation here and on the line above",
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(mistakesOf(text).map(shown)).toEqual(expected);
  });

  test("a slash at the front alone is plain text", () => {
    expect(mistakesOf(check("{ logs: { forbid: [/health, /api/v1 failed] } }"))).toEqual([]);
  });
});

describe("secrets", () => {
  test("values of variables are never shown", () => {
    const text = file("databases: { main: { url: $NOT_A_URL }, b: { url: 'postgres:hunter4' } }");
    const shownMistakes = JSON.stringify(mistakesOf(text));
    expect(shownMistakes).not.toMatch(/hunter/);
    expect(mistakesOf(text)).toHaveLength(2);
  });

  test("$NAME is replaced in database addresses and http headers only, and collected", () => {
    const text = `version: 1
databases: { main: { url: $DATABASE_URL } }
checks:
  a: { http: { url: "/$TOKEN", headers: { authorization: Bearer $TOKEN }, method: POST, body: $TOKEN } }
  b: { sql: "select '$TOKEN'", pass: rows == 1 }
  c: { logs: { forbid: [$TOKEN] }, hint: $TOKEN }
`;
    const result = read(text);
    if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
    const [a, b, c] = result.plan.checks;
    expect(a?.source).toMatchObject({
      url: "/$TOKEN",
      headers: { authorization: "Bearer s3cret" },
      body: "$TOKEN",
    });
    expect(b?.source).toMatchObject({ query: "select '$TOKEN'", database: "main" });
    expect(c).toMatchObject({
      hint: "$TOKEN",
      source: { forbid: [{ name: "", patterns: [{ kind: "text", text: "$TOKEN" }] }] },
    });
    expect(result.plan.databases["main"]?.url).toBe(ENV["DATABASE_URL"]);
    // The password too: a driver may quote it by itself.
    expect([...result.plan.secrets].sort()).toEqual(["hunter2", ENV["DATABASE_URL"], "s3cret"]);
  });
});

describe("hostile files", () => {
  test("more checks than fit in one gate", () => {
    const checks = Array.from({ length: 201 }, (_, index) => `  a${index}: { http: / }`).join("\n");
    expect(mistakesOf(`version: 1\nchecks:\n${checks}`).map(shown)).toEqual([
      "2:1 201 checks, at most 200 fit in one gate",
    ]);
  });

  test("too large", () => {
    expect(mistakesOf(`version: 1 #${" ".repeat(300_000)}`).map(shown)).toEqual([
      "1:1 the config file has 300012 characters, at most 262144 are read",
    ]);
  });

  test("an alias bomb", () => {
    const lines = [
      "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
      ...Array.from(
        { length: 9 },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`,
      ),
    ];
    expect(
      mistakesOf(lines.join("\n")).some(
        (mistake) => mistake.message === "the file uses more than 100 aliases",
      ),
    ).toBe(true);
  });

  test("an alias of itself", () => {
    expect(mistakesOf("version: 1\nchecks: &x { a: *x }").map((mistake) => mistake.message)).toContain(
      "the file is nested more than 20 levels deep",
    );
  });

  test.each([["["], ["{"], ["- "], ["a: {b: ["]])("a depth of thousands of %s", (piece) => {
    expect(mistakesOf(piece.repeat(5000)).length).toBeGreaterThan(0);
  });

  test("more mistakes than anybody reads are cut, and that is said", () => {
    const text = file(Array.from({ length: 150 }, (_, i) => `x${i}: 1`).join("\n"));
    const mistakes = mistakesOf(text);
    expect(mistakes).toHaveLength(101);
    expect(mistakes.at(-1)).toEqual({ message: "and 50 more mistakes" });
  });

  test("no text makes it throw, what is refused is said, and every mistake is one line with a place", () => {
    const words = fc.constantFrom(
      "version",
      "checks",
      "http",
      "logs",
      "sql",
      "events",
      "metric",
      "env",
      "derive",
      "pass",
      "forbid",
      "count",
      "span",
      "inside",
      "hint",
      "(",
      ")",
      "require",
      "stages",
      "boot",
      "on_fail",
      ": ",
      "- ",
      "\n",
      "\n  ",
      "{",
      "}",
      "[",
      "]",
      ",",
      "/",
      '"',
      "'",
      "&a ",
      "*a",
      "#",
      "1",
      "5m",
      "null",
      "status == 200",
      "!!x ",
      "$A",
      "<<",
      "? ",
      "| ",
      "~",
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 30 }).map((parts) => parts.join("")),
        fc.constantFrom("", "checks: { a: { ", "checks: { a: { logs: { forbid: ["),
        (text, before) => {
          const result = read(`version: 1\n${before}${text}`);
          const mistakes = result.ok ? [] : result.mistakes;
          const arePlaced = mistakes.every(
            ({ at, message }) => at !== undefined && at.line >= 1 && at.column >= 1 && message !== "",
          );
          return arePlaced && (result.ok || mistakes.length > 0);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

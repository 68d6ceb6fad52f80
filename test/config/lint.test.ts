import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";

const env = (name: string): string | undefined =>
  name === "DATABASE_URL" ? "postgres://reader@localhost/app" : undefined;

function readWarnings(text: string): readonly string[] {
  const read = readConfig({ text, file: "gate.yml", env });
  return read.warnings.map(({ message, hint, at }) => {
    const place = `${at?.line}:${at?.column}`;
    return `${place} ${message}${hint === undefined ? "" : `; ${hint}`}`;
  });
}

/** `line:column message; hint` of each warning of a file that can be used. */
function warningsOf(text: string): readonly string[] {
  const read = readConfig({ text, file: "gate.yml", env });
  if (!read.ok) throw new Error(read.mistakes.map((one) => `${one.at?.line}: ${one.message}`).join("\n"));
  return readWarnings(text);
}

const REST = [
  "  ask: { sql: select 2, pass: rows == 1 }",
  "  cycles:",
  "    logs: { span: [begins, ends], inside: ['/Found (?<found>\\d+)/'] }",
  "    fail: unfinished > 0",
  "    if_unknown: warn",
  "version: 1",
  "databases: { main: { url: $DATABASE_URL } }",
];

/** Warnings of a file whose first check, on line 2, is written like this. */
function ofCheck(text: string): string {
  const check = text.split("\n").map((line) => `    ${line}`);
  return warningsOf(["checks:", "  it:", ...check, ...REST].join("\n")).join("\n");
}

describe("what YAML took away", () => {
  test.each([
    [
      "- Error #42 happened",
      '5:11 YAML took "#42 happened" for a comment and left "Error"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "- Error  #{id}",
      '5:11 YAML took "#{id}" for a comment and left "Error"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "- /ERROR # \\d+/",
      '5:11 YAML took "# \\d+/" for a comment and left "/ERROR"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "- run (a # b)",
      '5:11 YAML took "# b)" for a comment and left "run (a"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      '- say "a # b" twice',
      '5:11 YAML took "# b" twice" for a comment and left "say "a"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "- one\n      two",
      '5:11 YAML made one pattern of 2 lines: "one two"; start each pattern with its own -, or write it on one line',
    ],
    // Clearly comments, or nothing was cut.
    ["- Error # the usual one", ""],
    ["- Error #", ""],
    ["- Error #---- below: others", ""],
    ["- Error#42", ""],
    ['- "Error #42"', ""],
    ["- '/ERROR # \\d+/' # closed/", ""],
    ["- Error (all) # see (the docs)", ""],
    ["- >-\n      one\n      two", ""],
  ])("forbid: %s", (line, expected) => {
    expect(ofCheck(`logs:\n  forbid:\n    ${line}`)).toBe(expected);
  });

  test.each([
    [
      "an operator of PostgreSQL",
      "sql: select data #> '{a}' from jobs\npass: rows == 0",
      '3:10 YAML took "#> \'{a}\' from jobs" for a comment and left "select data"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "a hint",
      "http: /health\nhint: see issue #12",
      '4:11 YAML took "#12" for a comment and left "see issue"; quote the text if that belongs to it; a comment has a space after its #',
    ],
    ["a count", "logs: { per: 1m, count: x }\nfail: value > 3 #why", ""],
    [
      "an expected value",
      "env:\n  CHANNEL: ops #general",
      '4:16 YAML took what follows " #" for a comment; quote the text if that belongs to it; a comment has a space after its #',
    ],
    [
      "a header",
      "http:\n  url: /h\n  headers:\n    x-a: one #two",
      '6:14 YAML took what follows " #" for a comment; quote the text if that belongs to it; a comment has a space after its #',
    ],
    ["settings", "http: /health #main\nevery: 5s #fast\ngrace: 3s # a team would write 2m", ""],
  ])("%s", (_, text, expected) => {
    expect(ofCheck(text)).toBe(expected);
  });

  test("names of checks are not keys", () => {
    expect(warningsOf("version: 1\nchecks: { sql: { http: /health }, hint: { http: /a } }")).toEqual([]);
  });

  test("is said of a file with mistakes too, once through an alias", () => {
    const text = [
      "version: 1",
      "checks:",
      "  a: { logs: { forbid: &all",
      "    [a, Error #1",
      "    , b] } }",
      "  b: { logs: { forbid: *all }, pass: nothing }",
    ].join("\n");
    expect(readConfig({ text, file: "gate.yml", env }).ok).toBe(false);
    expect(readWarnings(text).join("\n")).toBe(
      '4:9 YAML took "#1" for a comment and left "Error"; quote the text if that belongs to it; a comment has a space after its #',
    );
  });
});

describe("lines that nothing can make true or false", () => {
  test.each([
    [
      "http: /h\npass: [status == 200, status == 500]",
      "4:12 status == 200 and status == 500 can never hold together, so the check never passes; write one line for what is wanted, with in or between",
    ],
    [
      "http: /h\npass: status == 200\nfail: status > 700",
      "5:11 status > 700 can never hold, so it never fails: status is from 100 to 599",
    ],
    [
      "http: /h\npass: status >= 0",
      "4:11 status >= 0 always holds, so it asks for nothing: status is from 100 to 599",
    ],
    [
      "http: /h\nfail: latency < 0ms",
      "4:11 latency < 0ms can never hold, so it never fails: latency is never below 0",
    ],
    [
      "sql: select 1\npass: rows >= 0",
      "4:11 rows >= 0 always holds, so it asks for nothing: rows is never below 0",
    ],
    [
      "sql: select 1\nfail: rows >= 0",
      "4:11 rows >= 0 always holds, so every sample fails: rows is never below 0",
    ],
    [
      "sql: select 1\npass: x > 150%",
      "4:11 x > 150% can never hold, so the check never passes: 150% compares with a ratio from 0 to 1",
    ],
    [
      "sql: select 1\nwarn: x < 0%",
      "4:11 x < 0% can never hold, so it never warns: 0% compares with a ratio from 0 to 1",
    ],
    [
      "sql: select 1\nfail: x in [150%, 200%]",
      "4:11 x in [150%, 200%] can never hold, so it never fails: [150%, 200%] compares with a ratio from 0 to 1",
    ],
    ["sql: select 1\npass: x <= 100%", ""],
    [
      "sql: select 1\npass: [x > 5, x < 5]",
      "4:12 x > 5 and x < 5 can never hold together, so the check never passes; write one line for what is wanted, with in or between",
    ],
    [
      "sql: select 1\npass: x == 3\nfail: x < 5",
      "4:11 whatever has x == 3 also has x < 5, which is tested first, so the check never passes",
    ],
    [
      "sql: select 1\npass: x < 3\nwarn: x > 6\nfail: x > 5",
      "5:11 x > 6 never warns: fail is tested first, and x > 5 holds too",
    ],
    [
      "sql: select 1\nneed: x > 50\nfail: x < 10",
      "5:11 x < 10 is never judged: a sample counts only if x > 50",
    ],
    [
      "sql: select 1\nneed: rows < 0\npass: x > 1",
      "4:11 rows < 0 can never hold, so no sample counts: rows is never below 0",
    ],
    [
      "sql: select 1\nneed: rows >= 0\npass: x > 1",
      "4:11 rows >= 0 always holds, so every sample counts: rows is never below 0",
    ],
    [
      'sql: select 1\npass:\n  - x == "ok"\n  - x == "up"',
      '6:9 x == "ok" and x == "up" can never hold together, so the check never passes; write one line, such as x in ["ok", "up"]',
    ],
    [
      "sql: select 1\npass: [x == true, x == false]",
      "4:23 x == true and x == false can never hold together, so the check never passes; write one line, such as x in [true, false]",
    ],
    [
      "sql: select 1\npass: max(rows) < 0",
      "4:11 max(rows) < 0 can never hold, so the check never passes: max(rows) is never below 0",
    ],
    [
      "sql: select 1\npass: len(x) >= 0",
      "4:11 len(x) >= 0 always holds, so it asks for nothing: len(x) is never below 0",
    ],
    [
      "sql: select 1\npass: sum(rows) < 0",
      "4:11 sum(rows) < 0 can never hold, so the check never passes: sum(rows) is never below 0",
    ],
    [
      "logs: { require: [a, b] }\nfail: missing > 2",
      "4:11 missing > 2 can never hold, so it never fails: missing is from 0 to 2",
    ],
    [
      "logs: { require: { one: [a], two: [b] } }\npass: found == 3",
      "4:11 found == 3 can never hold, so the check never passes: found is from 0 to 2",
    ],
    [
      "env: { A: 1 }\nfail: different > 1",
      "4:11 different > 1 can never hold, so it never fails: different is from 0 to 1",
    ],
    [
      "metric: { name: http_requests, where: status >= 500, as: ratio }\nfail: value > 1",
      "4:11 value > 1 can never hold, so it never fails: value is from 0 to 1",
    ],
    [
      "metric: cpu\nfail: value < 0",
      "4:11 value < 0 can never hold, so it never fails: value is never below 0",
    ],
    [
      "events: [server_failed]\nfail: count < 0",
      "4:11 count < 0 can never hold, so it never fails: count is never below 0",
    ],
    [
      "source: { glob: a.py, forbid: [x] }\nfail: files < 0",
      "4:11 files < 0 can never hold, so it never fails: files is never below 0",
    ],
    [
      "sql: select 1\nbaseline: previous deploy\nfail: x > +50%",
      "5:11 x > +50% has no floor: small numbers make large ratios; add floor, the number from which on the comparison counts, such as floor: 10",
    ],
    [
      "sql: select 1\nbaseline: previous deploy\nfail: [x > 3x, y > 2x]",
      "5:12 x > 3x has no floor: small numbers make large ratios; add floor, the number from which on the comparison counts, such as floor: 10",
    ],
    // Fine.
    ["http: /h\npass: status in [200, 204]\nfail: [status >= 500, latency > 5s]", ""],
    ["sql: select 1\npass: success >= 90%\nfail: success < 80%", ""],
    ["sql: select 1\nneed: total >= 50\npass: total > 60\nfail: total < 55", ""],
    ["sql: select 1\npass: [x >= 5, x <= 5]", ""],
    ["sql: select 1\npass: x < 3\nwarn: x > 1\nfail: x > 5", ""],
    ['sql: select 1\npass: [x == "ok", y == "up", rows == 1]', ""],
    ["sql: select 1\npass: trend(x, 4m) < 0", ""],
    ["sql: select 1\npass: [x != 3, x > 2, x < 4.5]", ""],
    ["metric: { name: cpu, of_limit: true }\nfail: value > 80%", ""],
    ["sql: select 1\nbaseline: previous deploy\nfloor: 10\nfail: x > +50%", ""],
    ["sql: select 1\nbaseline: previous deploy\nfail: x < -2pp", ""],
  ])("%s", (text, expected) => {
    expect(ofCheck(text)).toBe(expected);
  });
});

describe("patterns", () => {
  const q = JSON.stringify;
  test.each([
    ["forbid", q("/.*/"), "5:11 /.*/ matches every line of text, so every line is a match"],
    [
      "forbid",
      q("/ERROR|/"),
      "5:11 /ERROR|/ matches every line of text, so every line is a match; one of its alternatives is empty",
    ],
    [
      "forbid",
      q("/a||b/"),
      "5:11 /a||b/ matches every line of text, so every line is a match; one of its alternatives is empty",
    ],
    ["forbid", q("/x?/"), "5:11 /x?/ matches every line of text, so every line is a match"],
    ["require", q("/./"), "5:11 /./ matches every line of text, so any line will do"],
    [
      "forbid",
      q("/ERROR$ again/"),
      "5:11 /ERROR$ again/ can match no line: there is text after $; write \\$ for the character itself",
    ],
    ["forbid", q("/again ^ERROR/"), "5:11 /again ^ERROR/ can match no line: there is text before ^"],
    [
      "forbid",
      q("/FATAL|one\\ntwo/"),
      "5:11 /FATAL|one\\ntwo/ has an alternative that can match no line: it wants a line break, and a line holds none",
    ],
    [
      "forbid",
      q("one\ntwo"),
      '5:11 "one two" can match no line: it holds a line break; write it in quotes on one line, or one pattern for each line',
    ],
    [
      "forbid",
      "|-\n      one\n      two",
      '5:11 "one two" can match no line: it holds a line break; write it in quotes on one line, or one pattern for each line',
    ],
    [
      "forbid",
      "|\n      one",
      '5:11 "one " can match no line: it holds a line break; write it in quotes on one line, or one pattern for each line',
    ],
    [
      "forbid",
      q("ERROR .* timeout"),
      '5:11 "ERROR .* timeout" is looked for as it stands, though it looks like a regular expression; if it is one, write "/ERROR .* timeout/"',
    ],
    [
      "forbid",
      q("took \\d+ ms"),
      '5:11 "took \\d+ ms" is looked for as it stands, though it looks like a regular expression; if it is one, write "/took \\d+ ms/"',
    ],
    [
      "forbid",
      q("^CRITICAL"),
      '5:11 "^CRITICAL" is looked for as it stands, though it looks like a regular expression; if it is one, write "/^CRITICAL/"',
    ],
    ["forbid", "a\n    - a", '6:11 "a" stands twice under forbid'],
    // Fine.
    ["forbid", q("/^ERROR: .*$/"), ""],
    ["forbid", q("/\\S+Error/"), ""],
    ["forbid", q("C:\\data\\workdir"), ""],
    ["forbid", q("[worker] (1.5s) + 2*3 = 4?"), ""],
    ["forbid", q("/api/v1/"), ""],
  ])("%s: %s", (verb, pattern, expected) => {
    expect(ofCheck(`logs:\n  ${verb}:\n    - ${pattern}`)).toBe(expected);
  });

  test.each([
    [
      "logs: { per: 1m, count: /.*/ }\nfail: value > 100",
      "3:29 /.*/ matches every line of text, so any line will do",
    ],
    [
      "logs: { span: ['a.*b', '/end$x/'] }\nfail: unfinished > 0",
      '3:20 "a.*b" is looked for as it stands, though it looks like a regular expression; if it is one, write "/a.*b/"\n3:28 /end$x/ can match no line: there is text after $; write \\$ for the character itself',
    ],
    [
      "logs:\n  span: [a, b]\n  inside: ['/(?<n>\\d+)$ items/']\nfail: n > 0",
      "5:16 /(?<n>\\d+)$ items/ can match no line: there is text after $; write \\$ for the character itself",
    ],
    [
      "source: { glob: a.py, forbid: ['one.*two', '/a\\nb/'] }",
      '3:36 "one.*two" is looked for as it stands, though it looks like a regular expression; if it is one, write "/one.*two/"',
    ],
    [
      "logs: { require: [ERROR handler ready], forbid: [ERROR] }",
      '3:54 "ERROR" forbids what it requires: "ERROR handler ready"; see checks.it.logs.require[0]',
    ],
    [
      "logs: { require: { a: [Added job] }, forbid: { b: ['/Added \\w+/'] } }",
      '3:56 /Added \\w+/ forbids what it requires: "Added job"; see checks.it.logs.require.a[0]',
    ],
    ["logs: { require: [ERROR handler ready], forbid: ['/^ERROR/'] }", ""],
    [
      "source: { glob: a.py, require: [import os], forbid: [import os] }",
      '3:58 "import os" forbids what it requires: "import os"; see checks.it.source.require[0]',
    ],
  ])("%s", (text, expected) => {
    expect(ofCheck(text)).toBe(expected);
  });

  const two = (one: string, other: string): string =>
    warningsOf(`version: 1\nchecks:\n  one: { ${one} }\n  other: { ${other} }`).join("\n");
  test.each([
    [
      "logs: { require: [ERROR handler ready] }",
      "logs: { forbid: [ERROR] }",
      '4:29 "ERROR" forbids what check "one" requires: "ERROR handler ready"; see checks.one.logs.require[0]',
    ],
    ["logs: { require: [ERROR handler ready] }", "logs: { type: build, forbid: [ERROR] }", ""],
    ["logs: { require: [ERROR handler ready] }", "logs: { level: [error], forbid: [ERROR] }", ""],
    [
      "logs: { level: [error], require: [ERROR here] }",
      "logs: { level: [error, info], forbid: [ERROR] }",
      '4:51 "ERROR" forbids what check "one" requires: "ERROR here"; see checks.one.logs.require[0]',
    ],
    ["source: { glob: a.py, require: [ok] }", "source: { glob: b.py, forbid: [ok] }", ""],
    ["source: { glob: a.py, require: [ok] }", "logs: { forbid: [ok] }", ""],
  ])("%s beside %s", (one, other, expected) => {
    expect(two(one, other)).toBe(expected);
  });
});

describe("checks and stages", () => {
  const databasesOf = (checks: string): string =>
    checks.includes("sql") ? "databases: { main: { url: $DATABASE_URL } }" : "";
  const stages =
    "stages:\n  boot: { for: 5m, every: 15s }\n  hour: { for: 1h, every: 10m }\n  day: { for: 24h, every: 24h }";
  const staged = (checks: string): string =>
    warningsOf(`version: 1\n${stages}\ndatabases: { main: { url: $DATABASE_URL } }\nchecks:\n${checks}`).join(
      "\n",
    );
  test.each([
    [
      "a day with one look",
      "  it: { http: /a, fail_after: 1, stage: [day] }",
      '6:14 nothing uses the database "main"; remove it, or ask it with an sql check\n8:3 only 1 sample is judged in stage day; sample more often with every, lengthen the stage, or leave it out with stage',
    ],
    [
      "a stage in grace",
      "  it: { http: /a, every: 15s, grace: 10m, stage: [boot, hour] }",
      '6:14 nothing uses the database "main"; remove it, or ask it with an sql check\n8:3 nothing is judged in stage boot; sample more often with every, lengthen the stage, or leave it out with stage',
    ],
    [
      "a failure that does not fit one stage",
      "  it: { http: /a, fail_after: 10, stage: [boot, hour] }",
      '6:14 nothing uses the database "main"; remove it, or ask it with an sql check\n8:19 the check can never fail in stage hour: fail_after is more than fits, and only 6 samples are judged in stage hour; lower fail_after, or sample more often with every',
    ],
    [
      "a pass that does not fit one stage",
      "  it: { http: /a, pass_after: 10, stage: [boot, hour] }",
      '6:14 nothing uses the database "main"; remove it, or ask it with an sql check\n8:19 the check can never pass in stage hour: pass_after is 10, and only 6 samples are judged in stage hour; lower pass_after, or sample more often with every',
    ],
    [
      "what cannot change needs no second look",
      "  it: { env: { A: 1 } }\n  that: { source: { glob: a, forbid: [x] } }",
      '6:14 nothing uses the database "main"; remove it, or ask it with an sql check',
    ],
    [
      "asked where it does not run",
      "  it: { sql: select 1, pass: rows == 1, only_if: that.depth > 1, stage: [boot, hour] }\n  that: { sql: select 2, pass: depth > 1, stage: [hour] }",
      "8:50 that is not sampled in stage boot, where this check asks it; let both run in the same stages, with stage",
    ],
    [
      "computed where it does not run",
      "  it: { derive: { n: that.depth / 2 }, fail: n > 1, stage: [boot, hour] }\n  that: { sql: select 2, pass: depth > 1, stage: [boot] }",
      "8:17 that is not sampled in stage hour, where this check asks it; let both run in the same stages, with stage",
    ],
    [
      "asked in fewer stages",
      "  it: { sql: select 1, pass: rows == 1, only_if: that.depth > 1, stage: [boot] }\n  that: { sql: select 2, pass: depth > 1, stage: [boot, hour] }",
      "",
    ],
  ])("%s", (_, checks, expected) => {
    expect(staged(checks)).toBe(expected);
  });

  test.each([
    [
      "the same lines",
      "  a: { http: /h, on_fail: revert }\n  b: { http: /h }",
      '5:3 check "b" judges the same as check "a"; remove one of them',
    ],
    [
      "the same settings",
      "  a: { sql: select 1, pass: x > 1 }\n  b: { sql: select 1, pass: y > 1 }",
      '5:3 check "b" asks the same as check "a"; one check may hold the conditions of both',
    ],
    [
      "other settings",
      "  a: { sql: select 1, pass: x > 1 }\n  b: { sql: select 1, fail: y > 1, on_fail: revert }",
      "",
    ],
    ["another source", "  a: { http: /h }\n  b: { http: /i }", ""],
    [
      "all acting checks may go unmeasured",
      "  a: { http: /h, on_fail: revert, if_unknown: warn }\n  b: { http: /i }",
      "4:35 every check with a remedy has if_unknown: warn, so a deploy of which they measured nothing ends well; leave if_unknown out of one that can always be measured",
    ],
    [
      "one acting check may go unmeasured",
      "  a: { http: /h, on_fail: revert, if_unknown: warn }\n  b: { http: /i, on_fail: revert }",
      "",
    ],
  ])("%s", (_, checks, expected) => {
    expect(warningsOf(`version: 1\n${databasesOf(checks)}\nchecks:\n${checks}`).join("\n")).toBe(expected);
  });

  test("names that nothing uses", () => {
    const text = [
      "version: 1",
      "deploy: { on_fail: first }",
      "databases:",
      "  main: { url: $DATABASE_URL }",
      "  other: { url: $DATABASE_URL }",
      "  spare: { url: $DATABASE_URL }",
      "remedies:",
      "  first: [revert_pr: {}]",
      "  second: [issue: {}]",
      "checks:",
      "  a: { sql: { query: select 1, database: main }, pass: rows == 1, diagnose: [{ query: select 2, database: other }] }",
    ].join("\n");
    expect(warningsOf(text).join("\n")).toBe(
      '6:3 nothing uses the database "spare"; remove it, or ask it with an sql check\n9:3 nothing uses the remedy "second"; name it, such as on_fail: second',
    );
  });
});

test("mistakes that YAML makes of unquoted texts are mistakes, not warnings", () => {
  const mistakes = (text: string): readonly string[] => {
    const read = readConfig({ text: `version: 1\nchecks:\n  it:\n${text}`, file: "gate.yml", env });
    return read.ok ? [] : read.mistakes.map((one) => one.message);
  };
  expect(mistakes("    logs:\n      forbid:\n        - ERROR: timeout")).toEqual([
    '"checks.it.logs.forbid[0]" holds a mapping; use text, or a regular expression such as /ERROR .* timeout/i',
  ]);
  expect(mistakes("    logs: { forbid: [Error #42 happened, b] }")).toEqual(["a [ or { above is not closed"]);
  expect(mistakes('    http: /h\n    pass: body.x == "a #b"')).toEqual([
    '"checks.it.pass": the text has no closing double quote',
  ]);
  expect(mistakes("    http: /h\n    pass: status between 299 and 200")).toEqual([
    '"checks.it.pass": the first end of "between" is larger than the second',
  ]);
});

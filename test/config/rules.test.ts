import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";

/** A file by its piece, the piece, and what is said of it: `line:column message | hint`. */
type Row = readonly [file: (piece: string) => string, piece: string, said: readonly string[]];

function said(text: string): readonly string[] {
  const env = (name: string): string | undefined =>
    name === "DATABASE_URL" ? "postgres://u:p@db/shop" : undefined;
  const result = readConfig({ text, file: "gate.yml", env });
  return result.ok
    ? []
    : result.mistakes.map(
        ({ at, message, hint }) =>
          `${at?.line}:${at?.column} ${message}${hint === undefined ? "" : ` | ${hint}`}`,
      );
}

/** A check `a` of that body in an otherwise right file; its body starts at 4:6. */
const check = (body: string): string =>
  `version: 1\ndatabases: { main: { url: $DATABASE_URL } }\nchecks:\n  a: ${body}\n`;
/** A right file with more keys, from line 3. */
const file = (rest: string): string => `version: 1\nchecks: { a: { http: / } }\n${rest}\n`;
/** A check `a` in a file of two stages and two databases; its body starts at 5:6. */
const long = (body: string): string =>
  `version: 1\nstages: { boot: { for: 5m }, day: { for: 24h, every: 1h } }\ndatabases: { x: { url: $DATABASE_URL }, y: { url: $DATABASE_URL } }\nchecks:\n  a: ${body}\n`;

const says = (whole: Row[0], piece: string, expected: Row[2]): void =>
  expect(said(whole(piece))).toEqual(expected);

describe("metric", () => {
  test.each<Row>([
    [
      check,
      "{ metric: { name: http_latency, quantile: 95 }, pass: value < 1s }",
      ['4:48 "checks.a.metric.quantile" holds 95; use a quantile from 0 to 1: write 0.95'],
    ],
    [
      check,
      "{ metric: { name: http_latency, quantile: 95% }, pass: value < 1s }",
      ['4:48 "checks.a.metric.quantile" holds "95%"; use a quantile from 0 to 1: write 0.95'],
    ],
    [
      check,
      "{ metric: { name: http_latency, quantile: p99.9 }, pass: value < 1s }",
      ['4:48 "checks.a.metric.quantile" holds "p99.9"; use a quantile from 0 to 1: write 0.999'],
    ],
    [
      check,
      "{ metric: { name: http_latency, quantile: 0 }, pass: value < 1s }",
      ['4:48 "checks.a.metric.quantile" holds 0; use a quantile from 0 to 1, such as 0.95'],
    ],
    [check, "{ metric: { name: http_latency, quantile: 1 }, pass: value < 1s }", []],
    [
      check,
      "{ metric: { name: cpu, quantile: 0.95 }, pass: value < 1 }",
      ["4:29 cpu takes no quantile: only http_latency has quantiles | remove quantile"],
    ],
    [
      check,
      "{ metric: { name: memory, where: status >= 500 }, pass: value < 1GB }",
      ["4:32 memory takes no where: only http_requests are told apart by status | remove where"],
    ],
    [
      check,
      "{ metric: { name: http_latency, as: ratio, where: status >= 500 }, pass: value < 1s }",
      [
        "4:38 http_latency takes no as: only http_requests can be a share of all | remove as",
        "4:49 http_latency takes no where: only http_requests are told apart by status | remove where",
      ],
    ],
    [
      check,
      "{ metric: { name: http_requests, as: ratio }, pass: value < 5% }",
      [
        "4:39 as: ratio does not say which requests are the share | write where beside it, such as where: status >= 500",
      ],
    ],
    [
      check,
      "{ metric: { name: http_requests, where: status >= 500, as: share }, pass: value < 5% }",
      ['4:65 "checks.a.metric.as" holds "share"; use ratio'],
    ],
    [
      check,
      "{ metric: { name: http_requests, where: stauts >= 500 }, pass: value < 5 }",
      ['4:46 "checks.a.metric.where": "stauts" is no subject of this source | did you mean "status"?'],
    ],
    [
      check,
      "{ metric: { name: http_requests, where: status is 500 }, pass: value < 5 }",
      [
        '4:53 "checks.a.metric.where": after the subject comes one of <= >= == != < > contains matches in between, not "is 500" | write ==',
      ],
    ],
    [
      check,
      `{ metric: { name: http_requests, where: 'status == "x"' }, pass: value < 5 }`,
      ['4:57 "checks.a.metric.where": status is a number and cannot be compared with the text "x"'],
    ],
    [
      check,
      "{ metric: { name: http_requests, where: status > 3x }, pass: value < 5 }",
      [
        '4:55 "checks.a.metric.where": 3x compares with a baseline, and where has none | compare with an absolute number',
      ],
    ],
    [
      check,
      "{ metric: { name: http_requests, of_limit: true }, pass: value < 5 }",
      ["4:39 http_requests takes no of_limit: only cpu and memory have a limit | remove of_limit"],
    ],
    [check, "{ metric: { name: http_requests, of_limit: false }, pass: value < 5 }", []],
    [
      check,
      "{ metric: { name: cpu, agg: maximum 5m }, pass: value < 5 }",
      [
        '4:34 "checks.a.metric.agg" holds "maximum 5m"; use avg, max, min or sum with a duration, such as max 5m',
      ],
    ],
    [
      check,
      "{ metric: { name: cpu, agg: max 10s }, pass: value < 5 }",
      ['4:34 "checks.a.metric.agg" holds "max 10s"; use at least 1m, because Render keeps a point a minute'],
    ],
    [
      check,
      "{ metric: { name: cpu, agg: max 10m }, pass: value < 5 }",
      [
        "4:34 the window of 10m never fills: its last stage ends 5m after live | use a shorter window or a longer stage",
      ],
    ],
    [
      check,
      "{ metric: cpu, of_limit: true, pass: value < 5 }",
      ['4:21 "of_limit" belongs inside "metric", not beside it | write metric: { name: …, of_limit: … }'],
    ],
    [
      check,
      "{ metric: { name: cpu }, agg: max 5m, pass: value < 5 }",
      ['4:31 "agg" belongs inside "metric", not beside it | write metric: { agg: … }'],
    ],
    [
      check,
      "{ metric: { name: cpu, every: 5m }, pass: value < 5 }",
      ['4:29 "every" belongs beside "metric", not inside it'],
    ],
    [
      check,
      "{ metric: cpuu, pass: value < 5 }",
      [
        '4:16 "checks.a.metric" holds "cpuu"; use cpu, memory, http_requests, http_latency, active_connections or instance_count | did you mean "cpu"?',
      ],
    ],
    [
      check,
      "{ metric: { nme: cpu }, pass: value < 5 }",
      [
        '4:16 "checks.a.metric.name" is missing; use cpu, memory, http_requests, http_latency, active_connections or instance_count',
        '4:18 unknown key "nme" in "checks.a.metric" | did you mean "name"?',
      ],
    ],
    [
      check,
      "{ metric: [cpu], pass: value < 5 }",
      [
        '4:16 "checks.a.metric" holds a list; use cpu, memory, http_requests, http_latency, active_connections or instance_count',
      ],
    ],
    [
      check,
      "{ metric: cpu }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: value > 5'],
    ],
    [
      check,
      "{ metric: memory }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: value > 1GB'],
    ],
    [
      check,
      "{ metric: http_latency }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: value > 1s'],
    ],
    [
      check,
      "{ metric: { name: cpu, of_limit: true } }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: value > 80%'],
    ],
    [
      check,
      "{ metric: active_connections, pass: value < 5 }",
      [
        "4:16 active_connections belong to a database, and none is named | write metric: { name: active_connections, of: … } with the name or id of a Render database",
      ],
    ],
    [
      check,
      "{ metric: memory, pass: value < 90% }",
      [
        `4:38 "checks.a.pass": value is a size and cannot be compared with the ratio 90% | write of_limit: true inside metric for the share of the plan's limit; if a change against a baseline was meant, write +90%`,
      ],
    ],
    [
      check,
      "{ metric: http_requests, pass: value < 90% }",
      [
        '4:45 "checks.a.pass": value is a number and cannot be compared with the ratio 90% | write where and as: ratio inside metric for a share of all requests; if a change against a baseline was meant, write +90%',
      ],
    ],
    [
      check,
      "{ metric: http_latency, pass: value < 90% }",
      [
        '4:44 "checks.a.pass": value is a duration and cannot be compared with the ratio 90% | if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%',
      ],
    ],
    [
      check,
      "{ metric: instance_count, pass: value < 90% }",
      [
        '4:46 "checks.a.pass": value is a number and cannot be compared with the ratio 90% | if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%',
      ],
    ],
    [
      check,
      "{ metric: cpu, pass: value < -2pp, baseline: while-building }",
      [
        `4:35 "checks.a.pass": -2pp compares ratios only; value is a number | write of_limit: true inside metric for the share of the plan's limit`,
      ],
    ],
    [check, "{ metric: { name: cpu, of_limit: true }, fail: value > +2pp, baseline: while-building }", []],
    [
      check,
      "{ metric: cpu, pass: value < 1GB }",
      ['4:35 "checks.a.pass": value is a number and cannot be compared with the size 1000000000B'],
    ],
    [
      check,
      "{ metric: cpu, pass: total < 5 }",
      ['4:27 "checks.a.pass": "total" is no subject of this source | subjects here: value'],
    ],
    [check, "{ metric: http_requests, pass: value < 5, need: total > 50 }", []],
  ])("%s %s", says);
});

describe("count, per, span and inside", () => {
  test.each<Row>([
    [
      check,
      `{ logs: { span: [a, b], inside: ['/F (?<found>\\d+)/'] }, fail: fund > 5 }`,
      ['4:69 "checks.a.fail": "fund" is no subject of this source | did you mean "found"?'],
    ],
    [
      check,
      `{ logs: { span: [a, b], inside: ['/(?<=x)(?<found>\\d+)[(?<no>]\\(?<not>/'] }, fail: [found > 5, not > 5] }`,
      [
        '4:101 "checks.a.fail[1]": "not" is no subject of this source | subjects here: found, gap, duration, overlap, unfinished',
      ],
    ],
    [
      check,
      `{ logs: { span: [a, b], inside: ['/F (\\d+)/'] }, fail: gap > 5m }`,
      [
        `4:39 "checks.a.logs.inside[0]" captures nothing: it has no named group | write a regular expression such as '/Found (?<found>\\d+)/'`,
      ],
    ],
    [
      check,
      "{ logs: { span: [a, b], inside: [text] }, fail: gap > 5m }",
      [
        `4:39 "checks.a.logs.inside[0]" captures nothing: it has no named group | write a regular expression such as '/Found (?<found>\\d+)/'`,
      ],
    ],
    [
      check,
      `{ logs: { span: [a, b], inside: ['/F (?<gap>\\d+)/'] }, fail: gap > 5m }`,
      ['4:39 the group "gap" has the name of a subject of span | choose another name'],
    ],
    [
      check,
      `{ logs: { forbid: [x], inside: ['/F (?<found>\\d+)/'] } }`,
      [
        "4:29 inside looks between the two lines of span, and there is none | write span: [how it begins, how it ends]",
      ],
    ],
    [
      check,
      "{ logs: { span: [a] }, fail: gap > 5m }",
      [
        '4:22 "checks.a.logs.span" holds a list; use two patterns, how it begins and how it ends, such as ["Starting", "Finished"]',
      ],
    ],
    [
      check,
      "{ logs: { span: [a, b, c] }, fail: gap > 5m }",
      [
        '4:22 "checks.a.logs.span" holds a list; use two patterns, how it begins and how it ends, such as ["Starting", "Finished"]',
      ],
    ],
    [
      check,
      "{ logs: { span: a }, fail: gap > 5m }",
      [
        '4:22 "checks.a.logs.span" holds "a"; use two patterns, how it begins and how it ends, such as ["Starting", "Finished"]',
      ],
    ],
    [
      check,
      "{ logs: { span: [a, a] }, fail: gap > 5m }",
      ["4:26 the two patterns of span are the same | name the line that begins and the line that ends"],
    ],
    [
      check,
      '{ logs: { span: [a, "Done(b, c)"] }, fail: duration > 90% }',
      [
        '4:60 "checks.a.fail": duration is a duration and cannot be compared with the ratio 90% | if the value is already a percentage, write 90; if a change against a baseline was meant, write +90%',
      ],
    ],
    [
      check,
      '{ logs: { span: ["/a,b/", c], type: request }, fail: gap > 5m }',
      ["4:16 span follows the app lines of each instance, not request lines | leave type out"],
    ],
    [
      check,
      "{ logs: { span: [a, b], type: build }, fail: gap > 5m }",
      ["4:16 span follows the app lines of each instance, not build lines | leave type out"],
    ],
    [
      check,
      "{ logs: { span: [a, b] } }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: gap > 10m'],
    ],
    [
      check,
      "{ logs: { span: [Done(a, b), c] }, fail: gap > 5m }",
      [
        '4:22 "checks.a.logs.span" holds a list; use two patterns, how it begins and how it ends, such as ["Starting", "Finished"]',
        '4:23 "checks.a.logs.span[0]" holds "Done(a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      check,
      "{ logs: { span: [a, b], inside: [] }, fail: gap > 5m }",
      ['4:38 "checks.a.logs.inside" holds a list; name at least one regular expression'],
    ],
    [
      check,
      "{ logs: { per: 5m }, fail: rate > 5 }",
      [
        "4:16 per does not say what is counted | write count: with a pattern, or level: with levels such as [error]",
      ],
    ],
    [
      check,
      "{ logs: { per: minute, level: [error] } }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: rate > 5'],
    ],
    [
      check,
      "{ logs: { count: x }, fail: value > 5 }",
      ["4:16 count does not say in which time | write per beside it, such as per: 5m"],
    ],
    [
      check,
      "{ logs: { count: x, per: 5m } }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: value > 5'],
    ],
    [
      check,
      "{ logs: { count: x, per: 5m, type: build }, fail: value > 5 }",
      [
        "4:26 per counts while the service runs, and build logs end before that | use require or forbid for build logs",
      ],
    ],
    [
      check,
      "{ logs: { count: x, per: 10m }, fail: value > 5 }",
      [
        "4:31 an interval of 10m is never full: its last stage ends 5m after live | use a shorter interval or a longer stage",
      ],
    ],
    [
      check,
      "{ logs: { count: x, per: hour }, fail: value > 5 }",
      [
        "4:31 an interval of 1h is never full: its last stage ends 5m after live | use a shorter interval or a longer stage",
      ],
    ],
    [
      check,
      "{ logs: { count: x, per: 10ms }, fail: value > 5 }",
      ['4:31 "checks.a.logs.per" holds "10ms"; use at least 1s and at most 366d'],
    ],
    [
      check,
      "{ logs: { count: x, per: day }, fail: value > 5 }",
      ['4:31 "checks.a.logs.per" holds "day"; use minute, hour or a duration such as 5m'],
    ],
    [
      check,
      "{ logs: { count: x, per: 5 }, fail: value > 5 }",
      ['4:31 "checks.a.logs.per" holds 5; use minute, hour or a duration such as 5m'],
    ],
    [
      check,
      "{ logs: { count: '/(/', per: 5m }, fail: value > 5 }",
      ['4:23 "checks.a.logs.count": the expression does not parse: unterminated group'],
    ],
    [
      check,
      "{ logs: { count: x, per: 1m }, fail: rate > 5 }",
      ['4:43 "checks.a.fail": "rate" is no subject of this source | subjects here: value'],
    ],
    [
      check,
      "{ logs: { level: [error], per: minute }, fail: value > 5 }",
      ['4:53 "checks.a.fail": "value" is no subject of this source | subjects here: rate'],
    ],
    [check, "{ logs: { level: [error], per: minute }, fail: rate > 5, fail_after: 3 }", []],
    [check, "{ logs: { span: [a, b] }, fail: gap > 5m, fail_after: 3 }", []],
    [
      check,
      "{ logs: { forbid: [x], count: y, per: 1m }, fail: value > 5, fail_after: 3 }",
      [
        "4:67 logs take no fail_after: their counts accumulate since the deploy | make what require and forbid look for a check of its own",
      ],
    ],
    [check, "{ logs: { forbid: [x] }, fail: new_matches > 0 }", []],
    [
      check,
      "{ logs: { require: [x] }, fail: new_matches > 0 }",
      ['4:38 "checks.a.fail": "new_matches" is no subject of this source | subjects here: found, missing'],
    ],
    [
      check,
      "{ logs: { forbid: [x] }, count: y }",
      ['4:31 "count" belongs inside "logs", not beside it | write logs: { count: … }'],
    ],
    [
      check,
      "{ logs: x }",
      ['4:14 "checks.a.logs" holds "x"; use a mapping with require, forbid, count or span'],
    ],
  ])("%s %s", says);
});

describe("baseline and floor", () => {
  test.each<Row>([
    [check, "{ http: /, pass: latency < +50%, baseline: while-building }", []],
    [
      check,
      "{ metric: http_requests, fail: value < -50%, baseline: previous deploy }",
      [
        '4:37 "checks.a.fail": value counts the requests since the last sample, which compare only where as much time lies between | count over a window, such as agg: sum 5m inside metric',
      ],
    ],
    [
      check,
      "{ metric: { name: http_requests, where: status >= 500, as: ratio }, fail: [value > 3x, total < -50%], baseline: while-building }",
      [
        '4:93 "checks.a.fail[1]": total counts the requests since the last sample, which compare only where as much time lies between | count over a window, such as agg: sum 5m inside metric',
      ],
    ],
    [
      check,
      "{ metric: { name: http_requests, agg: sum 5m }, fail: value < -50%, baseline: previous deploy }",
      [],
    ],
    [
      check,
      "{ http: /, pass: latency < +50%, baseline: same hour last week }",
      [
        '4:49 "same hour last week" cannot be a baseline here: of last week only metrics and counted log lines are known | use while-building, previous deploy or last 5 good deploys',
      ],
    ],
    [
      check,
      "{ http: /, pass: latency < +50%, baseline: while building }",
      [
        '4:49 "checks.a.baseline" holds "while building"; use while-building, previous deploy, same hour last week or last 5 good deploys | did you mean "while-building"?',
      ],
    ],
    [check, "{ sql: select 1, pass: new_rows == 0, baseline: while-building }", []],
    [
      check,
      "{ sql: select 1, pass: new_rows == 0, baseline: same hour last week }",
      [
        '4:54 "same hour last week" cannot be a baseline here: of last week only metrics and counted log lines are known | use while-building, previous deploy or last 5 good deploys',
      ],
    ],
    [
      check,
      "{ sql: select 1, pass: new_rows == 0 }",
      [
        '4:29 "checks.a.pass": new_rows are the rows that the baseline did not have, and this check has none | write baseline: while-building beside sql (or previous deploy, last 5 good deploys)',
      ],
    ],
    [
      check,
      "{ sql: select 1, pass: rows == 0, need: new_rows == 0 }",
      [
        '4:46 "checks.a.need": new_rows are the rows that the baseline did not have, and this check has none | write baseline: while-building beside sql (or previous deploy, last 5 good deploys)',
      ],
    ],
    [
      check,
      "{ events: [server_failed], fail: count > +50%, baseline: while-building }",
      [
        '4:63 "while-building" cannot be a baseline here: of the old version only http, sql, metric and counted log lines are measured | use previous deploy or last 5 good deploys',
      ],
    ],
    [check, "{ events: [server_failed], fail: count > +50%, baseline: previous deploy }", []],
    [
      check,
      "{ env: { A: b }, fail: different > +50%, baseline: previous deploy }",
      ["4:57 env takes no baseline: what it compares with is written in the file | remove baseline"],
    ],
    [
      check,
      "{ env: { A: b }, fail: different > +50% }",
      [
        '4:41 "checks.a.fail": +50% compares with a baseline, and this check has none | compare with an absolute number',
      ],
    ],
    [
      check,
      "{ source: { glob: x, forbid: [y] }, fail: matches > +50%, baseline: last 5 good deploys }",
      ["4:74 source takes no baseline: what it compares with is written in the file | remove baseline"],
    ],
    [
      check,
      "{ derive: { x: b.latency * 2 }, fail: x > +50%, baseline: while-building }\n  b: { http: / }",
      [
        '4:64 "while-building" cannot be a baseline here: of the old version only http, sql, metric and counted log lines are measured | use previous deploy or last 5 good deploys',
      ],
    ],
    [
      check,
      "{ derive: { x: b.latency * 2 }, fail: x > +50%, baseline: last 5 good deploys }\n  b: { http: / }",
      [],
    ],
    [
      check,
      "{ logs: { forbid: [x] }, fail: matches > 3x, baseline: while-building }",
      [
        '4:61 "while-building" cannot be a baseline here: of the old version only http, sql, metric and counted log lines are measured | use previous deploy or last 5 good deploys',
      ],
    ],
    [check, "{ logs: { forbid: [x] }, fail: matches > 3x, baseline: previous deploy }", []],
    [
      check,
      "{ logs: { count: x, per: 1m, span: [a, b] }, fail: [value > 3x, gap > 3x], baseline: while-building }",
      [
        '4:70 "checks.a.fail[1]": gap has no baseline "while-building", only counted lines have | use previous deploy or last 5 good deploys',
      ],
    ],
    [
      check,
      "{ logs: { count: x, per: 1m, span: [a, b] }, fail: [value > 3x, gap > 3x], baseline: last 5 good deploys }",
      [],
    ],
    [check, "{ logs: { level: [error], per: 1m }, fail: rate > 3x, baseline: same hour last week }", []],
    [check, "{ metric: cpu, fail: value > 3x, baseline: same hour last week }", []],
    [
      check,
      "{ http: /, baseline: while-building }",
      [
        '4:17 no condition compares with the baseline "while-building" | compare with it, such as fail: latency > +50%, or remove baseline',
      ],
    ],
    [
      check,
      "{ metric: cpu, fail: value > 3, baseline: while-building }",
      [
        '4:38 no condition compares with the baseline "while-building" | compare with it, such as fail: value > +50%, or remove baseline',
      ],
    ],
    [
      check,
      "{ sql: select 1, fail: rows > 3, baseline: while-building }",
      [
        '4:39 no condition compares with the baseline "while-building" | compare with it, such as fail: new_rows > 0, or remove baseline',
      ],
    ],
    [
      check,
      "{ http: /, floor: 200ms }",
      [
        "4:17 floor belongs to relative conditions, and there is none | write a condition such as value > +50%, or remove floor",
      ],
    ],
    [
      check,
      "{ http: /, fail: latency > 3x, floor: 1GB, baseline: while-building }",
      [
        "4:44 the floor 1GB is a size, and latency is a duration | write floor in the unit of the subject, or as a bare number",
      ],
    ],
    [
      check,
      "{ http: /, fail: latency > 3x, floor: 5%, baseline: while-building }",
      [
        "4:44 the floor 5% is a ratio, and latency is a duration | write floor in the unit of the subject, or as a bare number",
      ],
    ],
    [check, "{ http: /, fail: latency > 3x, floor: 200, baseline: while-building }", []],
    [check, "{ sql: select 1, fail: x > 3x, floor: 1GB, baseline: while-building }", []],
    [
      check,
      "{ http: /, fail: latency > 3x, floor: -1, baseline: while-building }",
      [
        '4:44 "checks.a.floor" holds -1; use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%',
      ],
    ],
    [
      check,
      "{ http: /, fail: latency > 3x, floor: +5%, baseline: while-building }",
      [
        '4:44 "checks.a.floor" holds "+5%"; use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%',
      ],
    ],
    [
      check,
      "{ http: /, fail: latency > 3x, floor: lots, baseline: while-building }",
      [
        '4:44 "checks.a.floor" holds "lots"; use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%',
      ],
    ],
    [
      check,
      "{ http: /, need: latency > 3x, fail: latency > 3x, baseline: while-building }",
      [
        '4:33 "checks.a.need": 3x compares with a baseline, and need has none | compare with an absolute number',
      ],
    ],
    [
      check,
      "{ http: /, fail: latency > 3 x, floor: 200ms, baseline: while-building }",
      ['4:34 "checks.a.fail": a unit follows its number without a space'],
    ],
    [
      check,
      "{ sql: select 1, pass: rows == 0, baseline: while-building }\n  b: { http: /, only_if: a.new_rows > 0 }",
      [],
    ],
    [
      check,
      "{ sql: select 1, pass: rows == 0, baseline: while-building }\n  b: { derive: { x: a.new_rows / 2 }, fail: x > 3 }",
      [],
    ],
    [
      check,
      "{ sql: select 1, pass: rows == 0, baseline: while-building }\n  b: { http: /, only_if: a.rows > 0 }",
      [
        '4:40 no condition compares with the baseline "while-building" | compare with it, such as fail: new_rows > 0, or remove baseline',
      ],
    ],
  ])("%s %s", says);
});

describe("env", () => {
  test.each<Row>([
    [check, "{ env: {} }", ['4:8 env names no variable | write such as { BATCH_SIZE: "10" }']],
    [
      check,
      "{ env: { A: } }",
      [
        '4:15 "checks.a.env.A" holds the wrong kind of value; use the text that is expected, "" for an empty one',
      ],
    ],
    [check, '{ env: { A: "" } }', []],
    [
      check,
      "{ env: { A: [hunter2], B: {c: hunter2} } }",
      [
        '4:18 "checks.a.env.A" holds the wrong kind of value; use the text that is expected, "" for an empty one',
        '4:32 "checks.a.env.B" holds the wrong kind of value; use the text that is expected, "" for an empty one | if the ": " belongs to a text, quote the whole value',
      ],
    ],
    [
      check,
      '{ env: { 1A: x, "A B": y, _OK.x-1: z } }',
      [
        '4:15 "1A" cannot be the name of a variable | use letters, digits, _, - and ., no digit first',
        '4:22 "A B" cannot be the name of a variable | use letters, digits, _, - and ., no digit first',
      ],
    ],
    [
      check,
      "{ env: { A: 5 }, pass: equals == 1 }",
      ['4:29 "checks.a.pass": "equals" is no subject of this source | did you mean "equal"?'],
    ],
    [
      check,
      "{ env: A }",
      [
        '4:13 "checks.a.env" holds the wrong kind of value; use a mapping of variables, such as { BATCH_SIZE: "10" }',
      ],
    ],
    [
      check,
      "{ env: [A] }",
      [
        '4:13 "checks.a.env" holds the wrong kind of value; use a mapping of variables, such as { BATCH_SIZE: "10" }',
      ],
    ],
  ])("%s %s", says);
});

describe("source", () => {
  test.each<Row>([
    [
      check,
      "{ source: { glob: /etc/*, forbid: [x] } }",
      [
        `4:24 "/etc/*" fits no file of the repository | write it from the repository's root, such as src/**/*.py`,
      ],
    ],
    [
      check,
      "{ source: { glob: ../x, forbid: [x] } }",
      [
        `4:24 "../x" fits no file of the repository | write it from the repository's root, such as src/**/*.py`,
      ],
    ],
    [
      check,
      "{ source: { glob: src/** } }",
      [
        '4:8 "checks.a.source" looks for nothing | give it require or forbid, such as require: [skip_locked], or a condition such as pass: files > 0',
      ],
    ],
    [check, "{ source: { glob: src/** }, pass: files > 0 }", []],
    [
      check,
      "{ source: { glob: src/**, require: [x] }, fail_after: 3 }",
      [
        "4:48 source takes no fail_after: the files of a commit do not change | set the number in a condition, such as fail: matches > 3",
      ],
    ],
    [
      check,
      "{ source: { glob: src/**, require: [Done(a, b)] } }",
      [
        '4:42 "checks.a.source.require[0]" holds "Done(a", which YAML split or which has unbalanced brackets | quote this: inside {} and [] YAML splits at , [ ] { }',
      ],
    ],
    [
      check,
      "{ source: { glob: src/**, forbid: {} } }",
      ['4:40 "checks.a.source.forbid" names no pattern | use a list such as [Traceback]'],
    ],
    [
      check,
      "{ source: { forbid: [x] } }",
      ['4:16 "checks.a.source.glob" is missing; use a path or glob of the repository, such as src/**/*.py'],
    ],
    [
      check,
      "{ source: src/** }",
      ['4:16 "checks.a.source" holds "src/**"; use a mapping with glob, and require or forbid'],
    ],
    [
      check,
      "{ source: { glob: src/** }, require: [x] }",
      ['4:34 "require" belongs inside "source", not beside it | write source: { require: … }'],
    ],
  ])("%s %s", says);
});

describe("derive", () => {
  test.each<Row>([
    [check, "{ derive: { x: b.latency / 2 }, fail: x > 1 }\n  b: { http: / }", []],
    [
      check,
      "{ derive: { x: b.latency / 2 }, fail: x > 1 }",
      [
        '4:21 "checks.a.derive.x": there is no other check "b" | start with the name of another check, such as wf2.duration',
      ],
    ],
    [
      check,
      "{ derive: { x: a.y / 2 }, fail: x > 1 }",
      ['4:21 "checks.a.derive.x": a check cannot ask itself | name another check'],
    ],
    [
      check,
      "{ derive: { x: 5 }, fail: x > 1 }",
      [
        '4:21 "checks.a.derive.x" holds 5; use arithmetic over other checks, such as wf2.duration / wf2.found',
      ],
    ],
    [
      check,
      "{ derive: { x: 5 * 2 }, fail: x > 1 }",
      [
        '4:21 "checks.a.derive.x": the formula looks at no check | name a check and its subject, such as wf2.duration / wf2.found',
      ],
    ],
    [
      check,
      '{ derive: { "x y": b.latency }, fail: x > 1 }\n  b: { http: / }',
      [
        '4:18 "x y" cannot be the name of a subject | use letters, digits, _ and -, a letter first',
        '4:44 "checks.a.fail": "x" is no subject of this source | subjects here: x y',
      ],
    ],
    [
      check,
      "{ derive: {} }",
      ["4:8 derive names no formula | write such as { per_item: wf2.duration / wf2.found }"],
    ],
    [
      check,
      "{ derive: { x: b.latency } }\n  b: { http: / }",
      ['4:3 check "a" has no condition | write pass, warn or fail, such as fail: x > 5'],
    ],
    [
      check,
      "{ derive: { x: b.latncy }, fail: x > 1 }\n  b: { http: / }",
      ['4:21 "checks.a.derive.x": "latncy" is no subject of this source | did you mean "latency"?'],
    ],
    [
      check,
      "{ derive: { x: b.headers.age + 1 }, fail: x > 1 }\n  b: { http: / }",
      ['4:21 "checks.a.derive.x": b.headers.age is no number | derive computes with numbers only'],
    ],
    [
      check,
      "{ derive: { x: b.status-c.status }, fail: x > 1 }\n  b: { http: / }\n  c: { http: / }",
      [
        '4:21 "checks.a.derive.x": b.status-c.status is read as one name | a minus has a space on each side: b.status - c.status',
      ],
    ],
    [
      check,
      "{ derive: { x: b.total-c.status }, fail: x > 1 }\n  b: { sql: select 1, pass: rows == 0 }\n  c: { http: / }",
      [
        '4:21 "checks.a.derive.x": b.total-c.status is read as one name | a minus has a space on each side: b.total - c.status',
      ],
    ],
    [
      check,
      `{ derive: { x: b.body.n - c.found }, fail: x > 50% }
  b: { http: / }
  c: { logs: { span: [a, b], inside: ['/(?<found>\\d+)/'] }, fail: gap > 1m }`,
      [],
    ],
    [
      check,
      "{ derive: { x: b.latency }, fail: y > 1 }\n  b: { http: / }",
      ['4:40 "checks.a.fail": "y" is no subject of this source | did you mean "x"?'],
    ],
    [
      check,
      "{ derive: { x: bb.latency }, fail: x > 1 }\n  b: { http: / }",
      ['4:21 "checks.a.derive.x": there is no other check "bb" | did you mean "b"?'],
    ],
    [
      check,
      "{ derive: { x: b.new_rows }, fail: x > 1 }\n  b: { sql: select 1, pass: rows == 0 }",
      ['4:21 "checks.a.derive.x": b.new_rows needs a baseline, and b has none | give b a baseline'],
    ],
    [
      check,
      "{ derive: { x: b.y }, fail: x > 1 }\n  b: { derive: { y: c.z }, fail: y > 1 }\n  c: { derive: { z: a.x }, fail: z > 1 }",
      [
        '4:3 checks wait for one another: "a" asks "b" asks "c" asks "a" | take one of them out of only_if or derive',
      ],
    ],
    [
      check,
      "{ http: /, only_if: b.status == 200 }\n  b: { http: /, only_if: a.status == 200 }",
      ['4:3 checks wait for one another: "a" asks "b" asks "a" | take one of them out of only_if or derive'],
    ],
    [
      check,
      "{ http: /, only_if: b.status > 3x }\n  b: { http: / }",
      [
        '4:37 "checks.a.only_if": 3x compares with a baseline, and only_if has none | compare with an absolute number',
      ],
    ],
    [
      check,
      "{ http: /, only_if: b.new_rows > 0 }\n  b: { sql: select 1, pass: new_rows == 0, baseline: while-building }",
      [],
    ],
    [check, "{ http: /, only_if: b.gap > 1m }\n  b: { logs: { span: [a, b] }, fail: gap > 5m }", []],
  ])("%s %s", says);
});

describe("diagnose", () => {
  test.each<Row>([
    [check, "{ http: /, diagnose: [select 1, { query: select 2, database: main }] }", []],
    [
      check,
      "{ http: /, diagnose: [{ query: select 1, database: mian }] }",
      ['4:57 there is no database "mian" | did you mean "main"?'],
    ],
    [
      check,
      "{ http: /, diagnose: select 1 }",
      [
        '4:27 "checks.a.diagnose" holds "select 1"; use a list of SQL statements, such as [SELECT error FROM jobs LIMIT 5]',
      ],
    ],
    [
      check,
      "{ http: /, diagnose: [] }",
      ['4:27 "checks.a.diagnose" holds a list; name at least one SQL statement'],
    ],
    [
      check,
      "{ http: /, diagnose: [5] }",
      ['4:28 "checks.a.diagnose[0]" holds 5; use an SQL statement, or a mapping with query and database'],
    ],
    [
      file,
      "databases: { x: { url: $DATABASE_URL }, y: { url: $DATABASE_URL } }\ndefaults: { on_fail: rollback }",
      [],
    ],
  ])("%s %s", says);
});

describe("remedies", () => {
  test.each<Row>([
    [
      file,
      "remedies: { x: [{ recheck: boot }] }",
      [
        "3:19 recheck looks at what a rollback brought back, and none comes before it | put render_rollback: {} before it",
      ],
    ],
    [
      file,
      "remedies: { x: [{ recheck: boot }, { render_rollback: {} }] }",
      [
        "3:19 recheck looks at what a rollback brought back, and none comes before it | put render_rollback: {} before it",
      ],
    ],
    [
      file,
      "remedies: { x: [{ render_rollback: {} }, { recheck: bot }] }",
      ['3:53 there is no stage "bot" | did you mean "boot"?'],
    ],
    [file, "remedies: { x: [{ render_rollback: {} }, { recheck: boot }, { recheck: boot }] }", []],
    [
      file,
      "remedies: { x: [{ render_rollback: {}, recheck: boot }] }",
      ['3:17 step 1 of remedy "x" is 2 steps: render_rollback, recheck | make each an item of the list'],
    ],
    [
      file,
      "remedies: { x: [{ render_rollback: {} }, { render_rollback: {} }] }",
      ['3:44 render_rollback stands twice in remedy "x" | keep the first'],
    ],
    [
      file,
      "remedies: { x: [{ revert_pr: {} }, { revert_pr: {} }] }",
      ['3:38 revert_pr stands twice in remedy "x" | keep the first'],
    ],
    [file, "remedies: { x: [{}] }", ['3:17 step 1 of remedy "x" does nothing | write revert_pr: {}']],
    [file, "remedies: { x: [] }", ['3:16 "remedies.x" holds a list; name at least one step']],
    [
      file,
      "remedies: { x: [revert_pr] }",
      ['3:17 "remedies.x[0]" holds "revert_pr"; use a step such as revert_pr: {}'],
    ],
    [
      file,
      "remedies: { x: [{ revert_pr: }] }",
      ['3:19 "remedies.x[0].revert_pr" holds nothing; use a mapping of options, {} for none'],
    ],
    [
      file,
      "remedies: { x: [{ render_rollback: { freeze: true } }] }",
      ['3:38 unknown key "freeze" in "remedies.x[0].render_rollback" | did you mean "freeze_auto_deploy"?'],
    ],
    [
      file,
      "remedies: { x: [{ patch_pr: { patch: ../x.patch } }] }",
      [
        `3:38 "remedies.x[0].patch_pr.patch" holds "../x.patch", which leaves the repository | write it from the repository's root, such as .github/gate/old.patch`,
      ],
    ],
    [
      file,
      "remedies: { x: [{ patch_pr: { patch: a/../../x.patch } }] }",
      [
        `3:38 "remedies.x[0].patch_pr.patch" holds "a/../../x.patch", which leaves the repository | write it from the repository's root, such as .github/gate/old.patch`,
      ],
    ],
    [
      file,
      "remedies: { x: [{ patch_pr: { patch: /x.patch } }] }",
      [
        `3:38 "remedies.x[0].patch_pr.patch" holds "/x.patch", which leaves the repository | write it from the repository's root, such as .github/gate/old.patch`,
      ],
    ],
    [
      file,
      `remedies: { x: [{ patch_pr: { patch: 'C:\\x.patch' } }] }`,
      [
        `3:38 "remedies.x[0].patch_pr.patch" holds "C:\\x.patch", which leaves the repository | write it from the repository's root, such as .github/gate/old.patch`,
      ],
    ],
    [
      file,
      "remedies: { x: [{ patch_pr: { patch: 'https://example.com/x.patch' } }] }",
      [
        `3:38 "remedies.x[0].patch_pr.patch" holds "https://example.com/x.patch", which leaves the repository | write it from the repository's root, such as .github/gate/old.patch`,
      ],
    ],
    [
      file,
      'remedies: { x: [{ patch_pr: { patch: x.patch, title: "a\\nb" } }] }',
      ['3:54 "remedies.x[0].patch_pr.title" holds "a b"; use one line of text'],
    ],
    [
      file,
      "remedies: { x: [{ patch_pr: { title: x } }] }",
      ['3:29 "remedies.x[0].patch_pr.patch" is missing; use the path of a patch file in the repository'],
    ],
    [
      file,
      "remedies: { x: [{ issue: { title: 5, lables: [x] } }] }",
      [
        '3:35 "remedies.x[0].issue.title" holds 5; use one line of text | quote it: "5"',
        '3:38 unknown key "lables" in "remedies.x[0].issue" | did you mean "labels"?',
      ],
    ],
    [
      file,
      "remedies: { x: [{ rollback: {} }] }",
      [
        '3:19 unknown key "rollback" in "remedies.x[0]" | keys here: revert_pr, render_rollback, recheck, patch_pr, issue',
      ],
    ],
    [file, "remedies: { x: [{ issue: {} }, { issue: {} }, { patch_pr: { patch: ./x } }] }", []],
  ])("%s %s", says);
});

describe("stages and guards", () => {
  test.each<Row>([
    [
      file,
      "stages: { boot: { for: 1h }, hour: { for: 30m } }",
      [
        '3:30 stage "hour" has no time: it ends 30m after live, and "boot" before it 1h after live | for is counted from live; give each stage a longer one than the stage before',
      ],
    ],
    [
      file,
      "stages: { boot: { for: 1h }, hour: { for: 1h } }",
      [
        '3:30 stage "hour" has no time: it ends 1h after live, and "boot" before it 1h after live | for is counted from live; give each stage a longer one than the stage before',
      ],
    ],
    [
      file,
      "stages: { boot: { for: 1h }, hour: { for: 2h, accross_deploys: true } }",
      ['3:47 unknown key "accross_deploys" in "stages.hour" | did you mean "across_deploys"?'],
    ],
    [
      file,
      "stages: { boot: { for: 1h }, hour: { for: 2h, across_deploys: yes } }",
      ['3:63 "stages.hour.across_deploys" holds "yes"; use true or false'],
    ],
    [
      file,
      "guards: { max_actions: 1 }",
      ['3:24 "guards.max_actions" holds 1; use a number of remedies per time, such as 1 per 24h'],
    ],
    [
      file,
      "guards: { max_actions: 0 per 24h }",
      ['3:24 "guards.max_actions" holds "0 per 24h"; use a number of remedies per time, such as 1 per 24h'],
    ],
    [
      file,
      "guards: { max_actions: 1 per day }",
      ['3:24 "guards.max_actions" holds "1 per day"; use a number of remedies per time, such as 1 per 24h'],
    ],
    [file, "guards: { max_actions: 3 per 1h }", []],
    [file, "stages: { boot: { for: 5m }, day: { for: 24h, every: 1h } }\ndefaults: { fail_after: 20 }", []],
  ])("%s %s", says);
});

describe("windows over several stages", () => {
  test.each<Row>([
    [long, '{ http: /, fail: "trend(latency, 24h) > 0" }', []],
    [
      long,
      '{ http: /, fail: "trend(latency, 25h) > 0" }',
      [
        '5:24 "checks.a.fail": the window of 25h never fills: its last stage ends 1d after live | use a shorter window or a longer stage',
      ],
    ],
    [
      long,
      '{ http: /, fail: "trend(latency, 6h) > 0", stage: [boot] }',
      [
        '5:24 "checks.a.fail": the window of 6h never fills: its last stage ends 5m after live | use a shorter window or a longer stage',
      ],
    ],
    [long, '{ http: /, fail: "p95(latency, 6h) > 3s", stage: [day] }', []],
    [
      long,
      '{ http: /, need: "avg(latency, 2d) > 3s" }',
      [
        '5:24 "checks.a.need": the window of 2d never fills: its last stage ends 1d after live | use a shorter window or a longer stage',
      ],
    ],
    [long, "{ logs: { count: x, per: 6h }, fail: value > 3 }", []],
    [
      long,
      "{ logs: { count: x, per: 6h }, fail: value > 3, stage: [boot] }",
      [
        "5:31 an interval of 6h is never full: its last stage ends 5m after live | use a shorter interval or a longer stage",
      ],
    ],
    [
      long,
      "{ metric: { name: cpu, agg: max 6h }, fail: value > 3, stage: [boot] }",
      [
        "5:34 the window of 6h never fills: its last stage ends 5m after live | use a shorter window or a longer stage",
      ],
    ],
    [long, "{ metric: { name: cpu, agg: max 6h }, fail: value > 3 }", []],
    [
      long,
      "{ logs: { require: [x], within: 25h } }",
      [
        "5:38 within 25h cannot be decided: its last stage ends 1d after live | shorten within, or lengthen the stage",
      ],
    ],
    [long, "{ logs: { require: [x], within: 6h } }", []],
    [
      long,
      "{ http: /, grace: 25h }",
      [
        "5:24 with a grace of 25h nothing is judged: its last stage ends 1d after live | shorten grace, or lengthen the stage",
      ],
    ],
    [
      long,
      "{ http: /, grace: 6h, stage: [boot] }",
      [
        "5:24 with a grace of 6h nothing is judged: its last stage ends 5m after live | shorten grace, or lengthen the stage",
      ],
    ],
    [long, "{ http: /, grace: 6h }", []],
    [long, "{ http: /, grace: 6h, fail_after: 18, stage: [day] }", []],
    [
      long,
      "{ http: /, grace: 6h, fail_after: 20, stage: [day] }",
      [
        "5:40 fail_after 20 can never be reached: its stage goes from 5m to 1d after live and at most 18 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [long, "{ http: /, fail_after: 22 }", []],
    [
      long,
      "{ http: /, fail_after: 25 }",
      [
        "5:29 fail_after 25 can never be reached: its longest stage goes from 5m to 1d after live and at most 24 samples are judged there | lower fail_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [
      long,
      "{ http: /, pass_after: 25, stage: [day] }",
      [
        "5:29 pass_after 25 can never be reached: its stage goes from 5m to 1d after live and at most 24 samples are judged there | lower pass_after, sample more often with every, or lengthen the stage",
      ],
    ],
    [long, "{ http: /, stage: [week] }", ['5:25 there is no stage "week" | stages here: boot, day']],
  ])("%s %s", says);
});

describe("several databases", () => {
  test.each<Row>([
    [
      long,
      "{ http: /, diagnose: [select 1] }",
      ['5:28 check "a" does not say which database | write - { database: x, query: … }'],
    ],
    [long, "{ http: /, diagnose: [{ query: select 1, database: x }] }", []],
    [
      long,
      "{ sql: select 1, pass: rows == 1 }",
      ['5:13 check "a" does not say which database | write sql: { database: x, query: … }'],
    ],
  ])("%s %s", says);
});

describe("notify", () => {
  test.each<Row>([
    [file, "notify: { dev: { webhook: https://ops.test/hook } }", []],
    [file, "notify: { dev: { webhook: http://127.0.0.1:8080/hook } }", []],
    [file, "notify: { dev: { webhook: 'http://[::1]/hook' } }", []],
    [file, 'notify: { dev: { mention: "@acme/shop-owners" }, a: { mention: "@octo-cat_acme" } }', []],
    [
      file,
      "notify: { dev: {} }",
      ['3:11 the role "dev" has no way to be told | give it one of slack, webhook, mention'],
    ],
    [
      file,
      "notify: { dev: { when: [fail] } }",
      ['3:11 the role "dev" has no way to be told | give it one of slack, webhook, mention'],
    ],
    [
      file,
      "notify: { dev: { slack: $NONE }, ops: { webhook: https://a.test/$NONE/$OTHER } }",
      [
        '3:25 "notify.dev.slack" uses $NONE, which is not set | set it in the step\'s env, such as NONE: ${{ secrets.NONE }}',
        '3:50 "notify.ops.webhook" uses $NONE, which is not set | set it in the step\'s env, such as NONE: ${{ secrets.NONE }}',
        '3:50 "notify.ops.webhook" uses $OTHER, which is not set | set it in the step\'s env, such as OTHER: ${{ secrets.OTHER }}',
      ],
    ],
    [
      file,
      "notify: { dev: { slack: $DATABASE_URL } }",
      [
        '3:25 "notify.dev.slack" is no address that messages can be sent to | the value of $DATABASE_URL must look like https://host/path',
      ],
    ],
    ...["http://ops.test/hook", "hook", "https://", "ftp://127.0.0.1/x", "http://127.0.0.1.evil.test/"].map(
      (url): Row => [
        file,
        `notify: { dev: { webhook: '${url}' } }`,
        [
          '3:27 "notify.dev.webhook" is no address that messages can be sent to | it must look like https://host/path',
        ],
      ],
    ),
    [
      file,
      "notify: { dev: { slack: 5 } }",
      [
        '3:25 "notify.dev.slack" holds the wrong kind of value; use $NAME, a variable of the step\'s environment',
      ],
    ],
    ...['"@acme/"', "dev", '"@a b"', '"@acme/x\\n@all"', '"@-a"', '"@acme/x/y"'].map((mention): Row => [
      file,
      `notify: { dev: { mention: ${mention} } }`,
      [expect.stringMatching(/^3:27 "notify.dev.mention" holds .*; use @user or @org\/team/) as string],
    ]),
    [
      file,
      "notify: { dev: { mention: '@a', when: [] } }",
      ['3:39 "notify.dev.when" holds a list; name at least one occasion'],
    ],
    [
      file,
      "notify: { dev: { mention: '@a', when: [failed] } }",
      [
        '3:40 "notify.dev.when[0]" holds "failed"; use pass, warn, fail, unknown, superseded, skipped, stage, action or report | did you mean "fail"?',
      ],
    ],
    [
      file,
      "notify: { dev: { mention: '@a', when: fail } }",
      ['3:39 "notify.dev.when" holds "fail"; use a list, such as [fail, action]'],
    ],
    [
      file,
      "notify: { dev: { slak: $DATABASE_URL, mention: '@a' } }",
      ['3:18 unknown key "slak" in "notify.dev" | did you mean "slack"?'],
    ],
    [
      file,
      "notify: { my dev: { mention: '@a' } }",
      ['3:11 "my dev" cannot be a name here | use letters, digits, _ and -, a letter first'],
    ],
    [
      file,
      "notify: { dev: $SLACK_URL }",
      ['3:16 "notify.dev" holds "$SLACK_URL"; use a mapping such as { slack: $SLACK_URL }'],
    ],
    [
      file,
      "notify: [dev]",
      ['3:9 "notify" holds a list; use a mapping of roles, such as dev: { slack: $SLACK_URL }'],
    ],
  ])("%s %s", says);
});

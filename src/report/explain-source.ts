import type {
  Formula,
  HttpSource,
  LogsSource,
  MetricSource,
  Pattern,
  PatternGroup,
  Source,
  SourceSource,
} from "../core/source.ts";
import { pathText } from "../core/condition-text.ts";
import { patternText } from "../core/log-match.ts";
import { durationWords } from "../core/quantity.ts";
import { codeText, conditionWords, listText } from "./explain-condition.ts";
import { amountText } from "./text.ts";

const MOST_SHOWN = 3;

/** What a check does to measure, in words that follow its name: `asks GET /health`. */
export function sourceWords(source: Source): string {
  switch (source.kind) {
    case "http":
      return httpWords(source);
    case "logs":
      return logsWords(source);
    case "sql":
      return `asks database ${source.database}: ${codeText(source.query)}`;
    case "metric":
      return metricWords(source);
    case "events":
      return `counts the new instances' events since live: ${listText(source.types, "and")}`;
    case "env":
      return `compares ${someOf(Object.keys(source.expected), "variable")} of the service's environment with the file`;
    case "source":
      return filesWords(source);
    case "derive":
      return `computes ${listText(
        Object.entries(source.formulas).map(([name, formula]) =>
          codeText(`${name} = ${formulaText(formula)}`),
        ),
        "and",
      )}`;
  }
}

function httpWords({ method, url, headers, body, timeoutMs }: HttpSource): string {
  const count = Object.keys(headers).length;
  const with_ = [
    ...(count === 0 ? [] : [amountText(count, "header")]),
    ...(body === undefined ? [] : ["a body"]),
  ];
  const also = with_.length === 0 ? "" : ` with ${listText(with_, "and")}`;
  const address = url.replace(/^(https?:\/\/)[^/?#]*@/iu, "$1…@");
  return `asks ${method} ${address}${also} (${durationWords(timeoutMs)} for an answer)`;
}

const LOG_LINES: Readonly<Record<LogsSource["type"], string>> = {
  app: "log lines of the new instances",
  build: "lines of the build log",
  request: "request log lines",
};

function logsWords(source: LogsSource): string {
  const { type, levels, require, withinMs, forbid, count, rate, span, inside } = source;
  const level = levels.length === 0 ? "" : ` of level ${listText(levels, "or")}`;
  const verbs = [
    ...(require.length === 0 ? [] : [`wants ${groupsWords(require)} by live + ${durationWords(withinMs)}`]),
    ...(forbid.length === 0 ? [] : [`forbids ${groupsWords(forbid)}`]),
    ...(count === undefined
      ? []
      : [`counts those with ${patternWords(count.pattern)} per ${durationWords(count.perMs)}`]),
    ...(rate === undefined ? [] : [`counts them per ${durationWords(rate.perMs)}`]),
    ...(span === undefined
      ? []
      : [`times what begins with ${patternWords(span.start)} and ends with ${patternWords(span.end)}`]),
    ...(inside.length === 0 ? [] : [`reads ${listText(inside.map(patternWords), "and")} in between`]),
  ];
  return `reads ${LOG_LINES[type]}${level} and ${listText(verbs, "and")}`;
}

function patternWords(pattern: Pattern): string {
  return codeText(patternText(pattern));
}

/** One unnamed group by its patterns, several by their names. */
function groupsWords(groups: readonly PatternGroup[]): string {
  const patterns = groups.flatMap((group) => group.patterns);
  const names = groups.map((group) => group.name);
  if (names.every((name) => name === "")) return someOf(patterns.map(patternText), "pattern", codeText);
  const of = `${amountText(patterns.length, "pattern")} of ${amountText(groups.length, "group")}`;
  return `${of} (${listText(names, "and")})`;
}

/** The things themselves while they are few. */
function someOf(things: readonly string[], noun: string, shown: (thing: string) => string = String): string {
  if (things.length <= MOST_SHOWN) return listText(things.map(shown), "and");
  const first = things.slice(0, MOST_SHOWN).map(shown).join(", ");
  return `${amountText(things.length, noun)} (${first}, …)`;
}

const METRICS: Readonly<Record<MetricSource["name"], string>> = {
  cpu: "the CPU of the new instances",
  memory: "the memory of the new instances",
  http_requests: "the number of requests",
  http_latency: "the latency of requests",
  active_connections: "the connections to the database",
  instance_count: "the number of instances",
};

const AGGREGATES: Readonly<Record<NonNullable<MetricSource["agg"]>["name"], string>> = {
  avg: "average",
  max: "largest",
  min: "smallest",
  sum: "sum",
};

function metricWords({ name, of, ofLimit, where, asRatio, quantile, agg }: MetricSource): string {
  const only = where === undefined ? "" : ` with ${conditionWords(where)}`;
  const point =
    agg === undefined
      ? "the newest point"
      : `the ${AGGREGATES[agg.name]} of the last ${durationWords(agg.windowMs)}`;
  return [
    `reads ${point} of Render's metric ${name} (${METRICS[name]}${of === undefined ? "" : `, of ${of}`})${only}`,
    ...(quantile === undefined ? [] : [`at quantile ${quantile}`]),
    ...(ofLimit ? ["as a share of the plan's limit"] : []),
    ...(asRatio ? ["as a share of all"] : []),
  ].join(", ");
}

function filesWords({ glob, require, forbid }: SourceSource): string {
  const verbs = [
    ...(require.length === 0 ? [] : [`wants ${groupsWords(require)}`]),
    ...(forbid.length === 0 ? [] : [`forbids ${groupsWords(forbid)}`]),
  ];
  return `reads the files ${codeText(glob)} at the deployed commit and ${listText(verbs, "and")}`;
}

/** A formula as it would be written; parentheses where the order needs them. */
function formulaText(formula: Formula): string {
  switch (formula.kind) {
    case "number":
      return String(formula.value);
    case "subject":
      return `${formula.check}.${pathText(formula.path)}`;
    case "operation": {
      const { operator, left, right } = formula;
      return `${operandText(left, operator, false)} ${operator} ${operandText(right, operator, true)}`;
    }
  }
}

type Operator = Extract<Formula, { readonly kind: "operation" }>["operator"];

function operandText(formula: Formula, around: Operator, isRight: boolean): string {
  const text = formulaText(formula);
  if (formula.kind !== "operation") return text;
  const strength = (operator: Operator): number => (operator === "*" || operator === "/" ? 2 : 1);
  const [inner, outer] = [strength(formula.operator), strength(around)];
  const needs = inner < outer || (inner === outer && isRight && (around === "-" || around === "/"));
  return needs ? `(${text})` : text;
}

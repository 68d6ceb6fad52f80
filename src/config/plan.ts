import type { Check, Guards, PatternGroup, Plan, Remedy, RemedyStep, Source, Stage } from "../core/check.ts";
import type { Condition } from "../core/condition.ts";
import { parseCondition } from "../core/condition-parser.ts";
import { expand, passwordOf } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { fileSchema } from "./schema.ts";
import type { CheckFile, ConfigFile } from "./schema.ts";
import { defaultFailAfter, shrunk } from "./timing.ts";

const DEFAULT_WITHIN_MS = 120_000;

/** A condition that is known to be right. Throws when it is not. */
export function conditionOf(text: string): Condition {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`built-in condition ${text}: ${parsed.message}`);
  return parsed.condition;
}

/** What `on_fail: revert` means when the file does not say. */
export function builtInRemedies(): Readonly<Record<string, Remedy>> {
  const { remedies } = fileSchema.parse({
    version: 1,
    checks: {},
    remedies: { revert: [{ revert_pr: {} }] },
  });
  return Object.fromEntries(Object.entries(remedies).map(([name, steps]) => [name, remedyOf(name, steps)]));
}

/** The plan that a valid file describes. `lineOf` gives the line of a check's name. */
export function planOf(
  file: ConfigFile,
  {
    env,
    path,
    lineOf,
  }: { readonly env: Environment; readonly path: string; readonly lineOf: (check: string) => number },
): Plan {
  const secrets = new Set<string>();
  const secret = (text: string): string => {
    const expansion = expand(text, env);
    for (const value of expansion.secrets) secrets.add(value);
    return expansion.text;
  };
  const stages = stagesOf(file);
  const databases = Object.entries(file.databases).map(([name, { url, timeout }]) => {
    const address = secret(url);
    for (const part of [address, passwordOf(address)]) if (part !== undefined) secrets.add(part);
    return [name, { url: address, timeoutMs: timeout }] as const;
  });
  const checks = Object.entries(file.checks).map(([name, check]) => ({
    ...checkOf(name, check, { file, stages, secret }),
    line: lineOf(name),
  }));
  const remedies = Object.entries(file.remedies).map(
    ([name, steps]) => [name, remedyOf(name, steps)] as const,
  );
  return {
    ...(file.service === undefined ? {} : { service: file.service }),
    mode: file.mode,
    deploy: {
      trigger: file.deploy.trigger,
      appearWithinMs: file.deploy.appear_within,
      liveWithinMs: file.deploy.live_within,
      retry: file.deploy.retry,
      onFail: file.deploy.on_fail ?? file.defaults.on_fail,
    },
    stages,
    databases: Object.fromEntries(databases),
    checks,
    remedies: { ...builtInRemedies(), ...Object.fromEntries(remedies) },
    guards: guardsOf(file),
    file: path,
    secrets: [...secrets],
  };
}

export function stagesOf(file: Pick<ConfigFile, "stages">): readonly Stage[] {
  return Object.entries(file.stages).map(([name, stage]) => ({
    name,
    forMs: stage.for,
    everyMs: stage.every,
    acrossDeploys: false,
  }));
}

export function guardsOf({ guards }: Pick<ConfigFile, "guards">): Guards {
  return {
    actWithinMs: guards.act_within,
    maxActions: { count: 1, perMs: 86_400_000 },
    holdLabel: guards.hold_label,
    migrations: guards.migrations,
  };
}

function remedyOf(name: string, steps: ConfigFile["remedies"][string]): Remedy {
  return {
    name,
    steps: steps.flatMap(({ revert_pr: step }) => (step === undefined ? [] : [revertOf(step)])),
  };
}

function revertOf(step: NonNullable<ConfigFile["remedies"][string][number]["revert_pr"]>): RemedyStep {
  return {
    kind: "revert_pr",
    labels: step.labels,
    reviewers: step.reviewers,
    assignees: step.assignees,
    draft: step.draft,
    autoMerge: step.auto_merge,
    scope: step.scope,
    despiteMigrations: step.despite_migrations,
  };
}

interface Surroundings {
  readonly file: Pick<ConfigFile, "defaults" | "databases">;
  readonly stages: readonly Stage[];
  readonly secret: (text: string) => string;
}

/** One check with every default filled in. */
export function checkOf(name: string, check: CheckFile, { file, stages, secret }: Surroundings): Check {
  const own = stages.filter((stage) => check.stage === undefined || check.stage.includes(stage.name));
  const windows = own.map((stage) => ({
    forMs: stage.forMs,
    everyMs: check.every ?? stage.everyMs,
    graceMs: check.grace,
  }));
  const longestMs = Math.max(0, ...own.map((stage) => stage.forMs));
  const source = sourceOf(check, { databases: file.databases, secret, longestMs });
  const counts = source.kind === "logs" || source.kind === "events";
  const usual = (counts ? undefined : file.defaults.fail_after) ?? defaultFailAfter(source.kind);
  return {
    name,
    source,
    ...tiersOf(check, source),
    ...(check.every === undefined ? {} : { everyMs: check.every }),
    graceMs: check.grace,
    failAfter: check.fail_after ?? shrunk(usual, windows),
    passAfter: check.pass_after,
    ...(check.need === undefined ? {} : { need: check.need }),
    ...(check.only_if === undefined ? {} : { onlyIf: check.only_if }),
    ifUnknown: check.if_unknown,
    diagnose: [],
    ...(check.stage === undefined ? {} : { stages: check.stage }),
    onFail: check.on_fail ?? file.defaults.on_fail,
    ...(check.hint === undefined ? {} : { hint: check.hint }),
  };
}

function sourceOf(
  check: CheckFile,
  {
    databases,
    secret,
    longestMs,
  }: {
    readonly databases: Readonly<Record<string, unknown>>;
    readonly secret: (text: string) => string;
    readonly longestMs: number;
  },
): Source {
  if (check.http !== undefined) {
    const http = typeof check.http === "string" ? { ...HTTP_DEFAULTS, url: check.http } : check.http;
    const headers = Object.entries(http.headers).map(([name, value]) => [name, secret(value)] as const);
    const body = http.body === undefined ? {} : { body: http.body };
    return {
      kind: "http",
      url: http.url,
      method: http.method,
      headers: Object.fromEntries(headers),
      ...body,
      timeoutMs: http.timeout,
    };
  }
  if (check.logs !== undefined) {
    const { type, level = [], require = [], within, forbid = [] } = check.logs;
    const withinMs = within ?? Math.min(DEFAULT_WITHIN_MS, longestMs);
    return { kind: "logs", type, levels: level, require, withinMs, forbid, inside: [] };
  }
  if (check.sql !== undefined) {
    const { query, database } = typeof check.sql === "string" ? { query: check.sql } : check.sql;
    return { kind: "sql", query, database: database ?? Object.keys(databases)[0] ?? "" };
  }
  return { kind: "events", types: check.events ?? [] };
}

type HttpFile = Exclude<CheckFile["http"], string | undefined>;
const HTTP_DEFAULTS: HttpFile = valuesOf({ url: "/" });

function valuesOf(http: { readonly url: string }): HttpFile {
  const { checks } = fileSchema.parse({ version: 1, checks: { any: { http } } });
  const parsed = checks["any"]?.http;
  if (parsed === undefined || typeof parsed === "string") throw new Error("an http mapping stays a mapping");
  return parsed;
}

type Tiers = Pick<Check, "pass" | "warn" | "fail">;

/**
 * The lines of a check. `pass` of an http check has a default; what a logs or events check counts has a line
 * unless a written line looks at it: in `pass` when only `pass` is written (not pass is fail), else in `fail`.
 */
function tiersOf({ pass = [], warn = [], fail = [], http }: CheckFile, source: Source): Tiers {
  if (http !== undefined) {
    return { pass: pass.length > 0 ? pass : [conditionOf("status between 200 and 299")], warn, fail };
  }
  const written = [...pass, ...warn, ...fail];
  const unseen = countedBy(source).filter(
    (names) => !written.some(({ subject }) => names.includes(String(subject.path[0]))),
  );
  if (pass.length > 0 && fail.length === 0) {
    return { pass: [...pass, ...unseen.map(([name]) => conditionOf(`${name} == 0`))], warn, fail };
  }
  return {
    pass,
    warn,
    fail: [...fail, ...unseen.map(([name]) => conditionOf(name === "count" ? "count >= 1" : `${name} > 0`))],
  };
}

/** What must be zero by default; each with the names a line may look at it by. */
function countedBy(source: Source): readonly (readonly [string, ...string[]])[] {
  if (source.kind === "events") return [["count"]];
  if (source.kind !== "logs") return [];
  const has = (groups: readonly PatternGroup[]): boolean => groups.some((group) => group.patterns.length > 0);
  return [
    ...(has(source.forbid) ? [["matches"] as const] : []),
    ...(has(source.require) ? [["missing", "found"] as const] : []),
  ];
}

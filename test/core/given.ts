import type { Check, Sample } from "../../src/core/check.ts";
import type { LogsSource } from "../../src/core/source.ts";
import { parseCondition } from "../../src/core/condition-parser.ts";
import type { Condition } from "../../src/core/condition.ts";
import type { Deploy } from "../../src/core/deploy.ts";
import type { JudgingContext } from "../../src/core/finding.ts";
import type { Service } from "../../src/core/service.ts";
import type { Subjects } from "../../src/core/value.ts";

/** A fixed moment; times in tests are given relative to it. */
export const T0 = Date.UTC(2026, 10, 23, 10, 0, 0);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A parsed condition; throws when the test wrote a wrong one. */
export function condition(text: string): Condition {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  return parsed.condition;
}

export const conditions = (...texts: readonly string[]): readonly Condition[] => texts.map(condition);

/** A check with nothing special about it. */
export function givenCheck(over: Partial<Check> = {}): Check {
  return {
    name: "rows",
    source: { kind: "sql", query: "select 1", database: "main" },
    pass: [],
    warn: [],
    fail: [],
    graceMs: 0,
    failAfter: { kind: "consecutive", count: 1 },
    passAfter: 1,
    ifUnknown: "unknown",
    diagnose: [],
    onFail: "alert",
    ...over,
  };
}

/** A logs check: by default forbids FATAL, and fails as the configuration makes it fail. */
export function givenLogCheck(source: Partial<LogsSource> = {}, over: Partial<Check> = {}): Check {
  const logs: LogsSource = {
    kind: "logs",
    type: "app",
    levels: [],
    require: [],
    withinMs: 2 * MINUTE,
    inside: [],
    forbid: [{ name: "", patterns: [{ kind: "text", text: "FATAL" }] }],
    ...source,
  };
  const lines = [
    ...(logs.forbid.length > 0 ? ["matches > 0"] : []),
    ...(logs.require.length > 0 ? ["missing > 0"] : []),
  ];
  return givenCheck({ name: "errors", source: logs, fail: conditions(...lines), ...over });
}

export function okSample(subjects: Subjects, over: Partial<Extract<Sample, { kind: "ok" }>> = {}): Sample {
  return { kind: "ok", at: T0, subjects, evidence: [], ...over };
}

export function givenContext(over: Partial<JudgingContext> = {}): JudgingContext {
  return {
    liveAt: T0,
    since: T0,
    sha: "a".repeat(40),
    series: () => [],
    latest: {},
    keep: (text) => text,
    ...over,
  };
}

/** A commit's hash by a letter or two. */
export function sha(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(40, "0").slice(0, 40);
}

/** A deploy of a commit; `at` in minutes after T0. */
export function givenDeploy(
  id: string,
  about: Partial<Omit<Deploy, "commit">> & { readonly commit?: string | null; readonly at?: number } = {},
): Deploy {
  const { commit = id, at = 0, ...rest } = about;
  return {
    id: `dep-${id}`,
    ...(commit === null ? {} : { commit: { sha: sha(commit), message: commit } }),
    status: "live",
    trigger: "new_commit",
    createdAt: T0 + at * MINUTE,
    ...rest,
  };
}

export function givenService(over: Partial<Service> = {}): Service {
  return {
    id: "srv-1",
    name: "shop-api",
    ownerId: "tea-1",
    type: "web_service",
    autoDeploy: true,
    suspended: false,
    suspenders: [],
    repo: "https://github.com/acme/shop",
    branch: "main",
    rootDir: "",
    dashboardUrl: "https://dashboard.render.com/web/srv-1",
    url: "https://shop-api.onrender.com",
    maintenanceMode: false,
    shutdownDelayMs: 30 * SECOND,
    ...over,
  };
}

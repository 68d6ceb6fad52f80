import type { Evidence, Mode, Verdict } from "../core/check.ts";
import type { Line } from "../core/condition.ts";
import type { Action, CheckResult, MeasuredSeries, Outcome } from "../core/outcome.ts";
import type { Value } from "../core/value.ts";
import { coverageReport, watchReport, type CoverageReport, type WatchReport } from "./report-watch.ts";
import { cut } from "./text.ts";
import { isoText } from "./time.ts";

/** Values longer than this, as JSON, are given as cut text: a body can be a megabyte. */
const LONGEST_VALUE = 4000;

interface EvidenceReport {
  readonly at: string | null;
  readonly from: string | null;
  readonly text: string;
}

interface FindingReport {
  readonly condition: string;
  readonly tier: Line["tier"];
  readonly value: Value;
  readonly baseline: Value;
  /** null: not evaluated, `why` says why. */
  readonly holds: boolean | null;
  readonly why: string | null;
}

interface SeriesReport {
  readonly subject: string;
  readonly unit: MeasuredSeries["unit"];
  readonly points: readonly (readonly [at: string, value: number])[];
  readonly baseline: number | null;
  readonly limits: MeasuredSeries["limits"];
}

interface CheckReport {
  readonly name: string;
  readonly source: string;
  readonly verdict: CheckResult["verdict"];
  readonly reason: string;
  readonly samples: number;
  readonly errors: number;
  readonly findings: readonly FindingReport[];
  readonly evidence: readonly EvidenceReport[];
  readonly on_fail: string;
  readonly hint: string | null;
  readonly line: number | null;
  readonly stage: string | null;
  readonly diagnosis: readonly EvidenceReport[];
  readonly series: readonly SeriesReport[];
}

/** `report.json`, version 1: what schema/report.schema.json describes. Times are ISO 8601 in UTC; unknown is null. */
export interface Report {
  readonly version: 1;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly mode: Mode;
  readonly service: { readonly id: string | null; readonly name: string };
  readonly commit: string;
  readonly deploy: {
    readonly id: string;
    readonly status: string;
    readonly trigger: string | null;
    readonly createdAt: string;
    readonly startedAt: string | null;
    readonly liveAt: string | null;
    readonly finishedAt: string | null;
    readonly previousCommit: string | null;
    readonly image: string | null;
    readonly url: string | null;
    readonly evidence: readonly EvidenceReport[];
  } | null;
  readonly stages: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly verdict: Verdict;
  }[];
  readonly watch: WatchReport | null;
  readonly coverage: readonly CoverageReport[];
  readonly checks: readonly CheckReport[];
  readonly actions: readonly Action[];
  readonly revert: { readonly number: number; readonly url: string } | null;
  /** The tracking issue. */
  readonly issue: { readonly number: number; readonly url: string } | null;
  readonly rollback: { readonly deployId: string } | null;
  readonly coveredBy: string | null;
  readonly timeline: readonly { readonly at: string; readonly event: string }[];
  readonly notes: readonly string[];
  readonly spots: readonly {
    readonly path: string;
    readonly line: number;
    readonly message: string;
    readonly check: string;
  }[];
  readonly configFile: string | null;
  readonly requests: { readonly render: number; readonly github: number };
  readonly startedAt: string;
  readonly endedAt: string;
}

function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoText(ms);
}

/** A value that JSON can hold and a reader can bear; NaN and infinities become null as in all JSON. */
function valueOf(value: Value | undefined): Value {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return null;
  const json = JSON.stringify(value);
  if (json.length <= LONGEST_VALUE) return value;
  return cut(typeof value === "string" ? value : json, LONGEST_VALUE);
}

function evidenceOf({ at, from, text }: Evidence): EvidenceReport {
  return { at: timeOrNull(at), from: from ?? null, text };
}

function findingOf(line: Line): FindingReport {
  const { condition, tier, holds } = line;
  return {
    condition,
    tier,
    value: valueOf(line.value),
    baseline: valueOf(line.baseline),
    holds,
    why: line.why ?? null,
  };
}

function seriesOf(series: MeasuredSeries): SeriesReport {
  const { subject, unit, points, baseline, limits } = series;
  return {
    subject,
    unit,
    points: points.map(({ at, value }) => [isoText(at), value]),
    baseline: baseline ?? null,
    limits,
  };
}

function checkOf(check: CheckResult): CheckReport {
  const { name, source, verdict, reason, samples, errors } = check;
  return {
    name,
    source,
    verdict,
    reason,
    samples,
    errors,
    findings: (check.finding?.lines ?? []).map(findingOf),
    evidence: check.evidence.map(evidenceOf),
    on_fail: check.onFail,
    hint: check.hint ?? null,
    line: check.line ?? null,
    stage: check.stage ?? null,
    diagnosis: check.diagnosis.map(evidenceOf),
    series: check.series.map(seriesOf),
  };
}

function deployOf(outcome: Outcome): Report["deploy"] {
  const { deploy } = outcome;
  if (deploy === undefined) return null;
  return {
    id: deploy.id,
    status: deploy.status,
    trigger: deploy.trigger ?? null,
    createdAt: isoText(deploy.createdAt),
    startedAt: timeOrNull(deploy.startedAt),
    liveAt: timeOrNull(outcome.liveAt),
    finishedAt: timeOrNull(deploy.finishedAt),
    previousCommit: outcome.previousCommit ?? null,
    image: deploy.image ?? null,
    url: outcome.deployUrl ?? null,
    evidence: outcome.deployEvidence.map(evidenceOf),
  };
}

/** Everything a run has to tell as the data of `report.json`. Text stays as it was measured: redacted, not escaped. */
export function reportJson(outcome: Outcome): Report {
  const { verdict, reason, mode, commit, actions, notes, requests } = outcome;
  return {
    version: 1,
    verdict,
    reason,
    mode,
    service: { id: outcome.service?.id ?? null, name: outcome.service?.name ?? outcome.serviceName },
    commit,
    deploy: deployOf(outcome),
    stages: outcome.stages.map(({ name, from, to, verdict }) => {
      return { name, from: isoText(from), to: isoText(to), verdict };
    }),
    watch: watchReport(outcome),
    coverage: (outcome.coverage ?? []).map(coverageReport),
    checks: outcome.checks.map(checkOf),
    actions,
    revert: outcome.revert ?? null,
    issue: outcome.issue ?? null,
    rollback: outcome.rollbackDeployId === undefined ? null : { deployId: outcome.rollbackDeployId },
    coveredBy: outcome.coveredBy ?? null,
    timeline: outcome.timeline.map(({ at, event }) => ({ at: isoText(at), event })),
    notes,
    spots: outcome.spots,
    configFile: outcome.configFile ?? null,
    requests: { render: requests.render, github: requests.github },
    startedAt: isoText(outcome.startedAt),
    endedAt: isoText(outcome.endedAt),
  };
}

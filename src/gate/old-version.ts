import type { Check, Finding } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import { dependenciesOf, inOrder } from "../core/dependencies.ts";
import { appliesAt, findingOf } from "../core/finding.ts";
import { createMeasured, type Measured } from "../core/measured.ts";
import { beatMs, nextBeat } from "../core/schedule.ts";
import { withoutNewCommit } from "../core/old-conditions.ts";
import { createSeries } from "../core/series-book.ts";
import type { Subjects } from "../core/value.ts";
import type { ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";
import { createTasks } from "./tasks.ts";

/** What the http and sql checks see of the old version while the new one is being built. */
export interface OldVersion {
  /**
   * Called on every turn: takes every http and sql check once as soon as the new version is being built, and those
   * that compare with it or could not be taken at every beat, and does not wait for them. What is not answered when the new version starts
   * to come up is not believed.
   */
  look(deploy: Deploy | undefined): void;
  /** First findings by check, errors only where there was nothing else, so that old faults are not blamed on the new version; empty when the gate came too late. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** Numbers of a check with the baseline `while-building`. */
  measured(check: Check): Measured | undefined;
  /** Fingerprints of the rows that a query gave, when it was asked for any. */
  rows(check: Check): readonly string[] | undefined;
  /** The last moment (ms) at which nothing of the new version was there yet. */
  readonly seenUntil: number | undefined;
}

/** Statuses in which nothing of the new version answers yet. */
const BEFORE_UPDATE: ReadonlySet<string> = new Set([
  "queued",
  "created",
  "build_in_progress",
  "pre_deploy_in_progress",
]);

/** A look that has not happened yet. `liveSince` (ms) is when the old version went live, as far as that is known. */
export function createOldVersion(
  run: ServiceRun,
  { sampler, liveSince }: { readonly sampler: Sampler; readonly liveSince: () => number | undefined },
): OldVersion {
  const { plan, edges, teller, commit } = run;
  const { clock } = edges;
  const [stage] = plan.stages;
  const findings = new Map<string, Finding>();
  const measured = new Map<string, Measured>();
  const rows = new Map<string, Set<string>>();
  const series = new Map(plan.checks.map((check) => [check.name, createSeries(check)]));
  const checks = inOrder(
    plan.checks.filter((check) => check.source.kind === "http" || check.source.kind === "sql"),
  ).map(withoutNewCommit);
  const latest: Record<string, Subjects> = {};
  const due = new Map<string, number>();
  const tasks = createTasks();
  let isOld = true;
  let taken = 0;
  let isTold = checks.length === 0;
  let seenUntil: number | undefined;

  async function take(check: Check): Promise<void> {
    for (const name of dependenciesOf(check)) if (name !== check.name) await tasks.settled(name);
    const now = clock.now();
    const liveAt = Math.min(now, liveSince() ?? now);
    const own = series.get(check.name);
    const moment = {
      liveAt,
      since: liveAt,
      sha: commit,
      series: own?.of ?? (() => []),
      latest,
      keep: edges.redact,
    };
    // What does not apply to the old version has not failed on it.
    if (appliesAt(check, now, moment) !== true) return;
    const stageStart = Math.max(liveAt, now - (stage?.forMs ?? 0));
    const sample = await sampler.take(check, { liveAt, stageStart, isNew: () => undefined });
    if (!isOld) return;
    if (sample.kind === "ok" || sample.kind === "failing") {
      latest[check.name] = sample.subjects;
      own?.add(sample.at, sample.subjects);
    }
    const finding = findingOf({ ...check, graceMs: 0 }, sample, moment);
    if (!hasAnswered(check)) findings.set(check.name, finding);
    if (sample.kind !== "ok") return;
    const numbers = measured.get(check.name) ?? createMeasured(check);
    measured.set(check.name, numbers);
    numbers.add(finding, sample.partial);
    if (sample.rows === undefined) return;
    const known = rows.get(check.name) ?? new Set();
    rows.set(check.name, known);
    for (const row of sample.rows) known.add(row);
  }

  /** A sample that could not be taken says nothing about the old version. */
  const hasAnswered = ({ name }: Check): boolean => (findings.get(name)?.outcome ?? "error") !== "error";

  /** Once all have answered; said once. */
  function tell(): void {
    taken += 1;
    if (isTold || run.signal.aborted || taken < checks.length || findings.size === 0) return;
    isTold = true;
    const failing = [...findings].flatMap(([name, finding]) =>
      finding.outcome === "fail" ? [`"${name}"`] : [],
    );
    teller.moment(
      failing.length === 0
        ? `Looked at the old version: ${findings.size} http and sql checks taken once`
        : `The old version already fails ${failing.join(", ")}`,
    );
  }

  return {
    findings,
    measured: (check) => measured.get(check.name),
    rows(check) {
      const known = rows.get(check.name);
      return known === undefined ? undefined : [...known];
    },
    get seenUntil() {
      return seenUntil;
    },
    look(deploy) {
      if (deploy === undefined) return;
      isOld &&= BEFORE_UPDATE.has(deploy.status);
      tasks.turn();
      if (!isOld || stage === undefined) return;
      const now = clock.now();
      seenUntil = now;
      for (const check of checks) {
        const wasDue = due.get(check.name);
        const isWanted = check.baseline === "while-building" || !hasAnswered(check);
        if (wasDue !== undefined && (!isWanted || now < wasDue)) continue;
        due.set(check.name, nextBeat(wasDue ?? now, beatMs(check, stage), now));
        tasks.start(check.name, () => take(check).then(tell));
      }
    },
  };
}

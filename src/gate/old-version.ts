import type { Check, Finding } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import { findingOf } from "../core/finding.ts";
import type { ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";

/** What the http and sql checks find on the old version, so that its faults are not blamed on the new one. */
export interface OldVersion {
  /**
   * Called on every turn: starts the one look as soon as the new version is being built, and does not wait for it.
   * What is not answered when the new version starts to come up is not believed.
   */
  look(deploy: Deploy | undefined): void;
  /** Findings by check; empty when the gate came too late to look. */
  readonly findings: ReadonlyMap<string, Finding>;
}

/** Statuses in which nothing of the new version answers yet. */
const BEFORE_UPDATE: ReadonlySet<string> = new Set([
  "queued",
  "created",
  "build_in_progress",
  "pre_deploy_in_progress",
]);

/** A look that has not happened yet. */
export function createOldVersion(run: ServiceRun, sampler: Sampler): OldVersion {
  const { plan, edges, teller, commit } = run;
  const findings = new Map<string, Finding>();
  const checks = plan.checks.filter((check) => check.source.kind === "http" || check.source.kind === "sql");
  let hasLooked = checks.length === 0;
  let isOld = true;

  async function take(check: Check): Promise<void> {
    const now = edges.clock.now();
    const sample = await sampler.take(check, { liveAt: now, stageStart: now, isNew: () => undefined });
    const moment = { liveAt: now, since: now, sha: commit, series: () => [], latest: {}, keep: edges.redact };
    if (isOld) findings.set(check.name, findingOf({ ...check, graceMs: 0 }, sample, moment));
  }

  async function takeAll(): Promise<void> {
    await Promise.allSettled(checks.map(take));
    if (run.signal.aborted || findings.size === 0) return;
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
    look(deploy) {
      if (deploy === undefined) return;
      isOld &&= BEFORE_UPDATE.has(deploy.status);
      if (hasLooked || !isOld) return;
      hasLooked = true;
      void takeAll();
    },
  };
}

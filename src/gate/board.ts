import type { Check, Finding, Sample, Stage } from "../core/check.ts";
import type { Path } from "../core/condition.ts";
import { appliesAt, findingOf, type JudgingContext } from "../core/finding.ts";
import { isNewAt } from "../core/new-instances.ts";
import type { CheckResult } from "../core/outcome.ts";
import { createSeries } from "../core/series-book.ts";
import { isNews, standingWord } from "../core/standing-change.ts";
import { NEW_STANDING, resultOf, withFinding, type Standing } from "../core/standing.ts";
import type { Subjects } from "../core/value.ts";
import { findingLine } from "../report/line.ts";
import type { ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";
import type { WatchFacts } from "./watch-facts.ts";

/** The checks of one stage: takes their samples, judges them, and knows how each of them stands. */
export interface Board {
  /** Takes a sample and judges it. Never throws for what a remote service does. */
  take(check: Check): Promise<void>;
  /** So many samples were due and not taken. */
  miss(check: Check, count: number): void;
  standing(check: Check): Standing;
  results(): readonly CheckResult[];
  /** What is under way is given up: neither judged nor told. */
  close(): void;
  /** A redeploy of the commit serves: every check is judged anew. */
  restart(): void;
}

/** Whether every sample of a check speaks of all that was since the deploy: those are judged backwards. */
export function isBackwards(check: Check): boolean {
  return check.source.kind === "logs" || check.source.kind === "events";
}

/** A board without samples. `since` (ms) is the start of the stage. */
export function createBoard(
  run: ServiceRun,
  options: {
    readonly stage: Stage;
    readonly checks: readonly Check[];
    readonly sampler: Sampler;
    readonly facts: WatchFacts;
    readonly since: number;
  },
): Board {
  const { clock } = run.edges;
  const { checks, sampler, facts, since } = options;
  const standings = new Map<string, Standing>();
  const series = new Map(checks.map((check) => [check.name, createSeries(check)]));
  const missed = new Map<string, number>();
  const latest: Record<string, Subjects> = {};
  let closing = new AbortController();

  const standing = (check: Check): Standing => standings.get(check.name) ?? NEW_STANDING;
  const liveAt = (): number => facts.liveAt ?? since;
  const contextOf = (check: Check): JudgingContext => ({
    liveAt: liveAt(),
    since,
    sha: run.commit,
    series: (path: Path) => series.get(check.name)?.of(path) ?? [],
    latest,
    keep: run.edges.redact,
  });
  const isNew = (instanceId: string, at: number): boolean | undefined => {
    const suffix = instanceId.slice(instanceId.lastIndexOf("-") + 1);
    return facts.deploy && isNewAt(facts.instances, { suffix, at }, facts.deploy);
  };

  function judge(check: Check, sample: Sample): void {
    if (sample.kind === "ok" || sample.kind === "failing") {
      latest[check.name] = sample.subjects;
      // What grace forgives counts in no function either.
      if (sample.at >= liveAt() + check.graceMs) series.get(check.name)?.add(sample.at, sample.subjects);
    }
    // What could not be read now is not answered from what was read before.
    if (sample.kind === "error") delete latest[check.name];
    note(check, findingOf(check, sample, contextOf(check)));
  }

  function note(check: Check, finding: Finding): void {
    const before = standing(check);
    const after = withFinding(before, check, finding);
    standings.set(check.name, after);
    if (isNews(before, after))
      run.teller.line(findingLine(check.name, { finding, samples: after.taken, errors: after.errors }));
    run.teller.standings(checks.map((one) => ({ name: one.name, standing: standingWord(standing(one)) })));
  }

  return {
    standing,
    async take(check) {
      const at = clock.now();
      const applies = appliesAt(check, at, contextOf(check));
      if (applies === true) {
        const { signal } = closing;
        const { checkedAt } = facts.instances;
        const moment = { liveAt: liveAt(), stageStart: since, isNew, signal };
        const sample = await sampler.take(check, {
          ...moment,
          ...(checkedAt === undefined ? {} : { checkedAt }),
        });
        if (!signal.aborted) judge(check, sample);
        return;
      }
      const reason = `only_if ${check.onlyIf?.text ?? ""} is false`;
      if (applies === false) note(check, { at, outcome: "not-applied", reason, lines: [], evidence: [] });
      else judge(check, { kind: "error", at, reason: applies });
    },
    miss(check, count) {
      missed.set(check.name, (missed.get(check.name) ?? 0) + count);
    },
    results: () =>
      checks.map((check) => {
        const { due, unapplied, starved } = standing(check);
        return resultOf(check, standing(check), due + unapplied + starved + (missed.get(check.name) ?? 0));
      }),
    close: () => closing.abort(),
    restart() {
      closing.abort();
      closing = new AbortController();
      standings.clear();
      missed.clear();
      for (const check of checks) {
        delete latest[check.name];
        series.set(check.name, createSeries(check));
      }
    },
  };
}

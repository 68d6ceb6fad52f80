import type { Check, Finding, Sample, Stage } from "../core/check.ts";
import type { Baseline, Path } from "../core/condition.ts";
import { appliesAt, findingOf, type JudgingContext } from "../core/finding.ts";
import { isNewAt } from "../core/new-instances.ts";
import type { CheckResult } from "../core/outcome.ts";
import { checksOf } from "../core/schedule.ts";
import { isNews, standingWord } from "../core/standing-change.ts";
import { NEW_STANDING, resultOf, withFinding, withMissed, type Standing } from "../core/standing.ts";
import { toldSubjects, toldValues } from "../core/status-values.ts";
import type { Subjects } from "../core/value.ts";
import { findingLine } from "../report/line.ts";
import type { ServiceRun } from "./run.ts";
import type { Sampler } from "./sample.ts";
import type { WatchFacts } from "./watch-facts.ts";
import type { WatchMemory } from "./watch-memory.ts";

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
    readonly memory: WatchMemory;
    readonly since: number;
    /** What the check's relative conditions compare with. */
    readonly baselineOf: (check: Check) => Promise<Baseline | undefined>;
    /** Called once for each check that fails. */
    readonly onFail: (check: Check) => void;
    /** How checks stood when they were left, by name. */
    readonly standings?: ReadonlyMap<string, Standing>;
  },
): Board {
  const { clock } = run.edges;
  const { stage, checks, sampler, facts, memory, since } = options;
  const standings = new Map<string, Standing>(options.standings);
  const missed = new Map<string, number>();
  const baselines = new Map<string, Baseline>();
  let closing = new AbortController();

  const standing = (check: Check): Standing => standings.get(check.name) ?? NEW_STANDING;
  const liveAt = (): number => facts.liveAt ?? since;
  const contextOf = (check: Check): JudgingContext => {
    const { series, firstAt } = memory.of(check);
    const baseline = baselines.get(check.name);
    return {
      liveAt: liveAt(),
      since: firstAt ?? clock.now(),
      sha: run.commit,
      series: (path: Path) => series.of(path),
      latest: memory.latest,
      keep: run.edges.redact,
      ...(baseline === undefined ? {} : { baseline }),
    };
  };
  const isLast = (check: Check): boolean => {
    const { stages } = run.plan;
    const later = stages.slice(stages.findIndex(({ name }) => name === stage.name) + 1);
    return later.every((one) => checksOf([check], one).length === 0);
  };
  const suffixOf = (instanceId: string): string => instanceId.slice(instanceId.lastIndexOf("-") + 1);
  const isNew = (instanceId: string, at: number): boolean | undefined =>
    facts.deploy && isNewAt(facts.instances, { suffix: suffixOf(instanceId), at }, facts.deploy);
  const bornAt = (instanceId: string): number | undefined => facts.instances.seen.get(suffixOf(instanceId));

  function judge(check: Check, sample: Sample): void {
    const own = memory.of(check);
    // Two stages that are open at once share a sample; it is one.
    const isKnown = own.lastSample === sample;
    own.lastSample = sample;
    if (!isKnown && (sample.kind === "ok" || sample.kind === "failing")) {
      memory.saw(check, wholeOf(sample));
      own.firstAt ??= sample.at;
      // What grace forgives counts in no function either.
      if (sample.at >= liveAt() + check.graceMs) own.series.add(sample.at, sample.subjects);
    }
    if (sample.kind === "ok" && sample.rows !== undefined) own.rows = sample.rows;
    if (sample.kind === "error") memory.lost(check, sample.reason);
    const finding = findingOf(check, sample, contextOf(check));
    if (!isKnown) own.measured.add(finding, sample.kind === "ok" ? sample.partial : []);
    note(check, finding);
  }

  function note(check: Check, finding: Finding): void {
    const before = standing(check);
    const after = withFinding(before, check, finding);
    standings.set(check.name, after);
    if (after.failed !== undefined && before.failed === undefined) options.onFail(check);
    if (isNews(before, after))
      run.teller.line(
        findingLine(check.name, {
          finding,
          samples: after.taken,
          errors: after.errors,
          hint: check.hint,
        }),
      );
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
        const { latest, lastErrors } = memory;
        const baseline = await options.baselineOf(check);
        if (baseline !== undefined) baselines.set(check.name, baseline);
        const sample = await sampler.take(check, {
          liveAt: liveAt(),
          stageStart: since,
          isNew,
          bornAt,
          signal,
          latest,
          lastErrors,
          ...(checkedAt === undefined ? {} : { checkedAt }),
          ...(baseline?.kind === "known" && baseline.rows !== undefined ? { knownRows: baseline.rows } : {}),
        });
        if (!signal.aborted) judge(check, sample);
        return;
      }
      const reason = `only_if ${check.onlyIf?.text ?? ""} is false`;
      if (applies === false) note(check, { at, outcome: "not-applied", reason, lines: [], evidence: [] });
      else judge(check, { kind: "error", at, reason: applies });
    },
    miss(check, count) {
      standings.set(check.name, withMissed(standing(check), count));
      missed.set(check.name, (missed.get(check.name) ?? 0) + count);
    },
    results: () =>
      checks.map((check) => {
        const { due, unapplied, starved, open } = standing(check);
        const expected = due + unapplied + starved + open + (missed.get(check.name) ?? 0);
        const series = memory.of(check).measured.series(baselines.get(check.name));
        const end = { expected, isLast: isLast(check) };
        const about = { template: run.plan.report.template, checks: run.plan.checks };
        const told = toldValues(check, {
          told: toldSubjects(check, about),
          latest: memory.latest[check.name],
          keep: run.edges.redact,
        });
        return {
          ...resultOf(check, standing(check), end),
          series,
          ...(told.length === 0 ? {} : { told }),
          stage: stage.name,
        };
      }),
    close: () => closing.abort(),
    restart() {
      closing.abort();
      closing = new AbortController();
      standings.clear();
      missed.clear();
      memory.forget();
    },
  };
}

/** What others may look at: of what was read only in part nothing can be said. */
function wholeOf(sample: Extract<Sample, { readonly kind: "ok" | "failing" }>): Subjects {
  const partial = sample.kind === "ok" ? (sample.partial ?? []) : [];
  if (partial.length === 0) return sample.subjects;
  return Object.fromEntries(Object.entries(sample.subjects).filter(([name]) => !partial.includes(name)));
}

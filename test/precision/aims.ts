import type { Result } from "./judge.ts";

/** The numbers that an aim is about. */
export interface Precision {
  readonly clean: number;
  /** Clean deploys in which the gate did anything to Render or the repository. */
  readonly falseActs: number;
  readonly critical: number;
  readonly criticalFailed: number;
  /** Of the critical faults that failed: beats from the first sample that could show it to the verdict. */
  readonly medianBeats: number | undefined;
  /** Deploys with a fault in which it acted before there was one. */
  readonly earlyActs: number;
}

const LEAST_FAILED = 0.99;
const MOST_BEATS = 2;

/** The value below which that share of the numbers lies; undefined of none. */
export function quantileOf(numbers: readonly number[], share: number): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The results as the numbers that the aims are about. */
export function precisionOf(results: readonly Result[]): Precision {
  const clean = results.filter(({ fault }) => fault === undefined);
  const faults = results.flatMap(({ fault }) => fault ?? []);
  const critical = faults.filter(({ isCritical }) => isCritical);
  const failed = critical.filter(({ isFailed }) => isFailed);
  return {
    clean: clean.length,
    falseActs: clean.filter(({ acts }) => acts.length > 0).length,
    critical: critical.length,
    criticalFailed: failed.length,
    medianBeats: quantileOf(
      failed.flatMap(({ beats }) => beats ?? []),
      0.5,
    ),
    earlyActs: faults.filter(({ isTooEarly }) => isTooEarly).length,
  };
}

/** The aims that were missed, in words; none when all were reached. */
export function missedAims(precision: Precision): readonly string[] {
  const { clean, falseActs, critical, criticalFailed, medianBeats, earlyActs } = precision;
  const share = criticalFailed / critical;
  return [
    ...(clean === 0 || critical === 0 ? ["nothing was played"] : []),
    ...(falseActs > 0 ? [`${String(falseActs)} of ${String(clean)} clean deploys were acted on`] : []),
    ...(earlyActs > 0 ? [`${String(earlyActs)} deploys were acted on before anything was wrong`] : []),
    ...(share < LEAST_FAILED
      ? [`${String(criticalFailed)} of ${String(critical)} critical faults failed, less than 99 %`]
      : []),
    ...(medianBeats !== undefined && medianBeats > MOST_BEATS
      ? [`half of the critical faults took longer than ${medianBeats.toFixed(1)} beats, more than two`]
      : []),
  ];
}

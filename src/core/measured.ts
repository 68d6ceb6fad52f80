import type { Check, Finding } from "./check.ts";
import { subjectText } from "./condition-text.ts";
import type { Baseline, Condition } from "./condition.ts";
import { limitsOf } from "./limit.ts";
import type { MeasuredSeries } from "./outcome.ts";
import { unitOf } from "./unit.ts";

type Point = MeasuredSeries["points"][number];
type Tiers = Pick<Check, "pass" | "warn" | "fail">;

/** The numbers that a check's conditions saw, by subject as a condition writes it. */
export interface Measured {
  /** Takes over the numbers of one judged sample; of `partial` subjects only a part was read. */
  add(finding: Finding, partial?: readonly string[]): void;
  /** For drawing, with the limits of the conditions; subjects without a number are left out. */
  series(baseline?: Baseline): readonly MeasuredSeries[];
  /**
   * One number a subject, for a later gate to compare with: the median of values, the last of a function. What may
   * be larger than was read is no number to compare with.
   */
  values(): Readonly<Record<string, number>>;
  /** How many samples had a number. */
  samples(): number;
}

/** Drawn with so many points at most; what falls between two of them is never an extreme. */
const MOST_POINTS = 400;

/** A check's conditions in the order of a finding's lines. */
function written(
  check: Tiers,
): readonly { readonly tier: "pass" | "warn" | "fail"; readonly condition: Condition }[] {
  return (["fail", "warn", "pass"] as const).flatMap((tier) =>
    check[tier].map((condition) => ({ tier, condition })),
  );
}

/** Nothing measured yet. */
export function createMeasured(check: Pick<Check, "pass" | "warn" | "fail" | "source">): Measured {
  const conditions = written(check);
  const points = new Map<string, Point[]>();
  const whole = new Map<string, Point[]>();
  const headOf = new Map(
    conditions.map(({ condition: { subject } }) => [subjectText(subject), String(subject.path[0])]),
  );
  const isFunction = new Set(
    conditions.flatMap(({ condition: { subject } }) =>
      subject.kind === "call" ? [subjectText(subject)] : [],
    ),
  );
  let samples = 0;

  return {
    add({ at, lines }, partial = []) {
      const seen = new Set<string>();
      for (const { subject, value } of lines) {
        if (typeof value !== "number" || !Number.isFinite(value) || seen.has(subject)) continue;
        seen.add(subject);
        keep(points, subject, { at, value });
        if (!partial.includes(headOf.get(subject) ?? subject)) keep(whole, subject, { at, value });
      }
      if (seen.size > 0) samples += 1;
    },
    series(baseline) {
      return [...points].map(([subject, list]) => {
        const known = baseline?.kind === "known" ? baseline.values[subject] : undefined;
        const own = conditions.filter(({ condition }) => subjectText(condition.subject) === subject);
        return {
          subject,
          unit: own.flatMap(({ condition }) => unitOf(check, condition) ?? []).at(0) ?? "number",
          points: thinned(list),
          ...(known === undefined ? {} : { baseline: known }),
          limits: own.flatMap(({ tier, condition }) =>
            limitsOf(condition.operand, known).map((value) => ({ tier, text: condition.text, value })),
          ),
        };
      });
    },
    values: () =>
      Object.fromEntries(
        [...whole].flatMap(([subject, list]) => {
          const value = isFunction.has(subject)
            ? list.at(-1)?.value
            : medianOf(list.map((point) => point.value));
          return value === undefined ? [] : [[subject, value] as const];
        }),
      ),
    samples: () => samples,
  };
}

function keep(points: Map<string, Point[]>, subject: string, point: Point): void {
  const list = points.get(subject) ?? [];
  points.set(subject, list);
  list.push(point);
  if (list.length > 2 * MOST_POINTS) list.splice(0, list.length, ...thinned(list));
}

/** The middle of the values, the mean of the two middle ones of an even number; undefined without any. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Of every stretch its lowest and its highest point, in their order. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const stretch = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += stretch) {
    const part = points.slice(from, from + stretch);
    const low = part.reduce((least, point) => (point.value < least.value ? point : least));
    const high = part.reduce((most, point) => (point.value > most.value ? point : most));
    kept.push(...(low === high ? [low] : low.at < high.at ? [low, high] : [high, low]));
  }
  return kept;
}

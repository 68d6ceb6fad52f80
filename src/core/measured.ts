import type { Check, Finding } from "./check.ts";
import { subjectText } from "./condition-text.ts";
import type { Baseline, Condition } from "./condition.ts";
import { keptDrawing, pointsOf, type KeptMeasured } from "./kept-measured.ts";
import { limitsOf } from "./limit.ts";
import type { MeasuredSeries } from "./outcome.ts";
import { chosen, middleOf, type Point } from "./points.ts";
import { unitOf } from "./unit.ts";

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
  /** At most so many points a subject, with every extreme, and not quite as many values. */
  kept(cap: number): KeptMeasured;
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

/** Nothing measured yet, or what was kept. */
export function createMeasured(
  check: Pick<Check, "pass" | "warn" | "fail" | "source">,
  kept: KeptMeasured = { samples: 0, drawn: {}, values: {} },
): Measured {
  const conditions = written(check);
  const points = new Map(Object.entries(kept.drawn).map(([name, list]) => [name, pointsOf(list)]));
  /** What was read whole; of a function only the last. */
  const whole = new Map(
    Object.entries(kept.values).map(([name, list]) => [
      name,
      list.map(([value, count = 1]): Point => ({ at: 0, value, count })),
    ]),
  );
  const headOf = new Map(
    conditions.map(({ condition: { subject } }) => [subjectText(subject), String(subject.path[0])]),
  );
  const isFunction = new Set(
    conditions.flatMap(({ condition: { subject } }) =>
      subject.kind === "call" ? [subjectText(subject)] : [],
    ),
  );
  let { samples } = kept;

  return {
    add({ at, lines }, partial = []) {
      const seen = new Set<string>();
      for (const { subject, value } of lines) {
        if (typeof value !== "number" || !Number.isFinite(value) || seen.has(subject)) continue;
        seen.add(subject);
        keep(points, subject, { point: { at, value }, shorter: thinned });
        if (partial.includes(headOf.get(subject) ?? subject)) continue;
        if (isFunction.has(subject)) whole.set(subject, [{ at: 0, value }]);
        else keep(whole, subject, { point: { at: 0, value }, shorter: chosen });
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
          points: thinned(list, MOST_POINTS),
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
          const value = middleOf(list);
          return value === undefined ? [] : [[subject, value] as const];
        }),
      ),
    samples: () => samples,
    kept: (cap) => ({
      samples,
      drawn: Object.fromEntries([...points].map(([name, list]) => [name, keptDrawing(thinned(list, cap))])),
      values: Object.fromEntries(
        [...whole].map(([name, list]) => [
          name,
          chosen(list, (cap * 3) / 4).map(({ value, count = 1 }) => (count === 1 ? [value] : [value, count])),
        ]),
      ),
    }),
  };
}

function keep(
  all: Map<string, Point[]>,
  subject: string,
  about: {
    readonly point: Point;
    readonly shorter: (points: readonly Point[], most: number) => readonly Point[];
  },
): void {
  const list = all.get(subject) ?? [];
  all.set(subject, list);
  list.push(about.point);
  if (list.length > 2 * MOST_POINTS) list.splice(0, list.length, ...about.shorter(list, MOST_POINTS));
}

/** The middle of the values, the mean of the two middle ones of an even number; undefined without any. */
export function medianOf(values: readonly number[]): number | undefined {
  return middleOf(values.map((value) => ({ at: 0, value })));
}

/** Of every stretch of time its lowest and its highest point, in their order; of what is always the same its ends. */
function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const [first, last] = [points[0], points.at(-1)];
  if (first !== undefined && last !== undefined && points.every(({ value }) => value === first.value))
    return [first, last];
  const stretches = Math.max(1, Math.floor(most / 2));
  const from = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? from) - from) / stretches || 1;
  const kept = new Map<number, { readonly low: Point; readonly high: Point }>();
  for (const point of points) {
    const stretch = Math.min(stretches - 1, Math.floor((point.at - from) / width));
    const { low, high } = kept.get(stretch) ?? { low: point, high: point };
    kept.set(stretch, {
      low: point.value < low.value ? point : low,
      high: point.value > high.value ? point : high,
    });
  }
  return [...kept.values()].flatMap(({ low, high }) =>
    low === high ? [low] : low.at < high.at ? [low, high] : [high, low],
  );
}

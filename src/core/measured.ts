import type { Check, Finding } from "./check.ts";
import { operandText, subjectText } from "./condition-text.ts";
import type { Baseline, Condition, NumberOperand } from "./condition.ts";
import type { MeasuredSeries } from "./outcome.ts";

type Point = MeasuredSeries["points"][number];
type Tiers = Pick<Check, "pass" | "warn" | "fail">;

/** The numbers that a check's conditions saw, by subject as a condition writes it. */
export interface Measured {
  /** Takes over the numbers of one judged sample. */
  add(finding: Finding): void;
  /** For drawing, with the limits of the conditions; subjects without a number are left out. */
  series(baseline?: Baseline): readonly MeasuredSeries[];
  /** One number a subject, for a later gate to compare with: the median of values, the last of a function. */
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
  const isFunction = new Set(
    conditions.flatMap(({ condition: { subject } }) =>
      subject.kind === "call" ? [subjectText(subject)] : [],
    ),
  );
  let samples = 0;

  return {
    add({ at, lines }) {
      const seen = new Set<string>();
      for (const [index, { value }] of lines.entries()) {
        const condition = conditions[index]?.condition;
        if (condition === undefined || typeof value !== "number" || !Number.isFinite(value)) continue;
        const subject = subjectText(condition.subject);
        if (seen.has(subject)) continue;
        seen.add(subject);
        const list = points.get(subject) ?? [];
        points.set(subject, list);
        list.push({ at, value });
        if (list.length > 2 * MOST_POINTS) list.splice(0, list.length, ...thinned(list));
      }
      if (seen.size > 0) samples += 1;
    },
    series(baseline) {
      return [...points].map(([subject, list]) => {
        const known = baseline?.kind === "known" ? baseline.values[subject] : undefined;
        const own = conditions.filter(({ condition }) => subjectText(condition.subject) === subject);
        return {
          subject,
          unit: unitOf(check, own),
          points: thinned(list),
          ...(known === undefined ? {} : { baseline: known }),
          limits: own.flatMap(({ tier, condition }) =>
            limitsOf(condition, known).map((value) => ({ tier, text: condition.text, value })),
          ),
        };
      });
    },
    values: () =>
      Object.fromEntries(
        [...points].flatMap(([subject, list]) => {
          const value = isFunction.has(subject)
            ? list.at(-1)?.value
            : medianOf(list.map((point) => point.value));
          return value === undefined ? [] : [[subject, value] as const];
        }),
      ),
    samples: () => samples,
  };
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

/** The numbers that a condition compares with; a relative one's is worked out from the baseline. */
function limitsOf({ operand }: Condition, baseline: number | undefined): readonly number[] {
  switch (operand.kind) {
    case "number":
      return [operand.value];
    case "range":
      return [operand.from.value, operand.to.value];
    case "relative":
      return baseline === undefined ? [] : [relativeLimit(operand, baseline)];
    default:
      return [];
  }
}

/** What a relative operand comes to: `3x`, `+50%` or `-2pp` of the baseline, in the baseline's unit. */
export function relativeLimit(
  { by, value }: { readonly by: "change" | "factor" | "points"; readonly value: number },
  baseline: number,
): number {
  if (by === "factor") return baseline * value;
  return by === "change" ? baseline + Math.abs(baseline) * value : baseline + value;
}

/** How the numbers of a subject are to be read: told by what they are compared with, else by the source. */
function unitOf(
  { source }: Pick<Check, "source">,
  own: readonly { readonly condition: Condition }[],
): MeasuredSeries["unit"] {
  const told = own
    .flatMap(({ condition: { operand } }): readonly NumberOperand[] =>
      operand.kind === "number" ? [operand] : operand.kind === "range" ? [operand.from, operand.to] : [],
    )
    .find(({ unit }) => unit !== undefined)?.unit;
  if (told !== undefined) return told;
  const head = String(own[0]?.condition.subject.path[0] ?? "");
  if (own.some(({ condition: { operand } }) => operandText(operand).endsWith("pp"))) return "ratio";
  if (source.kind === "http" && head === "latency") return "duration";
  if (source.kind === "logs" && (head === "gap" || head === "duration")) return "duration";
  if (source.kind !== "metric" || head !== "value") return "number";
  if (source.ofLimit || source.asRatio) return "ratio";
  if (source.name === "http_latency") return "duration";
  return source.name === "memory" ? "size" : "number";
}

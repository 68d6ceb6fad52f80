import type { Condition, NumberOperand, Operand } from "./condition.ts";

/** The numbers from one end to the other; an infinite end is never part of it. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly withFrom: boolean;
  readonly withTo: boolean;
}

/** Intervals in ascending order that neither overlap nor touch. */
export type NumberSet = readonly Interval[];

export const ALL_NUMBERS: NumberSet = [{ from: -Infinity, to: Infinity, withFrom: false, withTo: false }];
export const NO_NUMBERS: NumberSet = [];

/** The numbers of [from, to]; either end may be infinite. */
export function closed(from: number, to: number): NumberSet {
  return [{ from, to, withFrom: from !== -Infinity, withTo: to !== Infinity }];
}

export function intersection(one: NumberSet, other: NumberSet): NumberSet {
  return one
    .flatMap((a) => other.map((b) => overlap(a, b)))
    .filter(({ from, to, withFrom, withTo }) => from < to || (from === to && withFrom && withTo));
}

function overlap(a: Interval, b: Interval): Interval {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return {
    from,
    to,
    withFrom: (a.from < from || a.withFrom) && (b.from < from || b.withFrom),
    withTo: (a.to > to || a.withTo) && (b.to > to || b.withTo),
  };
}

/** All numbers that are not in the set. */
export function complement(set: NumberSet): NumberSet {
  return set.reduce(
    (rest, { from, to, withFrom, withTo }) =>
      intersection(rest, [
        ...(from === -Infinity ? [] : [{ from: -Infinity, to: from, withFrom: false, withTo: !withFrom }]),
        ...(to === Infinity ? [] : [{ from: to, to: Infinity, withFrom: !withTo, withTo: false }]),
      ]),
    ALL_NUMBERS,
  );
}

export function union(sets: readonly NumberSet[]): NumberSet {
  return complement(sets.map(complement).reduce(intersection, ALL_NUMBERS));
}

export function without(set: NumberSet, removed: NumberSet): NumberSet {
  return intersection(set, complement(removed));
}

/** The numbers for which a condition is true, and those for which it is false; for all others it is not evaluated. */
export interface Admission {
  readonly holds: NumberSet;
  readonly fails: NumberSet;
}

/** What a condition says of numbers; undefined when it compares with something else than plain numbers. */
export function admissionOf({
  operator,
  operand,
}: Pick<Condition, "operator" | "operand">): Admission | undefined {
  switch (operator) {
    case "<":
      return operand.kind === "number" ? among(operand, below(operand.value, false)) : undefined;
    case "<=":
      return operand.kind === "number" ? among(operand, below(operand.value, true)) : undefined;
    case ">":
      return operand.kind === "number" ? among(operand, complement(below(operand.value, true))) : undefined;
    case ">=":
      return operand.kind === "number" ? among(operand, complement(below(operand.value, false))) : undefined;
    case "==":
      return operand.kind === "number" ? among(operand, closed(operand.value, operand.value)) : undefined;
    case "!=":
      return operand.kind === "number"
        ? among(operand, complement(closed(operand.value, operand.value)))
        : undefined;
    case "between":
      return operand.kind === "range"
        ? among(
            operand.from.unit === "ratio" ? operand.from : operand.to,
            closed(operand.from.value, operand.to.value),
          )
        : undefined;
    case "in":
      return operand.kind === "list" ? inList(operand.items) : undefined;
    case "contains":
    case "matches":
      return undefined;
  }
}

function below(value: number, withValue: boolean): NumberSet {
  return [{ from: -Infinity, to: value, withFrom: false, withTo: withValue }];
}

/** `90%` compares with a ratio from 0 to 1 only (design 5.1). */
function among({ unit }: NumberOperand, numbers: NumberSet): Admission {
  const comparable = unit === "ratio" ? closed(0, 1) : ALL_NUMBERS;
  return { holds: intersection(comparable, numbers), fails: without(comparable, numbers) };
}

function inList(items: readonly Operand[]): Admission | undefined {
  const numbers = items.filter((item) => item.kind === "number");
  if (numbers.length === 0 || numbers.length < items.length) return undefined;
  const each = numbers.map((number) => among(number, closed(number.value, number.value)));
  const holds = union(each.map((one) => one.holds));
  return { holds, fails: without(union(each.map((one) => one.fails)), holds) };
}

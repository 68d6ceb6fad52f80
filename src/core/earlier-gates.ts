import type { BaselineKind } from "./check.ts";
import type { Baseline } from "./condition.ts";
import { medianOf } from "./measured.ts";

/** Numbers by check and subject. */
export type Numbers = { readonly [check: string]: { readonly [subject: string]: number } };

/** What one gate measured of a deploy that went well, kept for later ones. Times in ms. */
export interface GateNumbers {
  readonly commit: string;
  readonly at: number;
  readonly values: Numbers;
}

/** The same with what only the next gate asks for, and the numbers of good deploys before it, newest first. */
export interface GateMemory extends GateNumbers {
  /** Fingerprints of rows, by check. */
  readonly rows?: { readonly [check: string]: readonly string[] };
  readonly earlier: readonly GateNumbers[];
}

/** How many good deploys a baseline is made of. */
const MOST_GATES = 5;
/** More rows than this are not kept: a query that gives so many asks for no new ones. */
const MOST_ROWS = 300;

/**
 * The memory of a gate that went well: `values` of its checks, `rows` of those that ask for new ones, and what the
 * good gates before it knew.
 */
export function gateMemory(
  now: GateNumbers & { readonly rows: { readonly [check: string]: readonly string[] } },
  before: GateMemory | undefined,
): GateMemory {
  const { rows, ...numbers } = now;
  const kept = Object.entries(rows).filter(([, list]) => list.length <= MOST_ROWS);
  const earlier = before === undefined ? [] : [withoutMemory(before), ...before.earlier];
  return {
    ...numbers,
    ...(kept.length === 0 ? {} : { rows: Object.fromEntries(kept) }),
    earlier: earlier.filter((gate) => gate.commit !== now.commit).slice(0, MOST_GATES - 1),
  };
}

function withoutMemory({ commit, at, values }: GateMemory): GateNumbers {
  return { commit, at, values };
}

/**
 * What the check compares with by what earlier gates measured. `memory` is that of the newest deploy that went well;
 * where there is none, `why` says it and `isYet` whether there cannot be one yet.
 */
export function earlierBaseline(
  check: string,
  kind: Extract<BaselineKind, "previous deploy" | "last 5 good deploys">,
  memory: GateMemory | { readonly why: string; readonly isYet: boolean },
): Baseline {
  if (!("values" in memory)) return { kind: "none", ...memory };
  const gates = [withoutMemory(memory), ...memory.earlier].slice(
    0,
    kind === "previous deploy" ? 1 : MOST_GATES,
  );
  const own = gates.flatMap(({ values }) => (Object.hasOwn(values, check) ? [values[check] ?? {}] : []));
  if (own.length === 0)
    return { kind: "none", why: "the check is new: no earlier gate measured it", isYet: true };
  const subjects = [...new Set(own.flatMap((values) => Object.keys(values)))];
  const rows = kind === "previous deploy" ? memory.rows?.[check] : undefined;
  return {
    kind: "known",
    values: Object.fromEntries(
      subjects.map((subject) => {
        const known = own.flatMap((values) => (Object.hasOwn(values, subject) ? [values[subject] ?? 0] : []));
        return [subject, medianOf(known) ?? 0];
      }),
    ),
    from:
      kind === "previous deploy"
        ? `the deploy of ${memory.commit.slice(0, 7)}`
        : `the last ${own.length} good ${own.length === 1 ? "deploy" : "deploys"}`,
    ...(rows === undefined ? {} : { rows }),
  };
}

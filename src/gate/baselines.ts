import type { Check } from "../core/check.ts";
import type { Baseline, Condition } from "../core/condition.ts";
import { subjectText } from "../core/condition-text.ts";
import { earlierBaseline, type GateMemory } from "../core/earlier-gates.ts";
import { medianOf } from "../core/measured.ts";
import { seriesValue } from "../core/series.ts";
import type { OldVersion } from "./old-version.ts";

/** What the relative conditions of checks compare with. */
export interface Baselines {
  /** Undefined for a check that names no baseline. Read once a check; never throws for what a remote service does. */
  of(check: Check): Promise<Baseline | undefined>;
  /** What the good gate before this one measured, where a check has asked for it. */
  earlier(): Promise<GateMemory | undefined>;
}

/** A stretch of the past, ms. */
export interface PastWindow {
  readonly from: number;
  readonly to: number;
}

/** Numbers of what Render keeps, oldest first, by subject; or why there are none. */
export type PastNumbers =
  | { readonly values: { readonly [subject: string]: readonly number[] } }
  | { readonly why: string };

export interface BaselineSources {
  readonly old: OldVersion;
  /** Whether any deploy served before this one. */
  readonly hasPrevious: () => boolean;
  /** When the build of the watched deploy began, ms. */
  readonly startedAt: () => number;
  /** When the watched deploy went live, ms. */
  readonly liveAt: () => number;
  /** What a metric or log check would have measured then. */
  readonly past: (check: Check, window: PastWindow) => Promise<PastNumbers>;
  /** Why what served then is nothing to compare with; undefined when it went well. */
  readonly blemish: (window: PastWindow) => Promise<Missing | undefined>;
  readonly earlier: () => Promise<GateMemory | Missing>;
  /** Whether the gate of what serves before this deploy failed; false where it had none. */
  readonly hasOldFailed: () => Promise<boolean | Missing>;
}

/** Why there is no baseline, and whether there cannot be one yet. */
export interface Missing {
  readonly why: string;
  readonly isYet: boolean;
}

const WEEK_MS = 7 * 24 * 3_600_000;
/** Long enough for ten points of a metric. */
const BEFORE_MS = 10 * 60_000;
/** The same hour of last week: half of it before, half after. */
const HALF_HOUR_MS = 30 * 60_000;

/** Baselines that are read when a check first asks. */
export function createBaselines(sources: BaselineSources): Baselines {
  const known = new Map<string, Promise<Baseline | undefined>>();
  let earlier: ReturnType<BaselineSources["earlier"]> | undefined;
  let hasOldFailed: ReturnType<BaselineSources["hasOldFailed"]> | undefined;

  /** Only what went well is compared with: instead of a version whose gate failed, the last good one is. */
  async function ofOld(check: Check): Promise<Baseline> {
    if (!sources.hasPrevious())
      return { kind: "none", why: "nothing served before this deploy", isYet: true };
    const hasFailed = await (hasOldFailed ??= sources.hasOldFailed());
    if (typeof hasFailed === "object") return { kind: "none", ...hasFailed };
    if (!hasFailed) return whileBuilding(check, sources);
    const last = earlierBaseline(check.name, "previous deploy", await (earlier ??= sources.earlier()));
    const rows = sources.old.rows(check);
    if (last.kind === "known")
      return { ...last, from: `${last.from}, as the old version's gate failed`, ...(rows && { rows }) };
    const why = `the old version's gate failed, and ${last.why}`;
    // Which rows were there before does not depend on how the old version went.
    return rows === undefined ? { ...last, why } : { kind: "known", values: {}, from: why, rows };
  }

  async function read(check: Check): Promise<Baseline | undefined> {
    if (check.baseline === undefined) return undefined;
    switch (check.baseline) {
      case "previous deploy":
      case "last 5 good deploys":
        return earlierBaseline(check.name, check.baseline, await (earlier ??= sources.earlier()));
      case "while-building":
        return ofOld(check);
      case "same hour last week":
        return lastWeek(check, sources);
    }
  }

  return {
    of(check) {
      const asked = known.get(check.name) ?? read(check);
      known.set(check.name, asked);
      return asked;
    },
    async earlier() {
      const memory = await earlier;
      return memory === undefined || "why" in memory ? undefined : memory;
    },
  };
}

async function whileBuilding(check: Check, sources: BaselineSources): Promise<Baseline> {
  const { old, startedAt } = sources;
  if (check.source.kind === "metric" || check.source.kind === "logs") {
    const to = old.seenUntil ?? startedAt();
    const from = Math.min(startedAt(), to - BEFORE_MS);
    return ofPast(check, await sources.past(check, { from, to }), "the old version while building");
  }
  const measured = old.measured(check);
  const rows = old.rows(check);
  if (measured === undefined && rows === undefined) {
    const why =
      old.seenUntil === undefined
        ? "the gate came when the old version was no longer alone"
        : "the old version could not be measured while the new one was built";
    return { kind: "none", why, isYet: false };
  }
  const samples = measured?.samples() ?? 0;
  return {
    kind: "known",
    values: measured?.values() ?? {},
    from: `the old version while building, ${samples} ${samples === 1 ? "sample" : "samples"}`,
    ...(rows === undefined ? {} : { rows }),
  };
}

async function lastWeek(check: Check, sources: BaselineSources): Promise<Baseline> {
  const at = sources.liveAt() - WEEK_MS;
  const window = { from: at - HALF_HOUR_MS, to: at + HALF_HOUR_MS };
  const blemish = await sources.blemish(window);
  if (blemish !== undefined) return { kind: "none", ...blemish };
  return ofPast(check, await sources.past(check, window), "the same hour last week");
}

/** Every subject of a condition by what the past had: the median, or the function over all of it. */
function ofPast(check: Check, past: PastNumbers, from: string): Baseline {
  if ("why" in past) return { kind: "none", why: `${from}: ${past.why}`, isYet: false };
  const amount = Math.max(0, ...Object.values(past.values).map((numbers) => numbers.length));
  const values = [...check.pass, ...check.warn, ...check.fail].flatMap(({ subject }: Condition) => {
    const name = String(subject.path[0]);
    const numbers = Object.hasOwn(past.values, name) ? (past.values[name] ?? []) : [];
    const value = subject.kind === "path" ? medianOf(numbers) : callOf(subject, numbers);
    return value === undefined ? [] : [[subjectText(subject), value] as const];
  });
  if (values.length === 0) return { kind: "none", why: `${from} has no number`, isYet: false };
  return {
    kind: "known",
    values: Object.fromEntries(values),
    from: `${from}, ${amount} ${amount === 1 ? "value" : "values"}`,
  };
}

function callOf(
  { name }: Extract<Condition["subject"], { readonly kind: "call" }>,
  numbers: readonly number[],
): number | undefined {
  // Numbers without their times have no trend.
  if (name === "len" || name === "has" || name === "trend") return undefined;
  const read = seriesValue(
    name,
    numbers.map((value) => ({ at: 0, value })),
    { at: 0, since: 0 },
  );
  return "value" in read ? read.value : undefined;
}

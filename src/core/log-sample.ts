import type { Evidence, Sample } from "./check.ts";
import type { Condition } from "./condition.ts";
import { linesOf, outcomeOf } from "./finding.ts";
import { NOT_THINNED, requestsFrom, settledAt, type LogFacts } from "./log-facts.ts";
import { NO_READING, type MeterMoment, type Reading } from "./log-meter.ts";
import { MAX_EVIDENCE, type Tally } from "./log-tally.ts";
import type { Subjects } from "./value.ts";

/**
 * What a log check has seen, as a sample (design 5.2). Unmeasured windows are errors, unless the check fails
 * whatever the lines not read may hold.
 */
export function logSample(
  tally: Tally,
  about: {
    readonly at: number;
    readonly facts: LogFacts;
    /** Whether any line of this deploy was read, the platform's own included. */
    readonly hasOwn: boolean;
    /** Instances that cannot be told old from new and wrote what is counted. */
    readonly unsure?: readonly string[];
    /** The largest delay seen between a line and its arrival, ms. */
    readonly lagMs: number | undefined;
    readonly keep: (text: string) => string;
  },
): Sample {
  const { at, facts, hasOwn, unsure = [], keep } = about;
  if (tally.source.type === "request" && at < (requestsFrom(facts) ?? Infinity)) {
    return { kind: "none", at, reason: "request lines count once the old version has stopped" };
  }
  const awaited = awaitedOf(tally, at, facts);
  const doubt =
    unmeasured(tally, { facts, hasOwn }) ??
    (awaited.kind === "unmeasured" ? awaited.reason : undefined) ??
    tally.problem() ??
    unsureText(tally, unsure);
  if (doubt !== undefined && !failsAnyway(tally, at)) return { kind: "error", at, reason: doubt };
  const moment = momentOf(tally, { at, facts, lagMs: about.lagMs });
  const readings = doubt === undefined ? tally.meters.map((meter) => meter.read(moment)) : [];
  return okSample(tally, { at, awaited, doubt, keep, readings });
}

/**
 * What the meters of a check are read against. Where intervals begin the app's first line tells, or live while there is
 * none.
 */
export function momentOf(
  tally: Tally,
  about: { readonly at: number; readonly facts: LogFacts; readonly lagMs: number | undefined },
): MeterMoment {
  const { facts } = about;
  const { liveAt } = facts;
  return {
    until: settledAt(facts, about),
    from: tally.source.type === "request" ? requestsFrom(facts) : (tally.lives.firstAt() ?? liveAt),
    liveAt,
    thinned: facts.thinned ?? NOT_THINNED,
    worstOf: (subject, values) => worstOf(tally, { at: about.at, subject, values }),
    lifeOf: (from) =>
      facts.lifeOf?.(from, tally.lives.lastAt(from) ?? -Infinity) ?? { to: Infinity, isGone: false },
  };
}

const BADNESS = { pass: 0, open: 0, unknown: 1, warn: 2, fail: 3 };

/** Judges each value by those lines of the check that look at nothing else. */
function worstOf(
  { check }: Tally,
  about: { readonly at: number; readonly subject: string; readonly values: readonly number[] },
): number {
  const { at, subject, values } = about;
  const own = (conditions: readonly Condition[]): readonly Condition[] =>
    conditions.filter((one) => one.subject.kind === "path" && one.subject.path[0] === subject);
  const lines = { pass: own(check.pass), warn: own(check.warn), fail: own(check.fail) };
  const scope = { at, since: at, series: () => [], sha: "" };
  const badness = values.map(
    (value) => BADNESS[outcomeOf(linesOf(lines, { ...scope, subjects: { [subject]: value } }))],
  );
  return badness.lastIndexOf(Math.max(...badness));
}

/** Why what was read so far says nothing (design 5.2); undefined when it does. */
function unmeasured(
  tally: Tally,
  { facts, hasOwn }: { readonly facts: LogFacts; readonly hasOwn: boolean },
): string | undefined {
  const { source } = tally;
  if (facts.gap !== undefined) return facts.gap;
  if (!hasOwn) return "no log line of this deploy was read";
  if (source.type === "app" && facts.hasInstances && !facts.knowsNewInstances)
    return "the new version's instances are not known";
  // Nothing of the platform's own tells whether this workspace has request lines at all.
  if (source.type === "request" && tally.lives.firstAt() === undefined)
    return "no request line was read; only workspaces of the Professional plan and above have them";
  return undefined;
}

function unsureText({ meters }: Tally, instances: readonly string[]): string | undefined {
  if (instances.length === 0) return undefined;
  const what = meters.length === 0 ? "forbidden line" : "line that counts";
  return `instance ${[...new Set(instances)].join(", ")} wrote a ${what}, and whether it is old or new cannot be said`;
}

/** Lines not read can only raise the count: whether the check fails whatever they hold. */
function failsAnyway(tally: Tally, at: number): boolean {
  const matches = tally.matches();
  const scope = { at, since: at, series: () => [], sha: "" };
  const news = tally.newMatches?.count();
  const least = { matches, ...(news?.kind === "known" ? { new_matches: news.count } : {}) };
  const most = Object.fromEntries(Object.keys(least).map((name) => [name, Number.MAX_SAFE_INTEGER]));
  return (
    matches > 0 &&
    [least, most].every((subjects) => outcomeOf(linesOf(tally.check, { ...scope, subjects })) === "fail")
  );
}

/** How `require` stands. */
type Awaited = {
  /** `open`: more may come; `unmeasured`: nothing was read that could have held them. */
  readonly kind: "none" | "known" | "open" | "unmeasured";
  /** Until when they may come, ms. */
  readonly deadline: number;
  readonly reason: string;
  readonly found: readonly Evidence[];
  readonly missing: readonly string[];
  /** Of the named groups, those whose every line came in time: `5/6`. */
  readonly groups: { readonly groups?: string };
};

function awaitedOf(tally: Tally, at: number, facts: LogFacts): Awaited {
  const required = tally.required();
  const deadline = facts.liveAt === undefined ? Infinity : facts.liveAt + tally.source.withinMs;
  const inTime = required.flatMap(({ first }) =>
    first !== undefined && first.at <= deadline ? [first] : [],
  );
  const missing = required.flatMap(({ label, first }) => {
    if (first === undefined) return [label];
    return first.at <= deadline ? [] : [`${label} (came ${(first.at - deadline) / 1_000}s late)`];
  });
  const wanted = `${inTime.length}/${required.length} lines found`;
  const groups = groupsOf(tally, (at) => at <= deadline);
  const awaited = { found: inTime, missing, groups, reason: wanted, deadline };
  if (required.length === 0) return { ...awaited, kind: "none" };
  if (missing.length === 0) return { ...awaited, kind: "known" };
  if (facts.liveAt === undefined || at < deadline)
    return {
      ...awaited,
      kind: "open",
      reason: `${wanted}, waiting until live + ${tally.source.withinMs / 1_000}s`,
    };
  if (facts.rereadTo === undefined || facts.rereadTo < deadline)
    return { ...awaited, kind: "open", reason: `${wanted}, the window is being read once more` };
  if (tally.lives.firstAt() === undefined) {
    const whose = tally.source.type === "app" ? "app line of the new instances" : `${tally.source.type} line`;
    return { ...awaited, kind: "unmeasured", reason: `${wanted}, but no other ${whose} was read` };
  }
  return { ...awaited, kind: "known" };
}

function groupsOf(tally: Tally, isInTime: (at: number) => boolean): Awaited["groups"] {
  const required = tally.required();
  let from = 0;
  const named = tally.source.require.flatMap(({ name, patterns }) => {
    const lines = required.slice(from, (from += patterns.length));
    return name === "" ? [] : [lines.every(({ first }) => first !== undefined && isInTime(first.at))];
  });
  return named.length === 0 ? {} : { groups: `${named.filter(Boolean).length}/${named.length}` };
}

function okSample(
  tally: Tally,
  about: {
    readonly at: number;
    readonly awaited: Awaited;
    readonly doubt: string | undefined;
    readonly keep: (text: string) => string;
    readonly readings: readonly Reading[];
  },
): Sample {
  const { at, awaited, doubt, keep, readings } = about;
  const { found, missing } = awaited;
  const isKnown = awaited.kind === "known";
  const measured = readings.flatMap((reading) => reading.evidence);
  const forbidden = tally.evidence().slice(0, Math.max(0, MAX_EVIDENCE - measured.length));
  const counted = matchesOf(tally);
  const cut = tally.cutLines();
  const note = [
    ...(awaited.kind === "none" ? [] : [`${found.length}/${found.length + missing.length} lines found`]),
    ...(missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : []),
    ...readings.flatMap((reading) => reading.notes),
    ...counted.notes,
    ...(cut > 0 ? [`${cut} long lines were searched in their beginning only`] : []),
    ...(doubt === undefined ? [] : [doubt]),
  ].join("; ");
  const evidence = [
    ...forbidden,
    ...(isKnown ? missing.map((label) => ({ text: keep(`missing: ${label}`) })) : []),
    ...measured.slice(0, MAX_EVIDENCE),
  ];
  const partial = [...counted.partial, ...readings.flatMap((reading) => reading.partial)];
  const open = [...counted.open, ...readings.flatMap((reading) => reading.open)];
  return {
    kind: "ok",
    at,
    subjects: Object.assign(
      {},
      ...readings.map((reading) => reading.subjects),
      counted.subjects,
      isKnown ? { found: found.length, missing: missing.length, ...awaited.groups } : {},
    ) as Subjects,
    evidence: evidence.length === 0 && missing.length === 0 ? found.slice(0, MAX_EVIDENCE) : evidence,
    ...(note === "" ? {} : { note }),
    ...(partial.length === 0 ? {} : { partial }),
    ...(open.length === 0 ? {} : { open }),
    ...(awaited.kind === "open" ? { pending: awaited.reason, pendingUntil: awaited.deadline } : {}),
    ...(tally.newMatches?.count().kind === "open"
      ? { pending: "what the previous deploy printed is still being read", pendingUntil: -Infinity }
      : {}),
  };
}

/** What is forbidden; left out where the check forbids and requires nothing. */
function matchesOf(tally: Tally): Omit<Reading, "evidence"> {
  const { forbid, require } = tally.source;
  if (forbid.length === 0 && require.length === 0 && tally.meters.length > 0) return NO_READING;
  const news = tally.newMatches?.count();
  const isKnown = news?.kind === "known";
  return {
    subjects: { matches: tally.matches(), ...(isKnown ? { new_matches: news.count } : {}) },
    open: [],
    partial: [
      ...(tally.isFull() ? ["matches"] : []),
      ...(isKnown && (tally.isFull() || tally.newMatches?.isPartial() === true) ? ["new_matches"] : []),
    ],
    notes: news?.kind === "unknown" ? [`new_matches is not known: ${news.why}`] : [],
  };
}

import type { Evidence, Sample } from "./check.ts";
import { linesOf, outcomeOf } from "./finding.ts";
import { requestsFrom, type LogFacts } from "./log-facts.ts";
import { MAX_EVIDENCE, type Tally } from "./log-tally.ts";

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
    /** Instances that cannot be told old from new and wrote what is forbidden. */
    readonly unsure?: readonly string[];
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
    unsureText(unsure);
  if (doubt !== undefined && !failsAnyway(tally, at)) return { kind: "error", at, reason: doubt };
  return okSample(tally, { at, awaited, doubt, keep });
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
  if (source.type === "request" && !tally.hasLines())
    return "no request line was read; only workspaces of the Professional plan and above have them";
  return undefined;
}

function unsureText(instances: readonly string[]): string | undefined {
  if (instances.length === 0) return undefined;
  return `instance ${[...new Set(instances)].join(", ")} wrote a forbidden line, and whether it is old or new cannot be said`;
}

/** Lines not read can only raise the count: whether the check fails whatever they hold. */
function failsAnyway(tally: Tally, at: number): boolean {
  const matches = tally.matches();
  const scope = { at, since: at, series: () => [], sha: "" };
  return (
    matches > 0 &&
    [matches, Number.MAX_SAFE_INTEGER].every(
      (count) => outcomeOf(linesOf(tally.check, { ...scope, subjects: { matches: count } })) === "fail",
    )
  );
}

/** How `require` stands. */
type Awaited = {
  /** `open`: more may come; `unmeasured`: nothing was read that could have held them. */
  readonly kind: "none" | "known" | "open" | "unmeasured";
  readonly reason: string;
  readonly found: readonly Evidence[];
  readonly missing: readonly string[];
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
  const awaited = { found: inTime, missing, reason: wanted };
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
  if (!tally.hasLines()) {
    const whose = tally.source.type === "app" ? "app line of the new instances" : `${tally.source.type} line`;
    return { ...awaited, kind: "unmeasured", reason: `${wanted}, but no other ${whose} was read` };
  }
  return { ...awaited, kind: "known" };
}

function okSample(
  tally: Tally,
  about: {
    readonly at: number;
    readonly awaited: Awaited;
    readonly doubt: string | undefined;
    readonly keep: (text: string) => string;
  },
): Sample {
  const { at, awaited, doubt, keep } = about;
  const { found, missing } = awaited;
  const isKnown = awaited.kind === "known";
  const evidence = tally.evidence();
  const cut = tally.cutLines();
  const note = [
    ...(awaited.kind === "none" ? [] : [`${found.length}/${found.length + missing.length} lines found`]),
    ...(missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : []),
    ...(cut > 0 ? [`${cut} long lines were searched in their beginning only`] : []),
    ...(doubt === undefined ? [] : [doubt]),
  ].join("; ");
  return {
    kind: "ok",
    at,
    subjects: {
      matches: tally.matches(),
      ...(isKnown ? { found: found.length, missing: missing.length } : {}),
    },
    evidence: [
      ...evidence,
      ...(isKnown ? missing.map((label) => ({ text: keep(`missing: ${label}`) })) : []),
      ...(evidence.length === 0 && missing.length === 0 ? found.slice(0, MAX_EVIDENCE) : []),
    ],
    ...(note === "" ? {} : { note }),
    ...(awaited.kind === "open" ? { pending: awaited.reason } : {}),
  };
}

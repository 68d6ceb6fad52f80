import type { Evidence, Finding } from "./check.ts";
import type { Line } from "./condition.ts";
import { cutText } from "./cut.ts";
import { asFlags, flagsOf, type KeptFinding, type KeptStanding } from "./kept-standing-shape.ts";
import type { Standing } from "./standing.ts";
import type { Value } from "./value.ts";

export { keptStandingOf, type KeptFinding, type KeptStanding } from "./kept-standing-shape.ts";

const MOST_REASON = 160;
const MOST_EVIDENCE = 2;
const MOST_LINES = 12;
const MOST_VALUE = 80;

/**
 * A standing as it is written down: what is as in a check that has always passed is left out, and of findings only
 * what a reader is shown of them later.
 */
export function keptStanding(standing: Standing): KeptStanding {
  const { due, judged, failed, lastFailing, lastJudged, last } = standing;
  type Plain = Omit<KeptStanding, "recent" | "lastTwo" | "failed" | "lastFailing" | "lastJudged" | "last">;
  const other = (name: keyof Plain, usual: Plain[keyof Plain]): Plain =>
    standing[name] === usual ? {} : { [name]: standing[name] };
  const found = (name: string, finding: Finding | undefined, before?: Finding) =>
    finding === undefined || finding === before ? {} : { [name]: keptFinding(finding, name === "failed") };
  const [recent, lastTwo] = [asFlags(standing.recent), asFlags(standing.lastTwo)];
  const usual = usualFlags(standing);
  return {
    ...other("due", 0),
    ...other("taken", due),
    ...other("judged", due),
    ...other("errors", 0),
    ...other("starved", 0),
    ...other("unapplied", 0),
    ...other("open", 0),
    ...other("graced", 0),
    ...other("failingRun", 0),
    ...other("failingSamples", 0),
    ...other("passingRun", judged),
    ...other("current", "pass"),
    ...other("failingSince", undefined),
    ...(recent === usual.recent ? {} : { recent }),
    ...(lastTwo === usual.lastTwo ? {} : { lastTwo }),
    ...found("failed", failed),
    ...found("lastFailing", lastFailing, failed),
    ...found("lastJudged", lastJudged, lastFailing),
    ...found("last", last, lastJudged),
  };
}

/** The standing that goes on from what was written down. */
export function standingOf(kept: KeptStanding): Standing {
  const { due = 0, failingSamples = 0, failingSince, recent, lastTwo } = kept;
  const judged = kept.judged ?? due;
  const usual = usualFlags({ due, judged, failingSamples });
  const failed = kept.failed && findingOf(kept.failed);
  const lastFailing = kept.lastFailing === undefined ? failed : findingOf(kept.lastFailing);
  const lastJudged = kept.lastJudged === undefined ? lastFailing : findingOf(kept.lastJudged);
  const last = kept.last === undefined ? lastJudged : findingOf(kept.last);
  return {
    due,
    taken: kept.taken ?? due,
    judged,
    errors: kept.errors ?? 0,
    starved: kept.starved ?? 0,
    unapplied: kept.unapplied ?? 0,
    open: kept.open ?? 0,
    graced: kept.graced ?? 0,
    failingRun: kept.failingRun ?? 0,
    failingSamples,
    passingRun: kept.passingRun ?? judged,
    current: kept.current ?? "pass",
    recent: flagsOf(recent ?? usual.recent),
    lastTwo: flagsOf(lastTwo ?? usual.lastTwo),
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(failed === undefined ? {} : { failed }),
    ...(lastFailing === undefined ? {} : { lastFailing }),
    ...(lastJudged === undefined ? {} : { lastJudged }),
    ...(last === undefined ? {} : { last }),
  };
}

/** Of a check that has always passed and looks at its last sample only. */
function usualFlags({ due, judged, failingSamples }: Pick<Standing, "due" | "judged" | "failingSamples">): {
  readonly recent: string;
  readonly lastTwo: string;
} {
  return {
    recent: failingSamples === 0 && judged > 0 ? "0" : "",
    lastTwo: due === judged ? "1".repeat(Math.min(2, due)) : "",
  };
}

function keptFinding(finding: Finding, hasLines: boolean): KeptFinding {
  const { at, outcome, reason, lines, evidence } = finding;
  const shown = outcome === "fail" ? evidence.slice(0, MOST_EVIDENCE).map(keptEvidence) : [];
  return {
    at,
    ...(outcome === "pass" ? {} : { outcome }),
    reason: cutText(reason, MOST_REASON),
    ...(hasLines && lines.length > 0 ? { lines: lines.slice(0, MOST_LINES).map(keptLine) } : {}),
    ...(shown.length === 0 ? {} : { evidence: shown }),
  };
}

function findingOf({ at, outcome = "pass", reason, lines = [], evidence = [] }: KeptFinding): Finding {
  return { at, outcome, reason, lines, evidence };
}

function keptEvidence({ at, text, from }: Evidence): Evidence {
  return {
    ...(at === undefined ? {} : { at }),
    text: cutText(text, MOST_REASON),
    ...(from === undefined ? {} : { from: cutText(from, MOST_VALUE) }),
  };
}

function keptLine(line: Line): Line {
  const { value, baseline, limits, why, ...rest } = line;
  return {
    ...rest,
    ...(value === undefined ? {} : { value: keptValue(value) }),
    ...(baseline === undefined ? {} : { baseline: keptValue(baseline) }),
    ...(limits === undefined ? {} : { limits: limits.filter(Number.isFinite).slice(0, MOST_LINES) }),
    ...(why === undefined ? {} : { why: cutText(why, MOST_REASON) }),
  };
}

/** Numbers that JSON cannot say are told as text. */
function keptValue(value: Value): Value {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || value === null) return value;
  return cutText(typeof value === "string" ? value : JSON.stringify(value), MOST_VALUE);
}

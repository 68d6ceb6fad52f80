import { missedAims, precisionOf, quantileOf } from "./aims.ts";
import type { Result } from "./judge.ts";
import { HOUR, MINUTE, SECOND } from "./world.ts";

type FaultResult = Result & { readonly fault: NonNullable<Result["fault"]> };

const VERDICTS = ["pass", "warn", "unknown", "fail", "superseded"] as const;

/** All results as Markdown: what became of clean deploys, of each kind of fault, and of the aims. */
export function tables(
  results: readonly Result[],
  { seed, date }: { readonly seed: number; readonly date: string },
): string {
  const clean = results.filter(({ fault }) => fault === undefined);
  const faults = results.filter((one): one is FaultResult => one.fault !== undefined);
  return [
    `${date}, seed ${String(seed)}: ${String(clean.length)} clean deploys, ${String(faults.length)} with a fault.`,
    "",
    "### Clean deploys",
    "",
    ...cleanTable(clean),
    "",
    ...reasonLines(clean),
    "",
    "### Critical faults",
    "",
    ...faultTable(faults.filter(({ fault }) => fault.isCritical)),
    "",
    "### Other faults",
    "",
    "Nothing is done about these: they alert when their stage ends, or warn, as the config file asks.",
    "",
    ...faultTable(faults.filter(({ fault }) => !fault.isCritical)),
    "",
    "### The aims",
    "",
    ...aimLines(results),
  ].join("\n");
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const rule = (many: number): string => row(Array.from({ length: many }, () => "---"));

function cleanTable(clean: readonly Result[]): readonly string[] {
  const header = ["config file", "deploys", "hours watched", ...VERDICTS, "acted on"];
  const groups = [...new Set(clean.map(({ group }) => group)), "together"];
  return [
    row(header),
    rule(header.length),
    ...groups.map((group) => {
      const own = clean.filter((one) => group === "together" || one.group === group);
      const hours = own.reduce((sum, { watchedMs }) => sum + watchedMs, 0) / HOUR;
      const counts = VERDICTS.map((verdict) => own.filter((one) => one.verdict === verdict).length);
      return row([
        group,
        own.length,
        Math.round(hours),
        ...counts,
        own.filter(({ acts }) => acts.length > 0).length,
      ]);
    }),
  ];
}

/** Each reason for which a clean deploy failed, was unknown or was acted on. */
function reasonLines(clean: readonly Result[]): readonly string[] {
  const found = Map.groupBy(
    clean.flatMap((result) =>
      result.notPassed.map((reason) => ({ reason: `${result.group}, ${reason}`, result })),
    ),
    ({ reason }) => reason,
  );
  if (found.size === 0) return ["No clean deploy failed or was unknown."];
  return [
    "Why clean deploys failed or were unknown, numbers left out:",
    "",
    ...[...found]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([reason, all]) => `- ${String(all.length)} × ${reason} (${all[0]?.result.seed ?? ""})`),
  ];
}

function timeText(ms: number | undefined): string {
  if (ms === undefined) return "";
  if (ms < 2 * MINUTE) return `${String(Math.round(ms / SECOND))} s`;
  return ms < 2 * HOUR ? `${String(Math.round(ms / MINUTE))} min` : `${(ms / HOUR).toFixed(1)} h`;
}

function faultTable(faults: readonly FaultResult[]): readonly string[] {
  const header = [
    "fault, and when it begins",
    "n",
    "failed",
    "acted",
    "warned only",
    "unknown",
    "missed",
    "beats, median",
    "p95",
    "from the cause, median",
    "p95",
  ];
  const groups = [...Map.groupBy(faults, ({ group }) => group), ["together", faults] as const];
  return [
    row(header),
    rule(header.length),
    ...groups.map(([group, all]) => {
      const beats = all.flatMap(({ fault }) => fault.beats ?? []);
      const times = all.flatMap(({ fault }) => fault.fromCauseMs ?? []);
      const failed = all.filter(({ fault }) => fault.isFailed);
      const warned = all.filter(({ fault }) => !fault.isFailed && fault.isWarned);
      const others = all.filter(({ fault }) => !fault.isFailed && !fault.isWarned);
      const unknown = others.filter(({ verdict }) => verdict === "unknown");
      return row([
        group,
        all.length,
        failed.length,
        all.filter(({ fault }) => fault.isActed).length,
        warned.length,
        unknown.length,
        others.length - unknown.length,
        quantileOf(beats, 0.5)?.toFixed(1) ?? "",
        quantileOf(beats, 0.95)?.toFixed(1) ?? "",
        timeText(quantileOf(times, 0.5)),
        timeText(quantileOf(times, 0.95)),
      ]);
    }),
  ];
}

/** None of so many, and yet up to three may be: https://en.wikipedia.org/wiki/Rule_of_three_(statistics) */
function boundText(hits: number, of: number): string {
  if (of === 0) return "";
  const share = `${((100 * hits) / of).toFixed(1)} %`;
  if (hits === 0)
    return `0 of ${String(of)}: with 95 % confidence fewer than ${Math.min(100, 300 / of).toFixed(1)} %`;
  return `${String(hits)} of ${String(of)}, ${share}`;
}

function aimLines(results: readonly Result[]): readonly string[] {
  const precision = precisionOf(results);
  const { clean, falseActs, critical, criticalFailed, medianBeats } = precision;
  const missed = missedAims(precision);
  return [
    `- acted on though clean: ${boundText(falseActs, clean)}`,
    `- critical faults that did not fail: ${boundText(critical - criticalFailed, critical)}`,
    `- beats to the verdict of a critical fault: ${medianBeats?.toFixed(1) ?? "none"} in the middle`,
    ...missed.map((aim) => `- **missed: ${aim}**`),
  ];
}

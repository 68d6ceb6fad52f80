import { durationWords } from "../core/quantity.ts";
import { codeSpan, inlineText } from "./markdown.ts";
import { labelText, logText } from "./plain.ts";
import { amountText, cut, excerpt, oneLine, shortSha, withoutStop } from "./text.ts";
import { clockText } from "./time.ts";

const MOST = 200;

/** Where a running gate is. Times are ms since the epoch. */
export interface Progress {
  readonly at: number;
  readonly startedAt: number;
  readonly serviceName: string;
  readonly commit: string;
  /** Such as `waiting for the deploy`, `watching boot`. */
  readonly phase: string;
  /** What would end this phase: `Render to build dep-1`, `the end of stage boot`. */
  readonly waitingFor: string;
  /** When this phase ends at the latest. */
  readonly until?: number;
  /** The checks so far, once they are watched. */
  readonly standings?: readonly { readonly name: string; readonly standing: string }[];
}

/** How many checks stand how: `3 pass, 1 unknown`. */
function standingsText(standings: NonNullable<Progress["standings"]>): string {
  const counts = new Map<string, number>();
  for (const { standing } of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return [...counts].map(([standing, count]) => `${count} ${oneLine(standing)}`).join(", ");
}

function timesText(progress: Progress): string {
  const elapsed = `${durationWords(progress.at - progress.startedAt)} so far`;
  if (progress.until === undefined) return elapsed;
  return `${elapsed}, ${durationWords(Math.max(0, progress.until - progress.at))} left at most`;
}

/** The job log's sign of life: time, phase, what is waited for, how long so far, how the checks stand. */
export function heartbeatLine(progress: Progress): string {
  const { phase, waitingFor, standings = [] } = progress;
  const checks = standings.length === 0 ? "" : `; checks: ${standingsText(standings)}`;
  const text = `${clockText(progress.at)} ${phase}: waiting for ${waitingFor} (${timesText(progress)})${checks}`;
  return cut(logText(text), 1000);
}

/** The description of the pending commit status, at most 140 characters. */
export function progressDescription(progress: Pick<Progress, "phase" | "waitingFor">): string {
  return labelText(`${progress.phase}: waiting for ${progress.waitingFor}`, 140);
}

/** The check run while the gate is at work: phase, elapsed time and what is being waited for. */
export function progressCheckRun(progress: Progress): { readonly title: string; readonly summary: string } {
  const { standings = [] } = progress;
  const elapsed = durationWords(progress.at - progress.startedAt);
  const shown = standings.slice(0, MOST).map(({ name, standing }) => {
    return `- ${codeSpan(excerpt(name, 100))}: ${inlineText(excerpt(standing, 100))}`;
  });
  const missing = standings.length - shown.length;
  const service = codeSpan(excerpt(progress.serviceName, 100));
  const phase = inlineText(excerpt(withoutStop(progress.phase), 300));
  const waitingFor = inlineText(excerpt(withoutStop(progress.waitingFor), 300));
  const lines = [
    `The gate of ${service} is at work on ${codeSpan(shortSha(progress.commit))}.`,
    `**Now**: ${phase}, waiting for ${waitingFor}.`,
    `**Time**: ${timesText(progress)}, as of ${clockText(progress.at)} UTC.`,
    ...(shown.length === 0 ? [] : [`**Checks so far**\n\n${shown.join("\n")}`]),
    ...(missing === 0 ? [] : [`… and ${amountText(missing, "more check")}.`]),
  ];
  return { title: `${labelText(progress.phase, 100)} (${elapsed} so far)`, summary: lines.join("\n\n") };
}

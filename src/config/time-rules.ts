import { durationText } from "../core/duration.ts";
import { checkSchema } from "./check-schema.ts";
import { endText } from "./condition-rules.ts";
import { mapping, valid } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { isPossible, judgedSamples, lastEnd, windowsIn } from "./timing.ts";
import type { Beat, StageTimes, Window } from "./timing.ts";

/** What a check says about when it looks, as far as that is valid. */
export function beatOf(check: Raw): Beat {
  const { stage, every, grace } = checkSchema.shape;
  return {
    stages: valid(stage, check["stage"]),
    everyMs: valid(every, check["every"]),
    graceMs: valid(grace, check["grace"]) ?? 0,
  };
}

/** What was written and no stage is long enough for (design 5.1: "cannot decide"). */
export function checkTimes(
  check: Raw,
  {
    path,
    stages,
    findings,
  }: {
    readonly path: readonly string[];
    readonly stages: readonly StageTimes[];
    readonly findings: Findings;
  },
): void {
  const beat = beatOf(check);
  const windows = windowsIn(stages, beat);
  if (windows.length === 0) return;
  const endMs = lastEnd(stages, beat);
  if (windows.every((window) => judgedSamples(window) === 0)) {
    const grace = durationText(beat.graceMs);
    findings.say([...path, "grace"], `with a grace of ${grace} nothing is judged: ${endText(endMs)}`, {
      hint: "shorten grace, or lengthen the stage",
    });
    return;
  }
  checkLogTimes(check, { path, endMs, findings });
  const samples = Math.max(...windows.map(judgedSamples));
  const judged = `at most ${samples} ${samples === 1 ? "sample is" : "samples are"} judged there`;
  const never = `can never be reached: ${lengthText(windows)} and ${judged}`;
  const { fail_after, pass_after } = checkSchema.shape;
  const failAfter = check["fail_after"] === undefined ? undefined : valid(fail_after, check["fail_after"]);
  if (failAfter !== undefined && !windows.some((window) => isPossible(failAfter, window))) {
    findings.say([...path, "fail_after"], `fail_after ${String(check["fail_after"])} ${never}`, {
      hint: "lower fail_after, sample more often with every, or lengthen the stage",
    });
  }
  const passAfter = check["pass_after"] === undefined ? undefined : valid(pass_after, check["pass_after"]);
  if (passAfter !== undefined && passAfter > samples) {
    findings.say([...path, "pass_after"], `pass_after ${passAfter} ${never}`, {
      hint: "lower pass_after, sample more often with every, or lengthen the stage",
    });
  }
}

/** How long the longest stage of a check is, as part of a sentence. */
function lengthText(windows: readonly Window[]): string {
  const { fromMs, forMs } = windows.reduce((longest, one) => (one.forMs > longest.forMs ? one : longest));
  const stage = windows.length === 1 ? "its stage" : "its longest stage";
  return fromMs === 0
    ? `${stage} lasts ${durationText(forMs)}`
    : `${stage} goes from ${durationText(fromMs)} to ${durationText(fromMs + forMs)} after live`;
}

function checkLogTimes(
  check: Raw,
  {
    path,
    endMs,
    findings,
  }: { readonly path: readonly string[]; readonly endMs: number; readonly findings: Findings },
): void {
  const { logs, metric } = checkSchema.shape;
  const counted = valid(logs, check["logs"]);
  if (counted?.within !== undefined && counted.within > endMs) {
    const within = durationText(counted.within);
    findings.say([...path, "logs", "within"], `within ${within} cannot be decided: ${endText(endMs)}`, {
      hint: "shorten within, or lengthen the stage",
    });
  }
  if (counted?.per !== undefined && counted.per > endMs) {
    const interval = durationText(counted.per);
    findings.say([...path, "logs", "per"], `an interval of ${interval} is never full: ${endText(endMs)}`, {
      hint: "use a shorter interval or a longer stage",
    });
  }
  const measured = valid(metric, mapping(check["metric"]));
  const windowMs = typeof measured === "object" ? measured.agg?.windowMs : undefined;
  if (windowMs !== undefined && windowMs > endMs) {
    const window = durationText(windowMs);
    findings.say([...path, "metric", "agg"], `the window of ${window} never fills: ${endText(endMs)}`, {
      hint: "use a shorter window or a longer stage",
    });
  }
}

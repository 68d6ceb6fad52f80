import { durationText } from "../core/duration.ts";
import { didYouMean } from "../core/suggest.ts";
import { checkConditions, checkOnlyIf } from "./condition-rules.ts";
import type { ConfigDocument } from "./document.ts";
import { isPossible, judgedSamples } from "./timing.ts";
import type { Window } from "./timing.ts";
import { mapping, valid } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { checkSchema } from "./schema.ts";
import { checkSource } from "./source-rules.ts";
import { LATER_SOURCES, SOURCES } from "./vocabulary.ts";

export interface StageTimes {
  readonly forMs: number;
  readonly everyMs: number;
}

/** What the rules of a check need of the rest of the file. */
export interface FileView {
  readonly document: ConfigDocument;
  readonly findings: Findings;
  readonly checks: Raw;
  readonly databases: Raw;
  /** Names that `on_fail` may hold besides `alert`. */
  readonly remedies: readonly string[];
  /** `undefined` while the times of a stage are not valid. */
  readonly stages: Readonly<Record<string, StageTimes | undefined>>;
  readonly env: (name: string) => string | undefined;
}

/** The rules of one check that concern more than one of its keys, on whatever of it is valid. */
export function checkCheck(name: string, file: FileView): void {
  const { findings } = file;
  const raw = mapping(file.checks[name]);
  const path = ["checks", name] as const;
  const sources = [...SOURCES, ...LATER_SOURCES].filter((source) => Object.hasOwn(raw, source));
  const [kind] = SOURCES.filter((source) => Object.hasOwn(raw, source));
  if (raw === file.checks[name] && sources.length === 0) {
    findings.say(path, `check "${name}" has no source`, {
      hint: `give it one of ${SOURCES.join(", ")}`,
      isKey: true,
      needsWhole: true,
    });
  }
  if (sources.length > 1) {
    findings.say(path, `check "${name}" has ${sources.length} sources: ${sources.join(", ")}`, {
      hint: "make each a check of its own",
      isKey: true,
    });
  }
  checkOnFail(raw["on_fail"], { path: [...path, "on_fail"], file });
  checkStages(raw, name, file);
  checkOnlyIf(raw["only_if"], { path, checks: file.checks, findings });
  const windows = windowsOf(raw, file.stages);
  checkTimes(raw, { path, windows, findings });
  if (kind === undefined || sources.length > 1) return;

  checkSource(raw, { path, kind, file });
  const longestStageMs =
    windows.length === 0 ? undefined : Math.max(...windows.map((window) => window.forMs));
  checkConditions(raw, { path, kind, longestStageMs, findings });
}

/** `alert`, or a remedy that the file or the gate defines. */
export function checkOnFail(
  value: unknown,
  {
    path,
    file,
  }: { readonly path: readonly string[]; readonly file: Pick<FileView, "findings" | "remedies"> },
): void {
  if (typeof value !== "string" || value === "alert" || file.remedies.includes(value)) return;
  if (value === "rollback") {
    file.findings.say(path, "on_fail: rollback is not supported by this version; use revert or alert");
    return;
  }
  file.findings.say(path, `there is no remedy "${value}"`, {
    hint: didYouMean(value, ["alert", ...file.remedies]) ?? `use ${["alert", ...file.remedies].join(" or ")}`,
    needsWhole: true,
  });
}

function checkStages(raw: Raw, name: string, { findings, stages }: FileView): void {
  for (const [index, stage] of (valid(checkSchema.shape.stage, raw["stage"]) ?? []).entries()) {
    if (Object.hasOwn(stages, stage)) continue;
    const known = Object.keys(stages);
    findings.say(["checks", name, "stage", index], `there is no stage "${stage}"`, {
      hint: didYouMean(stage, known) ?? `stages here: ${known.join(", ")}`,
      needsWhole: true,
    });
  }
}

/** The stages a check runs in, with its own beat and grace. */
export function windowsOf(raw: Raw, stages: FileView["stages"]): readonly Window[] {
  const named = valid(checkSchema.shape.stage, raw["stage"]);
  const every = valid(checkSchema.shape.every, raw["every"]);
  const graceMs = valid(checkSchema.shape.grace, raw["grace"]) ?? 0;
  return Object.entries(stages)
    .filter(([name]) => named === undefined || named.includes(name))
    .flatMap(([, stage]) =>
      stage === undefined ? [] : [{ forMs: stage.forMs, everyMs: every ?? stage.everyMs, graceMs }],
    );
}

/** What was written and no stage is long enough for (design 5.1: "cannot decide"). */
function checkTimes(
  raw: Raw,
  {
    path,
    windows,
    findings,
  }: { readonly path: readonly string[]; readonly windows: readonly Window[]; readonly findings: Findings },
): void {
  if (windows.length === 0) return;
  const longest = Math.max(...windows.map((window) => window.forMs));
  const stage = `its stage lasts ${durationText(longest)}`;
  const grace = valid(checkSchema.shape.grace, raw["grace"]) ?? 0;
  if (windows.every((window) => judgedSamples(window) === 0)) {
    findings.say([...path, "grace"], `with a grace of ${durationText(grace)} nothing is judged: ${stage}`, {
      hint: "shorten grace, or lengthen the stage",
    });
    return;
  }
  const within = valid(checkSchema.shape.logs, raw["logs"])?.within;
  if (within !== undefined && within > longest) {
    findings.say([...path, "logs", "within"], `within ${durationText(within)} cannot be decided: ${stage}`, {
      hint: "shorten within, or lengthen the stage",
    });
  }
  const samples = Math.max(...windows.map(judgedSamples));
  const judged = `at most ${samples} ${samples === 1 ? "sample is" : "samples are"} judged there`;
  const failAfter =
    raw["fail_after"] === undefined ? undefined : valid(checkSchema.shape.fail_after, raw["fail_after"]);
  if (failAfter !== undefined && !windows.some((window) => isPossible(failAfter, window))) {
    findings.say(
      [...path, "fail_after"],
      `fail_after ${String(raw["fail_after"])} can never be reached: ${stage} and ${judged}`,
      {
        hint: "lower fail_after, sample more often with every, or lengthen the stage",
      },
    );
  }
  const passAfter =
    raw["pass_after"] === undefined ? undefined : valid(checkSchema.shape.pass_after, raw["pass_after"]);
  if (passAfter !== undefined && passAfter > samples) {
    findings.say(
      [...path, "pass_after"],
      `pass_after ${passAfter} can never be reached: ${stage} and ${judged}`,
      {
        hint: "lower pass_after, sample more often with every, or lengthen the stage",
      },
    );
  }
}

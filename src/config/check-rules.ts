import { didYouMean } from "../core/suggest.ts";
import { baselineHint, checkBaseline } from "./baseline-rules.ts";
import { checkSchema } from "./check-schema.ts";
import { checkConditions, checkOnlyIf } from "./condition-rules.ts";
import type { ConfigDocument } from "./document.ts";
import type { Environment } from "./environment.ts";
import { choiceText, mapping, valid } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { checkSource } from "./source-rules.ts";
import { checkStatements } from "./sql-rules.ts";
import { subjectsOf } from "./subjects.ts";
import { beatOf, checkTimes } from "./time-rules.ts";
import { lastEnd } from "./timing.ts";
import type { StageTimes } from "./timing.ts";
import { SOURCES } from "./vocabulary.ts";

/** What the rules of a check need of the rest of the file. */
export interface FileView {
  readonly document: ConfigDocument;
  readonly findings: Findings;
  readonly checks: Raw;
  readonly databases: Raw;
  /** Names that `on_fail` may hold besides `alert`. */
  readonly remedies: readonly string[];
  readonly stageNames: readonly string[];
  /** The stages whose times are valid, in the order of the file. */
  readonly stages: readonly StageTimes[];
  readonly env: Environment;
}

/** The rules of one check that concern more than one of its keys, on whatever of it is valid. */
export function checkCheck(name: string, file: FileView): void {
  const { findings, stages } = file;
  const raw = mapping(file.checks[name]);
  const path = ["checks", name] as const;
  const sources = SOURCES.filter((source) => Object.hasOwn(raw, source));
  const [kind] = sources;
  if (raw === file.checks[name] && kind === undefined) {
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
  checkOnlyIf(raw, { path, checks: file.checks, findings });
  checkTimes(raw, { path, stages, findings });
  checkStatements(raw["diagnose"], { path: [...path, "diagnose"], file, check: name });
  if (kind === undefined || sources.length > 1) return;

  checkSource(raw, { path, kind, file });
  const table = subjectsOf(kind, raw[kind]);
  const lastEndMs = lastEnd(stages, beatOf(raw));
  const hint = baselineHint(kind, raw[kind]);
  checkConditions(raw, { path, table, lastEndMs, baselineHint: hint, findings });
  checkBaseline(raw, { path, checks: file.checks, kind, table, findings });
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
  const known = ["alert", ...file.remedies];
  file.findings.say(path, `there is no remedy "${value}"`, {
    hint: didYouMean(value, known) ?? `use ${choiceText(known)}`,
    needsWhole: true,
  });
}

function checkStages(raw: Raw, name: string, file: FileView): void {
  for (const [index, stage] of (valid(checkSchema.shape.stage, raw["stage"]) ?? []).entries())
    checkStageName(stage, { path: ["checks", name, "stage", index], file });
}

/** A stage that the file has. */
export function checkStageName(
  stage: string,
  {
    path,
    file,
  }: {
    readonly path: readonly (string | number)[];
    readonly file: Pick<FileView, "findings" | "stageNames">;
  },
): void {
  const { findings, stageNames } = file;
  if (stageNames.includes(stage)) return;
  findings.say(path, `there is no stage "${stage}"`, {
    hint: didYouMean(stage, stageNames) ?? `stages here: ${stageNames.join(", ")}`,
    needsWhole: true,
  });
}

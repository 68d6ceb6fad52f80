import { parseTemplate } from "../core/status-template.ts";
import { didYouMean } from "../core/suggest.ts";
import { checkStageName } from "./check-rules.ts";
import type { FileView } from "./check-rules.ts";
import { isInRepository } from "./pattern-rules.ts";
import { choiceText, keyText, mapping, shown } from "./raw.ts";
import type { Path } from "./document.ts";
import { momentOf, occasionOf, STAGE_VERDICTS } from "./report-plan.ts";
import { subjectsOf } from "./subjects.ts";
import { SOURCES } from "./vocabulary.ts";

type View = Pick<FileView, "checks" | "findings" | "stageNames">;

const MOST_CHARACTERS = 10_000;

/** The rules of `report`: it reaches somebody, at moments that come, with a template that can be filled. */
export function checkReport(file: View, whole: { readonly report: unknown; readonly notify: unknown }): void {
  const { findings } = file;
  const report = mapping(whole.report);
  if (report !== whole.report) return;
  const isTold = report["issue"] === true || report["comment"] === true || whole.notify !== undefined;
  const isValid = [report["issue"], report["comment"]].every(
    (flag) => flag === undefined || typeof flag === "boolean",
  );
  if (!isTold && isValid) {
    findings.say(["report"], "the status updates reach nobody", {
      hint: "write issue: true, comment: true or both",
      isKey: true,
      needsWhole: true,
    });
  }
  const moments: readonly unknown[] = Array.isArray(report["at"]) ? report["at"] : [];
  for (const [index, text] of moments.entries())
    if (typeof text === "string") checkMoment(text, { path: ["report", "at", index], file });
  if (typeof report["template"] === "string") checkTemplate(report["template"], file);
}

function checkMoment(
  text: string,
  { path, file }: { readonly path: readonly (string | number)[]; readonly file: View },
): void {
  const moment = momentOf(text);
  if (moment?.kind === "stage end") checkStageName(moment.stage, { path, file });
  if (moment !== undefined) return;
  const known = ["daily", ...file.stageNames.map((name) => `${name} end`)];
  file.findings.say(path, `${shown(text)} is no moment of a watch`, {
    hint: didYouMean(text.trim(), known) ?? `use ${choiceText(known)}`,
    needsWhole: true,
  });
}

function checkTemplate(text: string, { checks, findings }: View): void {
  const path = ["report", "template"];
  if (text.length > MOST_CHARACTERS) {
    findings.say(path, `the template has ${text.length} characters, at most ${MOST_CHARACTERS} are filled`);
    return;
  }
  const { lines, mistakes } = parseTemplate(text, Object.keys(checks));
  for (const { column, message, hint } of mistakes)
    findings.say(path, message, { hint, column, needsWhole: true });
  for (const piece of lines.flat()) {
    if (piece.kind !== "value") continue;
    const { check, subject, column } = piece;
    const known = subjectsAt(checks[check]);
    const [head = ""] = subject.split(".");
    if (known === undefined || known.includes(head)) continue;
    findings.say(path, `check "${check}" has no subject "${head}"`, {
      hint: didYouMean(head, known) ?? (known.length === 0 ? undefined : `its subjects: ${known.join(", ")}`),
      column,
    });
  }
}

/** What a check can be asked for; undefined where any name may be right. */
function subjectsAt(check: unknown): readonly string[] | undefined {
  const raw = mapping(check);
  const [kind, ...more] = SOURCES.filter((source) => Object.hasOwn(raw, source));
  if (kind === undefined || more.length > 0) return undefined;
  const { open, types } = subjectsOf(kind, raw[kind]);
  const { require } = mapping(raw[kind]);
  const groups = kind === "logs" && Object.keys(mapping(require)).length > 0 ? ["groups"] : [];
  return open ? undefined : [...Object.keys(types).filter((name) => !name.includes("*")), ...groups];
}

/** The rules of `after`: a stage and how it ends, then steps that each do one thing within the repository. */
export function checkAfter(after: unknown, file: View): void {
  for (const [key, written] of Object.entries(mapping(after))) {
    checkOccasion(key, file);
    const steps: readonly unknown[] = Array.isArray(written) ? written : [];
    for (const [index, step] of steps.entries()) checkStep(step, { path: ["after", key, index], file });
  }
}

function checkOccasion(key: string, file: View): void {
  const { findings } = file;
  const path = ["after", key];
  const { stage, verdict } = occasionOf(key);
  if (!file.stageNames.includes(stage)) {
    const stages = file.stageNames;
    findings.say(path, `there is no stage "${stage.slice(0, 60)}"`, {
      hint: didYouMean(stage, stages) ?? `stages here: ${stages.join(", ")}`,
      isKey: true,
      needsWhole: true,
    });
  }
  if (STAGE_VERDICTS.some((one) => one === verdict)) return;
  const message =
    verdict === ""
      ? `"${key.slice(0, 60)}" does not say how the stage ends`
      : `a stage does not end as ${shown(verdict)}`;
  findings.say(path, message, {
    hint:
      didYouMean(verdict, STAGE_VERDICTS) ??
      `write ${choiceText(STAGE_VERDICTS.map((one) => `${stage} ${one}`))}`,
    isKey: true,
  });
}

function checkStep(step: unknown, { path, file }: { readonly path: Path; readonly file: View }): void {
  const { findings } = file;
  const keys = Object.keys(mapping(step));
  if (mapping(step) === step && keys.length === 0)
    findings.say(path, `"${keyText(path)}" does nothing`, { hint: "write issue: {}" });
  if (keys.length > 1)
    findings.say(path, `"${keyText(path)}" is ${keys.length} steps: ${keys.join(", ")}`, {
      hint: "make each an item of the list",
    });
  const globs = mapping(mapping(step)["cleanup_pr"])["delete"];
  for (const [index, glob] of (Array.isArray(globs) ? (globs as readonly unknown[]) : []).entries()) {
    if (typeof glob !== "string") continue;
    const place = [...path, "cleanup_pr", "delete", index];
    if (!isInRepository(glob))
      findings.say(place, `"${glob.slice(0, 60)}" fits no file of the repository`, {
        hint: "write it from the repository's root, such as src/old.py",
      });
    else if (/^(?:\.?\/)*[*/]*$/.test(glob))
      findings.say(place, `"${glob.slice(0, 60)}" would delete every file`, {
        hint: "name the files that are not needed any more",
      });
  }
}

import type { Annotation } from "../core/annotation.ts";
import type { CheckResult, Outcome, SourceSpot } from "../core/outcome.ts";
import { evidenceText } from "./evidence.ts";
import { measuredText } from "./line.ts";
import { type MistakeText, mistakeText } from "./problem.ts";
import { cleanText, cutBytes, excerpt, oneLine, withStop } from "./text.ts";

/** Where remarks go that belong to no line: GitHub asks for a path. */
export const DEFAULT_CONFIG_FILE = ".github/deploy-gate.yml";
const TITLE_MAX = 255;
const MESSAGE_MAX_BYTES = 64_000;
/** A check run shows them all, but nobody reads more; one request takes 50. */
const MOST = 50;

/** A path as GitHub shows it in the diff: relative, with forward slashes; undefined when it leaves the repository. */
function repositoryPath(path: string): string | undefined {
  const clean = oneLine(path)
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/u, "");
  return clean === "" || clean.length > 500 || clean.split("/").includes("..") ? undefined : clean;
}

function lineNumber(line: number | undefined): number {
  return line !== undefined && Number.isSafeInteger(line) && line >= 1 ? line : 1;
}

function messageText(text: string): string {
  const clean = cleanText(text).trim();
  return cutBytes(clean === "" ? "no details" : clean, MESSAGE_MAX_BYTES);
}

function levelOf(verdict: CheckResult["verdict"], outcome: Outcome): Annotation["level"] {
  return verdict === "fail" && outcome.mode !== "observe" ? "failure" : "warning";
}

const WORDS: Readonly<Record<string, string>> = { fail: "failed", warn: "warned", unknown: "is unknown" };

function checkAnnotation(check: CheckResult, outcome: Outcome): Annotation {
  const hint = oneLine(check.hint ?? "");
  const diagnosis = check.diagnosis.length === 0 ? [] : ["Diagnosis:", evidenceText(check.diagnosis)];
  const kept = [...(check.evidence.length === 0 ? [] : [evidenceText(check.evidence)]), ...diagnosis];
  return {
    path: repositoryPath(outcome.configFile ?? "") ?? DEFAULT_CONFIG_FILE,
    line: lineNumber(check.line),
    level: levelOf(check.verdict, outcome),
    title: excerpt(`Check "${check.name}" ${WORDS[check.verdict] ?? check.verdict}`, TITLE_MAX),
    message: messageText(
      [
        withStop(oneLine(check.reason)),
        `Measured: ${measuredText(check)}.`,
        ...(hint === "" ? [] : [`Hint: ${hint}`]),
      ].join("\n"),
    ),
    ...(kept.length === 0 ? {} : { detail: messageText(kept.join("\n")) }),
  };
}

function spotAnnotation(spot: SourceSpot, outcome: Outcome): readonly Annotation[] {
  const path = repositoryPath(spot.path);
  if (path === undefined) return [];
  const verdict = outcome.checks.find((check) => check.name === spot.check)?.verdict ?? "fail";
  return [
    {
      path,
      line: lineNumber(spot.line),
      level: levelOf(verdict, outcome),
      title: excerpt(`Named by check "${spot.check}"`, TITLE_MAX),
      message: messageText(spot.message),
    },
  ];
}

/** At most 50; the last place says how many more there were. */
function limited(annotations: readonly Annotation[]): readonly Annotation[] {
  if (annotations.length <= MOST) return annotations;
  const kept = annotations.slice(0, MOST - 1);
  const message = `${annotations.length - kept.length} more remarks are in the job summary.`;
  return [...kept, { path: DEFAULT_CONFIG_FILE, line: 1, level: "notice", title: "More remarks", message }];
}

/**
 * The remarks of a finished run: one per check that failed, warned or is unknown, on its line of the config file, and
 * one per source line that evidence names. In observe mode none is worse than a warning.
 */
export function outcomeAnnotations(outcome: Outcome): readonly Annotation[] {
  const concerns = (["fail", "unknown", "warn"] as const).flatMap((verdict) => {
    return outcome.checks.filter((check) => check.verdict === verdict);
  });
  return limited([
    ...concerns.map((check) => checkAnnotation(check, outcome)),
    ...outcome.spots.flatMap((spot) => spotAnnotation(spot, outcome)),
  ]);
}

/** The remarks of a run that ended on the user's mistakes: each where it stands, others on line 1 of the config file. */
export function mistakeAnnotations(
  mistakes: readonly MistakeText[],
  configFile: string | undefined,
): readonly Annotation[] {
  return limited(
    mistakes.map((mistake) => ({
      path: repositoryPath(mistake.at?.file ?? configFile ?? "") ?? DEFAULT_CONFIG_FILE,
      line: lineNumber(mistake.at?.line),
      level: "failure",
      title: "Deploy gate configuration",
      message: messageText(mistakeText(mistake)),
    })),
  );
}

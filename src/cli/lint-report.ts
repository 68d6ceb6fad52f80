import type { Environment } from "../config/environment.ts";
import { readConfig } from "../config/file.ts";
import type { Plan } from "../core/check.ts";
import type { Mistake } from "../problem.ts";
import { explainCheck } from "../report/explain-check.ts";
import { explainPlan, usedRemedies } from "../report/explain-plan.ts";
import { guardLines, remedyLines } from "../report/explain-remedy.ts";
import { afterLines, reportLines } from "../report/explain-report.ts";
import { logText } from "../report/plain.ts";
import { amountText, cut, withoutStop } from "../report/text.ts";
import type { OutputLine } from "./output-line.ts";
import { standInsFor } from "./stand-ins.ts";

const LONGEST = 2_000;

/** Everything there is to say on a config file; `mistakes` are how many keep it from being used. */
export function lintReport(
  text: string,
  { file, shell }: { readonly file: string; readonly shell: Environment },
): { readonly lines: readonly OutputLine[]; readonly mistakes: number } {
  const { env, asked } = standInsFor(text, shell);
  const read = readConfig({ text, file, env });
  const mistakes = read.ok ? [] : read.mistakes;
  const { warnings } = read;
  const counts = [
    mistakes.length === 0 ? "no mistakes" : amountText(mistakes.length, "mistake"),
    ...(warnings.length === 0 ? [] : [amountText(warnings.length, "warning")]),
  ];
  return {
    mistakes: mistakes.length,
    lines: [
      ...mistakes.map((mistake) => placedLine(mistake, "error")),
      ...warnings.map((warning) => placedLine(warning, "warning")),
      line(`${file}: ${counts.join(", ")}`, { tone: "heading" }),
      ...(read.ok ? planLines(read.plan) : []),
      ...variableLines(asked),
    ],
  };
}

function line(text: string, { indent = 0, tone }: Partial<Omit<OutputLine, "text">> = {}): OutputLine {
  return { indent, text: cut(logText(text), LONGEST), ...(tone === undefined ? {} : { tone }) };
}

/** `file:line:column: error: message; hint`. */
function placedLine({ message, hint, at }: Mistake, tone: "error" | "warning"): OutputLine {
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `;
  return line(
    `${place}${tone}: ${[withoutStop(message), ...(hint === undefined ? [] : [hint])].join("; ")}`,
    { tone },
  );
}

function planLines(plan: Plan): readonly OutputLine[] {
  const part = (name: string, sentences: readonly string[]): readonly OutputLine[] => [
    line(""),
    line(name, { tone: "heading" }),
    ...sentences.map((sentence) => line(sentence, { indent: 2 })),
  ];
  const told: typeof part = (name, sentences) => (sentences.length === 0 ? [] : part(name, sentences));
  const used = usedRemedies(plan);
  const steps = used.flatMap((name) =>
    (plan.remedies[name] === undefined ? [] : remedyLines(plan.remedies[name])).map(
      (step) => `${name}: ${step}`,
    ),
  );
  return [
    ...explainPlan(plan).flatMap(({ name, sentences }) => part(name, sentences)),
    ...part(
      "checks",
      plan.checks.map((check) => explainCheck(check, plan)),
    ),
    ...part("remedies", used.length === 0 ? ["none: every failure only alerts."] : steps),
    ...(used.length === 0 ? [] : part("guards", guardLines(plan.guards))),
    ...told("report", reportLines(plan)),
    ...told("after", afterLines(plan.after)),
  ];
}

function variableLines(asked: ReadonlyMap<string, boolean>): readonly OutputLine[] {
  if (asked.size === 0) return [];
  const unset = [...asked].filter(([, isSet]) => !isSet).map(([name]) => name);
  const stood = unset.length === 0 ? "" : ` (not set here, so a stand-in was used: ${unset.join(", ")})`;
  return [line(""), line(`needs in the step's env: ${[...asked.keys()].join(", ")}${stood}`)];
}

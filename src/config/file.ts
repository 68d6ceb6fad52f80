import type { Plan } from "../core/check.ts";
import { cutText } from "../core/cut.ts";
import type { Mistake } from "../problem.ts";
import { parseConfigDocument } from "./document.ts";
import type { Placed } from "./document.ts";
import type { Environment } from "./environment.ts";
import { explainIssues } from "./explain.ts";
import { checkFile } from "./file-rules.ts";
import { lintConfig } from "./lint.ts";
import { planOf } from "./plan.ts";
import { createFindings } from "./raw.ts";
import { fileSchema } from "./schema.ts";

const MOST_CHARACTERS = 256 * 1024;
const MOST_MISTAKES = 100;
const LONGEST_SENTENCE = 2_000;

export type ReadConfig = { readonly warnings: readonly Mistake[] } & (
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }
);

/**
 * Reads a config file: its plan with all defaults, or every mistake in it, in file order with line and column
 * (both from 1); and what can be used but hardly be meant. `$NAME` comes from `env`. Never throws, whatever the text holds.
 */
export function readConfig({
  text,
  file,
  env,
}: {
  readonly text: string;
  /** The file's path, for messages. */
  readonly file: string;
  readonly env: Environment;
}): ReadConfig {
  if (text.length > MOST_CHARACTERS) {
    const message = `the config file has ${text.length} characters, at most ${MOST_CHARACTERS} are read`;
    return { ok: false, mistakes: [{ message, at: { file, line: 1, column: 1 } }], warnings: [] };
  }
  const document = parseConfigDocument({ text: text.replace(/^\uFEFF/, ""), file });
  const findings = createFindings(document);
  const result = fileSchema.safeParse(document.value);
  if (!result.success) explainIssues(result.error.issues, { document, findings });
  checkFile(document, { findings, env });

  const places = new Set(document.mistakes.map(placeText));
  const further = findings.mistakes.filter(
    (mistake) => document.isReliable(mistake) && !places.has(placeText(mistake)),
  );
  const mistakes = [...document.mistakes, ...further];
  if (result.success && mistakes.length === 0) {
    const lineOf = (check: string): number => document.placeOfKey(["checks", check]).line;
    const plan = planOf(result.data, { env, path: file, lineOf });
    return { ok: true, plan, warnings: limited(lintConfig(document, plan), "warnings") };
  }
  const sorted = [...mistakes].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return {
    ok: false,
    mistakes: limited(sorted, "mistakes"),
    warnings: limited(lintConfig(document), "warnings"),
  };
}

function limited(all: readonly Mistake[], what: string): readonly Mistake[] {
  const left = all.length - MOST_MISTAKES;
  const kept = all.slice(0, MOST_MISTAKES).map(inOneLine);
  return left > 0 ? [...kept, { message: `and ${left} more ${what}` }] : kept;
}

/** Names of the file's own may hold line ends and be as long as the file. */
function inOneLine({ message, hint, at }: Mistake): Mistake {
  return {
    message: lineOf(message),
    ...(hint === undefined ? {} : { hint: lineOf(hint) }),
    ...(at === undefined ? {} : { at }),
  };
}

function lineOf(text: string): string {
  return cutText(text.toWellFormed(), LONGEST_SENTENCE).replaceAll(/[\n\v\f\r\u0085\u2028\u2029]+/g, " ");
}

function placeText({ at }: Placed): string {
  return `${at.line}:${at.column}`;
}

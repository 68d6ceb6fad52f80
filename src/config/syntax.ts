import type { ErrorCode } from "yaml";
import type { Mistake } from "../problem.ts";

/** The parts of a YAML error that its sentence is made of. */
interface SyntaxError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [number, number];
}

const QUOTE =
  'quote the whole value: inside {} and [] YAML splits at , [ ] { } and elsewhere at ": " and " #"';

/** Errors after which the rest of the tree is still what the user meant. */
const HARMLESS: readonly ErrorCode[] = ["TAG_RESOLVE_FAILED", "MULTIPLE_DOCS", "BAD_SCALAR_START"];

export function isHarmless(error: SyntaxError): boolean {
  return HARMLESS.includes(error.code);
}

/** A YAML error in our words; `isSplit`: it is about one unquoted value of one line. */
export function syntaxMistake(
  error: SyntaxError,
  source: string,
): { readonly mistake: Mistake; readonly isSplit: boolean } {
  const mistake = mistakeOf(error, source);
  return { mistake, isSplit: mistake.hint === QUOTE };
}

function mistakeOf(error: SyntaxError, source: string): Mistake {
  const [at] = error.pos;
  const line = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
  const here = source[at] ?? "";
  switch (error.code) {
    case "UNEXPECTED_TOKEN":
    case "MISSING_CHAR":
    case "BAD_INDENT":
      if (/[[{]/.test(line) && here !== "" && here !== "\n") {
        return { message: `YAML splits this value at "${here}"`, hint: QUOTE };
      }
      return {
        message: error.message.startsWith("Flow ")
          ? "a [ or { above is not closed"
          : `YAML: ${sentence(error.message)}`,
        hint: "check the brackets, quotes and indentation here and on the line above",
      };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "BLOCK_IN_FLOW":
      return { message: 'YAML reads the ": " in this value as a mapping', hint: QUOTE };
    case "BAD_SCALAR_START":
      return { message: `a value cannot start with ${here}`, hint: QUOTE };
    case "TAB_AS_INDENT":
      return { message: "YAML does not take tabs as indentation", hint: "indent with spaces" };
    case "MULTIPLE_DOCS":
      return { message: 'the file holds more than one document ("---")', hint: "keep one" };
    case "RESOURCE_EXHAUSTION":
      return {
        message: "the file is nested too deeply to be read",
        hint: "nothing in it needs so many levels",
      };
    default:
      return { message: `YAML: ${sentence(error.message)}` };
  }
}

function sentence(message: string): string {
  return message.replaceAll(/\s+/g, " ").slice(0, 160).trim();
}

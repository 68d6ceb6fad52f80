import { didYouMean } from "./suggest.ts";

/** What a status update can be filled with, besides what checks measured. */
export const PLACEHOLDERS = [
  "service",
  "commit",
  "day",
  "deployment",
  "uptime",
  "groups",
  "metrics",
  "issues",
  "actions",
  "next check",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A part of a line of a template. */
export type TemplatePiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: Placeholder }
  /** The latest value of a check's subject. */
  | {
      readonly kind: "value";
      readonly check: string;
      readonly subject: string;
      /** In the template, from 1. */
      readonly column: number;
    };

export interface TemplateMistake {
  /** In the template, from 1. */
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** A template line by line, and everything in it that cannot be filled. */
export interface Template {
  readonly lines: readonly (readonly TemplatePiece[])[];
  readonly mistakes: readonly TemplateMistake[];
}

/** The status update of a team that has none of its own. */
export const BUILT_IN_TEMPLATE = `{service} Deployment Status - Day {day}

Deployment: {deployment}
Uptime: {uptime}
{groups}

Metrics:
{metrics}

Issues:
{issues}

Actions:
{actions}

Next check: {next check}`;

/** A doubled brace stands for itself. */
const PARTS = /\{\{|\}\}|\{([^{}\n]*)(\}?)/g;
const BRACE = "write {{ for a brace that is only a brace";

/**
 * A team's own status update: text with `{placeholder}` and `{check.<name>.<subject>}`, and nothing to evaluate.
 * `checks` are the names of the checks it may ask.
 */
export function parseTemplate(text: string, checks: readonly string[]): Template {
  const mistakes: TemplateMistake[] = [];
  let start = 1;
  const lines = text.split("\n").map((line) => {
    const pieces: TemplatePiece[] = [];
    let end = 0;
    for (const part of line.matchAll(PARTS)) {
      const [whole, name, closing] = part;
      pieces.push({ kind: "text", text: line.slice(end, part.index) });
      end = part.index + whole.length;
      if (name === undefined) {
        pieces.push({ kind: "text", text: whole.charAt(0) });
        continue;
      }
      const piece = closing === "" ? notClosed(whole) : pieceOf(name.trim(), checks);
      const column = start + part.index;
      if (!("kind" in piece)) mistakes.push({ ...piece, column });
      else pieces.push(piece.kind === "value" ? { ...piece, column } : piece);
    }
    pieces.push({ kind: "text", text: line.slice(end) });
    start += line.length + 1;
    return pieces.filter((piece) => piece.kind !== "text" || piece.text !== "");
  });
  return { lines, mistakes };
}

type Unfit = Omit<TemplateMistake, "column">;

function notClosed(start: string): Unfit {
  return { message: `"${start.slice(0, 60).trimEnd()}" is not closed`, hint: `add }, or ${BRACE}` };
}

type Named =
  | Exclude<TemplatePiece, { readonly kind: "value" }>
  | Omit<Extract<TemplatePiece, { readonly kind: "value" }>, "column">;

function pieceOf(name: string, checks: readonly string[]): Named | Unfit {
  const known = PLACEHOLDERS.find((one) => one === name);
  if (known !== undefined) return { kind: "placeholder", name: known };
  const [, rest] = /^check\.(.*)$/.exec(name) ?? [];
  if (rest !== undefined) return valueOf(rest, checks);
  const all = `use ${PLACEHOLDERS.map((one) => `{${one}}`).join(", ")} or {check.<name>.<subject>}; ${BRACE}`;
  return {
    message: `a status update has nothing called {${name.slice(0, 60)}}`,
    hint: didYouMean(name, PLACEHOLDERS) ?? all,
  };
}

/** Names may hold dots, so the longest one that fits is meant. */
function valueOf(rest: string, checks: readonly string[]): Named | Unfit {
  const [check] = checks
    .filter((one) => rest === one || rest.startsWith(`${one}.`))
    .toSorted((a, b) => b.length - a.length);
  if (check === undefined) {
    const name = rest.split(".")[0] ?? rest;
    return {
      message: `there is no check "${name.slice(0, 60)}" to tell of`,
      hint: didYouMean(name, checks) ?? `checks here: ${checks.slice(0, 20).join(", ")}`,
    };
  }
  const subject = rest.slice(check.length + 1);
  if (subject === "")
    return {
      message: `{check.${check}} names no subject`,
      hint: `write {check.${check}.<subject>}, with a subject of the check`,
    };
  return { kind: "value", check, subject };
}

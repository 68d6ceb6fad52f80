import type * as z from "zod";
import type { Mistake } from "../problem.ts";
import type { ConfigDocument, Path, Placed } from "./document.ts";

/** A mapping as the file has it, of which nothing is known yet. */
export type Raw = Readonly<Record<string, unknown>>;

/** The value as a mapping; empty when it is none. */
export function mapping(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

/** The value at a path; `undefined` where there is none. */
export function rawAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return here;
}

/** The value in the schema's output form if it is valid there. */
export function valid<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}

/** A path as messages name it: `checks.health.pass[1]`. */
export function keyText(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}

/** `a, b or c`. */
export function choiceText(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** Something the user wrote, shown in a message: cut, never a secret. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return "something else";
  const text = value.replaceAll(/\s+/g, " ");
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

export interface Saying {
  readonly hint?: string | undefined;
  /** Point at the key, not at its value. */
  readonly isKey?: boolean;
  /** Point into a text, column from 1. */
  readonly column?: number | undefined;
  readonly needsWhole?: boolean;
}

/** More than anybody reads: what comes after costs no more time. */
const MOST_KEPT = 1_000;

/** Collects mistakes with their places, at most 1000. */
export interface Findings {
  readonly mistakes: readonly Placed[];
  /** Nothing more is taken. */
  isFull(): boolean;
  say(path: Path, message: string, saying?: Saying): void;
}

export function createFindings(
  document: Pick<ConfigDocument, "placeOf" | "placeOfKey" | "placeInside">,
): Findings {
  const mistakes: Placed[] = [];
  return {
    mistakes,
    isFull: () => mistakes.length >= MOST_KEPT,
    say(path, message, { hint, isKey, column, needsWhole } = {}) {
      if (mistakes.length >= MOST_KEPT) return;
      const at =
        isKey === true
          ? document.placeOfKey(path)
          : column === undefined
            ? document.placeOf(path)
            : document.placeInside(path, column);
      const isSaid = mistakes.some(
        (one) => one.message === message && one.at.line === at.line && one.at.column === at.column,
      );
      if (isSaid) return;
      const mistake: Mistake = { message, ...(hint === undefined ? {} : { hint }) };
      mistakes.push({ ...mistake, at, ...(needsWhole === true ? { needsWhole } : {}) });
    },
  };
}

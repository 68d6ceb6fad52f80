import type { Pattern } from "./source.ts";
import { captureText, safeRegex, searchText } from "./regex.ts";

// Colours and other terminal escapes: CSI sequences, closed OSC strings, character sets, two-character escapes.
const ANSI =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-_])/g;

/** The text of a line without terminal colours. */
export function plainText(message: string): string {
  return message.includes("\u001b") || message.includes("\u009b") ? message.replace(ANSI, "") : message;
}

/** How a pattern is shown: as the user wrote it. */
export function patternText(pattern: Pattern): string {
  return pattern.kind === "text" ? pattern.text : `/${pattern.source}/${pattern.flags}`;
}

/** A pattern ready to be searched for; `cut`: the text was longer than what is searched, so "not found" is no proof. */
export interface Matcher {
  readonly label: string;
  readonly search: (message: string) => { readonly found: boolean; readonly cut: boolean };
}

/** How a pattern of a group is shown. */
export function labelOf(pattern: Pattern, group: string): string {
  return group === "" ? patternText(pattern) : `${group}: ${patternText(pattern)}`;
}

/** The matcher of a pattern; the label names its group. */
export function matcherOf(pattern: Pattern, group: string): Matcher {
  const label = labelOf(pattern, group);
  if (pattern.kind === "text")
    return { label, search: (message) => ({ found: message.includes(pattern.text), cut: false }) };
  const regex = safeRegex(pattern.source, pattern.flags);
  // The configuration was refused already if it does not parse.
  if (typeof regex === "string") return { label, search: () => ({ found: false, cut: true }) };
  return { label, search: (message) => searchText(regex, message) };
}

/** What the named groups of a pattern hold in a text, and how they are called. */
export interface Capturer {
  readonly names: readonly string[];
  /** Undefined where the pattern is not found. */
  readonly read: (message: string) => { readonly [name: string]: string | undefined } | undefined;
}

/** The capturer of a pattern; plain text captures nothing. */
export function capturerOf(pattern: Pattern): Capturer {
  const regex = pattern.kind === "text" ? "" : safeRegex(pattern.source, pattern.flags);
  if (pattern.kind === "text" || typeof regex === "string") return { names: [], read: () => undefined };
  // An empty alternative is always found, and tells the names of all groups.
  const groups = new RegExp(`${pattern.source}|`, pattern.flags).exec("")?.groups ?? {};
  return { names: Object.keys(groups), read: (message) => captureText(regex, message) };
}

/** Render's levels; anything else counts as info (render-api.md 5.1). */
const LEVELS = new Set(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]);

/** A line's level as the configuration names it. */
export function levelOf(level: string): string {
  const lower = level.toLowerCase();
  return LEVELS.has(lower) ? lower : "info";
}

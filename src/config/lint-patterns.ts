import type { Check } from "../core/check.ts";
import type { LogsSource, Pattern } from "../core/source.ts";
import { matcherOf, patternText } from "../core/log-match.ts";
import type { Path } from "./document.ts";
import { deadReason } from "./lint-regex.ts";
import { keyText, rawAt } from "./raw.ts";
import type { Findings } from "./raw.ts";

/** A pattern with its place in the file. */
export interface PlacedPattern {
  readonly pattern: Pattern;
  readonly place: Path;
  readonly verb: "require" | "forbid" | "count" | "span" | "inside";
}

/** Every pattern of a check. `value` is the file's. */
export function patternsOf({ name, source }: Check, value: unknown): readonly PlacedPattern[] {
  if (source.kind !== "logs" && source.kind !== "source") return [];
  const path = ["checks", name, source.kind];
  const listed = (["require", "forbid"] as const).flatMap((verb) => {
    const isList = Array.isArray(rawAt(value, [...path, verb]));
    return source[verb].flatMap((group) =>
      group.patterns.map((pattern, index) => ({
        pattern,
        place: [...path, verb, ...(isList ? [] : [group.name]), index],
        verb,
      })),
    );
  });
  return source.kind === "source" ? listed : [...listed, ...furtherOf(source, path)];
}

function furtherOf({ count, span, inside }: LogsSource, path: Path): readonly PlacedPattern[] {
  return [
    ...(count === undefined
      ? []
      : [{ pattern: count.pattern, place: [...path, "count"], verb: "count" as const }]),
    ...(span === undefined
      ? []
      : [span.start, span.end].map((pattern, index) => ({
          pattern,
          place: [...path, "span", index],
          verb: "span" as const,
        }))),
    ...inside.map((pattern, index) => ({
      pattern,
      place: [...path, "inside", index],
      verb: "inside" as const,
    })),
  ];
}

/** Warns of patterns that match every line or none, and of such that are meant as something else. */
export function lintPatterns(
  check: Check,
  { value, findings }: { readonly value: unknown; readonly findings: Findings },
): void {
  const seen = new Set<string>();
  for (const { pattern, place, verb } of patternsOf(check, value)) {
    const text = `${verb} ${patternText(pattern)}`;
    if ((verb === "require" || verb === "forbid") && seen.has(text)) {
      findings.say(place, `${shown(pattern)} stands twice under ${verb}`);
    }
    seen.add(text);
    const isOfLines = check.source.kind === "logs";
    if (pattern.kind === "text") lintText(pattern.text, { place, isOfLines, findings });
    else if (isOfLines) lintExpression(pattern, { place, verb, findings });
  }
}

function shown(pattern: Pattern): string {
  const text = patternText(pattern).replaceAll(/\s+/g, " ");
  return pattern.kind === "text" ? `"${text}"` : text;
}

function lintText(
  text: string,
  {
    place,
    isOfLines,
    findings,
  }: { readonly place: Path; readonly isOfLines: boolean; readonly findings: Findings },
): void {
  if (isOfLines && /[\r\n]/.test(text)) {
    findings.say(place, `"${text.replaceAll(/\s+/g, " ")}" can match no line: it holds a line break`, {
      hint: "write it in quotes on one line, or one pattern for each line",
    });
    return;
  }
  if (/^\^\w|\.[*+]|\\[dws](?![a-z])|\[[^\]]*\][*+]/i.test(text)) {
    findings.say(place, `"${text}" is looked for as it stands, though it looks like a regular expression`, {
      hint: `if it is one, write "/${text}/"`,
    });
  }
}

/** Lines as unlike as can be: what matches all of them is no pattern. */
const ANY_LINES = ["~", "Q", "7", " ", "é"];

function lintExpression(
  pattern: Extract<Pattern, { readonly kind: "pattern" }>,
  {
    place,
    verb,
    findings,
  }: { readonly place: Path; readonly verb: PlacedPattern["verb"]; readonly findings: Findings },
): void {
  const dead = deadReason(pattern.source);
  if (dead !== undefined) {
    const what = dead.isWhole ? "can match no line" : "has an alternative that can match no line";
    findings.say(place, `${shown(pattern)} ${what}: ${dead.reason}`, {
      hint: dead.reason.includes("$") ? "write \\$ for the character itself" : undefined,
    });
    return;
  }
  const { search } = matcherOf(pattern, "");
  if (!ANY_LINES.every((line) => search(line).found)) return;
  const effect = verb === "forbid" ? "every line is a match" : "any line will do";
  findings.say(place, `${shown(pattern)} matches every line of text, so ${effect}`, {
    hint: /\|\||\|$|^\||\|\)|\(\|/.test(pattern.source) ? "one of its alternatives is empty" : undefined,
  });
}

/** More than any runbook has; each pair is a search. */
const MOST_PAIRS = 100_000;

/** Warns when what one check wants is what another (or the same) forbids in the same logs. */
export function lintAgainst(
  checks: readonly Check[],
  { value, findings }: { readonly value: unknown; readonly findings: Findings },
): void {
  const placed = checks.flatMap((check) =>
    patternsOf(check, value).map((one) => ({ ...one, check, source: check.source })),
  );
  const wanted = placed.filter(({ verb, pattern }) => verb === "require" && pattern.kind === "text");
  const forbidden = placed.filter(({ verb }) => verb === "forbid");
  if (wanted.length * forbidden.length > MOST_PAIRS) return;
  for (const { pattern, check, source, place } of forbidden) {
    const { search } = matcherOf(pattern, "");
    const hit = wanted.find(
      (one) =>
        readsSame(one.source, source) &&
        search(patternText(one.pattern)).found &&
        // Not only at the edge of a line: what stands around it is not known.
        search(`x ${patternText(one.pattern)} x`).found,
    );
    if (hit === undefined) continue;
    const whose = hit.check.name === check.name ? "it" : `check "${hit.check.name}"`;
    findings.say(place, `${shown(pattern)} forbids what ${whose} requires: ${shown(hit.pattern)}`, {
      hint: `see ${keyText(hit.place)}`,
    });
  }
}

/** Whether a line that the first reads is read by the second too. */
function readsSame(one: Check["source"], other: Check["source"]): boolean {
  if (one.kind === "source" && other.kind === "source") return one.glob === other.glob;
  if (one.kind !== "logs" || other.kind !== "logs" || one.type !== other.type) return false;
  return (
    other.levels.length === 0 ||
    (one.levels.length > 0 && one.levels.every((level) => other.levels.includes(level)))
  );
}

import type { CheckResult } from "../../core/outcome.ts";
import type { Verdict } from "../../core/check.ts";
import { CHECK_WORDS } from "../checks-table.ts";
import { markup, type Markup } from "./markup.ts";

type Kind = Verdict | CheckResult["verdict"];

/** One drawing for each meaning, so that none rests on colour alone. */
export const ICONS: Markup = markup`<svg class="sprite" aria-hidden="true">
<symbol id="i-pass" viewBox="0 0 16 16"><path d="M3 8.5l3.2 3.2L13 5"/></symbol>
<symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 2.5v7M8 12.8v.2"/></symbol>
<symbol id="i-fail" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8"/></symbol>
<symbol id="i-unknown" viewBox="0 0 16 16"><path d="M5.2 5.6a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2M8 12.8v.2"/></symbol>
<symbol id="i-none" viewBox="0 0 16 16"><path d="M3.5 8h9"/></symbol>
</svg>`;

/** The class that colours a verdict; those that judge nothing are neutral. */
export function toneOf(kind: Kind): "pass" | "warn" | "fail" | "unknown" | "none" {
  return kind === "superseded" || kind === "skipped" || kind === "not-applied" ? "none" : kind;
}

/** The drawing of a verdict. */
export function icon(kind: Kind): Markup {
  return markup`<svg class="icon" aria-hidden="true"><use href="#i-${toneOf(kind)}"/></svg>`;
}

/** A verdict as a word in its colour with its drawing. */
export function badge(kind: Kind): Markup {
  const word = kind in CHECK_WORDS ? CHECK_WORDS[kind as CheckResult["verdict"]] : kind;
  return markup`<span class="badge ${toneOf(kind)}">${icon(kind)}${word}</span>`;
}

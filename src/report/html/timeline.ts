import type { Outcome } from "../../core/outcome.ts";
import { durationWords } from "../../core/quantity.ts";
import { factsOf } from "../facts.ts";
import { excerpt } from "../text.ts";
import { dateTimeText } from "../time.ts";
import { otherNotes } from "../title.ts";
import { anchor, fitted, markup, type Markup, missingNote, NOTHING } from "./markup.ts";

function sinceText(at: number, liveAt: number): string {
  return at < liveAt
    ? `${durationWords(liveAt - at)} before live`
    : at === liveAt
      ? "live"
      : `live + ${durationWords(at - liveAt)}`;
}

/** Every moment of the run, oldest first, each with its distance from live. */
export function timelinePart(outcome: Outcome, maxBytes: number): Markup {
  const { timeline, liveAt } = outcome;
  if (timeline.length === 0) return NOTHING;
  const { kept, missing } = fitted(timeline, maxBytes, ({ at, event }) => {
    const since = liveAt === undefined ? NOTHING : markup`<span class="soft">${sinceText(at, liveAt)}</span>`;
    return markup`<li><span class="time">${dateTimeText(at)}</span>${since}<span>${excerpt(event, 400)}</span></li>`;
  });
  return markup`<section id="timeline"><h2>Timeline <small>UTC</small></h2><ol class="timeline">${kept}</ol>${missingNote(missing, "moments")}</section>`;
}

/** What the reader must know besides. */
export function notesPart(outcome: Outcome, maxBytes: number): Markup {
  const notes = otherNotes(outcome);
  if (notes.length === 0) return NOTHING;
  const { kept, missing } = fitted(notes, maxBytes, (note) => markup`<li>${excerpt(note, 600)}</li>`);
  return markup`<section id="notes"><h2>Notes</h2><ul>${kept}</ul>${missingNote(missing, "notes")}</section>`;
}

/** The deploy's own facts, the mode, and what the run asked of the platforms. */
export function factsPart(outcome: Outcome): Markup {
  const rows = factsOf(outcome).map(({ label, text, url, isCode }) => {
    const value = isCode === true ? markup`<code>${text}</code>` : anchor(text, url);
    return markup`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  });
  return markup`<section id="facts"><h2>Facts</h2><dl class="card facts">${rows}</dl></section>`;
}

import type { Evidence } from "../../core/check.ts";
import type { Outcome } from "../../core/outcome.ts";
import { evidenceTime, worstFirst } from "../evidence.ts";
import { amountText, cleanText, cut, excerpt } from "../text.ts";
import type { clockText } from "../time.ts";
import { fitted, markup, type Markup, missingNote, NOTHING } from "./markup.ts";

const MOST_PIECES = 40;
const LONGEST = 2000;

function piece({ at, from, text }: Evidence, timeText: typeof clockText): Markup {
  const head = [
    ...(at === undefined ? [] : [timeText(at)]),
    ...(from === undefined || from === "" ? [] : [excerpt(from, 80)]),
  ];
  const label = head.length === 0 ? NOTHING : markup`<p class="soft">${head.join(" · ")}</p>`;
  return markup`<li>${label}<pre>${cut(cleanText(text).trimEnd(), LONGEST)}</pre></li>`;
}

interface Kept {
  readonly title: string;
  readonly evidence: readonly Evidence[];
}

function fold({ title, evidence }: Kept, timeText: typeof clockText): Markup {
  const shown = evidence.slice(0, MOST_PIECES);
  const missing = evidence.length - shown.length;
  const more = missing === 0 ? NOTHING : markup`<li class="soft">… and ${missing} more</li>`;
  return markup`<details class="card"><summary>${title} <span class="soft">${amountText(evidence.length, "piece")}</span></summary><ol class="pieces">${shown.map((one) => piece(one, timeText))}${more}</ol></details>`;
}

/** Log lines, rows and responses, folded: Render's own last words first, then those of each check, worst first. */
export function evidencePart(outcome: Outcome, maxBytes: number): Markup {
  const all: readonly Kept[] = [
    { title: "What Render said about the deploy", evidence: outcome.deployEvidence },
    ...worstFirst(outcome.checks).flatMap(({ name, evidence, diagnosis }) => [
      { title: `Evidence of ${excerpt(name, 100)}`, evidence },
      { title: `Diagnosis of ${excerpt(name, 100)}`, evidence: diagnosis },
    ]),
  ];
  const folds = all.filter(({ evidence }) => evidence.length > 0);
  const spots = outcome.spots.slice(0, 50).map(({ path, line, message, check }) => {
    return markup`<li><code>${excerpt(path, 200)}:${line}</code> ${excerpt(message, 300)} <span class="soft">${excerpt(check, 100)}</span></li>`;
  });
  if (folds.length + spots.length === 0) return NOTHING;
  const { kept, missing } = fitted(folds, maxBytes, (one) => fold(one, evidenceTime(outcome)));
  const named =
    spots.length === 0 ? NOTHING : markup`<h3>Source lines it names</h3><ul class="plain">${spots}</ul>`;
  return markup`<section id="evidence"><h2>Evidence</h2>${kept}${missingNote(missing, "parts of the evidence")}${named}</section>`;
}

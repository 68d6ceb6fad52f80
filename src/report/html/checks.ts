import type { CheckResult, Outcome } from "../../core/outcome.ts";
import type { Line } from "../../core/condition.ts";
import { durationWords } from "../../core/quantity.ts";
import { coverageLines } from "../coverage.ts";
import { hasStages } from "../checks-table.ts";
import { worstFirst } from "../evidence.ts";
import { isConcern, lineColumns, samplesText } from "../line.ts";
import { amountText, cut, excerpt, oneLine, withStop } from "../text.ts";
import { dateTimeText } from "../time.ts";
import { badge } from "./badge.ts";
import { addressed, fitted, markup, type Markup, missingNote, NOTHING } from "./markup.ts";

const MOST_LINES = 20;

/** Whether a line speaks for the check, against it, or not at all. */
function lineWord({ holds, tier }: Line): Markup {
  if (holds === null) return NOTHING;
  const isGood = holds === (tier === "pass");
  return markup` <span class="${isGood ? "pass" : tier === "warn" ? "warn" : "fail"}">${holds ? "holds" : "does not hold"}</span>`;
}

function conditionsCell(lines: readonly Line[], conditions: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING;
  const items = lines.slice(0, MOST_LINES).map((line, index) => {
    return markup`<li><code>${cut(conditions[index] ?? "", 400)}</code>${lineWord(line)}</li>`;
  });
  const missing = lines.length - items.length;
  const more = missing === 0 ? NOTHING : markup`<li>… and ${missing} more</li>`;
  return markup`<ul class="plain">${items}${more}</ul>`;
}

function moreRow(check: CheckResult): Markup {
  if (!isConcern(check)) return NOTHING;
  const hint =
    oneLine(check.hint ?? "") === ""
      ? NOTHING
      : markup` <b>Hint:</b> ${addressed(cut(oneLine(check.hint ?? ""), 600))}`;
  return markup`<tr class="more" role="row"><td role="cell"></td><td role="cell" colspan="4">${withStop(excerpt(check.reason, 800))}${hint}</td></tr>`;
}

function checkRows(check: CheckResult, withStage: boolean): Markup {
  const lines = check.finding?.lines ?? [];
  const { values, conditions } = lineColumns(lines);
  const place = [
    excerpt(check.source, 40),
    ...(withStage && check.stage !== undefined ? [`stage ${excerpt(check.stage, 60)}`] : []),
    ...(check.line === undefined ? [] : [`line ${check.line}`]),
    ...(check.onFail === "alert" ? [] : [`on fail: ${excerpt(check.onFail, 60)}`]),
  ];
  const measured =
    values.length > 0
      ? markup`<ul class="plain">${values.slice(0, MOST_LINES).map((value) => markup`<li><code>${cut(value, 400)}</code></li>`)}</ul>`
      : isConcern(check)
        ? markup`<span class="soft">nothing to compare</span>`
        : markup`${excerpt(check.reason, 400)}`;
  return markup`<tbody role="rowgroup"><tr role="row"><td role="cell" data-label="Verdict">${badge(check.verdict)}</td><th scope="row" role="rowheader">${excerpt(check.name, 100)}<small>${place.map((word) => markup`<span>${word}</span> `)}</small></th><td role="cell" data-label="Measured">${measured}</td><td role="cell" data-label="Conditions">${conditionsCell(lines, conditions)}</td><td role="cell" data-label="Samples">${samplesText(check)}</td></tr>${moreRow(check)}</tbody>`;
}

/** Every check, worst first: verdict, measured values, conditions with their baselines, samples, and what to do. */
export function checksPart(outcome: Outcome, maxBytes: number): Markup {
  const { checks } = outcome;
  if (checks.length === 0) return NOTHING;
  const withStage = hasStages(checks);
  const { kept, missing } = fitted(worstFirst(checks), maxBytes, (check) => checkRows(check, withStage));
  return markup`<section id="checks"><h2>Checks</h2><div class="card flush"><table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Check</th><th scope="col" role="columnheader">Measured</th><th scope="col" role="columnheader">Conditions</th><th scope="col" role="columnheader">Samples</th></tr></thead>${kept}</table></div>${missingNote(missing, "checks")}</section>`;
}

function namesOf(checks: readonly CheckResult[]): string {
  const names = checks.slice(0, 10).map((check) => `"${excerpt(check.name, 60)}"`);
  const more = checks.length - names.length;
  return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}

/** How much of the watch was seen: each stage with its window, all samples, and the checks that say nothing. */
export function coveragePart(outcome: Outcome): Markup {
  const { checks, stages } = outcome;
  if (checks.length === 0) return NOTHING;
  const rows = stages.slice(0, 50).map(({ name, from, to, verdict }) => {
    return markup`<tr role="row"><td role="cell" data-label="Verdict">${badge(verdict)}</td><th scope="row" role="rowheader">${excerpt(name, 60)}</th><td role="cell" data-label="Window">${dateTimeText(from)} to ${dateTimeText(to)} UTC, ${durationWords(to - from)}</td></tr>`;
  });
  const table =
    rows.length === 0
      ? NOTHING
      : markup`<div class="card flush"><table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Stage</th><th scope="col" role="columnheader">Window</th></tr></thead>${rows.map((row) => markup`<tbody role="rowgroup">${row}</tbody>`)}</table></div>`;
  const idle = checks.filter((check) => check.verdict === "not-applied");
  const unmeasured = checks.filter(
    (check) => !idle.includes(check) && (!check.measured || check.verdict === "unknown"),
  );
  const samples = checks.reduce((sum, check) => sum + check.samples, 0);
  const errors = checks.reduce((sum, check) => sum + check.errors, 0);
  const measured = checks.length - idle.length - unmeasured.length;
  const said = [
    `${measured} of ${amountText(checks.length, "check")} measured enough to be judged, ${samplesText({ samples, errors })}.`,
    ...(unmeasured.length === 0 ? [] : [`Not enough was measured of ${namesOf(unmeasured)}.`]),
    ...(idle.length === 0 ? [] : [`Not judged: ${namesOf(idle)}.`]),
  ];
  const seen = coverageLines(outcome).map((line) => markup`<li>${line}</li>`);
  const looks = seen.length === 0 ? NOTHING : markup`<ul>${seen}</ul>`;
  return markup`<section id="coverage"><h2>Coverage</h2>${table}<p>${said.join(" ")}</p>${looks}</section>`;
}

import type { Outcome } from "../../core/outcome.ts";
import { durationWords } from "../../core/quantity.ts";
import { isDrawable } from "../axis.ts";
import { worstFirst } from "../evidence.ts";
import { type Drawn, isUneventful, seriesFacts, unitOfSeries } from "../series-chart.ts";
import { amountText, excerpt } from "../text.ts";
import { thinned } from "../thin.ts";
import { clockText, dateTimeText } from "../time.ts";
import { valueText } from "../value.ts";
import { badge } from "./badge.ts";
import { levelLines, seriesSvg } from "./chart.ts";
import { fitted, markup, type Markup, missingNote, NOTHING } from "./markup.ts";

const MOST_ROWS = 120;

function numbersTable({ series }: Drawn, liveAt: number | undefined): Markup {
  const rows = thinned(series.points, MOST_ROWS);
  const unit = unitOfSeries(series);
  const title =
    rows.length === series.points.length
      ? amountText(rows.length, "number")
      : `${amountText(rows.length, "number")} of ${series.points.length}, the lowest and the highest of each stretch`;
  const since = liveAt === undefined ? NOTHING : markup`<th scope="col">After live</th>`;
  return markup`<details><summary>${title}</summary><div class="scroll" tabindex="0" role="group" aria-label="Numbers"><table class="numbers"><thead><tr><th scope="col">Time (UTC)</th>${since}<th scope="col">${excerpt(series.subject, 100)}</th></tr></thead><tbody>${rows.map(
    ({ at, value }) => {
      const after = liveAt === undefined ? NOTHING : markup`<td>${durationWords(at - liveAt)}</td>`;
      return markup`<tr><td>${dateTimeText(at)}</td>${after}<td>${valueText(value, unit)}</td></tr>`;
    },
  )}</tbody></table></div></details>`;
}

function figure(drawn: Drawn, outcome: Outcome, id: string): Markup {
  const { check, series } = drawn;
  const { stages, liveAt } = outcome;
  const [name, subject] = [excerpt(check.name, 100), excerpt(series.subject, 100)];
  const levels = levelLines(series);
  const facts = seriesFacts(series);
  const description = [facts, ...levels.map(({ words }) => words)].join("; ");
  const title = `${subject} of ${name} over the watch`;
  const legend = levels.map(({ kind, words }) => {
    return markup`<li><svg class="key" aria-hidden="true"><line class="level ${kind}" x1="0" x2="100%" y1="50%" y2="50%"/></svg>${words}</li>`;
  });
  return markup`<figure class="card"><figcaption><h3>${name} ${badge(check.verdict)}</h3><p class="soft"><code>${subject}</code></p></figcaption>${seriesSvg(series, { id, title, description, stages, liveAt })}<ul class="legend"><li><svg class="key" aria-hidden="true"><line class="measured" x1="0" x2="100%" y1="50%" y2="50%"/></svg>measured</li>${legend}</ul><p class="soft">${facts}.</p>${numbersTable(drawn, liveAt)}</figure>`;
}

/** What cannot be drawn is said. */
function sentence({ check, series }: Drawn): Markup {
  const [point] = series.points;
  const seen =
    series.points.length === 1 && point !== undefined
      ? `measured once, ${valueText(point.value, unitOfSeries(series))} at ${clockText(point.at)} UTC`
      : `${amountText(series.points.length, "point")} that cannot be drawn`;
  return markup`<li><b>${excerpt(check.name, 100)}</b> <code>${excerpt(series.subject, 100)}</code>: ${seen}</li>`;
}

/** Every measured series, worst checks first: drawn, folded where it never changed, or said where there is nothing to draw. */
export function seriesPart(outcome: Outcome, maxBytes: number): Markup {
  const all = worstFirst(outcome.checks).flatMap((check): readonly Drawn[] => {
    return check.series.filter(({ points }) => points.length > 0).map((series) => ({ check, series }));
  });
  if (all.length === 0) return NOTHING;
  const drawn = all.filter(({ series }) => isDrawable(series));
  const quiet = drawn.filter(isUneventful);
  const loud = drawn.filter((one) => !quiet.includes(one));
  const others = all.filter(({ series }) => !isDrawable(series)).slice(0, 50);
  const { kept, missing } = fitted([...loud, ...quiet], maxBytes, (one, index) =>
    figure(one, outcome, `s${index}`),
  );
  const folded = kept.slice(loud.length);
  const fold =
    folded.length === 0
      ? NOTHING
      : markup`<details class="quiet"><summary>The same throughout <span class="soft">${folded.length} series</span></summary><div class="figures">${folded}</div></details>`;
  const list = others.length === 0 ? NOTHING : markup`<ul class="plain">${others.map(sentence)}</ul>`;
  return markup`<section id="measured"><h2>Measured over the watch</h2><div class="figures">${kept.slice(0, loud.length)}</div>${fold}${missingNote(missing, "series")}${list}</section>`;
}

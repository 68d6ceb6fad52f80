import { Ct as ACTION_STATES, Et as actionName, G as thinned, H as isUneventful, J as timeAxis, K as isDrawable, Ot as nextWords, St as hasStages, U as seriesFacts, W as unitOfSeries, X as commitUrl, Y as valueAxis, Z as factsOf, an as samplesText, cn as worstFirst, dt as comingSentence, ft as coverageLines, it as isDefaultsOnly, kt as reasonWords, ln as clockText, nn as isConcern, ot as otherNotes, q as plainNumber, rn as lineColumns, rt as decisionSentence, sn as evidenceTime, un as dateTimeText, ut as verdictTitle, yt as CHECK_WORDS } from "./start.js";
import { $ as oneLine, G as amountText, H as valueText, J as cleanText, K as byteLength, Q as excerpt, X as cut, at as durationWords, et as shortSha, nt as withStop } from "./words.js";
// src/report/html/markup.ts
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;",
	"`": "&#96;"
};
function escaped(text) {
	return cleanText(text).replace(/[&<>"'`]/gu, (mark) => ENTITIES[mark] ?? "");
}
function shown(value) {
	if (value === void 0) return "";
	if (typeof value === "string") return escaped(value);
	if (typeof value === "number") return String(value);
	return "html" in value ? value.html : value.map((part) => part.html).join("");
}
function markup(strings, ...values) {
	return { html: strings.map((text, index) => text + shown(values[index])).join("") };
}
const NOTHING = { html: "" };
function anchor(text, url) {
	const label = oneLine(text);
	return url !== void 0 && /^https?:\/\/[!-~]{1,2000}$/u.test(url) ? markup`<a href="${url}" rel="noopener noreferrer">${label}</a>` : markup`${label}`;
}
function addressed(text) {
	const line = oneLine(text);
	return anchor(line, line);
}
function wordsMarkup(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return markup`${piece}`;
		if ("code" in piece) return markup`<code>${piece.code}</code>`;
		return "link" in piece ? anchor(piece.link, piece.url) : markup`${piece.text}`;
	});
}
function fitted(items, maxBytes, markupOf) {
	const kept = [];
	let bytes = 0;
	for (const [index, item] of items.entries()) {
		const part = markupOf(item, index);
		bytes += byteLength(part.html);
		if (bytes > maxBytes) break;
		kept.push(part);
	}
	return {
		kept,
		missing: items.length - kept.length
	};
}
function missingNote(missing, what) {
	return missing === 0 ? NOTHING : markup`<p class="soft">${missing} more ${what} left out for the size of this page; report.json has everything.</p>`;
}
// src/report/html/badge.ts
const ICONS = markup`<svg class="sprite" aria-hidden="true">
<symbol id="i-pass" viewBox="0 0 16 16"><path d="M3 8.5l3.2 3.2L13 5"/></symbol>
<symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 2.5v7M8 12.8v.2"/></symbol>
<symbol id="i-fail" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8"/></symbol>
<symbol id="i-unknown" viewBox="0 0 16 16"><path d="M5.2 5.6a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2M8 12.8v.2"/></symbol>
<symbol id="i-none" viewBox="0 0 16 16"><path d="M3.5 8h9"/></symbol>
</svg>`;
function toneOf(kind) {
	return kind === "superseded" || kind === "skipped" || kind === "not-applied" ? "none" : kind;
}
function icon(kind) {
	return markup`<svg class="icon" aria-hidden="true"><use href="#i-${toneOf(kind)}"/></svg>`;
}
function badge(kind) {
	const word = kind in CHECK_WORDS ? CHECK_WORDS[kind] : kind;
	return markup`<span class="badge ${toneOf(kind)}">${icon(kind)}${word}</span>`;
}
// src/report/html/checks.ts
const MOST_LINES = 20;
function lineWord({ holds, tier }) {
	if (holds === null) return NOTHING;
	return markup` <span class="${holds === (tier === "pass") ? "pass" : tier === "warn" ? "warn" : "fail"}">${holds ? "holds" : "does not hold"}</span>`;
}
function conditionsCell(lines, conditions) {
	if (lines.length === 0) return NOTHING;
	const items = lines.slice(0, MOST_LINES).map((line, index) => {
		return markup`<li><code>${cut(conditions[index] ?? "", 400)}</code>${lineWord(line)}</li>`;
	});
	const missing = lines.length - items.length;
	return markup`<ul class="plain">${items}${missing === 0 ? NOTHING : markup`<li>… and ${missing} more</li>`}</ul>`;
}
function moreRow(check) {
	if (!isConcern(check)) return NOTHING;
	const hint = oneLine(check.hint ?? "") === "" ? NOTHING : markup` <b>Hint:</b> ${addressed(cut(oneLine(check.hint ?? ""), 600))}`;
	return markup`<tr class="more" role="row"><td role="cell"></td><td role="cell" colspan="4">${withStop(excerpt(check.reason, 800))}${hint}</td></tr>`;
}
function checkRows(check, withStage) {
	const lines = check.finding?.lines ?? [];
	const { values, conditions } = lineColumns(lines);
	const place = [
		excerpt(check.source, 40),
		...withStage && check.stage !== void 0 ? [`stage ${excerpt(check.stage, 60)}`] : [],
		...check.line === void 0 ? [] : [`line ${check.line}`],
		...check.onFail === "alert" ? [] : [`on fail: ${excerpt(check.onFail, 60)}`]
	];
	const measured = values.length > 0 ? markup`<ul class="plain">${values.slice(0, MOST_LINES).map((value) => markup`<li><code>${cut(value, 400)}</code></li>`)}</ul>` : isConcern(check) ? markup`<span class="soft">nothing to compare</span>` : markup`${excerpt(check.reason, 400)}`;
	return markup`<tbody role="rowgroup"><tr role="row"><td role="cell" data-label="Verdict">${badge(check.verdict)}</td><th scope="row" role="rowheader">${excerpt(check.name, 100)}<small>${place.map((word) => markup`<span>${word}</span> `)}</small></th><td role="cell" data-label="Measured">${measured}</td><td role="cell" data-label="Conditions">${conditionsCell(lines, conditions)}</td><td role="cell" data-label="Samples">${samplesText(check)}</td></tr>${moreRow(check)}</tbody>`;
}
function checksPart(outcome, maxBytes) {
	const { checks } = outcome;
	if (checks.length === 0) return NOTHING;
	const withStage = hasStages(checks);
	const { kept, missing } = fitted(worstFirst(checks), maxBytes, (check) => checkRows(check, withStage));
	return markup`<section id="checks"><h2>Checks</h2><div class="card flush"><table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Check</th><th scope="col" role="columnheader">Measured</th><th scope="col" role="columnheader">Conditions</th><th scope="col" role="columnheader">Samples</th></tr></thead>${kept}</table></div>${missingNote(missing, "checks")}</section>`;
}
function namesOf(checks) {
	const names = checks.slice(0, 10).map((check) => `"${excerpt(check.name, 60)}"`);
	const more = checks.length - names.length;
	return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}
function coveragePart(outcome) {
	const { checks, stages } = outcome;
	if (checks.length === 0) return NOTHING;
	const rows = stages.slice(0, 50).map(({ name, from, to, verdict }) => {
		return markup`<tr role="row"><td role="cell" data-label="Verdict">${badge(verdict)}</td><th scope="row" role="rowheader">${excerpt(name, 60)}</th><td role="cell" data-label="Window">${dateTimeText(from)} to ${dateTimeText(to)} UTC, ${durationWords(to - from)}</td></tr>`;
	});
	const table = rows.length === 0 ? NOTHING : markup`<div class="card flush"><table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Stage</th><th scope="col" role="columnheader">Window</th></tr></thead>${rows.map((row) => markup`<tbody role="rowgroup">${row}</tbody>`)}</table></div>`;
	const idle = checks.filter((check) => check.verdict === "not-applied");
	const unmeasured = checks.filter((check) => !idle.includes(check) && (!check.measured || check.verdict === "unknown"));
	const samples = checks.reduce((sum, check) => sum + check.samples, 0);
	const errors = checks.reduce((sum, check) => sum + check.errors, 0);
	const said = [
		`${checks.length - idle.length - unmeasured.length} of ${amountText(checks.length, "check")} measured enough to be judged, ${samplesText({
			samples,
			errors
		})}.`,
		...unmeasured.length === 0 ? [] : [`Not enough was measured of ${namesOf(unmeasured)}.`],
		...idle.length === 0 ? [] : [`Not judged: ${namesOf(idle)}.`]
	];
	const seen = coverageLines(outcome).map((line) => markup`<li>${line}</li>`);
	const looks = seen.length === 0 ? NOTHING : markup`<ul>${seen}</ul>`;
	return markup`<section id="coverage"><h2>Coverage</h2>${table}<p>${said.join(" ")}</p>${looks}</section>`;
}
// src/report/html/evidence.ts
const MOST_PIECES = 40;
const LONGEST = 2e3;
function piece({ at, from, text }, timeText) {
	const head = [...at === void 0 ? [] : [timeText(at)], ...from === void 0 || from === "" ? [] : [excerpt(from, 80)]];
	return markup`<li>${head.length === 0 ? NOTHING : markup`<p class="soft">${head.join(" · ")}</p>`}<pre>${cut(cleanText(text).trimEnd(), LONGEST)}</pre></li>`;
}
function fold({ title, evidence }, timeText) {
	const shown = evidence.slice(0, MOST_PIECES);
	const missing = evidence.length - shown.length;
	const more = missing === 0 ? NOTHING : markup`<li class="soft">… and ${missing} more</li>`;
	return markup`<details class="card"><summary>${title} <span class="soft">${amountText(evidence.length, "piece")}</span></summary><ol class="pieces">${shown.map((one) => piece(one, timeText))}${more}</ol></details>`;
}
function evidencePart(outcome, maxBytes) {
	const folds = [{
		title: "What Render said about the deploy",
		evidence: outcome.deployEvidence
	}, ...worstFirst(outcome.checks).flatMap(({ name, evidence, diagnosis }) => [{
		title: `Evidence of ${excerpt(name, 100)}`,
		evidence
	}, {
		title: `Diagnosis of ${excerpt(name, 100)}`,
		evidence: diagnosis
	}])].filter(({ evidence }) => evidence.length > 0);
	const spots = outcome.spots.slice(0, 50).map(({ path, line, message, check }) => {
		return markup`<li><code>${excerpt(path, 200)}:${line}</code> ${excerpt(message, 300)} <span class="soft">${excerpt(check, 100)}</span></li>`;
	});
	if (folds.length + spots.length === 0) return NOTHING;
	const { kept, missing } = fitted(folds, maxBytes, (one) => fold(one, evidenceTime(outcome)));
	const named = spots.length === 0 ? NOTHING : markup`<h3>Source lines it names</h3><ul class="plain">${spots}</ul>`;
	return markup`<section id="evidence"><h2>Evidence</h2>${kept}${missingNote(missing, "parts of the evidence")}${named}</section>`;
}
// src/report/html/chart.ts
const HEIGHT = 180;
const MOST_POINTS = 400;
const MOST_DOTS = 60;
const LABEL_HEIGHT = 14;
function levelLines(series) {
	const unit = unitOfSeries(series);
	const limits = series.limits.map(({ tier, text, value }) => {
		return {
			kind: tier,
			value,
			words: `${tier}: ${excerpt(text, 120)}, at ${valueText(value, unit)}`
		};
	});
	const { baseline } = series;
	if (baseline === void 0) return limits;
	return [...limits, {
		kind: "baseline",
		value: baseline,
		words: `baseline, ${valueText(baseline, unit)}`
	}];
}
function fixed(value) {
	return Number(value.toFixed(2));
}
function middle(numbers) {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
function runsOf(points, stages) {
	const steps = points.map(({ at }, index) => ({
		length: at - (points[index - 1]?.at ?? at),
		stage: stages.findLastIndex(({ from }) => from <= at)
	}));
	const beats = new Map([-1, ...stages.keys()].map((stage) => {
		return [stage, middle(steps.filter((step, index) => index > 0 && step.stage === stage).map(({ length }) => length))];
	}));
	const runs = [];
	points.forEach((point, index) => {
		const { length = 0, stage = -1 } = steps[index] ?? {};
		if (index === 0 || length > (beats.get(stage) ?? 0) * 3) runs.push([point]);
		else runs.at(-1)?.push(point);
	});
	return runs;
}
function measuredLine(points, { x, y, stages }) {
	const d = runsOf(points, stages).map((run) => {
		const [first = "", ...others] = run.map(({ at, value }) => `${fixed(x(at) * 10)} ${fixed(y(value))}`);
		return `M${first}L${others.length === 0 ? first : others.join(" ")}`;
	}).join("");
	return markup`<svg width="100%" height="${HEIGHT}" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none" overflow="visible"><path class="measured" d="${d}"/></svg>`;
}
function dots(series, { x, y }) {
	const { points } = series;
	return (points.length <= MOST_DOTS ? points : points.slice(-1)).map(({ at, value }) => {
		const words = `${clockText(at)} ${valueText(value, unitOfSeries(series))}`;
		return markup`<circle class="dot" cx="${fixed(x(at))}%" cy="${fixed(y(value))}" r="2.5"><title>${words}</title></circle>`;
	});
}
function grid(axis, { y }) {
	const unit = axis.unit === "%" ? "%" : "";
	return axis.marks.map((mark) => {
		const at = fixed(y(mark * axis.divisor));
		return markup`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/><text x="-8" y="${at + 4}" text-anchor="end">${plainNumber(mark)}${unit}</text>`;
	});
}
function timeMarks(axis, zero, place) {
	return axis.marks.map((mark) => {
		const at = fixed(place.x(zero.at + mark * axis.divisor));
		const word = mark === 0 ? zero.word : `${mark > 0 ? "+" : ""}${plainNumber(mark)} ${axis.unit}`;
		return markup`<line class="tick" x1="${at}%" x2="${at}%" y1="${HEIGHT}" y2="${185}"/><text x="${at}%" y="${199}" text-anchor="middle">${word}</text>`;
	});
}
function stageMarks(stages, liveAt, range) {
	const { x, from, to } = range;
	return [liveAt === void 0 || liveAt < from || liveAt > to ? NOTHING : markup`<line class="live" x1="${fixed(x(liveAt))}%" x2="${fixed(x(liveAt))}%" y1="-14" y2="${HEIGHT}"/>`, ...stages.map((stage, index) => {
		const [start, end] = [x(Math.max(stage.from, from)), x(Math.min(stage.to, to))];
		if (stage.to < from || stage.from > to) return NOTHING;
		const name = excerpt(stage.name, 14);
		const width = name.length * 7 + 8;
		const isNarrow = (end - start) * 2 < width;
		const label = (end - start) * 4.8 < width ? NOTHING : markup`<text class="stage ${isNarrow ? "narrow" : ""}" x="${fixed(start)}%" dx="5" y="-5">${name}</text>`;
		const at = `${fixed(start)}%`;
		return index === 0 || stage.from <= from ? label : markup`<line class="stage" x1="${at}" x2="${at}" y1="-14" y2="${HEIGHT}"/>${label}`;
	})];
}
function labelHeights(lines) {
	const heights = new Map();
	let free = -1e400;
	for (const [index, line] of [...lines.entries()].sort(([, a], [, b]) => a.y - b.y)) {
		const y = Math.max(line.y, free);
		heights.set(index, y);
		free = y + LABEL_HEIGHT;
	}
	const over = Math.max(0, free - LABEL_HEIGHT - HEIGHT);
	return over === 0 ? heights : new Map([...heights].map(([index, y]) => [index, y - over]));
}
function levels(series, { y }) {
	const lines = levelLines(series).map((line) => ({
		...line,
		y: fixed(y(line.value))
	}));
	const heights = labelHeights(lines);
	return lines.map(({ kind, value, y: at }, index) => {
		const word = kind === "baseline" ? kind : `${kind} ${valueText(value, unitOfSeries(series))}`;
		return markup`<line class="level ${kind}" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="level ${kind}" x="100%" y="${fixed((heights.get(index) ?? at) + 4)}">${word}</text>`;
	});
}
function seriesSvg(series, about) {
	const { id, liveAt } = about;
	const points = thinned(series.points, MOST_POINTS);
	const first = points[0]?.at ?? 0;
	const [from, to] = [Math.min(liveAt ?? first, first), points.at(-1)?.at ?? first];
	const axis = valueAxis(series);
	const place = {
		x: (at) => (at - from) / (to - from) * 100,
		y: (value) => HEIGHT - (value / axis.divisor - axis.low) / (axis.high - axis.low) * HEIGHT
	};
	const zero = liveAt === void 0 ? {
		at: first,
		word: "start"
	} : {
		at: liveAt,
		word: "live"
	};
	const unit = axis.unit === "" || axis.unit === "%" ? NOTHING : markup`<text class="unit" x="-8" y="-10" text-anchor="end">${axis.unit}</text>`;
	return markup`<div class="plot"><svg width="100%" height="${HEIGHT}" overflow="visible" role="img" aria-labelledby="${id}t ${id}d"><title id="${id}t">${about.title}</title><desc id="${id}d">${about.description}</desc>${unit}${grid(axis, place)}${timeMarks(timeAxis(from - zero.at, to - zero.at), zero, place)}${stageMarks(about.stages, liveAt, {
		...place,
		from,
		to
	})}${measuredLine(points, {
		...place,
		stages: about.stages
	})}${dots(series, place)}${levels(series, place)}</svg></div>`;
}
// src/report/html/series.ts
const MOST_ROWS = 120;
function numbersTable({ series }, liveAt) {
	const rows = thinned(series.points, MOST_ROWS);
	const unit = unitOfSeries(series);
	return markup`<details><summary>${rows.length === series.points.length ? amountText(rows.length, "number") : `${amountText(rows.length, "number")} of ${series.points.length}, the lowest and the highest of each stretch`}</summary><div class="scroll" tabindex="0" role="group" aria-label="Numbers"><table class="numbers"><thead><tr><th scope="col">Time (UTC)</th>${liveAt === void 0 ? NOTHING : markup`<th scope="col">After live</th>`}<th scope="col">${excerpt(series.subject, 100)}</th></tr></thead><tbody>${rows.map(({ at, value }) => {
		const after = liveAt === void 0 ? NOTHING : markup`<td>${durationWords(at - liveAt)}</td>`;
		return markup`<tr><td>${dateTimeText(at)}</td>${after}<td>${valueText(value, unit)}</td></tr>`;
	})}</tbody></table></div></details>`;
}
function figure(drawn, outcome, id) {
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
	return markup`<figure class="card"><figcaption><h3>${name} ${badge(check.verdict)}</h3><p class="soft"><code>${subject}</code></p></figcaption>${seriesSvg(series, {
		id,
		title,
		description,
		stages,
		liveAt
	})}<ul class="legend"><li><svg class="key" aria-hidden="true"><line class="measured" x1="0" x2="100%" y1="50%" y2="50%"/></svg>measured</li>${legend}</ul><p class="soft">${facts}.</p>${numbersTable(drawn, liveAt)}</figure>`;
}
function sentence({ check, series }) {
	const [point] = series.points;
	const seen = series.points.length === 1 && point !== void 0 ? `measured once, ${valueText(point.value, unitOfSeries(series))} at ${clockText(point.at)} UTC` : `${amountText(series.points.length, "point")} that cannot be drawn`;
	return markup`<li><b>${excerpt(check.name, 100)}</b> <code>${excerpt(series.subject, 100)}</code>: ${seen}</li>`;
}
function seriesPart(outcome, maxBytes) {
	const all = worstFirst(outcome.checks).flatMap((check) => {
		return check.series.filter(({ points }) => points.length > 0).map((series) => ({
			check,
			series
		}));
	});
	if (all.length === 0) return NOTHING;
	const drawn = all.filter(({ series }) => isDrawable(series));
	const quiet = drawn.filter(isUneventful);
	const loud = drawn.filter((one) => !quiet.includes(one));
	const others = all.filter(({ series }) => !isDrawable(series)).slice(0, 50);
	const { kept, missing } = fitted([...loud, ...quiet], maxBytes, (one, index) => figure(one, outcome, `s${index}`));
	const folded = kept.slice(loud.length);
	const fold = folded.length === 0 ? NOTHING : markup`<details class="quiet"><summary>The same throughout <span class="soft">${folded.length} series</span></summary><div class="figures">${folded}</div></details>`;
	const list = others.length === 0 ? NOTHING : markup`<ul class="plain">${others.map(sentence)}</ul>`;
	return markup`<section id="measured"><h2>Measured over the watch</h2><div class="figures">${kept.slice(0, loud.length)}</div>${fold}${missingNote(missing, "series")}${list}</section>`;
}
const STYLE = markup`${[
	markup`
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --ink: #1b1f27; --soft: #566072; --line: #dfe3ea; --code: #f0f2f5;
  --link: #1a5fb4; --data: #2563eb;
  --pass: #17693a; --pass-bg: #e4f4ea; --warn: #8a4b00; --warn-bg: #fdf0db; --fail: #b3261e; --fail-bg: #fce8e6;
  --unknown: #5b3fa8; --unknown-bg: #eeeafa; --none: #4b5565; --none-bg: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116; --card: #161b22; --ink: #e6e9ef; --soft: #9ba6b6; --line: #2b323d; --code: #1f2630;
    --link: #8ab8ff; --data: #6ea8fe;
    --pass: #6fd493; --pass-bg: #12301f; --warn: #f0b35e; --warn-bg: #35270f; --fail: #ff9087; --fail-bg: #3d1a1a;
    --unknown: #bcabf7; --unknown-bg: #272043; --none: #aab4c3; --none-bg: #232a34;
  }
}
.pass { --tone: var(--pass); --tone-bg: var(--pass-bg); }
.warn { --tone: var(--warn); --tone-bg: var(--warn-bg); }
.fail { --tone: var(--fail); --tone-bg: var(--fail-bg); }
.unknown { --tone: var(--unknown); --tone-bg: var(--unknown-bg); }
.none, .baseline { --tone: var(--none); --tone-bg: var(--none-bg); }
`,
	markup`
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
main, footer { max-width: 1080px; margin: 0 auto; padding: 24px 20px; }
footer { padding-top: 0; font-size: 13px; }
h1, h2, h3, p, ul, ol, dl, figure { margin: 0; padding: 0; }
h1 { display: flex; align-items: center; gap: 10px; font-size: 30px; line-height: 1.2; letter-spacing: -.01em; color: var(--tone); }
h2 { font-size: 19px; line-height: 1.3; margin-bottom: 12px; }
h2 small { font-size: 13px; font-weight: 400; color: var(--soft); }
h3 { font-size: 15px; }
section { margin-top: 36px; scroll-margin-top: 12px; }
section > h3 { margin: 18px 0 6px; }
section > p { margin-top: 10px; }
section > ul { padding-left: 20px; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre, .time { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { background: var(--code); padding: 1px 5px; border-radius: 4px; unicode-bidi: isolate; }
pre { margin: 4px 0 0; padding: 10px 12px; background: var(--code); border-radius: 6px; white-space: pre-wrap; unicode-bidi: plaintext; }
td, th, li, dd, b { unicode-bidi: isolate; }
.soft { color: var(--soft); }
.plain { list-style: none; padding: 0; }
.sprite { position: absolute; width: 0; height: 0; }
.icon { width: 1em; height: 1em; flex: none; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
`,
	markup`
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; }
.flush { padding: 0; overflow: hidden; }
.head { border-top: 4px solid var(--tone); padding: 22px 24px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; }
.lead { font-size: 17px; line-height: 1.5; }
.remark { padding-left: 12px; border-left: 3px solid var(--line); }
.counts { display: flex; flex-wrap: wrap; gap: 8px 14px; list-style: none; }
.badge { display: inline-flex; align-items: center; gap: 5px; padding: 1px 9px; border-radius: 999px; font-size: 13px; font-weight: 600; white-space: nowrap; color: var(--tone); background: var(--tone-bg); }
span.pass, span.warn, span.fail { color: var(--tone); font-weight: 600; font-size: 13px; white-space: nowrap; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 16px; font-size: 14px; }
section > .actions { list-style: none; padding: 4px 18px; }
.actions li { padding: 9px 0; border-top: 1px solid var(--line); }
.actions li:first-child { border-top: 0; }
.next { border-left: 4px solid var(--link); }
.actions + .next { margin-top: 12px; }
summary { cursor: pointer; font-weight: 600; }
summary .soft { font-weight: 400; }
section > details { margin-bottom: 10px; }
.quiet { margin-top: 16px; }
.quiet > .figures { margin-top: 12px; }
.pieces { list-style: none; display: grid; gap: 12px; margin-top: 12px; }
.pieces p { font-size: 13px; }
.timeline { list-style: none; }
.timeline li { display: grid; grid-template-columns: 11.5em 9.5em 1fr; gap: 2px 14px; padding: 7px 0; border-top: 1px solid var(--line); }
.timeline li:first-child { border-top: 0; }
.timeline li > :last-child:nth-child(2) { grid-column: 2 / -1; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 10px 24px; }
.facts dt { font-size: 13px; color: var(--soft); }
.facts dd { margin: 0; }
`,
	markup`
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 10px 12px; font-weight: 400; }
thead th { font-size: 13px; color: var(--soft); white-space: nowrap; }
tbody tr:first-child > * { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; min-width: 9em; }
tbody th small { display: flex; flex-wrap: wrap; column-gap: 12px; font-size: 13px; font-weight: 400; color: var(--soft); }
.cards > thead th:first-child { width: 8.5em; }
.cards li + li { margin-top: 4px; }
.more td { padding-top: 0; }
.scroll { max-height: 260px; overflow: auto; margin-top: 8px; border: 1px solid var(--line); border-radius: 6px; }
.numbers { font-size: 13px; font-variant-numeric: tabular-nums; }
.numbers th, .numbers td { padding: 4px 10px; white-space: nowrap; }
`,
	markup`
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; }
figure { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; align-content: start; min-width: 0; }
figure h3 { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 10px; }
figure p, figure details, .legend { font-size: 13px; }
section > .plain { margin-top: 12px; padding: 0; }
.plot { padding: 24px 84px 26px 46px; overflow: hidden; }
.plot > svg { display: block; }
.plot text { font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--soft); }
.plot line, .key line { stroke-width: 1; stroke: var(--line); }
.plot .tick { stroke: var(--soft); }
.plot line.live { stroke: var(--soft); stroke-width: 1.5; }
.plot line.stage { stroke: var(--soft); stroke-dasharray: 1 3; }
.measured { fill: none; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.plot .measured, .key .measured { stroke: var(--data); stroke-width: 2; }
.dot { fill: var(--data); }
.plot line.level, .key line.level { stroke: var(--tone); stroke-width: 1.5; }
line.level.fail { stroke-dasharray: 7 4; }
line.level.warn { stroke-dasharray: 3 3; }
line.level.pass { stroke-dasharray: 12 4; }
.plot line.level.baseline, .key line.level.baseline { stroke-dasharray: .1 5; stroke-linecap: round; stroke-width: 2.5; }
.plot text.level { fill: var(--tone); font-weight: 600; transform: translateX(8px); paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; }
.key { width: 28px; height: 10px; margin-right: 8px; vertical-align: middle; }
`,
	markup`
@media (max-width: 760px) {
  main, footer { padding: 14px 12px; }
  .head { padding: 18px 16px; }
  h1 { font-size: 26px; }
  .card { padding: 14px; }
  .flush { padding: 0; }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tbody { padding: 12px 14px; border-top: 1px solid var(--line); }
  .cards thead + tbody { border-top: 0; }
  .cards tbody tr > * { border: 0; padding: 3px 0; }
  .cards td:empty { display: none; }
  .cards td[data-label]:not(:first-child)::before { content: attr(data-label); display: block; font-size: 13px; color: var(--soft); }
  .timeline li { grid-template-columns: 1fr auto; }
  .timeline li > :last-child { grid-column: 1 / -1; }
}
@media (max-width: 560px) {
  .plot { padding: 24px 26px 26px 40px; }
  .plot text.level { text-anchor: end; transform: translate(-4px, -7px); }
  .plot text.narrow { display: none; }
}
`
]}`;
// src/report/html/timeline.ts
function sinceText(at, liveAt) {
	return at < liveAt ? `${durationWords(liveAt - at)} before live` : at === liveAt ? "live" : `live + ${durationWords(at - liveAt)}`;
}
function timelinePart(outcome, maxBytes) {
	const { timeline, liveAt } = outcome;
	if (timeline.length === 0) return NOTHING;
	const { kept, missing } = fitted(timeline, maxBytes, ({ at, event }) => {
		const since = liveAt === void 0 ? NOTHING : markup`<span class="soft">${sinceText(at, liveAt)}</span>`;
		return markup`<li><span class="time">${dateTimeText(at)}</span>${since}<span>${excerpt(event, 400)}</span></li>`;
	});
	return markup`<section id="timeline"><h2>Timeline <small>UTC</small></h2><ol class="timeline">${kept}</ol>${missingNote(missing, "moments")}</section>`;
}
function notesPart(outcome, maxBytes) {
	const notes = otherNotes(outcome);
	if (notes.length === 0) return NOTHING;
	const { kept, missing } = fitted(notes, maxBytes, (note) => markup`<li>${excerpt(note, 600)}</li>`);
	return markup`<section id="notes"><h2>Notes</h2><ul>${kept}</ul>${missingNote(missing, "notes")}</section>`;
}
function factsPart(outcome) {
	return markup`<section id="facts"><h2>Facts</h2><dl class="card facts">${factsOf(outcome).map(({ label, text, url, isCode }) => {
		return markup`<div><dt>${label}</dt><dd>${isCode === true ? markup`<code>${text}</code>` : anchor(text, url)}</dd></div>`;
	})}</dl></section>`;
}
// src/report/html/page.ts
const ROOM = {
	actions: 1e5,
	checks: 5e5,
	series: 65e4,
	evidence: 5e5,
	notes: 5e4,
	timeline: 1e5
};
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const ORDER = [
	"fail",
	"unknown",
	"warn",
	"pass",
	"not-applied"
];
function countsLine(checks) {
	const counts = ORDER.flatMap((verdict) => {
		const count = checks.filter((check) => check.verdict === verdict).length;
		if (count === 0) return [];
		return [markup`<li class="badge ${toneOf(verdict)}">${icon(verdict)}${count} ${CHECK_WORDS[verdict]}</li>`];
	});
	return counts.length === 0 ? NOTHING : markup`<ul class="counts" aria-label="Checks">${counts}</ul>`;
}
function stagesLine(outcome) {
	const stages = outcome.stages.slice(0, 20).map(({ name, verdict }) => {
		return markup`<li>${excerpt(name, 40)} ${badge(verdict)}</li>`;
	});
	return stages.length === 0 ? NOTHING : markup`<ul class="counts" aria-label="Stages">${stages}</ul>`;
}
function headPart(outcome, service) {
	const { verdict, mode, commit, deploy, deployUrl, liveAt, watchedUntil } = outcome;
	const remarks = [
		...mode === "observe" ? ["Observing only: this verdict has no effect."] : [],
		...watchedUntil === void 0 ? [] : [comingSentence(outcome)],
		...isDefaultsOnly(outcome) ? ["No config file: defaults only."] : []
	];
	const live = liveAt === void 0 ? NOTHING : markup`, live since ${dateTimeText(liveAt)} UTC`;
	const of = deploy === void 0 ? NOTHING : markup`, deploy ${anchor(excerpt(deploy.id, 60), deployUrl)}${live}`;
	return markup`<header class="card head ${toneOf(verdict)}"><p class="soft">Deploy gate of <b>${service}</b> at ${anchor(shortSha(commit), commitUrl(outcome, commit))}${of}</p><h1>${icon(verdict)}${verdictTitle(outcome)}</h1><p class="lead">${withStop(excerpt(decisionSentence(outcome), 1e3))}</p>${remarks.map((remark) => markup`<p class="remark">${remark}</p>`)}${countsLine(outcome.checks)}${stagesLine(outcome)}</header>`;
}
function actionsPart(outcome) {
	const next = nextWords(outcome);
	if (outcome.actions.length + next.length === 0) return NOTHING;
	const { kept, missing } = fitted(outcome.actions, ROOM.actions, ({ kind, state, reason, url }) => {
		const why = reason === void 0 ? NOTHING : markup` ${wordsMarkup(reasonWords(reason))}`;
		const where = url === void 0 ? NOTHING : markup` ${addressed(excerpt(url, 300))}`;
		return markup`<li class="${state}"><b>${actionName({ kind })}</b>: ${ACTION_STATES[state]}.${why}${where}</li>`;
	});
	const list = kept.length === 0 ? NOTHING : markup`<ul class="card actions">${kept}</ul>`;
	const isOnly = outcome.actions.length === 0;
	const go = next.length === 0 ? NOTHING : markup`<p class="card next">${isOnly ? NOTHING : markup`<b>Next.</b> `}${wordsMarkup(next)}</p>`;
	return markup`<section id="done"><h2>${isOnly ? "Next" : "What was done"}</h2>${list}${missingNote(missing, "actions")}${go}</section>`;
}
const NAMES = [
	["done", "Done"],
	["checks", "Checks"],
	["measured", "Measured"],
	["evidence", "Evidence"],
	["coverage", "Coverage"],
	["notes", "Notes"],
	["timeline", "Timeline"],
	["facts", "Facts"]
];
function htmlReportText(outcome) {
	const service = excerpt(outcome.service?.name ?? outcome.serviceName, 100);
	const title = `${verdictTitle(outcome)}: ${service} at ${shortSha(outcome.commit)}`;
	const parts = [
		actionsPart(outcome),
		checksPart(outcome, ROOM.checks),
		seriesPart(outcome, ROOM.series),
		evidencePart(outcome, ROOM.evidence),
		coveragePart(outcome),
		notesPart(outcome, ROOM.notes),
		timelinePart(outcome, ROOM.timeline),
		factsPart(outcome)
	];
	const links = NAMES.filter(([id]) => parts.some(({ html }) => html.startsWith(`<section id="${id}"`)));
	return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${ICONS}
<main>
${headPart(outcome, service)}
<nav aria-label="Parts of this page">${links.map(([id, name]) => markup`<a href="#${id}">${name}</a>`)}</nav>
${parts}
</main>
<footer class="soft">Written by Render Deploy Gate from what report.json of the same run holds. Times are UTC. Secrets are redacted.</footer>
</body>
</html>
`.html;
}
export { htmlReportText };

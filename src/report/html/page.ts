import type { CheckResult, Outcome } from "../../core/outcome.ts";
import { ACTION_STATES, actionName, nextWords, reasonWords } from "../action-list.ts";
import { CHECK_WORDS } from "../checks-table.ts";
import { comingSentence } from "../coverage.ts";
import { commitUrl } from "../facts.ts";
import { excerpt, shortSha, withStop } from "../text.ts";
import { dateTimeText } from "../time.ts";
import { decisionSentence, isDefaultsOnly, verdictTitle } from "../title.ts";
import { badge, ICONS, icon, toneOf } from "./badge.ts";
import { checksPart, coveragePart } from "./checks.ts";
import { evidencePart } from "./evidence.ts";
import {
  addressed,
  anchor,
  fitted,
  markup,
  type Markup,
  missingNote,
  NOTHING,
  wordsMarkup,
} from "./markup.ts";
import { seriesPart } from "./series.ts";
import { STYLE } from "./style.ts";
import { factsPart, notesPart, timelinePart } from "./timeline.ts";

/** Bytes for each part, less than 2 MB together: a page of more is slow to open on a phone. */
const ROOM = {
  actions: 100_000,
  checks: 500_000,
  series: 650_000,
  evidence: 500_000,
  notes: 50_000,
  timeline: 100_000,
};

/** Nothing may be loaded, sent or run: the page is only itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const ORDER: readonly CheckResult["verdict"][] = ["fail", "unknown", "warn", "pass", "not-applied"];

/** How many checks ended how. */
function countsLine(checks: readonly CheckResult[]): Markup {
  const counts = ORDER.flatMap((verdict) => {
    const count = checks.filter((check) => check.verdict === verdict).length;
    if (count === 0) return [];
    return [
      markup`<li class="badge ${toneOf(verdict)}">${icon(verdict)}${count} ${CHECK_WORDS[verdict]}</li>`,
    ];
  });
  return counts.length === 0 ? NOTHING : markup`<ul class="counts" aria-label="Checks">${counts}</ul>`;
}

function stagesLine(outcome: Outcome): Markup {
  const stages = outcome.stages.slice(0, 20).map(({ name, verdict }) => {
    return markup`<li>${excerpt(name, 40)} ${badge(verdict)}</li>`;
  });
  return stages.length === 0 ? NOTHING : markup`<ul class="counts" aria-label="Stages">${stages}</ul>`;
}

function headPart(outcome: Outcome, service: string): Markup {
  const { verdict, mode, commit, deploy, deployUrl, liveAt, watchedUntil } = outcome;
  const remarks = [
    ...(mode === "observe" ? ["Observing only: this verdict has no effect."] : []),
    ...(watchedUntil === undefined ? [] : [comingSentence(outcome)]),
    ...(isDefaultsOnly(outcome) ? ["No config file: defaults only."] : []),
  ];
  const live = liveAt === undefined ? NOTHING : markup`, live since ${dateTimeText(liveAt)} UTC`;
  const of =
    deploy === undefined ? NOTHING : markup`, deploy ${anchor(excerpt(deploy.id, 60), deployUrl)}${live}`;
  return markup`<header class="card head ${toneOf(verdict)}"><p class="soft">Deploy gate of <b>${service}</b> at ${anchor(shortSha(commit), commitUrl(outcome, commit))}${of}</p><h1>${icon(verdict)}${verdictTitle(outcome)}</h1><p class="lead">${withStop(excerpt(decisionSentence(outcome), 1000))}</p>${remarks.map((remark) => markup`<p class="remark">${remark}</p>`)}${countsLine(outcome.checks)}${stagesLine(outcome)}</header>`;
}

function actionsPart(outcome: Outcome): Markup {
  const next = nextWords(outcome);
  if (outcome.actions.length + next.length === 0) return NOTHING;
  const { kept, missing } = fitted(outcome.actions, ROOM.actions, ({ kind, state, reason, url }) => {
    const why = reason === undefined ? NOTHING : markup` ${wordsMarkup(reasonWords(reason))}`;
    const where = url === undefined ? NOTHING : markup` ${addressed(excerpt(url, 300))}`;
    return markup`<li class="${state}"><b>${actionName({ kind })}</b>: ${ACTION_STATES[state]}.${why}${where}</li>`;
  });
  const list = kept.length === 0 ? NOTHING : markup`<ul class="card actions">${kept}</ul>`;
  const isOnly = outcome.actions.length === 0;
  const go =
    next.length === 0
      ? NOTHING
      : markup`<p class="card next">${isOnly ? NOTHING : markup`<b>Next.</b> `}${wordsMarkup(next)}</p>`;
  const title = isOnly ? "Next" : "What was done";
  return markup`<section id="done"><h2>${title}</h2>${list}${missingNote(missing, "actions")}${go}</section>`;
}

const NAMES: readonly (readonly [id: string, name: string])[] = [
  ["done", "Done"],
  ["checks", "Checks"],
  ["measured", "Measured"],
  ["evidence", "Evidence"],
  ["coverage", "Coverage"],
  ["notes", "Notes"],
  ["timeline", "Timeline"],
  ["facts", "Facts"],
];

/**
 * The run as one HTML page of at most 2 MB that needs nothing but itself: no network, no script, no font. Readable on a
 * phone, light and dark. Text from outside is shown as text.
 */
export function htmlReportText(outcome: Outcome): string {
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
    factsPart(outcome),
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

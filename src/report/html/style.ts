import { markup, type Markup } from "./markup.ts";

/** Colours by meaning, light first; every text colour has a contrast of at least 4.5 on its ground. */
const COLOURS = markup`
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
`;

const TEXT = markup`
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
`;

const PARTS = markup`
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
`;

const TABLES = markup`
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
`;

const FIGURES = markup`
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
`;

const PHONE = markup`
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
`;

/** The page's only style sheet. */
export const STYLE: Markup = markup`${[COLOURS, TEXT, PARTS, TABLES, FIGURES, PHONE]}`;

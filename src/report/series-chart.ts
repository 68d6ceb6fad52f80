import type { CheckResult, MeasuredSeries, Outcome } from "../core/outcome.ts";
import type { Unit } from "../core/quantity.ts";
import { isDrawable, plainNumber, timeAxis, valueAxis } from "./axis.ts";
import { mermaidText } from "./chart.ts";
import { worstFirst } from "./evidence.ts";
import { codeSpan, inlineText } from "./markdown.ts";
import { evenValues } from "./thin.ts";
import { clockText } from "./time.ts";
import { amountText, excerpt } from "./text.ts";
import { valueText } from "./value.ts";

/** More charts make a summary that nobody scrolls; GitHub draws each in a frame of its own. */
const MOST_CHARTS = 8;
const MOST_VALUES = 30;
const MOST_NAMES = 20;

/** Small enough for the labels of the ten to fifteen marks that Mermaid puts on an axis. */
const FONTS = { labelFontSize: 11, titleFontSize: 13 };
const SETTINGS = {
  xyChart: { width: 700, height: 290, titleFontSize: 15, titlePadding: 6, xAxis: FONTS, yAxis: FONTS },
};

/** Told apart on light and on dark; what each line is, the caption says as well, with its value. */
const COLOURS = {
  measured: ["#3b82f6", "blue"],
  fail: ["#e5484d", "red"],
  warn: ["#d97706", "orange"],
  pass: ["#2e9e5b", "green"],
  baseline: ["#8b8f98", "grey"],
} as const;

/** One series of one check. */
export interface Drawn {
  readonly check: CheckResult;
  readonly series: MeasuredSeries;
}

/** Every series that can be drawn, those of the worst checks first. */
export function drawnSeries(outcome: Outcome): readonly Drawn[] {
  return worstFirst(outcome.checks).flatMap((check) => {
    return check.series.filter(isDrawable).map((series) => ({ check, series }));
  });
}

/** Whether there is nothing to look at: always the same, and of a check that neither failed nor warned. */
export function isUneventful({ check, series: { points } }: Drawn): boolean {
  const isQuiet = check.verdict !== "fail" && check.verdict !== "warn";
  return isQuiet && points.every(({ value }) => value === points[0]?.value);
}

/** The unit of a series as values are told. */
export function unitOfSeries({ unit }: Pick<MeasuredSeries, "unit">): Unit | undefined {
  return unit === "number" ? undefined : unit;
}

interface PlotLine {
  readonly kind: keyof typeof COLOURS;
  readonly values: readonly number[];
  /** What it is, for the caption. */
  readonly words: string;
}

/** The measured line last: what comes later is drawn over what came before. */
function linesOf(series: MeasuredSeries, measured: readonly number[]): readonly PlotLine[] {
  const unit = unitOfSeries(series);
  const flat = (value: number): readonly number[] => [value, value];
  const limits = series.limits.map(({ tier, text, value }): PlotLine => {
    return {
      kind: tier,
      values: flat(value),
      words: `${tier}: ${excerpt(text, 100)} at ${valueText(value, unit)}`,
    };
  });
  const { baseline } = series;
  const before: readonly PlotLine[] =
    baseline === undefined
      ? []
      : [
          {
            kind: "baseline",
            values: flat(baseline),
            words: `baseline ${valueText(baseline, unit)}`,
          },
        ];
  return [...limits, ...before, { kind: "measured", values: measured, words: "measured" }];
}

/** What a picture of the series shows, for its caption: `28 points from … to … UTC, lowest 74.2%, highest 97%, last 75%`. */
export function seriesFacts(series: MeasuredSeries): string {
  const { points } = series;
  const values = points.map(({ value }) => value);
  const shown = (value: number): string => valueText(value, unitOfSeries(series));
  const low = shown(values.reduce((least, value) => Math.min(least, value)));
  const high = shown(values.reduce((most, value) => Math.max(most, value)));
  const [from, to] = [clockText(points[0]?.at ?? 0), clockText(points.at(-1)?.at ?? 0)];
  const last = shown(values.at(-1) ?? 0);
  const count = amountText(points.length, "point");
  return `${count} from ${from} to ${to} UTC, lowest ${low}, highest ${high}, last ${last}`;
}

function captionText(series: MeasuredSeries, lines: readonly PlotLine[]): string {
  const legend = lines.map(({ words, kind }) => `${words} (${COLOURS[kind][1]})`).join("; ");
  return inlineText(`${seriesFacts(series)}. Lines: ${legend}.`);
}

/**
 * The range of the time axis. Its steps are fractions that a computer adds without error: some versions of Mermaid walk
 * the axis by adding, and would leave out the last value for a rounding error.
 */
function rangeText(low: number, high: number, values: number): string {
  const from = Math.floor(low * 1024) / 1024;
  const step = Math.ceil(((high - from) / (values - 1)) * 1024) / 1024;
  return `${from} --> ${from + step * (values - 1)}`;
}

/**
 * One series as a Mermaid `xychart-beta` in a code block, with a caption that says what its lines are, because the
 * chart has no legend. Values stand at equal distances in time; times count from live.
 */
function chartText({ check, series }: Drawn, liveAt: number | undefined): string {
  const { points } = series;
  const zero = liveAt ?? points[0]?.at ?? 0;
  const time = timeAxis((points[0]?.at ?? 0) - zero, (points.at(-1)?.at ?? 0) - zero);
  const axis = valueAxis(series);
  const values = evenValues(points, MOST_VALUES);
  const lines = linesOf(series, values);
  const palette = lines.map(({ kind }) => COLOURS[kind][0]).join(", ");
  const settings = { ...SETTINGS, themeVariables: { xyChart: { plotColorPalette: palette } } };
  const unit = axis.unit === "" ? "" : ` (${mermaidText(axis.unit, 10)})`;
  const since = liveAt === undefined ? "the first sample" : "live";
  return [
    "```mermaid",
    `%%{init: ${JSON.stringify(settings)}}%%`,
    "xychart-beta",
    `    title "${mermaidText(check.name, 60)}"`,
    `    x-axis "${time.unit} after ${since}" ${rangeText(time.low, time.high, values.length)}`,
    `    y-axis "${mermaidText(series.subject, 40)}${unit}" ${plainNumber(axis.low)} --> ${plainNumber(axis.high)}`,
    ...lines.map(({ values }) => {
      return `    line [${values.map((value) => plainNumber(value / axis.divisor)).join(", ")}]`;
    }),
    "```",
    "",
    captionText(series, lines),
  ].join("\n");
}

/**
 * The measured series as charts that GitHub draws, worst checks first, eight at most; the others are named, and so is
 * what never changed.
 */
export function seriesCharts(outcome: Outcome): readonly string[] {
  const all = drawnSeries(outcome);
  const drawn = all.filter((one) => !isUneventful(one));
  const charts = drawn.slice(0, MOST_CHARTS).map((one) => chartText(one, outcome.liveAt));
  const others = drawn.slice(MOST_CHARTS).map(nameOf);
  const same = all.filter(isUneventful).map((one) => {
    const [first] = one.series.points;
    return `${nameOf(one)} ${inlineText(valueText(first?.value ?? 0, unitOfSeries(one.series)))}`;
  });
  return [
    ...charts,
    ...(others.length === 0 ? [] : [`Also measured, see the HTML report: ${listText(others)}.`]),
    ...(same.length === 0 ? [] : [`The same throughout: ${listText(same)}.`]),
  ];
}

function nameOf({ check, series }: Drawn): string {
  return codeSpan(`${excerpt(check.name, 60)}: ${excerpt(series.subject, 60)}`);
}

function listText(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more <= 0 ? "" : ` and ${more} more`);
}

import type { MeasuredSeries, StageResult } from "../../core/outcome.ts";
import { type Axis, plainNumber, timeAxis, valueAxis } from "../axis.ts";
import { unitOfSeries } from "../series-chart.ts";
import { excerpt } from "../text.ts";
import { thinned } from "../thin.ts";
import { clockText } from "../time.ts";
import { valueText } from "../value.ts";
import { markup, type Markup, NOTHING } from "./markup.ts";

const HEIGHT = 180;
/** A screen shows no more; the lowest and the highest of each stretch stay. */
const MOST_POINTS = 400;
/** More dots than that run together. */
const MOST_DOTS = 60;
/** Lines of small text that do not touch. */
const LABEL_HEIGHT = 14;

/** A horizontal line: a limit of one tier, or the baseline. */
export interface LevelLine {
  readonly kind: MeasuredSeries["limits"][number]["tier"] | "baseline";
  readonly value: number;
  /** What the legend says: `fail: success < 80%, at 80%`. */
  readonly words: string;
}

/** The limits in the order of the conditions, then the baseline. */
export function levelLines(series: MeasuredSeries): readonly LevelLine[] {
  const unit = unitOfSeries(series);
  const limits = series.limits.map(({ tier, text, value }): LevelLine => {
    return { kind: tier, value, words: `${tier}: ${excerpt(text, 120)}, at ${valueText(value, unit)}` };
  });
  const { baseline } = series;
  if (baseline === undefined) return limits;
  return [...limits, { kind: "baseline", value: baseline, words: `baseline, ${valueText(baseline, unit)}` }];
}

/** Where things stand in the picture: across in percent, so that it fits every screen without a script; down in pixels. */
interface Place {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/**
 * Runs of points without a gap: over one the line breaks, because nothing was measured there. Each stage has its own
 * beat.
 */
function runsOf(
  points: MeasuredSeries["points"],
  stages: readonly StageResult[],
): readonly MeasuredSeries["points"][] {
  const steps = points.map(({ at }, index) => ({
    length: at - (points[index - 1]?.at ?? at),
    stage: stages.findLastIndex(({ from }) => from <= at),
  }));
  const beats = new Map(
    [-1, ...stages.keys()].map((stage) => {
      const own = steps.filter((step, index) => index > 0 && step.stage === stage);
      return [stage, middle(own.map(({ length }) => length))];
    }),
  );
  const runs: { readonly at: number; readonly value: number }[][] = [];
  points.forEach((point, index) => {
    const { length = 0, stage = -1 } = steps[index] ?? {};
    if (index === 0 || length > (beats.get(stage) ?? 0) * 3) runs.push([point]);
    else runs.at(-1)?.push(point);
  });
  return runs;
}

/** A run of one point is a line of no length, which its round end shows as a dot. */
function measuredLine(
  points: MeasuredSeries["points"],
  { x, y, stages }: Place & { readonly stages: readonly StageResult[] },
): Markup {
  const d = runsOf(points, stages)
    .map((run) => {
      const [first = "", ...others] = run.map(({ at, value }) => `${fixed(x(at) * 10)} ${fixed(y(value))}`);
      return `M${first}L${others.length === 0 ? first : others.join(" ")}`;
    })
    .join("");
  return markup`<svg width="100%" height="${HEIGHT}" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none" overflow="visible"><path class="measured" d="${d}"/></svg>`;
}

function dots(series: MeasuredSeries, { x, y }: Place): readonly Markup[] {
  const { points } = series;
  const shown = points.length <= MOST_DOTS ? points : points.slice(-1);
  return shown.map(({ at, value }) => {
    const words = `${clockText(at)} ${valueText(value, unitOfSeries(series))}`;
    return markup`<circle class="dot" cx="${fixed(x(at))}%" cy="${fixed(y(value))}" r="2.5"><title>${words}</title></circle>`;
  });
}

function grid(axis: Axis, { y }: Place): readonly Markup[] {
  const unit = axis.unit === "%" ? "%" : "";
  return axis.marks.map((mark) => {
    const at = fixed(y(mark * axis.divisor));
    return markup`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/><text x="-8" y="${at + 4}" text-anchor="end">${plainNumber(mark)}${unit}</text>`;
  });
}

function timeMarks(
  axis: Axis,
  zero: { readonly at: number; readonly word: string },
  place: Place,
): readonly Markup[] {
  return axis.marks.map((mark) => {
    const at = fixed(place.x(zero.at + mark * axis.divisor));
    const word = mark === 0 ? zero.word : `${mark > 0 ? "+" : ""}${plainNumber(mark)} ${axis.unit}`;
    return markup`<line class="tick" x1="${at}%" x2="${at}%" y1="${HEIGHT}" y2="${HEIGHT + 5}"/><text x="${at}%" y="${HEIGHT + 19}" text-anchor="middle">${word}</text>`;
  });
}

/** The moment of live, and where one stage ends and the next begins; names only where there is room for them. */
function stageMarks(
  stages: readonly StageResult[],
  liveAt: number | undefined,
  range: Place & { readonly from: number; readonly to: number },
): readonly Markup[] {
  const { x, from, to } = range;
  const live =
    liveAt === undefined || liveAt < from || liveAt > to
      ? NOTHING
      : markup`<line class="live" x1="${fixed(x(liveAt))}%" x2="${fixed(x(liveAt))}%" y1="-14" y2="${HEIGHT}"/>`;
  const marks = stages.map((stage, index) => {
    const [start, end] = [x(Math.max(stage.from, from)), x(Math.min(stage.to, to))];
    if (stage.to < from || stage.from > to) return NOTHING;
    const name = excerpt(stage.name, 14);
    const width = name.length * 7 + 8;
    // Of a plot that is 480 pixels wide on a desk and 200 on a phone.
    const isNarrow = (end - start) * 2 < width;
    const label =
      (end - start) * 4.8 < width
        ? NOTHING
        : markup`<text class="stage ${isNarrow ? "narrow" : ""}" x="${fixed(start)}%" dx="5" y="-5">${name}</text>`;
    const at = `${fixed(start)}%`;
    return index === 0 || stage.from <= from
      ? label
      : markup`<line class="stage" x1="${at}" x2="${at}" y1="-14" y2="${HEIGHT}"/>${label}`;
  });
  return [live, ...marks];
}

/** Heights at which labels do not lie on each other: each as near its line as the one above it leaves room. */
function labelHeights(lines: readonly { readonly y: number }[]): ReadonlyMap<number, number> {
  const heights = new Map<number, number>();
  let free = -Infinity;
  for (const [index, line] of [...lines.entries()].sort(([, a], [, b]) => a.y - b.y)) {
    const y = Math.max(line.y, free);
    heights.set(index, y);
    free = y + LABEL_HEIGHT;
  }
  const over = Math.max(0, free - LABEL_HEIGHT - HEIGHT);
  return over === 0 ? heights : new Map([...heights].map(([index, y]) => [index, y - over]));
}

function levels(series: MeasuredSeries, { y }: Place): readonly Markup[] {
  const lines = levelLines(series).map((line) => ({ ...line, y: fixed(y(line.value)) }));
  const heights = labelHeights(lines);
  return lines.map(({ kind, value, y: at }, index) => {
    const word = kind === "baseline" ? kind : `${kind} ${valueText(value, unitOfSeries(series))}`;
    const label = fixed((heights.get(index) ?? at) + 4);
    return markup`<line class="level ${kind}" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="level ${kind}" x="100%" y="${label}">${word}</text>`;
  });
}

/** One drawable series with axes, limits, baseline, stages and the moment of live; `id` is the page's own. */
export function seriesSvg(
  series: MeasuredSeries,
  about: {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly stages: readonly StageResult[];
    readonly liveAt: number | undefined;
  },
): Markup {
  const { id, liveAt } = about;
  const points = thinned(series.points, MOST_POINTS);
  const first = points[0]?.at ?? 0;
  const [from, to] = [Math.min(liveAt ?? first, first), points.at(-1)?.at ?? first];
  const axis = valueAxis(series);
  const place: Place = {
    x: (at) => ((at - from) / (to - from)) * 100,
    y: (value) => HEIGHT - ((value / axis.divisor - axis.low) / (axis.high - axis.low)) * HEIGHT,
  };
  const zero = liveAt === undefined ? { at: first, word: "start" } : { at: liveAt, word: "live" };
  const unit =
    axis.unit === "" || axis.unit === "%"
      ? NOTHING
      : markup`<text class="unit" x="-8" y="-10" text-anchor="end">${axis.unit}</text>`;
  return markup`<div class="plot"><svg width="100%" height="${HEIGHT}" overflow="visible" role="img" aria-labelledby="${id}t ${id}d"><title id="${id}t">${about.title}</title><desc id="${id}d">${about.description}</desc>${unit}${grid(axis, place)}${timeMarks(timeAxis(from - zero.at, to - zero.at), zero, place)}${stageMarks(about.stages, liveAt, { ...place, from, to })}${measuredLine(points, { ...place, stages: about.stages })}${dots(series, place)}${levels(series, place)}</svg></div>`;
}

import type { Moment, Outcome, StageResult } from "../core/outcome.ts";
import { clockText, dateTimeText } from "./time.ts";
import { oneLine, startOf } from "./text.ts";

/** More rows make a picture that nobody reads; the middle goes first. */
const MOST_MOMENTS = 30;
const DAY = 86_400_000;

/**
 * Untrusted text as a task name of a Mermaid chart. Everything but letters, digits, spaces and harmless punctuation
 * becomes an entity code (mermaid.js.org, "Entity codes to escape characters"), so neither the chart's grammar
 * nor the code block around it can be left.
 */
export function mermaidText(text: string, max: number): string {
  const line = oneLine(text);
  const short = line.length <= max ? line : `${startOf(line, max - 1).trimEnd()}…`;
  return short.replace(/[^\p{L}\p{M}\p{N} .,()/+=-]|\ufb02/gu, (mark) => `#${mark.codePointAt(0)};`);
}

interface Task {
  readonly name: string;
  readonly tag?: "done" | "active" | "crit" | "milestone";
  readonly from: number;
  readonly to: number;
}

function taskLine({ name, tag, from, to }: Task): string {
  const end = tag === "milestone" ? "0s" : dateTimeText(Math.max(to, from + 1000));
  return `    ${name} :${tag === undefined ? "" : `${tag}, `}${dateTimeText(from)}, ${end}`;
}

function deployTasks(outcome: Outcome): readonly Task[] {
  const { deploy, liveAt } = outcome;
  if (deploy === undefined) return [];
  const started = deploy.startedAt ?? deploy.createdAt;
  const end = liveAt ?? deploy.finishedAt ?? outcome.endedAt;
  const queued: Task = { name: "deploy queued", from: deploy.createdAt, to: started };
  const built: Task = {
    name: liveAt === undefined ? `deploy ${mermaidText(deploy.status, 40)}` : "deploy until live",
    tag: liveAt === undefined ? "crit" : "done",
    from: started,
    to: end,
  };
  return started - deploy.createdAt >= 1000 ? [queued, built] : [built];
}

function stageTask(stage: StageResult): Task {
  const bad = stage.verdict === "fail" || stage.verdict === "unknown";
  const name = `stage ${mermaidText(stage.name, 40)} ${stage.verdict}`;
  return { name, tag: bad ? "crit" : "done", from: stage.from, to: stage.to };
}

/** Starts with its time, so that no event can begin with a word of the chart's own language. */
function momentTask({ at, event }: Moment): Task {
  return {
    name: `${mermaidText(clockText(at), 8)} ${mermaidText(event, 70)}`,
    tag: "milestone",
    from: at,
    to: at,
  };
}

function shownMoments(timeline: readonly Moment[]): readonly Moment[] {
  if (timeline.length <= MOST_MOMENTS) return timeline;
  return [...timeline.slice(0, MOST_MOMENTS / 2), ...timeline.slice(-MOST_MOMENTS / 2)];
}

function sectionText(title: string, tasks: readonly Task[]): readonly string[] {
  return tasks.length === 0 ? [] : [`    section ${title}`, ...tasks.map(taskLine)];
}

/**
 * The run as a Mermaid gantt chart in a code block that GitHub draws; "" when there is nothing to draw. Times
 * are written without a zone, so that every browser shows them as UTC.
 */
export function timelineChart(outcome: Outcome): string {
  const tasks = [...deployTasks(outcome), ...outcome.stages.map(stageTask)];
  const moments = shownMoments(outcome.timeline);
  if (tasks.length + moments.length === 0) return "";
  const times = [...tasks.flatMap(({ from, to }) => [from, to]), ...moments.map(({ at }) => at)];
  const span = Math.max(...times) - Math.min(...times);
  return [
    "```mermaid",
    "gantt",
    "    dateFormat YYYY-MM-DD HH:mm:ss",
    `    axisFormat ${span > DAY ? "%m-%d %H:%M" : "%H:%M:%S"}`,
    "    todayMarker off",
    ...sectionText("Deploy", deployTasks(outcome)),
    ...sectionText("Watch", outcome.stages.map(stageTask)),
    ...sectionText("Events", moments.map(momentTask)),
    "```",
  ].join("\n");
}

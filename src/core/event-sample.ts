import type { Evidence, Sample } from "./check.ts";
import type { RenderEvent } from "./event.ts";
import { failureText } from "./failure.ts";

/** Event types that have to be read besides the configured ones, to tell whose doing an event was. */
export const EXCUSING_EVENTS: readonly string[] = [
  "maintenance_started",
  "maintenance_ended",
  "server_hardware_failure",
];

function isDuringMaintenance(event: RenderEvent, events: readonly RenderEvent[]): boolean {
  const last = events.findLast(
    ({ type, at }) => at <= event.at && (type === "maintenance_started" || type === "maintenance_ended"),
  );
  return last?.type === "maintenance_started";
}

function isHardware(event: RenderEvent, events: readonly RenderEvent[]): boolean {
  return events.some(
    (other) => other.type === "server_hardware_failure" && Math.abs(other.at - event.at) < 60_000,
  );
}

/** One event in words: `server_failed x7k2p: out of memory (limit 512Mi)`. */
export function eventText(event: RenderEvent): string {
  const instance = event.instanceId === undefined ? "" : ` ${event.instanceId}`;
  const failure = event.failure === undefined ? undefined : failureText(event.failure);
  return `${event.type}${instance}${failure === undefined ? "" : `: ${failure}`}`;
}

/** What an events sample is made of. Times in ms. */
export interface EventContext {
  readonly at: number;
  readonly liveAt: number;
  readonly types: readonly string[];
  /** Oldest first. */
  readonly events: readonly RenderEvent[];
  /** By full instance id and when it was heard of; `undefined` when it cannot be said. */
  readonly isNew: (instanceId: string, at: number) => boolean | undefined;
  /** When an instance was created, by full id; `undefined` when no list had it. */
  readonly bornAt?: (instanceId: string) => number | undefined;
  /** How long old instances may take to stop; without it, the longest that Render allows. */
  readonly shutdownDelayMs?: number;
  /** When the list of deploys was last read, ms: a later crash may be a newer deploy's. */
  readonly checkedAt?: number;
  readonly keep: (text: string) => string;
}

/** Old instances are told to stop 60 s after live, and are killed after 300 s at most (render-api.md 7.2). */
const SWITCH_MS = 60_000;
const LONGEST_SHUTDOWN_MS = 300_000;
/** An instance that came this soon after another one failed may have taken its place. */
const RESTART_MS = 60_000;
/** Events and instances may be dated by clocks that differ by this much. */
const SLACK_MS = 2_000;

/** Why an event does not count; undefined when it does. */
function excuseOf(event: RenderEvent, context: EventContext): string | undefined {
  if (event.failure?.evicted === true) return "evicted";
  if (event.user !== undefined) return "by a person";
  if (isHardware(event, context.events)) return "hardware";
  if (isDuringMaintenance(event, context.events)) return "maintenance";
  const isNew = event.instanceId === undefined ? undefined : context.isNew(event.instanceId, event.at);
  return isNew === false ? "old instance" : undefined;
}

/** From when on no instance of the old version is left, ms. */
function switchedAt({ liveAt, shutdownDelayMs = LONGEST_SHUTDOWN_MS }: EventContext): number {
  return liveAt + SWITCH_MS + shutdownDelayMs;
}

/**
 * Crashes of the old version, and those that may be: while it runs, an instance that fails is restarted under a new
 * id, and one that came just then is as likely its replacement as one of the new version.
 */
function maybeOld(context: EventContext): ReadonlySet<RenderEvent> {
  const found = new Set<RenderEvent>();
  for (const event of context.events) {
    const { at, instanceId, type } = event;
    if (type !== "server_failed" || instanceId === undefined || at >= switchedAt(context)) continue;
    const born = context.bornAt?.(instanceId);
    const replaces = [...found].some(
      (other) =>
        other.instanceId !== instanceId &&
        (born === undefined || (born >= other.at - SLACK_MS && born <= other.at + RESTART_MS)),
    );
    if (context.isNew(instanceId, at) !== true || replaces) found.add(event);
  }
  return found;
}

/** Whether an event may be of one of the old version's instances, which run on for a while after live. */
function isUnsure(event: RenderEvent, context: EventContext): boolean {
  const { checkedAt = Infinity } = context;
  if (event.at >= switchedAt(context) && event.at <= checkedAt) return false;
  // Of all events only this one is about a single instance; a restart is one of the whole service.
  if (event.instanceId === undefined) return event.type === "server_failed";
  return context.isNew(event.instanceId, event.at) === undefined;
}

/**
 * Events of the configured types since live as a sample: of the new instances, not counting eviction,
 * hardware, maintenance or a person (design 5.2). A crash that may have been an old instance's is never held
 * against the new version, and without another one makes the sample an error.
 */
export function eventSample(context: EventContext): Sample {
  const { at, keep } = context;
  const mine = context.events.filter(
    (event) => context.types.includes(event.type) && event.at >= context.liveAt,
  );
  const excused = mine.flatMap((event) => excuseOf(event, context) ?? []);
  const relevant = mine.filter((event) => excuseOf(event, context) === undefined);
  const old = maybeOld(context);
  const unsure = relevant.filter((event) => old.has(event) || isUnsure(event, context));
  const counted = relevant.filter((event) => !unsure.includes(event));
  const [first] = unsure;
  if (first !== undefined && counted.length === 0) {
    const reason = `${keep(eventText(first))}: whether an old or a new instance cannot be said`;
    return { kind: "error", at, reason };
  }
  const reasons = [...excused, ...unsure.map(() => "instance unknown")];
  const evidence: Evidence[] = counted
    .slice(-20)
    .map((event) => ({ at: event.at, text: keep(eventText(event)), from: "Render events" }));
  const note =
    reasons.length === 0
      ? {}
      : { note: `${reasons.length} not counted: ${[...new Set(reasons)].join(", ")}` };
  return { kind: "ok", at, subjects: { count: counted.length }, evidence, ...note };
}

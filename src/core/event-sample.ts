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
  const before = events.filter(
    (other) =>
      other.at <= event.at &&
      other.type.startsWith("maintenance_") &&
      other.type !== "maintenance_mode_enabled",
  );
  return before.at(-1)?.type === "maintenance_started";
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

/**
 * Events of the configured types since live as a sample: of the new instances, not counting eviction,
 * hardware, maintenance or a person (design 5.2). Events are oldest first.
 */
export function eventSample(context: {
  readonly at: number;
  readonly liveAt: number;
  readonly types: readonly string[];
  readonly events: readonly RenderEvent[];
  /** By full instance id; `undefined` when it cannot be said. */
  readonly isNew: (instanceId: string) => boolean | undefined;
  readonly keep: (text: string) => string;
}): Sample {
  const { at, events, keep } = context;
  const mine = events.filter((event) => context.types.includes(event.type) && event.at >= context.liveAt);
  const excused: string[] = [];
  const counted = mine.filter((event) => {
    const reason =
      event.failure?.evicted === true
        ? "evicted"
        : event.user !== undefined
          ? "by a person"
          : isHardware(event, events)
            ? "hardware"
            : isDuringMaintenance(event, events)
              ? "maintenance"
              : event.instanceId !== undefined && context.isNew(event.instanceId) === false
                ? "old instance"
                : undefined;
    if (reason !== undefined) excused.push(reason);
    return reason === undefined;
  });
  const evidence: Evidence[] = counted
    .slice(-20)
    .map((event) => ({ at: event.at, text: keep(eventText(event)), from: "Render events" }));
  const note =
    excused.length === 0
      ? {}
      : { note: `${excused.length} not counted: ${[...new Set(excused)].join(", ")}` };
  return { kind: "ok", at, subjects: { count: counted.length }, evidence, ...note };
}

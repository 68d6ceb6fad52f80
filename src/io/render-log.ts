import * as z from "zod";
import type { LogLine } from "../core/log-line.ts";
import { belowMs, instantOf } from "./instant.ts";
import { suffixOf } from "./render-deploy.ts";

const text = z.string().nullish();

/** A line and the resource that its labels name; "" where they name none. */
interface Labelled extends LogLine {
  readonly resource: string;
}

/** One log entry of `GET /logs` and of the stream. Its type, instance and resource are labels. */
export const logReply = z
  .object({
    id: text,
    timestamp: z.string(),
    message: text,
    labels: z.array(z.object({ name: text, value: text })).nullish(),
  })
  .transform((entry, context): Labelled => {
    const at = instantOf(entry.timestamp);
    if (Number.isNaN(at)) {
      context.addIssue({ code: "custom", message: "not a time", path: ["timestamp"] });
      return z.NEVER;
    }
    const label = (name: string): string => entry.labels?.find((each) => each.name === name)?.value ?? "";
    const message = entry.message ?? "";
    const instance = suffixOf(label("instance"));
    return {
      id: entry.id || JSON.stringify([entry.timestamp, instance, message]),
      at,
      timestamp: entry.timestamp,
      message,
      resource: label("resource"),
      type: label("type"),
      level: label("level"),
      ...(instance === "" ? {} : { instance }),
    };
  });

export const logPageReply = z.object({
  hasMore: z.boolean().nullish(),
  nextStartTime: text,
  nextEndTime: text,
  // Go writes null for an empty list.
  logs: z.array(logReply).nullish(),
});

/** A message of the stream: one entry, or several in `logs`. */
export const logMessageReply = z.union([
  z.object({ logs: z.array(logReply) }).transform(({ logs }) => logs),
  logReply.transform((line) => [line]),
]);

/** Without lines of another resource: what else is logged is nothing of this deploy's. */
export function linesOf(lines: readonly Labelled[], serviceId: string): readonly LogLine[] {
  return lines.flatMap(({ resource, ...line }) => (resource === "" || resource === serviceId ? [line] : []));
}

/** Oldest first, to the nanosecond. */
export function byTime(a: LogLine, b: LogLine): number {
  return a.at - b.at || belowMs(a.timestamp).localeCompare(belowMs(b.timestamp), "en");
}

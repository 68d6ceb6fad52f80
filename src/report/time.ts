const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The range of four-digit years; anything else is somebody's broken clock. */
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

let format: Intl.DateTimeFormat | undefined;

/** Year, month and so on of a time in UTC. The formatter is made once: it takes a hundred times longer than its use. */
function partsOf(ms: number): Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>> {
  format ??= new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
    timeZone: "UTC",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

function isTime(ms: number): boolean {
  return ms >= FIRST && ms <= LAST;
}

/** ms since the epoch as `2026-11-23T10:00:00.000Z`; `unknown time` outside the years 1 to 9999. */
export function isoText(ms: number): string {
  if (!isTime(ms)) return "unknown time";
  const { year = "", month, day, hour, minute, second, fractionalSecond } = partsOf(Math.floor(ms));
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}Z`;
}

/** ms since the epoch as `10:00:00`, UTC. */
export function clockText(ms: number): string {
  return isTime(ms) ? isoText(ms).slice(11, 19) : "--:--:--";
}

/** ms since the epoch as `2026-11-23 10:00:00`, UTC. */
export function dateTimeText(ms: number): string {
  return isTime(ms) ? isoText(ms).slice(0, 19).replace("T", " ") : "unknown time";
}

/** A duration in ms as people say it: `250ms`, `4.2s`, `2m 10s`, `1h 5m`, `7d`. The two largest units only. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return "unknown";
  if (ms < 0) return `-${durationText(-ms)}`;
  if (Math.round(ms) < SECOND) return ms === 0 ? "0s" : `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10}s`;
  const seconds = Math.round(ms / SECOND) * SECOND;
  if (seconds < HOUR) return pair([Math.floor(seconds / MINUTE), "m"], [(seconds % MINUTE) / SECOND, "s"]);
  if (seconds < DAY)
    return pair([Math.floor(seconds / HOUR), "h"], [Math.floor((seconds % HOUR) / MINUTE), "m"]);
  return pair([Math.floor(seconds / DAY), "d"], [Math.floor((seconds % DAY) / HOUR), "h"]);
}

type Part = readonly [number, string];

function pair(large: Part, small: Part): string {
  return small[0] === 0 ? large.join("") : `${large.join("")} ${small.join("")}`;
}

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

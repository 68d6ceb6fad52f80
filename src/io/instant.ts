import * as z from "zod";

/** An RFC 3339 time with any number of digits below the second, as ms since the epoch (cut, not rounded). */
export const instant = z.string().transform((text, context) => {
  const ms = instantOf(text);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: "custom", message: "not a time" });
  return z.NEVER;
});

/** Ms since the epoch, NaN for what is no RFC 3339 time. ECMAScript promises three digits below the second only. */
export function instantOf(text: string): number {
  const parts = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|z|[+-]\d{2}:\d{2})$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, seconds = "", fraction = "", zone = ""] = parts;
  return Date.parse(
    `${seconds.replace(/[t ]/, "T")}.${fraction.slice(0, 3).padEnd(3, "0")}${zone.toUpperCase()}`,
  );
}

/** The digits below the millisecond, padded, so that two of them compare as text. */
export function belowMs(text: string): string {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  return fraction.slice(3).padEnd(9, "0");
}

/** How a time is given to Render and GitHub. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

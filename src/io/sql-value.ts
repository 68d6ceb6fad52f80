import type { Value } from "../core/value.ts";

/** Longer texts are cut and say so. */
const MAX_TEXT = 4096;

/** Type ids are fixed: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const SCALARS: ReadonlyMap<number, (text: string) => Value> = new Map([
  [16, (text: string): Value => text === "t"],
  [17, hexText],
  ...[20, 21, 23, 26, 700, 701, 1700].map((oid) => [oid, numberOf] as const),
  ...[114, 3802].map((oid) => [oid, jsonOf] as const),
  [1114, (text: string): Value => text.replace(" ", "T")],
  [1184, instantOf],
  [1186, durationOf],
]);

/** Array type to element type; 0: the element is text. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [199, 114],
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1028, 26],
  [1115, 1114],
  [1182, 0],
  [1185, 1184],
  [1187, 1186],
  [1231, 1700],
  [3807, 3802],
  ...[1002, 1003, 1009, 1014, 1015, 2951, 1041, 1183].map((oid) => [oid, 0] as const),
]);

/**
 * One column's text (ISO dates, `postgres` intervals, hex bytea) as a value: whole and decimal numbers that
 * fit are numbers, times are ISO text, intervals without months are ms, json and arrays keep their shape.
 */
export function valueOf(text: string | null, typeId: number): Value {
  if (text === null) return null;
  const elementId = ARRAYS.get(typeId);
  if (elementId !== undefined) return listOf(text, (item) => valueOf(item, elementId));
  return cut(SCALARS.get(typeId)?.(text) ?? text);
}

function numberOf(text: string): Value {
  const value = Number(text);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}

function hexText(text: string): Value {
  return text.replace(/^\\x/, "");
}

function jsonOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** `2026-01-01 12:00:00.123456+02` to UTC, every decimal kept; `infinity` and years BC stay as they are. */
function instantOf(text: string): Value {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(:\d\d)?$/.exec(text);
  if (match === null) return text;
  const [, day, time, fraction, hours, minutes] = match;
  const seconds = new Date(`${day}T${time}${hours}${minutes ?? ":00"}`);
  if (Number.isNaN(seconds.getTime())) return text;
  return seconds.toISOString().replace(".000Z", `${fraction ?? ""}Z`);
}

/** `-1 days +02:03:04.5`. Years and months have no length in ms: such an interval stays text, as `infinity` does. */
function durationOf(text: string): Value {
  const match = /^(?:([+-]?\d+) days?)?(?:(?:^| )([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/.exec(text);
  if (match === null || text === "") return text;
  const [, days, sign, hours, minutes, seconds] = match;
  const clock = Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1000;
  // PostgreSQL counts microseconds.
  const rounded = Math.round(clock * 1000) / 1000;
  return Number(days ?? 0) * 86_400_000 + (sign === "-" ? -rounded : rounded);
}

/** Reads `{1,NULL,"a \"b\"",{…}}`, with or without `[0:2]=` in front. */
function listOf(text: string, itemOf: (item: string | null) => Value): Value {
  const token = /"((?:[^"\\]+|\\[^])*)"|[{},]|[^{},"]+/g;
  token.lastIndex = text.indexOf("{");
  const root: Value[] = [];
  const open: Value[][] = [root];
  for (const match of text.matchAll(token)) {
    const [all, quoted] = match;
    if (all === "{") {
      const list: Value[] = [];
      open.at(-1)?.push(list);
      open.push(list);
    } else if (all === "}") {
      open.pop();
    } else if (all !== ",") {
      const bare = all === "NULL" ? null : all;
      open.at(-1)?.push(itemOf(quoted === undefined ? bare : quoted.replaceAll(/\\([^])/g, "$1")));
    }
  }
  return root[0] ?? text;
}

function cut(value: Value): Value {
  if (typeof value === "string") {
    return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT).toWellFormed()}… [cut]` : value;
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(cut);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item)]));
}

import type { NumberOperand, Operand } from "./condition.ts";
import { refuse, restText, skipSpace, take, takeText } from "./condition-scan.ts";
import type { Scan } from "./condition-scan.ts";
import { unitMs } from "./duration.ts";
import { safeRegex } from "./regex.ts";
import { didYouMean } from "./suggest.ts";

const DURATIONS = ["ms", "s", "m", "h", "d"] as const;
const SIZES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const UNITS = [...DURATIONS, ...Object.keys(SIZES), "%"];

/** Reads one operand of the grammar in design 5.1, ranges aside. Throws Refusal. */
export function parseOperand(scan: Scan): Operand {
  const first = scan.text[scan.at] ?? "";
  if (first === '"') return { kind: "text", value: parseText(scan) };
  if (first === "/") return parsePattern(scan);
  if (first === "[") return parseList(scan);
  if (/[-+\d.]/.test(first)) return parseAmount(scan);
  if (first === "'") return refuse(scan, "text stands in double quotes here, not in single ones");
  const start = scan.at;
  const word = take(scan, /[A-Za-z_][\w.-]*/y);
  if (word === "deploy.sha") return { kind: "deploy.sha" };
  if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
  if (word === "null") return { kind: "literal", value: null };
  scan.at = start;
  const hint = word === "" ? undefined : `text stands in double quotes: "${word}"`;
  return refuse(
    scan,
    `a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not ${restText(scan)}`,
    { hint },
  );
}

/** Reads `a and b`. */
export function parseRange(scan: Scan): Operand {
  const start = scan.at;
  const from = parseEnd(scan);
  skipSpace(scan);
  if (take(scan, /and(?![\w.-])/y) === "")
    refuse(
      scan,
      `"between" takes two numbers with "and", such as between 200 and 299; "and" is expected, not ${restText(scan)}`,
    );
  skipSpace(scan);
  const to = parseEnd(scan);
  if (from.unit !== to.unit && from.value !== 0 && to.value !== 0) {
    refuse(scan, 'the two ends of "between" have different units', {
      at: start,
      hint: "give both ends the same unit",
    });
  }
  if (from.value > to.value)
    refuse(scan, 'the first end of "between" is larger than the second', { at: start });
  return { kind: "range", from, to };
}

function parseEnd(scan: Scan): NumberOperand {
  const start = scan.at;
  if (!/[-+\d.]/.test(scan.text[scan.at] ?? "")) refuse(scan, `a number is expected, not ${restText(scan)}`);
  const end = parseAmount(scan);
  return end.kind === "number"
    ? end
    : refuse(scan, '"between" takes plain numbers, not relative ones', { at: start });
}

function parseText(scan: Scan): string {
  const start = scan.at;
  const written = take(scan, /"(?:[^"\\]|\\[^])*"/y);
  if (written === "") {
    return refuse(scan, "the text has no closing double quote", {
      hint: 'quote the whole condition if it holds " #" or ": "',
    });
  }
  return written.slice(1, -1).replaceAll(/\\(u[\da-fA-F]{4}|[^])/g, (escape, code: string, index: number) => {
    const plain = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" };
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const character = Object.entries(plain).find(([key]) => key === code)?.[1];
    return (
      character ??
      refuse(scan, `${escape} is no escape of a text`, {
        at: start + 1 + index,
        hint: 'use \\" \\\\ \\n \\t or \\u0000',
      })
    );
  });
}

function parsePattern(scan: Scan): Operand {
  const start = scan.at;
  const body = take(scan, /\/(?:[^/\\[]|\\[^]|\[(?:[^\]\\]|\\[^])*\])*\//y);
  if (body === "")
    return refuse(scan, "the pattern has no closing /", { hint: "write / inside a pattern as \\/" });
  const flags = take(scan, /[A-Za-z]*/y);
  const source = body.slice(1, -1);
  const regex = safeRegex(source, flags);
  return typeof regex === "string"
    ? refuse(scan, `${body}${flags}: ${regex}`, { at: start })
    : { kind: "pattern", source, flags };
}

function parseList(scan: Scan): Operand {
  const start = scan.at;
  takeText(scan, "[");
  const items: Operand[] = [];
  for (;;) {
    skipSpace(scan);
    const at = scan.at;
    const item = parseOperand(scan);
    if (item.kind !== "number" && item.kind !== "text" && item.kind !== "literal") {
      refuse(scan, 'a list holds numbers, "text", true, false and null only', { at });
    }
    items.push(item);
    skipSpace(scan);
    if (takeText(scan, "]")) return { kind: "list", items };
    if (!takeText(scan, ",")) {
      refuse(scan, `"," or "]" is expected in the list, not ${restText(scan)}`, {
        hint:
          scan.at >= scan.text.length
            ? `the list that starts in column ${start + 1} is not closed`
            : undefined,
      });
    }
  }
}

/** `5`, `-5s`, `90%`, `+50%`, `3x`, `-2pp`. */
function parseAmount(scan: Scan): Operand {
  const start = scan.at;
  const written = take(scan, /[-+]?\d{1,15}(?:\.\d{1,9})?/y);
  if (written === "")
    return refuse(scan, `a number is expected, not ${restText(scan)}`, { hint: "write 0.5, not .5" });
  const sign = written.startsWith("+") || written.startsWith("-") ? written.charAt(0) : "";
  const value = Number(written);
  const unitAt = scan.at;
  const unit = take(scan, /[\w.%]+/y);
  if (
    unit === "" &&
    /^\s+(?:%|pp|x|[kMG]?i?B|ms|[smhd])(?![\w.-])/.test(scan.text.slice(scan.at, scan.at + 20))
  ) {
    return refuse(scan, "a unit follows its number without a space", { at: unitAt });
  }
  if (unit === "pp" || unit === "x") {
    if ((unit === "pp") === (sign === "")) {
      const message = unit === "pp" ? `${written}pp needs a sign` : `${written}x takes no sign`;
      return refuse(scan, message, {
        at: start,
        hint:
          unit === "pp"
            ? `+${written}pp or -${written}pp`
            : `write ${written.slice(1)}x, or +50% for half as much again`,
      });
    }
    return unit === "pp"
      ? { kind: "relative", by: "points", value: value / 100 }
      : { kind: "relative", by: "factor", value };
  }
  if (unit === "%" && sign !== "") return { kind: "relative", by: "change", value: value / 100 };
  if (sign === "+")
    return refuse(
      scan,
      `${written}${unit} has a plus sign, which only relative numbers such as +50% and +2pp have`,
      { at: start },
    );
  return inUnit(scan, { value, unit, at: unitAt, start });
}

function inUnit(
  scan: Scan,
  {
    value,
    unit,
    at,
    start,
  }: { readonly value: number; readonly unit: string; readonly at: number; readonly start: number },
): NumberOperand {
  const operand = numberIn(value, unit);
  if (operand === undefined) {
    return refuse(scan, `"${unit}" is no unit`, {
      at,
      hint: didYouMean(unit, UNITS) ?? `units are ${UNITS.join(" ")}`,
    });
  }
  if (Math.abs(operand.value) > Number.MAX_SAFE_INTEGER)
    return refuse(scan, "the number is too large to compare exactly", { at: start });
  return operand;
}

function numberIn(value: number, unit: string): NumberOperand | undefined {
  if (unit === "") return { kind: "number", value: plainZero(value) };
  if (unit === "%") return { kind: "number", value: value / 100, unit: "ratio" };
  const duration = DURATIONS.find((known) => known === unit);
  if (duration !== undefined)
    return { kind: "number", value: times(value, unitMs(duration)), unit: "duration" };
  const size = Object.entries(SIZES).find(([known]) => known === unit)?.[1];
  return size === undefined ? undefined : { kind: "number", value: times(value, size), unit: "size" };
}

/** 1.1 hours as 3960000 ms, not 3960000.0000000005. */
function times(value: number, factor: number): number {
  return plainZero(Number((value * factor).toPrecision(15)));
}

/** -0 is 0. */
function plainZero(value: number): number {
  return value + 0;
}

import { asGateState } from "./gate-state-shape.ts";
import type { DecodedState, GateState } from "./gate-state.ts";
import { lighterStates } from "./gate-state-weight.ts";

const WORD = "deploy-gate-state";
const FOLD = "<details><summary>What this gate keeps for the next one</summary>";
const MARK = `<!-- ${WORD} -->`;
const JSON_OPEN = "```json\n";
const OPEN = `${FOLD}\n\n${MARK}\n\n${JSON_OPEN}`;
const CLOSE = "\n```\n\n</details>";
/** Of the 65,535 bytes that GitHub takes, the page has the rest. */
const MOST_BYTES = 40_000;

/** One line for each thing that people may look for; below that as short as can be. */
const LINES_DEPTH = 3;

function layered(value: unknown, depth: number): string {
  if (depth === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = Object.entries(value).flatMap(([name, part]) => {
    if (part === undefined) return [];
    const text = layered(part, depth - 1);
    return [isList ? text : `${JSON.stringify(name)}: ${text}`];
  });
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  const indent = " ".repeat(LINES_DEPTH - depth + 1);
  return `${open}\n${parts.map((part) => indent + part).join(",\n")}\n${indent.slice(1)}${close}`;
}

/** ASCII only, so that its length is its bytes, and free of the word by which a state is found. */
function jsonText(state: GateState): string {
  return layered(state, LINES_DEPTH)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", "\\u002d"));
}

/**
 * The state as the last part of a check run's text: a fold with JSON that people can read, at most 40,000 bytes.
 * What only explains is left out first, then what baselines need, then long reasons are cut.
 */
export function encodeState(state: GateState): string {
  for (const lighter of lighterStates(state)) {
    const text = jsonText(lighter);
    if (OPEN.length + text.length + CLOSE.length <= MOST_BYTES) return OPEN + text + CLOSE;
  }
  throw new Error("the lightest state is small");
}

/** The state at the end of a check run's text. Only a last block counts; anything unexpected in it is `damaged`. */
export function decodeState(text: string): DecodedState {
  const body = text.replaceAll("\r\n", "\n").trimEnd();
  const at = body.lastIndexOf(MARK);
  if (at === -1) return { kind: "none" };
  const begin = body.indexOf(JSON_OPEN, at);
  if (begin === -1 || !body.endsWith(CLOSE)) return { kind: "damaged", why: "it does not end as it should" };
  let value: unknown;
  try {
    value = JSON.parse(body.slice(begin + JSON_OPEN.length, -CLOSE.length));
  } catch {
    return { kind: "damaged", why: "it is not JSON" };
  }
  return asGateState(value);
}

/**
 * A page with the encoded state at its end, or none (""). Whatever in the page could be taken for a state can not
 * be any more; its length in bytes stays.
 */
export function withState(page: string, block: string): string {
  const safe = page.replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", " "));
  return [safe, block].filter((part) => part !== "").join("\n\n");
}

/** A text of `withState` in its two parts. */
export function partsOf(text: string): { readonly page: string; readonly block: string } {
  const body = text.replaceAll("\r\n", "\n").trimEnd();
  const mark = body.lastIndexOf(MARK);
  if (mark === -1) return { page: body, block: "" };
  const fold = body.lastIndexOf(FOLD, mark);
  const begin = fold === -1 ? mark : fold;
  return { page: body.slice(0, begin).trimEnd(), block: body.slice(begin) };
}

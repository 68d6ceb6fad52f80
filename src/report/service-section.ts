import { cutBytes } from "./text.ts";

/** GitHub refuses a longer body. Its count is of characters; bytes are the safe side of it. */
export const BODY_MAX = 65_536;

/** A service's name for a comment, in which two hyphens may not follow each other. */
function markerName(service: string): string {
  return encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D");
}

function markersOf(service: string): { readonly begin: string; readonly end: string } {
  const name = markerName(service);
  return { begin: `<!-- deploy-gate:service=${name} -->`, end: `<!-- /deploy-gate:service=${name} -->` };
}

const ANY_END = /^<!-- \/deploy-gate:service=[^\s]{1,1000} -->$/gmu;
const TRAILER = /^Deploy-Gate-Revert: /mu;

/** Where a marker stands as a line of its own, at or after `from`; -1 when nowhere. */
function lineOf(body: string, marker: string, from: number): number {
  for (let at = body.indexOf(marker, from); at !== -1; at = body.indexOf(marker, at + 1)) {
    const after = body[at + marker.length];
    const startsLine = at === 0 || body[at - 1] === "\n";
    if (startsLine && (after === undefined || after === "\n" || after === "\r")) return at;
  }
  return -1;
}

/** One service's part of a pull request's body between the markers by which its gate finds it again. */
export function markedSection(service: string, section: string): string {
  const { begin, end } = markersOf(service);
  return `${begin}\n${section}\n${end}`;
}

/** Whether this service's gate has written its section before. */
export function hasServiceSection(body: string, service: string): boolean {
  return lineOf(body, markersOf(service).begin, 0) !== -1;
}

/** One service's part as a comment of its own; its first line tells it from the comments of others. */
export function commentSection(service: string, section: string): string {
  return cutBytes(`${markersOf(service).begin}\n${section}`, BODY_MAX);
}

/** Where a new section goes: behind the last one, else before the trailer, else at the end. */
function placeFor(body: string): number {
  const last = [...body.matchAll(ANY_END)].at(-1);
  if (last !== undefined) return last.index + last[0].length;
  const trailer = body.search(TRAILER);
  return trailer === -1 ? body.length : trailer;
}

function isWithinLimit(body: string): boolean {
  return body.length <= BODY_MAX;
}

/** What remains of a section when a body is full: everything before its first fold. */
function shortened(section: string): string {
  const [lead = ""] = section.split("\n<details>");
  return `${cutBytes(lead.trimEnd(), 4000)}\n\n_Evidence left out: this description is full._`;
}

/**
 * A pull request's body with this service's section added, or put in the place of its former one; all other text
 * stays as it is, whoever wrote it. A section that would make the body too long loses its evidence; if
 * even that is too long, the body comes back unchanged.
 */
export function withServiceSection(existingBody: string, serviceName: string, section: string): string {
  const { begin, end } = markersOf(serviceName);
  const from = lineOf(existingBody, begin, 0);
  const to = from === -1 ? -1 : lineOf(existingBody, end, from);
  const bodyWith = (text: string): string => {
    const marked = markedSection(serviceName, text);
    if (to !== -1) return existingBody.slice(0, from) + marked + existingBody.slice(to + end.length);
    const place = placeFor(existingBody);
    const before = existingBody.slice(0, place);
    const after = existingBody.slice(place);
    const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = after === "" || after.startsWith("\n") ? "" : "\n\n";
    return before + lead + marked + tail + after;
  };
  const candidates = [bodyWith(section), bodyWith(shortened(section))];
  return candidates.find(isWithinLimit) ?? existingBody;
}

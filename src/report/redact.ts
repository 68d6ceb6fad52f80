import { knownShapesRedacted, REDACTED } from "./secret-shape.ts";
import { cleanText, oneLine } from "./text.ts";

/** Shorter values would blot out ordinary words. */
const LEAST = 4;
/** A fragment of a base64 text or one line of a key is only recognisable from this length on. */
const LEAST_FRAGMENT = 8;

function bytesAsText(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/**
 * The characters of base64 that depend on the secret alone, for each of the three ways it can be aligned: so
 * `base64(user + ":" + secret)` is found as well.
 */
function base64Forms(secret: string): readonly string[] {
  const bytes = bytesAsText(secret);
  const cores = [0, 1, 2].map((before) => {
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return btoa("\0".repeat(before) + bytes).slice(start, end);
  });
  const urlSafe = cores.map((core) => core.replaceAll("+", "-").replaceAll("/", "_"));
  return [...cores, ...urlSafe].filter((form) => form.length >= LEAST_FRAGMENT);
}

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const OTHER_QUOTES: Readonly<Record<string, string>> = { ...HTML, '"': "&#34;", "'": "&#x27;" };

/** As writers of JSON differ: slashes, what HTML might take for its own, and all that is not ASCII. */
function jsonForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const coded = (text: string, which: RegExp): string =>
    text.replace(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const all = [
    json,
    coded(json, /[<>&]/g),
    coded(json, /[\u0080-\uffff]/g),
    coded(json, /[<>&'\u0080-\uffff]/g),
  ];
  return [...all, ...all.map((form) => form.replaceAll("/", "\\/"))];
}

/** Every way in which a secret may turn up in somebody's output. */
function formsOf(secret: string): readonly string[] {
  const wellFormed = secret.toWellFormed();
  const percent = encodeURIComponent(wellFormed);
  const lines = secret.split(/\r?\n/u).filter((line) => line.length >= LEAST_FRAGMENT);
  return [
    secret,
    // As it stands in text that was cleaned first.
    cleanText(secret),
    oneLine(secret),
    ...lines,
    percent,
    percent.replaceAll("%20", "+"),
    percent.replace(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
    encodeURI(wellFormed),
    secret.replace(/[&<>"']/g, (mark) => HTML[mark] ?? mark),
    secret.replace(/[&<>"']/g, (mark) => OTHER_QUOTES[mark] ?? mark),
    secret.replace(/[&<>]/g, (mark) => HTML[mark] ?? mark),
    ...jsonForms(secret),
    ...base64Forms(secret),
  ];
}

type Range = readonly [from: number, to: number];

/** Where `form` stands in `text`; overlapping places are joined. */
function placesOf(form: string, text: string): Range[] {
  const places: Range[] = [];
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
    const last = places.at(-1);
    if (last !== undefined && at < last[1]) places[places.length - 1] = [last[0], at + form.length];
    else places.push([at, at + form.length]);
  }
  return places;
}

/**
 * A function that replaces every secret by `***`: each of at least four characters, also in its URL-encoded,
 * base64 and JSON-escaped forms and where two overlap, and besides them what looks like a well-known kind of
 * credential. A text in which invisible characters part a secret is given without them. Takes time linear in the text.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const long = secrets
    .flatMap((secret) => [secret, secret.trim()])
    .filter((secret) => secret.length >= LEAST);
  const forms = [...new Set(long.flatMap(formsOf))].filter((form) => form.length >= LEAST);
  const redacted = (text: string): string => {
    const places = forms.flatMap((form) => placesOf(form, text)).sort(([a], [b]) => a - b);
    let kept = "";
    let end = 0;
    for (const [from, to] of places) {
      if (from >= end) kept += text.slice(end, from) + REDACTED;
      end = Math.max(end, to);
    }
    return knownShapesRedacted(kept + text.slice(end));
  };
  return (text) => {
    const shown = redacted(text);
    const clean = cleanText(shown);
    if (clean === shown) return shown;
    // Cleaned and then escaped, the parts of a secret would stand together, and no longer as anything known.
    const again = redacted(clean);
    return again === clean ? shown : again;
  };
}

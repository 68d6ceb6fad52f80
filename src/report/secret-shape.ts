/** What stands in a secret's place. */
export const REDACTED = "***";
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;

/**
 * Credentials that show by their form what they are, with what stays readable of each. Every repetition is bounded or
 * of one class that its successor is not in, so that no line can make them slow.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // Render: API keys, and the key of a deploy hook (api-docs.render.com, render.com/docs/deploy-hooks)
  [/\brnd_[A-Za-z0-9]{8,}/gu, REDACTED],
  [/(\/deploy\/srv-[a-z0-9]{1,64}\?key=)[\w-]{1,256}/gu, `$1${REDACTED}`],
  // GitHub: docs.github.com, "About authentication to GitHub", token formats
  [/\bgh[pousr]_[\w.-]{16,}/gu, REDACTED],
  [/\bgithub_pat_\w{16,}/gu, REDACTED],
  [/\b(bearer)\s{1,8}[\w.~+/=-]{8,}/giu, `$1 ${REDACTED}`],
  [/\b(authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:basic|token)\s{1,8})[\w.~+/=-]{4,}/giu, `$1${REDACTED}`],
  // A password inside an address
  [/(:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/?#"'<>]{1,512}@/gu, `$1${REDACTED}@`],
  [
    /\b(password|passwd|pwd|secret_?access_?key)(["']?\s{0,8}[=:]\s{0,8})(?:"[^"\n]{1,512}"|'[^'\n]{1,512}'|[^\s&;,"']{4,512})/giu,
    `$1$2${REDACTED}`,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/gu, REDACTED],
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{1,512}/gu, `$1${REDACTED}`],
  [/\bxox[a-z]-[\w-]{8,}/gu, REDACTED],
  [/\b[rs]k_(?:live|test)_\w{8,}/gu, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,1024}/gu, REDACTED],
];

/** No key is longer; an end mark farther away belongs to something else. */
const LONGEST_KEY = 16_384;
/** What a key whose end mark is missing can consist of. */
const KEY_BODY = /(?:[A-Za-z0-9+/=\s]|\\[nr])*/uy;

/** End of the key block that begins at `begin`: behind its end mark, or where its characters stop. */
function keyEnd(text: string, begin: number): number {
  KEY_BODY.lastIndex = begin;
  KEY_BODY.exec(text);
  return KEY_BODY.lastIndex;
}

/** Replaces private key blocks. Every end mark is looked for once, so that many beginnings cost no more than one. */
function withoutKeys(text: string): string {
  let kept = "";
  let done = 0;
  let mark: { readonly from: number; readonly to: number } | undefined = { from: -1, to: 0 };
  for (;;) {
    KEY_BEGIN.lastIndex = done;
    const begin = KEY_BEGIN.exec(text);
    if (begin === null) return kept + text.slice(done);
    const body = KEY_BEGIN.lastIndex;
    if (mark !== undefined && mark.from < body) {
      KEY_END.lastIndex = body;
      const found = KEY_END.exec(text);
      mark = found === null ? undefined : { from: found.index, to: KEY_END.lastIndex };
    }
    kept += text.slice(done, begin.index) + REDACTED;
    done = mark !== undefined && mark.from - body <= LONGEST_KEY ? mark.to : keyEnd(text, body);
  }
}

/** Replaces what looks like a credential whoever it belongs to: API keys, tokens, passwords in addresses, private keys. */
export function knownShapesRedacted(text: string): string {
  return SHAPES.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), withoutKeys(text));
}

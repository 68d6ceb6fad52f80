const MOST_CHARACTERS = 1_000;
/** What git writes before a name: `a/` and `b/`, and the letters of `diff.mnemonicPrefix`. */
const PREFIX = /^[abciow12]\//;
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/** A name as git quotes it, `"a/\303\244.txt"`; undefined when it is none. Gives what follows it, too. */
export function quotedName(text: string): { readonly name: string; readonly rest: string } | undefined {
  const [whole, inner] = /^"((?:[^"\\]|\\.)*)"/su.exec(text) ?? [];
  if (whole === undefined || inner === undefined) return undefined;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [part, octal, letter] of inner.matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]+/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter === undefined) bytes.push(...encoder.encode(part));
    else {
      const byte = ESCAPES[letter];
      if (byte === undefined) return undefined;
      bytes.push(byte);
    }
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { name: decoder.decode(new Uint8Array(bytes)), rest: text.slice(whole.length) };
  } catch {
    return undefined;
  }
}

/** A name of a header line without its `a/` or `b/`; undefined when it has none. */
export function withoutPrefix(name: string): string | undefined {
  return PREFIX.test(name) ? name.slice(2) : undefined;
}

/** The one name of `diff --git a/x b/x`, where both are the same; undefined when they differ. */
export function commonName(names: string): string | undefined {
  const first = quotedName(names);
  if (first !== undefined) {
    const second = first.rest.startsWith(" ") ? quotedName(first.rest.slice(1)) : undefined;
    const [one, two] = [first.name, second?.name ?? ""].map(withoutPrefix);
    return one === two ? one : undefined;
  }
  // Names may hold spaces, so only the middle can be the one between them.
  const middle = (names.length - 1) / 2;
  if (names[middle] !== " ") return undefined;
  const [one, two] = [names.slice(0, middle), names.slice(middle + 1)].map(withoutPrefix);
  return one === two ? one : undefined;
}

/** What is wrong with a path as one inside the repository; undefined when nothing is. */
export function pathFault(path: string): string | undefined {
  if (path === "" || path.length > MOST_CHARACTERS) return "is empty or longer than any path";
  if (/[\u0000-\u001f\u007f]/u.test(path)) return "holds control characters";
  if (path.startsWith("/") || /^[a-z]:/iu.test(path)) return "is not relative to the repository";
  const segments = path.split(/[/\\]/u);
  if (segments.includes("..")) return "leaves the repository";
  if (segments.some((one) => one === "" || one === ".")) return "is not a plain path";
  // `.git` under the other names that Windows and macOS have for it, which git itself refuses as well.
  const isGit = segments.some((one) =>
    /^(?:\.git|git~1)[. ]*$/iu.test(one.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu, "")),
  );
  return isGit ? "lies in .git" : undefined;
}

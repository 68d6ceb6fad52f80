const POSITION = /:(\d{1,7})(?::\d{1,7})?$/;
const ERROR =
  /(?:^|[\s:])((?:[A-Za-z_$][\w$]{0,99}\.){0,20}[A-Za-z_$]?[\w$]{0,99}(?:Error|Exception)(?: \[[^\]]{1,99}\])?(?::.*)?)$/;

/** How far above its first frame the message of a trace may begin. */
const MOST_MESSAGE_LINES = 10;

/**
 * The frame of a line such as `    at async f (file:///app/x.mjs:1:2)`; `file` is "" for one without a file, such
 * as `at new Promise (<anonymous>)`. Undefined when the line is none.
 */
export function nodeFrameAt(text: string): { readonly file: string; readonly line: number } | undefined {
  if (!/^[\s|]*at \S/.test(text)) return undefined;
  const trimmed = text.trimEnd().replace(/(?: \{|,)$/, "");
  const rest = trimmed.slice(trimmed.indexOf("at ") + 3);
  const open = rest.endsWith(")") ? rest.indexOf(" (") : -1;
  const place = open >= 0 ? rest.slice(open + 2, -1) : rest.replace(/^async /, "");
  const position = POSITION.exec(place);
  const isPlace = position !== null && /^(?:[\w.-]+:|\.{0,2}\/|[\w.@-]+(?:\/|\.[cm]?[jt]sx?:))/.test(place);
  // Prose can begin with "at" as well: only a bracket makes a frame of a line without a place.
  if (!isPlace || position === null) return open >= 0 ? { file: "", line: 0 } : undefined;
  return { file: fileOf(place.slice(0, position.index)), line: Number(position[1]) };
}

/** The error line above the first frame; the line right above it when none looks like one. */
export function nodeMessage(texts: readonly string[], firstFrame: number): string {
  const above = texts.slice(Math.max(0, firstFrame - MOST_MESSAGE_LINES), firstFrame).toReversed();
  const end = above.findIndex((text) => nodeFrameAt(text) !== undefined);
  const own = end < 0 ? above : above.slice(0, end);
  for (const text of own) {
    const found = ERROR.exec(text.trimEnd())?.[1];
    if (found !== undefined) return found.replace(/ \{$/, "");
  }
  return own[0]?.trim() ?? "";
}

function fileOf(place: string): string {
  if (!place.startsWith("file://"))
    return place.replace(/^webpack(?:-internal)?:\/\/\/?(?:\([\w-]{1,40}\)\/)?/, "");
  const path = place.slice("file://".length).replace(/[?#].*$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

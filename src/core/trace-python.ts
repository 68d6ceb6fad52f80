/** A line such as `  File "/app/main.py", line 12, in f`, also behind what a logger puts before it. */
const FRAME = /File "([^"]{1,1024})", line (\d{1,7})/;
const EXCEPTION =
  /(?:^|[\s|])((?:[A-Za-z_]\w{0,99}\.){0,20}[A-Za-z_]\w{0,99}(?:Error|Exception|Exit|Interrupt|Warning|Group)(?::.*)?)$/;

/** The frame a line names, and what stands before the text of the trace on every of its lines. */
export function pythonFrameAt(
  text: string,
): { readonly file: string; readonly line: number; readonly margin: string } | undefined {
  if (!text.includes('File "')) return undefined;
  const found = FRAME.exec(text);
  if (found === null || found[2] === "0") return undefined;
  const margin = text.slice(0, found.index).replace(/ {1,2}$/, "");
  return { file: found[1] ?? "", line: Number(found[2]), margin };
}

/**
 * The exception, if this line of the trace tells it: it is not indented as frames and their source lines are, or,
 * where every line has a margin of its own, it looks like one.
 */
export function pythonMessage(text: string, margin: string): string | undefined {
  if (text.startsWith(margin)) {
    const rest = text.slice(margin.length);
    return /^[A-Za-z_]/.test(rest) ? rest.trimEnd() : undefined;
  }
  return EXCEPTION.exec(text.trimEnd())?.[1];
}

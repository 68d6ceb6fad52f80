import { headerOf, patchOf } from "./patch-header.ts";
import { lineAt, Unreadable, type Scan } from "./patch-scan.ts";
import type { FilePatch, Hunk, HunkLine, Patch } from "./patch.ts";

const MOST_CHARACTERS = 1_048_576;
const MOST_FILES = 100;
const MOST_HUNKS = 2_000;

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/u;

export type ParsedPatch =
  | { readonly ok: true; readonly patch: Patch }
  /** Counted from 1. */
  | { readonly ok: false; readonly why: string; readonly line: number };

/**
 * Reads what `git diff` and `git format-patch` write (git-scm.com/docs/diff-format). Never throws: what is not
 * understood, or could change anything but the text of files inside the repository, comes back as one sentence with
 * its line.
 */
export function parsePatch(text: string): ParsedPatch {
  try {
    return { ok: true, patch: parse(text) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, why: error.message, line: error.at + 1 };
  }
}

function parse(text: string): Patch {
  if (text.length > MOST_CHARACTERS) throw new Unreadable("the patch is larger than 1 MiB", 0);
  if (text.startsWith("\ufeff")) throw new Unreadable("the patch begins with a byte order mark", 0);
  const scan: Scan = { lines: text.split("\n"), at: 0, hunks: 0 };
  const garbled = scan.lines.findIndex((line) => line.includes("\ufffd"));
  if (garbled !== -1) throw new Unreadable("the patch is not UTF-8 text", garbled);
  const files: FilePatch[] = [];
  for (; scan.at < scan.lines.length;) {
    const line = lineAt(scan);
    if (line.startsWith("diff --git ")) files.push(fileOf(scan));
    else {
      refuseOther(scan, line);
      scan.at += 1;
    }
    if (files.length > MOST_FILES)
      throw new Unreadable(`the patch changes more than ${MOST_FILES} files`, scan.at);
  }
  if (files.length === 0)
    throw new Unreadable(`no line begins with "diff --git": make it with git diff or git format-patch`, 0);
  return { files };
}

/** Between the files of a patch stands what a mail says; nothing that changes a file may be passed over as that. */
function refuseOther(scan: Scan, line: string): void {
  if (/^diff --(?:cc|combined) /u.test(line))
    throw new Unreadable("the diff of a merge cannot be applied: make it with git diff", scan.at);
  if (HUNK.test(line)) throw new Unreadable("a hunk without a file", scan.at);
  const [next = "", after = ""] = scan.lines.slice(scan.at + 1, scan.at + 3);
  if (line.startsWith("--- ") && next.startsWith("+++ ") && HUNK.test(after))
    throw new Unreadable(`a file without "diff --git": make it with git diff or git format-patch`, scan.at);
}

function fileOf(scan: Scan): FilePatch {
  const header = headerOf(scan);
  const hunks: Hunk[] = [];
  while (HUNK.test(lineAt(scan))) {
    hunks.push(hunkOf(scan));
    scan.hunks += 1;
    if (scan.hunks > MOST_HUNKS) throw new Unreadable(`the patch has more than ${MOST_HUNKS} hunks`, scan.at);
  }
  const line = lineAt(scan);
  if (line.startsWith("GIT binary patch") || /^(?:Binary files|Files) .* differ$/u.test(line))
    throw new Unreadable("binary files cannot be patched", scan.at);
  const isSignature = /^--\s*$/u.test(line);
  if (hunks.length > 0 && /^[-+ ]/u.test(line) && !isSignature)
    throw new Unreadable("the hunk before has more lines than its @@ line counts", scan.at);
  return patchOf(header, hunks);
}

function hunkOf(scan: Scan): Hunk {
  const begins = scan.at;
  const [, oldStart, oldCount = "1", newStart, newCount = "1"] = HUNK.exec(lineAt(scan)) ?? [];
  let [old, fresh] = [Number(oldCount), Number(newCount)];
  const lines: HunkLine[] = [];
  for (scan.at += 1; old > 0 || fresh > 0; scan.at += 1) {
    // Behind the last line end there is no line any more.
    if (scan.at >= scan.lines.length - 1) throw new Unreadable("the patch ends inside a hunk", begins);
    const line = lineAt(scan);
    if (line.startsWith("\\ ")) {
      cutLineEnd(lines);
      continue;
    }
    // Editors take the space of an empty line away; GNU diff writes none.
    const mark = line === "" ? " " : line.charAt(0);
    if (mark !== " " && mark !== "-" && mark !== "+")
      throw new Unreadable("the hunk has fewer lines than its @@ line counts", scan.at);
    if (mark !== "+") old -= 1;
    if (mark !== "-") fresh -= 1;
    if (old < 0 || fresh < 0)
      throw new Unreadable("the hunk has other lines than its @@ line counts", scan.at);
    lines.push({ mark, text: `${line.slice(1)}\n` });
  }
  if (lineAt(scan).startsWith("\\ ")) {
    cutLineEnd(lines);
    scan.at += 1;
  }
  if (lines.every((line) => line.mark === " ")) throw new Unreadable("the hunk changes nothing", begins);
  return { oldStart: Number(oldStart), newStart: Number(newStart), lines };
}

/** `\ No newline at end of file`, in whatever language, is about the line before it. */
function cutLineEnd(lines: HunkLine[]): void {
  const last = lines.pop();
  if (last !== undefined) lines.push({ ...last, text: last.text.replace(/\n$/u, "") });
}

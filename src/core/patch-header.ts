import { commonName, pathFault, quotedName, withoutPrefix } from "./patch-name.ts";
import { lineAt, Unreadable, type Scan } from "./patch-scan.ts";
import type { FileMode, FilePatch, Hunk } from "./patch.ts";

/** What the header of one file says; names are without prefix. */
export interface Header {
  readonly begins: number;
  readonly name: string | undefined;
  before?: string | null;
  after?: string | null;
  renamedFrom?: string;
  renamedTo?: string;
  oldMode?: FileMode;
  newMode?: FileMode;
  isNew?: boolean;
  isDeleted?: boolean;
}

/** Reads the header that begins here, up to the first line that is none of it. Throws Unreadable. */
export function headerOf(scan: Scan): Header {
  const first = lineAt(scan);
  if (first.endsWith("\r")) {
    const why = `the patch file itself was changed to CRLF line ends: keep it as git wrote it ("*.patch -text" in .gitattributes)`;
    throw new Unreadable(why, scan.at);
  }
  const header: Header = { begins: scan.at, name: commonName(first.slice("diff --git ".length)) };
  for (scan.at += 1; readHeaderLine(scan, header);) scan.at += 1;
  return header;
}

/** Takes one line of a header in; false at the first that is none. */
function readHeaderLine(scan: Scan, header: Header): boolean {
  const line = lineAt(scan);
  const [, key = "", value = ""] =
    /^(---|\+\+\+|old mode|new mode|deleted file mode|new file mode|rename from|rename to|copy from|copy to|similarity index|dissimilarity index|index) (.*)$/su.exec(
      line,
    ) ?? [];
  switch (key) {
    case "":
      return false;
    case "---":
      header.before = sideOf(scan, value);
      return true;
    case "+++":
      header.after = sideOf(scan, value);
      return true;
    case "old mode":
      header.oldMode = modeOf(scan, value);
      return true;
    case "new mode":
      header.newMode = modeOf(scan, value);
      return true;
    case "new file mode":
      header.isNew = true;
      header.newMode = modeOf(scan, value);
      return true;
    case "deleted file mode":
      header.isDeleted = true;
      header.oldMode = modeOf(scan, value);
      return true;
    case "rename from":
      header.renamedFrom = quotedName(value)?.name ?? value;
      return true;
    case "rename to":
      header.renamedTo = quotedName(value)?.name ?? value;
      return true;
    case "copy from":
    case "copy to":
      throw new Unreadable("copied files are not understood: make the patch with --no-renames", scan.at);
    case "index": {
      const mode = value.split(" ")[1];
      if (mode !== undefined) modeOf(scan, mode);
      return true;
    }
    default:
      return true;
  }
}

/** A name behind `---` or `+++`; null is `/dev/null`. */
function sideOf(scan: Scan, value: string): string | null {
  const name = quotedName(value)?.name ?? value.split("\t", 1)[0] ?? "";
  if (name === "/dev/null") return null;
  const path = withoutPrefix(name);
  if (path !== undefined) return path;
  const fault = pathFault(name);
  const why =
    fault === undefined
      ? "has no prefix a/ or b/: make the patch with git diff --src-prefix=a/ --dst-prefix=b/"
      : fault;
  throw new Unreadable(`the path "${name.slice(0, 200)}" ${why}`, scan.at);
}

function modeOf(scan: Scan, value: string): FileMode {
  const mode = value.trim();
  if (mode === "120000") throw new Unreadable("symbolic links cannot be patched", scan.at);
  if (mode === "160000") throw new Unreadable("submodules cannot be patched", scan.at);
  if (!/^100[0-7]{3}$/u.test(mode)) throw new Unreadable(`the file mode "${mode.slice(0, 20)}"`, scan.at);
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? "100644" : "100755";
}

/** What header and hunks together do to one file. Throws Unreadable where they contradict each other. */
export function patchOf(header: Header, hunks: readonly Hunk[]): FilePatch {
  const { begins, name, isNew = false, isDeleted = false } = header;
  const { renamedFrom, renamedTo, before = name, after = name } = header;
  const isRename = renamedFrom !== undefined || renamedTo !== undefined;
  const from = isRename ? renamedFrom : isNew ? after : before;
  const to = isRename ? renamedTo : isDeleted ? before : after;
  if (typeof from !== "string" || typeof to !== "string")
    throw new Unreadable("the header does not say which file it is about", begins);
  const isTold = (told: string | null | undefined, expected: string | null): boolean =>
    told === undefined || told === expected;
  const isConsistent =
    isTold(header.before, isNew ? null : from) &&
    isTold(header.after, isDeleted ? null : to) &&
    !(isNew && isDeleted) &&
    (isRename ? !isNew && !isDeleted : from === to);
  if (!isConsistent) throw new Unreadable("the lines of the header speak of different files", begins);
  for (const path of new Set([from, to])) {
    const fault = pathFault(path);
    if (fault !== undefined) throw new Unreadable(`the path "${path.slice(0, 200)}" ${fault}`, begins);
  }
  const { oldMode, newMode } = header;
  if (hunks.length === 0 && !isNew && !isDeleted && !isRename && newMode === undefined)
    throw new Unreadable("the header has no change below it", begins);
  return {
    kind: isNew ? "create" : isDeleted ? "delete" : isRename ? "rename" : "change",
    from,
    to,
    hunks,
    ...(oldMode === undefined ? {} : { oldMode }),
    ...(newMode === undefined ? {} : { newMode }),
  };
}

export type FileMode = "100644" | "100755";

/** A line with its line end; `+` and `-` as in the patch, a blank for context. */
export interface HunkLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Lines that stand together; both starts count from 1, and are 0 for an empty file. */
export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly HunkLine[];
}

/** What a patch does to one file. `from` and `to` differ for a rename alone. */
export interface FilePatch {
  readonly kind: "change" | "create" | "delete" | "rename";
  readonly from: string;
  readonly to: string;
  readonly oldMode?: FileMode;
  readonly newMode?: FileMode;
  readonly hunks: readonly Hunk[];
}

/** The files in their order; one may be changed again further down. */
export interface Patch {
  readonly files: readonly FilePatch[];
}

export interface PatchedFile {
  readonly text: string;
  readonly mode: FileMode;
}

/** Every path that the patch reads or writes. */
export function pathsOf(patch: Patch): readonly string[] {
  return [...new Set(patch.files.flatMap((file) => [file.from, file.to]))];
}

import type { FilePatch, Hunk, Patch, PatchedFile } from "./patch.ts";
import { patchedText, type Misfit } from "./patch-place.ts";

/** Why a patch does not apply: which file, and which hunk (from 1) where it is one. Its lines are untrusted. */
export interface PatchMisfit extends Omit<Partial<Misfit>, "why"> {
  readonly path: string;
  readonly why: "missing" | "exists" | "rest" | "twice" | Misfit["why"];
  readonly hunk?: number;
  /** This part of the patch is in the file already; another one is not. */
  readonly isApplied?: boolean;
}

export type AppliedPatch =
  /** Files as they are to be; `undefined` is gone. */
  | { readonly kind: "applied"; readonly files: ReadonlyMap<string, PatchedFile | undefined> }
  /** The files are as the patch would make them. */
  | { readonly kind: "already" }
  | { readonly kind: "misfit"; readonly misfit: PatchMisfit };

type ReadFile = (path: string) => PatchedFile | undefined;

/**
 * The files after the patch, all or none, as `git apply` makes them without fuzz; where it does not apply but its
 * reverse does, nothing is left to do. A hunk that is off its line must fit in one place only.
 */
export function applyPatch(patch: Patch, readFile: ReadFile): AppliedPatch {
  const forward = filesAfter(patch.files, readFile);
  if (!("misfit" in forward)) {
    const changed = [...forward.files].filter(([path, file]) => {
      const before = readFile(path);
      return before?.text !== file?.text || before?.mode !== file?.mode;
    });
    return changed.length === 0 ? { kind: "already" } : { kind: "applied", files: new Map(changed) };
  }
  if (!("misfit" in filesAfter(patch.files.map(reversed).toReversed(), readFile))) return { kind: "already" };
  const { misfit } = forward;
  return {
    kind: "misfit",
    misfit: isApplied(patch, readFile, misfit) ? { ...misfit, isApplied: true } : misfit,
  };
}

/** Whether the part that does not fit is there already. */
function isApplied(patch: Patch, readFile: ReadFile, { path, hunk }: PatchMisfit): boolean {
  const part = patch.files.find((file) => file.from === path || file.to === path);
  const own = part?.hunks[(hunk ?? 1) - 1];
  const now = part === undefined ? undefined : readFile(part.to);
  if (part?.kind === "delete") return now === undefined;
  return now !== undefined && own !== undefined && patchedText(now.text, [reversedHunk(own)]).ok;
}

type FilesAfter =
  | { readonly files: ReadonlyMap<string, PatchedFile | undefined> }
  | { readonly misfit: PatchMisfit };

function filesAfter(parts: readonly FilePatch[], readFile: ReadFile): FilesAfter {
  const files = new Map<string, PatchedFile | undefined>();
  const now = (path: string): PatchedFile | undefined => (files.has(path) ? files.get(path) : readFile(path));
  for (const part of parts) {
    const { kind, from, to, newMode } = part;
    // git renames the file as it was before the patch: what an earlier part did to it would be lost.
    if (kind === "rename" && files.has(from)) return { misfit: { path: from, why: "twice" } };
    const before = kind === "create" ? { text: "", mode: newMode ?? "100644" } : now(from);
    if (before === undefined) return { misfit: { path: from, why: "missing" } };
    if ((kind === "create" || kind === "rename") && now(to) !== undefined)
      return { misfit: { path: to, why: "exists" } };
    const patched = patchedText(before.text, part.hunks);
    if (!patched.ok) return { misfit: { path: from, hunk: patched.hunk + 1, ...patched.misfit } };
    if (kind === "delete" && patched.text !== "") return { misfit: { path: from, why: "rest" } };
    if (kind === "delete" || kind === "rename") files.set(from, undefined);
    if (kind !== "delete") files.set(to, { text: patched.text, mode: newMode ?? before.mode });
  }
  return { files };
}

const REVERSE = { change: "change", create: "delete", delete: "create", rename: "rename" } as const;
const REVERSE_MARK = { " ": " ", "+": "-", "-": "+" } as const;

/** What takes one file's part back. */
function reversed(part: FilePatch): FilePatch {
  const { kind, from, to, oldMode, newMode, hunks } = part;
  return {
    kind: REVERSE[kind],
    from: to,
    to: from,
    hunks: hunks.map(reversedHunk),
    ...(newMode === undefined ? {} : { oldMode: newMode }),
    ...(oldMode === undefined ? {} : { newMode: oldMode }),
  };
}

function reversedHunk({ oldStart, newStart, lines }: Hunk): Hunk {
  return {
    oldStart: newStart,
    newStart: oldStart,
    lines: lines.map(({ mark, text }) => ({ mark: REVERSE_MARK[mark], text })),
  };
}

import type { Evidence, Sample } from "./check.ts";
import type { SourceSource } from "./source.ts";
import { matcherOf, type Matcher } from "./log-match.ts";

/** A file at the deployed commit. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const MAX_EVIDENCE = 20;
const MAX_SHOWN = 500;

/**
 * Files at the deployed commit against the lists of a check (design 5.2): subjects `files`, `matches` (lines that
 * hold something forbidden), `found` and `missing` (required patterns, each in any of the files). Where only a part
 * of the files is known (`isCut`), what was not found proves nothing.
 */
export function sourceSample(
  source: SourceSource,
  about: {
    readonly at: number;
    readonly files: readonly SourceFile[];
    /** GitHub did not list every file. */
    readonly isCut: boolean;
    readonly keep: (text: string) => string;
  },
): Sample {
  const { at, files, isCut, keep } = about;
  const matchers = (groups: SourceSource["forbid"]): readonly Matcher[] =>
    groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
  const search = searchFiles(files, {
    forbidden: matchers(source.forbid),
    required: matchers(source.require),
    keep,
  });
  const { matches, found, missing } = search;
  if (files.length === 0 && source.require.length === 0 && !isCut)
    return { kind: "error", at, reason: `no file of the commit fits ${keep(source.glob)}` };
  if (isCut && matches === 0 && (files.length === 0 || missing.length > 0))
    return { kind: "error", at, reason: "GitHub lists only a part of the files of this commit" };

  const isPart = isCut || search.cut > 0;
  const isKnown = missing.length === 0 || !isPart;
  const note = [
    `${files.length} ${files.length === 1 ? "file" : "files"}`,
    ...(missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : []),
    ...(isCut ? ["GitHub lists only a part of the files of this commit"] : []),
    ...(search.cut > 0 ? [`${search.cut} long lines were searched in their beginning only`] : []),
  ].join("; ");
  return {
    kind: "ok",
    at,
    subjects: {
      files: files.length,
      matches,
      ...(isKnown && source.require.length > 0 ? { found: found.length, missing: missing.length } : {}),
    },
    evidence: [
      ...search.evidence,
      ...missing.map((label) => ({ text: keep(`missing: ${label}`), from: "source" })),
      ...(search.evidence.length === 0 && missing.length === 0 ? found.slice(0, MAX_EVIDENCE) : []),
    ],
    note,
    ...(isPart ? { partial: [...(isCut ? ["files"] : []), "matches"] } : {}),
  };
}

interface Search {
  readonly matches: number;
  /** Lines searched in their beginning only. */
  readonly cut: number;
  readonly evidence: readonly Evidence[];
  readonly found: readonly Evidence[];
  readonly missing: readonly string[];
}

function searchFiles(
  files: readonly SourceFile[],
  about: {
    readonly forbidden: readonly Matcher[];
    readonly required: readonly Matcher[];
    readonly keep: (text: string) => string;
  },
): Search {
  const { forbidden, required, keep } = about;
  const found = new Map<Matcher, Evidence>();
  const evidence: Evidence[] = [];
  let matches = 0;
  let cut = 0;
  for (const { path, text } of files) {
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      const shown = (): Evidence => ({
        text: keep(`${path}:${index + 1}: ${line.trim()}`).slice(0, MAX_SHOWN),
        from: "source",
      });
      let isCutLine = false;
      const has = (matcher: Matcher): boolean => {
        const search = matcher.search(line);
        isCutLine ||= search.cut && !search.found;
        return search.found;
      };
      for (const matcher of required) if (!found.has(matcher) && has(matcher)) found.set(matcher, shown());
      if (forbidden.some(has)) {
        matches += 1;
        if (evidence.length < MAX_EVIDENCE) evidence.push(shown());
      }
      if (isCutLine) cut += 1;
    }
  }
  return {
    matches,
    cut,
    evidence,
    found: [...found.values()],
    missing: required.filter((matcher) => !found.has(matcher)).map(({ label }) => label),
  };
}

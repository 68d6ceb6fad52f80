import type { Check, Sample } from "../core/check.ts";
import type { SourceSource } from "../core/source.ts";
import { matchesGlob } from "../core/glob.ts";
import { sourceSample, type SourceFile } from "../core/source-sample.ts";
import { ConfigProblem } from "../problem.ts";
import { fileAtCommit } from "./file-at-commit.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

const MAX_FILES = 50;
const MAX_BYTES = 1024 * 1024;

/**
 * Takes samples of source checks. A commit does not change, so each file is read once in a run: one GitHub request
 * for the list of files, and one for each file that fits where the commit is not checked out, 50 at most.
 */
export function createSourceSamples(
  run: ServiceRun,
): (check: Check, source: SourceSource) => Promise<Sample> {
  const { edges, commit } = run;
  const { clock, forge, redact } = edges;
  const trees = createSharedReads<Awaited<ReturnType<typeof forge.tree>>>(clock);
  const files = createSharedReads<string | undefined>(clock);
  const known = new Map<string, Sample>();

  async function read(path: string): Promise<SourceFile | string> {
    try {
      const text = await files({ key: path, freshMs: Infinity }, () => fileAtCommit(edges, { path, commit }));
      if (text === undefined) return `${path} could not be read`;
      return Buffer.byteLength(text) > MAX_BYTES ? `${path} is larger than 1 MiB` : { path, text };
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      return error.message;
    }
  }

  async function take(source: SourceSource): Promise<Sample> {
    const at = clock.now();
    const { paths, cut } = await trees({ key: "tree", freshMs: Infinity }, () => forge.tree(commit));
    const fitting = paths.filter((path) => matchesGlob(source.glob, path));
    const error = (reason: string): Sample => ({ kind: "error", at, reason: redact(reason) });
    if (fitting.length > MAX_FILES)
      return error(`${fitting.length} files fit ${source.glob}; ${MAX_FILES} at most are read`);
    const found = await Promise.all(fitting.map(read));
    const unread = found.filter((file) => typeof file === "string");
    if (unread.length > 0) return error(unread.join("; "));
    const texts = found.filter((file) => typeof file !== "string");
    return sourceSample(source, { at, files: texts, isCut: cut, keep: redact });
  }

  return async (check, source) => {
    const sample = known.get(check.name) ?? (await take(source));
    if (sample.kind === "ok") known.set(check.name, sample);
    return { ...sample, at: clock.now() };
  };
}

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyPatch, type AppliedPatch } from "../../src/core/patch-apply.ts";
import { parsePatch } from "../../src/core/patch-parser.ts";
import type { FileMode, PatchedFile } from "../../src/core/patch.ts";
import { plain, startPatchRepository, type Files, type PatchRepository } from "./patch-repository.ts";

let repository: PatchRepository;
beforeAll(async () => {
  repository = await startPatchRepository();
});
afterAll(() => repository[Symbol.asyncDispose]());

function applied(text: string, files: Files): AppliedPatch {
  const parsed = parsePatch(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.why}\n${text}`);
  return applyPatch(parsed.patch, (path) => files.get(path));
}

/** The whole state after what was applied. */
function after(files: Files, result: AppliedPatch): Files {
  const now = new Map(files);
  for (const [path, file] of result.kind === "applied" ? result.files : []) {
    if (file === undefined) now.delete(path);
    else now.set(path, file);
  }
  return now;
}

const sorted = (files: Files): readonly (readonly [string, PatchedFile])[] =>
  [...files].toSorted(([one], [two]) => (one < two ? -1 : 1));

/** Lines of few kinds, so that hunks fit in several places, or of many, so that they do not. */
const line = (kinds: number): fc.Arbitrary<string> =>
  fc.nat(kinds - 1).map((kind) => (kind === 0 ? "" : kind % 7 === 3 ? `  ünï ${kind}\t` : `line ${kind}`));
const edits = (maxLength: number): fc.Arbitrary<Edits> =>
  fc.array(fc.record({ at: fc.nat(40), drop: fc.nat(3), add: fc.array(line(500), { maxLength: 3 }) }), {
    maxLength,
  });
type Edits = readonly { readonly at: number; readonly drop: number; readonly add: readonly string[] }[];

function edited(lines: readonly string[], changes: Edits): readonly string[] {
  const now = [...lines];
  for (const { at, drop, add } of changes) now.splice(at, drop, ...add);
  return now;
}

interface Case {
  readonly kinds: number;
  readonly lines: readonly string[];
  readonly own: Edits;
  readonly others: Edits;
  readonly end: "\n" | "\r\n";
  readonly ends: readonly [boolean, boolean, boolean];
  readonly modes: readonly [FileMode, FileMode];
  readonly context: number;
}
const mode = fc.constantFrom<FileMode>("100644", "100644", "100755");
const cases: fc.Arbitrary<Case> = fc.constantFrom(3, 12, 2_000).chain((kinds) =>
  fc.record({
    kinds: fc.constant(kinds),
    lines: fc.array(line(kinds), { maxLength: 40 }),
    own: edits(4),
    others: edits(2),
    end: fc.constantFrom("\n", "\n", "\r\n"),
    ends: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    modes: fc.tuple(mode, mode),
    context: fc.integer({ min: 1, max: 4 }),
  }),
);

function textOf(lines: readonly string[], end: string, isEnded: boolean): string {
  return lines.join(end) + (isEnded && lines.length > 0 ? end : "");
}

const NAMES = ["src/a file.py", 'src/ä "b".txt', "-x", "deep/er/c.js"] as const;

describe("against git apply", () => {
  it("applies what git applies, to the same bytes, and nothing that git does not", async () => {
    let told = { applied: 0, already: 0, misfit: 0, several: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(cases, { minLength: 1, maxLength: 3 }), async (files) => {
        const state = (of: (one: Case) => PatchedFile): Files =>
          new Map(files.map((one, index) => [NAMES[index] ?? "z", of(one)]));
        const from = state((one) => ({ text: textOf(one.lines, one.end, one.ends[0]), mode: one.modes[0] }));
        const to = state((one) => ({
          text: textOf(edited(one.lines, one.own), one.end, one.ends[1]),
          mode: one.modes[1],
        }));
        const now = state((one) => ({
          text: textOf(edited(one.lines, one.others), one.end, one.ends[2]),
          mode: one.modes[0],
        }));
        const patch = await repository.diff(from, to, [`-U${files[0]?.context ?? 3}`]);
        if (patch === "") return;
        for (const state of [from, now, to]) {
          const git = await repository.apply(patch, state);
          const ours = applied(patch, state);
          const isSeveral = ours.kind === "misfit" && ours.misfit.why === "several";
          told = { ...told, [ours.kind]: told[ours.kind] + 1, several: told.several + (isSeveral ? 1 : 0) };
          if (isSeveral) continue;
          if (typeof git !== "string") {
            expect(ours.kind, patch).not.toBe("misfit");
            expect(sorted(after(state, ours)), patch).toEqual(sorted(git));
          } else {
            expect(ours.kind, patch).not.toBe("applied");
            if (ours.kind === "already")
              expect(await repository.apply(patch, state, ["-R"]), patch).not.toBeTypeOf("string");
          }
        }
      }),
      { numRuns: 40 },
    );
    // The cases are worth something.
    expect(told.applied).toBeGreaterThan(20);
    expect(Math.min(told.already, told.misfit)).toBeGreaterThan(3);
    expect(told.several).toBeLessThan(10);
  }, 120_000);

  it("follows files that come, go, move and change their mode", async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
    const from: Files = new Map([
      ["old name.py", { text: lines.join(""), mode: "100644" }],
      ["gone.txt", { text: "a\nb\n", mode: "100644" }],
      ["empty", { text: "", mode: "100644" }],
      ["run.sh", { text: "#!/bin/sh\n", mode: "100644" }],
      ["ends.txt", { text: "one\ntwo", mode: "100644" }],
      ["same.txt", { text: "same\n", mode: "100644" }],
    ]);
    const to: Files = new Map([
      ["näw/name.py", { text: lines.join("").replace("line 7", "line seven"), mode: "100755" }],
      ["fresh.txt", { text: "new\n", mode: "100755" }],
      ["fresh-empty", { text: "", mode: "100644" }],
      ["run.sh", { text: "#!/bin/sh\n", mode: "100755" }],
      ["ends.txt", { text: "one\ntwo\nthree", mode: "100644" }],
      ["moved/same.txt", { text: "same\n", mode: "100644" }],
    ]);
    for (const options of [["-M"], ["--no-renames"], ["-M", "--full-index", "-U1"]]) {
      const patch = await repository.diff(from, to, options);
      const ours = applied(patch, from);
      expect(sorted(after(from, ours))).toEqual(sorted(to));
      expect(await repository.apply(patch, from)).toEqual(expect.any(Map));
      expect(applied(patch, to)).toEqual({ kind: "already" });
    }
  });

  it("reads a series of mails", async () => {
    const one = plain({ "a.txt": "1\n2\n3\n" });
    const two = plain({ "a.txt": "1\n2\nthree\n", "b.txt": "-- \nb\n" });
    const three = plain({ "a.txt": "1\n2\nthree\nfour\n" });
    const mails = await repository.formatPatch(one, [two, three]);
    expect(mails).toContain("Subject: ");
    expect(sorted(after(one, applied(mails, one)))).toEqual(sorted(three));
    expect(applied(mails, three)).toEqual({ kind: "already" });
  });
});

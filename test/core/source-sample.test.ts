import { describe, expect, it } from "vitest";
import type { Pattern, PatternGroup, SourceSource } from "../../src/core/source.ts";
import { sourceSample, type SourceFile } from "../../src/core/source-sample.ts";
import { T0 } from "./given.ts";

const group = (...patterns: readonly (string | RegExp)[]): readonly PatternGroup[] =>
  patterns.length === 0
    ? []
    : [
        {
          name: "",
          patterns: patterns.map((one): Pattern =>
            typeof one === "string"
              ? { kind: "text", text: one }
              : { kind: "pattern", source: one.source, flags: one.flags },
          ),
        },
      ];
const lists = (
  require: readonly (string | RegExp)[],
  forbid: readonly (string | RegExp)[] = [],
): SourceSource => ({ kind: "source", glob: "src/**", require: group(...require), forbid: group(...forbid) });
const sample = (source: SourceSource, files: readonly SourceFile[], isCut = false) =>
  sourceSample(source, { at: T0, files, isCut, keep: (text) => text.replaceAll("hunter2", "***") });

const LOOP: SourceFile = {
  path: "src/loop.py",
  text: "import db\n\nrows = query.with_for_update(skip_locked=True)\r\nprint('hunter2')\n",
};
const MAIN: SourceFile = { path: "src/main.py", text: "debug = True\nDEBUG = 1\n" };

describe("files of the commit", () => {
  it.each([
    [
      "a required text",
      lists(["with_for_update(skip_locked=True)"]),
      { files: 2, matches: 0, found: 1, missing: 0 },
    ],
    [
      "a required expression",
      lists([/skip_locked\s*=\s*True/]),
      { files: 2, matches: 0, found: 1, missing: 0 },
    ],
    ["one of two missing", lists(["import db", "import os"]), { files: 2, matches: 0, found: 1, missing: 1 }],
    ["lines that are forbidden", lists([], [/debug/i]), { files: 2, matches: 2 }],
    ["none that are", lists([], ["eval("]), { files: 2, matches: 0 }],
    ["a line of two forbidden texts once", lists([], ["debug", "True"]), { files: 2, matches: 2 }],
  ])("%s", (_what, source, subjects) => {
    expect(sample(source, [LOOP, MAIN])).toMatchObject({ kind: "ok", subjects });
  });

  it("are shown by path and line, made safe", () => {
    expect(sample(lists([], ["hunter2"]), [LOOP])).toMatchObject({
      evidence: [{ text: "src/loop.py:4: print('***')", from: "source" }],
      note: "1 file",
    });
    expect(sample(lists(["skip_locked", "import os"]), [LOOP])).toMatchObject({
      evidence: [{ text: "missing: import os" }],
      note: "1 file; missing: import os",
    });
    expect(sample(lists(["skip_locked"]), [LOOP])).toMatchObject({
      evidence: [{ text: "src/loop.py:3: rows = query.with_for_update(skip_locked=True)" }],
    });
  });

  it("of which none fits: everything required is missing, and what is forbidden cannot be said", () => {
    expect(sample(lists(["a", "b"]), [])).toMatchObject({
      kind: "ok",
      subjects: { files: 0, found: 0, missing: 2 },
    });
    expect(sample(lists(["a"], ["c"]), [])).toMatchObject({ kind: "ok", subjects: { missing: 1 } });
    expect(sample(lists([], ["c"]), [])).toEqual({
      kind: "error",
      at: T0,
      reason: "no file of the commit fits src/**",
    });
  });
});

describe("where GitHub lists a part only", () => {
  const reason = "GitHub lists only a part of the files of this commit";
  it.each([
    ["nothing fits", lists(["a"]), []],
    ["something is missing", lists(["import os", "import db"]), [LOOP]],
    ["nothing fits what is forbidden", lists([], ["a"]), []],
  ])("%s: an error", (_what, source, files) => {
    expect(sample(source, files, true)).toEqual({ kind: "error", at: T0, reason });
  });
  it("what was found is there, what was not proves nothing", () => {
    expect(sample(lists(["import db"]), [LOOP], true)).toMatchObject({
      subjects: { found: 1, missing: 0 },
      partial: ["files", "matches"],
    });
    const found = sample(lists(["import os"], ["import"]), [LOOP], true);
    expect(found).toMatchObject({ kind: "ok", subjects: { matches: 1 }, partial: ["files", "matches"] });
    expect(found.kind === "ok" && "missing" in found.subjects).toBe(false);
  });
});

it("a line too long to be searched proves nothing either", () => {
  const long = { path: "src/min.js", text: `${"x".repeat(20_000)} eval(` };
  const found = sample(lists([/evil/], [/eval\(/]), [long]);
  expect(found).toMatchObject({ kind: "ok", subjects: { files: 1, matches: 0 }, partial: ["matches"] });
  expect(found.kind === "ok" && found.note).toContain("1 long lines were searched in their beginning only");
  expect(found.kind === "ok" && "missing" in found.subjects).toBe(false);
});

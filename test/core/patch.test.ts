import { describe, expect, it } from "vitest";
import { applyPatch, type AppliedPatch, type PatchMisfit } from "../../src/core/patch-apply.ts";
import { parsePatch } from "../../src/core/patch-parser.ts";
import { pathsOf, type PatchedFile } from "../../src/core/patch.ts";

const HEAD = "diff --git a/f b/f\nindex 1111111..2222222 100644\n--- a/f\n+++ b/f\n";

function apply(patch: string, texts: Readonly<Record<string, string>>): AppliedPatch {
  const parsed = parsePatch(patch);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.why}`);
  const files = new Map(
    Object.entries(texts).map(([path, text]): [string, PatchedFile] => [path, { text, mode: "100644" }]),
  );
  return applyPatch(parsed.patch, (path) => files.get(path));
}

/** The one file's text afterwards, or why not. */
function textOrWhy(patch: string, text: string): string | PatchMisfit | undefined {
  const result = apply(patch, { f: text });
  if (result.kind === "already") return "already";
  return result.kind === "misfit" ? result.misfit : result.files.get("f")?.text;
}

describe("what is read", () => {
  const rows: readonly (readonly [what: string, patch: string, paths: readonly string[]])[] = [
    [
      "a mail around it",
      `From 1 Mon Sep 17\nSubject: x\n\n---\n f | 2 +-\n\n${HEAD}@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n\n`,
      ["f"],
    ],
    [
      "a mode alone, of a name with spaces",
      "diff --git a/a b c b/a b c\nold mode 100644\nnew mode 100755\n",
      ["a b c"],
    ],
    [
      "a quoted name",
      `diff --git "a/\\303\\244\\"x" "b/\\303\\244\\"x"\nnew file mode 100644\nindex 0..1\n`,
      ['ä"x'],
    ],
    ["a rename", "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", ["x", "y"]],
    ["prefixes of diff.mnemonicPrefix", "diff --git i/f w/f\n--- i/f\n+++ w/f\n@@ -1 +1 @@\n-a\n+b\n", ["f"]],
    [
      "a tab behind a name with spaces",
      "diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+b\n",
      ["a b"],
    ],
    ["a name that begins like a prefix", "diff --git a/b/a b/b/a\nnew file mode 100644\n", ["b/a"]],
  ];
  it.each(rows)("%s", (_what, text, paths) => {
    const parsed = parsePatch(text);
    expect(parsed.ok ? pathsOf(parsed.patch) : parsed).toEqual(paths);
  });
});

describe("what is refused, with its line", () => {
  const one = (path: string): string => `diff --git a/${path} b/${path}\nnew file mode 100644\n`;
  const rows: readonly (readonly [what: string, patch: string, why: RegExp, line: number])[] = [
    ["nothing", "", /no line begins with "diff --git"/, 1],
    ["a diff of another kind", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n", /a file without "diff --git"/, 1],
    [
      "one of another kind behind a good one",
      `${HEAD}@@ -1 +1 @@\n-a\n+b\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n`,
      /more lines than its @@ line counts/,
      8,
    ],
    ["a hunk in a mail", "Hello\n@@ -1 +1 @@\n-a\n+b\n", /a hunk without a file/, 2],
    ["a merge", `${HEAD}@@ -1 +1 @@\n-a\n+b\ndiff --cc f\n`, /the diff of a merge/, 8],
    [
      "a binary file",
      "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 0\n",
      /binary files cannot be patched/,
      3,
    ],
    [
      "a binary file without its content",
      "diff --git a/x b/x\nindex 1..2 100644\nBinary files a/x and b/x differ\n",
      /binary files/,
      3,
    ],
    ["a symbolic link", "diff --git a/x b/x\nnew file mode 120000\n", /symbolic links/, 2],
    ["a symbolic link that changes", "diff --git a/x b/x\nindex 1..2 120000\n", /symbolic links/, 2],
    ["a submodule", "diff --git a/x b/x\nindex 1..2 160000\n", /submodules/, 2],
    ["a mode of no file", "diff --git a/x b/x\nnew file mode 040000\n", /the file mode "040000"/, 2],
    ["a copy", "diff --git a/x b/y\ncopy from x\ncopy to y\n", /copied files.*--no-renames/, 2],
    ["a path that leaves", one("../x"), /"\.\.\/x" leaves the repository/, 1],
    ["a path that leaves further down", one("a/../../x"), /leaves the repository/, 1],
    ["a path that leaves by backslashes", one("a\\..\\..\\x"), /leaves the repository/, 1],
    [
      "a rename that leaves",
      "diff --git a/x b/y\nrename from x\nrename to ../y\n",
      /leaves the repository/,
      1,
    ],
    ["an absolute path", one("/etc/x"), /"\/etc\/x" is not relative/, 1],
    [
      "an absolute path without prefix",
      "diff --git a/x b/x\n--- /etc/x\n+++ b/x\n",
      /"\/etc\/x" is not relative/,
      2,
    ],
    ["a drive", one("C:/x"), /is not relative/, 1],
    ["git's own folder", one(".git/config"), /"\.git\/config" lies in \.git/, 1],
    ["git's own folder under another name", one("a/.GIT./hooks/x"), /lies in \.git/, 1],
    ["git's own folder as Windows has it", one("GIT~1/config"), /lies in \.git/, 1],
    ["git's own folder as macOS has it", one(".g\u200cit/config"), /lies in \.git/, 1],
    [
      "a name with line ends",
      `diff --git "a/x\\ny" "b/x\\ny"\nnew file mode 100644\n`,
      /control characters/,
      1,
    ],
    ["no prefix", "diff --git f f\n--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n", /"f" has no prefix a\/ or b\//, 2],
    [
      "two names and no rename",
      "diff --git a/f b/g\n--- a/f\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n",
      /different files/,
      1,
    ],
    [
      "a rename that names others",
      "diff --git a/x b/y\nrename from x\nrename to y\n--- a/z\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
      /different files/,
      1,
    ],
    [
      "a new file that was there",
      "diff --git a/f b/f\nnew file mode 100644\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+b\n",
      /different files/,
      1,
    ],
    [
      "no file behind /dev/null",
      "diff --git a/f b/f\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+b\n",
      /does not say which file/,
      1,
    ],
    ["a header without a change", HEAD, /has no change below it/, 1],
    ["a hunk without a change", `${HEAD}@@ -1 +1 @@\n a\n`, /the hunk changes nothing/, 5],
    [
      "a hunk that is too short",
      `${HEAD}@@ -1,3 +1,3 @@\n a\n-b\n+c\ndiff --git a/g b/g\n`,
      /fewer lines/,
      9,
    ],
    ["a hunk that is too long", `${HEAD}@@ -1 +1 @@\n-a\n+b\n+c\n`, /more lines than its @@/, 8],
    ["a hunk with other counts", `${HEAD}@@ -1,2 +1 @@\n-a\n+b\n+c\n`, /other lines than its @@/, 8],
    ["a hunk that the file ends in", `${HEAD}@@ -1,2 +1,2 @@\n a\n-b`, /ends inside a hunk/, 5],
    ["CRLF where git writes LF", "diff --git a/f b/f\r\n--- a/f\r\n", /CRLF.*-text/, 1],
    ["bytes that are no UTF-8", `${HEAD}@@ -1 +1 @@\n-a\n+\ufffd\n`, /not UTF-8/, 7],
    ["a byte order mark", `\ufeff${HEAD}@@ -1 +1 @@\n-a\n+b\n`, /byte order mark/, 1],
    ["too much", `${HEAD}@@ -1 +1 @@\n-a\n+${"b".repeat(2 ** 20)}\n`, /larger than 1 MiB/, 1],
    ["too many files", one("x").repeat(101), /more than 100 files/, 203],
    ["too many hunks", HEAD + "@@ -1 +1 @@\n-a\n+b\n".repeat(2001), /more than 2000 hunks/, 6008],
  ];
  it.each(rows)("%s", (_what, text, why, line) => {
    expect(parsePatch(text)).toEqual({ ok: false, why: expect.stringMatching(why) as string, line });
  });
});

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join("");
const CHANGE = `${HEAD}@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n`;

describe("where a hunk goes", () => {
  const rows: readonly (readonly [what: string, patch: string, text: string, expected: unknown])[] = [
    ["its own line", CHANGE, numbered(1, 9), "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"],
    [
      "its own line, although it fits elsewhere too",
      CHANGE,
      `${numbered(1, 6)}4\n5\n6\n`,
      "1\n2\n3\n4\nfive\n6\n4\n5\n6\n",
    ],
    ["the only other place", CHANGE, `x\ny\n${numbered(1, 9)}`, "x\ny\n1\n2\n3\n4\nfive\n6\n7\n8\n9\n"],
    [
      "two other places",
      CHANGE,
      `x\n${numbered(1, 6)}${numbered(4, 9)}`,
      { path: "f", hunk: 1, why: "several", line: 4, fits: [5, 8] },
    ],
    [
      "no place",
      CHANGE,
      `1\n2\n3\n4\nV\n6\n`,
      { path: "f", hunk: 1, why: "differs", line: 5, expected: "5\n", found: "V\n" },
    ],
    [
      "a file that ends before",
      CHANGE,
      numbered(1, 4),
      { path: "f", hunk: 1, why: "differs", line: 5, expected: "5\n" },
    ],
    [
      "other line ends",
      CHANGE,
      numbered(1, 9).replaceAll("\n", "\r\n"),
      { path: "f", hunk: 1, why: "differs", line: 4, expected: "4\n", found: "4\r\n" },
    ],
    [
      "context that ends in nothing",
      CHANGE,
      "1\n2\n3\n4\n5\n6",
      { path: "f", hunk: 1, why: "differs", line: 6, expected: "6\n", found: "6" },
    ],
    ["it is done already", CHANGE, "1\n2\n3\n4\nfive\n6\n", "already"],
    [
      "the beginning of the file alone",
      `${HEAD}@@ -1,2 +1,3 @@\n+0\n 1\n 2\n`,
      `x\n${numbered(1, 3)}`,
      { path: "f", hunk: 1, why: "differs", line: 1, expected: "1\n", found: "x\n" },
    ],
    [
      "the end of the file alone",
      `${HEAD}@@ -2,2 +2,3 @@\n 2\n 3\n+4\n`,
      `${numbered(1, 3)}x\n`,
      { path: "f", hunk: 1, why: "differs", line: 3, expected: "2\n", found: "3\n" },
    ],
    [
      "a hunk without context",
      `${HEAD}@@ -2,0 +3 @@\n+x\n`,
      numbered(1, 9),
      { path: "f", hunk: 1, why: "no-context", line: 3 },
    ],
    [
      "lines that a hunk before has made",
      `${CHANGE}@@ -5,2 +5,3 @@\n five\n+x\n 6\n`,
      numbered(1, 9),
      { path: "f", hunk: 2, why: "differs", line: 4, expected: "five\n", found: "4\n" },
    ],
    [
      "one of two is done already",
      `${CHANGE}@@ -7,3 +7,3 @@\n 7\n-8\n+eight\n 9\n`,
      "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
      { path: "f", hunk: 1, why: "differs", line: 5, expected: "5\n", found: "five\n", isApplied: true },
    ],
  ];
  it.each(rows)("%s", (_what, patch, text, expected) => expect(textOrWhy(patch, text)).toEqual(expected));

  it("goes on behind what the hunks before have added", () => {
    const two = `${HEAD}@@ -1,3 +1,5 @@\n 1\n+a\n+b\n 2\n 3\n@@ -7,3 +9,2 @@\n 7\n-8\n 9\n`;
    expect(textOrWhy(two, numbered(1, 10))).toBe("1\na\nb\n2\n3\n4\n5\n6\n7\n9\n10\n");
    // Lines of its own kind elsewhere do not mislead it.
    expect(textOrWhy(two, `${numbered(1, 10)}7\n8\n9\nx\n`)).toBe(
      `1\na\nb\n2\n3\n4\n5\n6\n7\n9\n10\n7\n8\n9\nx\n`,
    );
  });

  it("ends however many lines are alike", () => {
    const many = 200_000;
    const patch = `${HEAD}@@ -2,${many + 1} +2,${many + 1} @@\n${" a\n".repeat(many - 1)}-b\n+c\n a\n`;
    expect(textOrWhy(patch, "a\n".repeat(2 * many))).toMatchObject({ why: "differs", hunk: 1 });
  });
});

describe("files as a whole", () => {
  const create = "diff --git a/n b/n\nnew file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+new\n";
  const remove = "diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
  const move = "diff --git a/f b/g\nrename from f\nrename to g\n";
  const mode = "diff --git a/f b/f\nold mode 100644\nnew mode 100755\n";
  const misfit = (more: object): object => ({ kind: "misfit", misfit: more });
  const rows: readonly (readonly [
    what: string,
    patch: string,
    files: Readonly<Record<string, string>>,
    expected: object,
  ])[] = [
    ["come", create, {}, { kind: "applied", files: new Map([["n", { text: "new\n", mode: "100755" }]]) }],
    ["are there already", create, { n: "new\n" }, { kind: "already" }],
    ["are in the way", create, { n: "old\n" }, misfit({ path: "n", why: "exists" })],
    ["go", remove, { f: "a\n" }, { kind: "applied", files: new Map([["f", undefined]]) }],
    ["are gone already", remove, {}, { kind: "already" }],
    [
      "are gone, and another one is not changed yet",
      remove + create.replaceAll("/n\n", "/g\n").replace("a/n ", "a/g "),
      { g: "x" },
      misfit({ path: "f", why: "missing", isApplied: true }),
    ],
    [
      "hold more than is taken away",
      remove,
      { f: "a\nb\n" },
      misfit({ path: "f", why: "differs", hunk: 1, line: 1 }),
    ],
    [
      "hold more than a patch without lines knows",
      remove.split("---")[0] ?? "",
      { f: "a\n" },
      misfit({ path: "f", why: "rest" }),
    ],
    [
      "move",
      move,
      { f: "a\n" },
      {
        kind: "applied",
        files: new Map([
          ["f", undefined],
          ["g", { text: "a\n", mode: "100644" }],
        ]),
      },
    ],
    ["have moved already", move, { g: "a\n" }, { kind: "already" }],
    ["move onto others", move, { f: "a\n", g: "b\n" }, misfit({ path: "g", why: "exists" })],
    ["are missing", CHANGE, {}, misfit({ path: "f", why: "missing" })],
    [
      "change their mode",
      mode,
      { f: "a\n" },
      { kind: "applied", files: new Map([["f", { text: "a\n", mode: "100755" }]]) },
    ],
    [
      "change and move in two parts",
      `${CHANGE}${move}`,
      { f: numbered(1, 9) },
      misfit({ path: "f", why: "twice" }),
    ],
    [
      "move and then change",
      `${move}${CHANGE.replaceAll("/f", "/g")}`,
      { f: numbered(3, 9) },
      {
        kind: "applied",
        files: new Map([
          ["f", undefined],
          ["g", { text: "3\n4\nfive\n6\n7\n8\n9\n", mode: "100644" }],
        ]),
      },
    ],
    [
      "are all left alone when one does not fit",
      CHANGE + CHANGE.replaceAll("/f", "/g"),
      { f: numbered(1, 9), g: "" },
      misfit({ path: "g", why: "differs", hunk: 1, line: 4, expected: "4\n" }),
    ],
  ];
  it.each(rows)("%s", (_what, patch, files, expected) => expect(apply(patch, files)).toEqual(expected));
});

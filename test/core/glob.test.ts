import { describe, expect, it } from "vitest";
import { deploysFor, matchesGlob } from "../../src/core/glob.ts";

describe("matchesGlob", () => {
  it.each<[string, string, boolean]>([
    ["src/app.py", "src/app.py", true],
    ["src/app.py", "src/app.pyc", false],
    ["src/app.py", "x/src/app.py", false],
    ["*.md", "README.md", true],
    ["*.md", ".md", true],
    ["*.md", "docs/README.md", false],
    ["*", ".env", true],
    ["src/*.py", "src/app.py", true],
    ["src/*.py", "src/a/app.py", false],
    ["src/*/app.py", "src/a/app.py", true],
    ["src/*/app.py", "src/app.py", false],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "ac", false],
    ["?", "é", true],
    ["?", "😀", true],
    ["src/**", "src/a/b.py", true],
    ["src/**", "src/.hidden/b.py", true],
    ["src/**", "src", false],
    ["src/**", "srcs/a.py", false],
    ["src/", "src/a/b.py", true],
    ["src/", "src", false],
    ["/src/a.py", "src/a.py", true],
    ["./src/a.py", "src/a.py", true],
    ["**", "a/b/c", true],
    ["**/*.sql", "a.sql", true],
    ["**/*.sql", "a/b/c.sql", true],
    ["**/migrations/**", "migrations/0001.py", true],
    ["**/migrations/**", "apps/shop/migrations/0001.py", true],
    ["**/migrations/**", "apps/shop/old_migrations/0001.py", false],
    ["**/migrations/**", "apps/migrations", false],
    ["**/alembic/versions/**", "alembic/versions/ab_c.py", true],
    ["prisma/migrations/**", "db/prisma/migrations/1/migration.sql", false],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a/**/b", "ab", false],
    ["a/**/b", "a/xb", false],
    ["**.md", "docs/deep/x.md", true],
    ["doc**/x", "docs/deep/x", true],
    ["***/x", "a/b/x", true],
    ["[abc].ts", "b.ts", true],
    ["[abc].ts", "d.ts", false],
    ["[a-c]1", "b1", true],
    ["[a-c]1", "d1", false],
    ["[a-]", "-", true],
    ["[!a].ts", "b.ts", true],
    ["[^a].ts", "a.ts", false],
    ["x[!a]y", "x/y", false],
    ["[]]", "]", true],
    ["[ab", "[ab", true],
    ["*.{js,ts}", "a.ts", true],
    ["*.{js,ts}", "a.tsx", false],
    ["{a,b/{c,d}}/x", "b/d/x", true],
    ["{a,b/{c,d}}/x", "b/x", false],
    ["a{,b}", "a", true],
    ["{a,b", "{a,b", true],
    ["{{a,b}", "{b", true],
    ["a}", "a}", true],
    ["\\*.md", "*.md", true],
    ["\\*.md", "a.md", false],
    ["\\{a,b\\}", "{a,b}", true],
    ["a.b", "axb", false],
    ["a+(b)|c$", "a+(b)|c$", true],
    ["SRC/*", "src/a", false],
    ["", "a", false],
  ])("%s on %s: %s", (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  it("takes more alternatives than it will try literally", () => {
    const pattern = "{a,b}".repeat(20);
    expect(matchesGlob(pattern, "a".repeat(20))).toBe(false);
    expect(matchesGlob(pattern, pattern)).toBe(true);
    expect(matchesGlob("{a,b}".repeat(7), "abababa")).toBe(true);
  });

  // A backtracking matcher would not end within a life.
  it("stays fast on hostile patterns", () => {
    expect(matchesGlob(`${"**/*a".repeat(30)}b`, "a/".repeat(500))).toBe(false);
    expect(matchesGlob(`${"*a".repeat(200)}b`, "a".repeat(2000))).toBe(false);
    expect(matchesGlob("{".repeat(5000), "{".repeat(5000))).toBe(true);
  });
});

describe("deploysFor", () => {
  const service = (rootDir: string, paths: readonly string[] = [], ignoredPaths: readonly string[] = []) => ({
    rootDir,
    buildFilter: { paths, ignoredPaths },
  });

  it.each<[string, Parameters<typeof deploysFor>[0], readonly string[], boolean]>([
    ["no root directory and no filter: everything counts", { rootDir: "" }, ["docs/a.md"], true],
    ["so does an empty commit", service(""), [], true],
    ["with a root directory, what is below it", service("api"), ["api/main.py"], true],
    ["and nothing else", service("api"), ["web/main.js", "README.md"], false],
    ["nor a neighbour whose name begins so", service("api"), ["api-docs/x.md"], false],
    ["nor an empty commit", service("api"), [], false],
    ["one file is enough", service("api"), ["web/main.js", "api/main.py"], true],
    ["slashes and dots around it mean nothing", service("./api/"), ["api/main.py"], true],
    ["a dot is the repository", service("."), ["web/main.js"], true],
    ["a renamed file counts under its old name", service("api"), ["web/main.py", "api/main.py"], true],
    ["included paths: only what fits one", service("", ["api/**"]), ["web/main.js"], false],
    ["any of them", service("", ["api/**", "*.toml"]), ["poetry.toml"], true],
    ["relative to the repository, not to the root", service("api", ["main.py"]), ["api/main.py"], false],
    [
      "they may name what lies outside the root",
      service("apps/web", ["apps/web/**", "packages/ui/**"]),
      ["packages/ui/a.ts"],
      true,
    ],
    [
      "but then nothing else outside it counts",
      service("apps/web", ["apps/web/**"]),
      ["packages/ui/a.ts"],
      false,
    ],
    ["ignored paths alone: all the rest counts", service("", [], ["docs/**"]), ["docs/a.md", "a.py"], true],
    ["only ignored files changed", service("", [], ["docs/**", "**/*.md"]), ["docs/a.txt", "b/c.md"], false],
    ["ignored wins over included", service("", ["api/**"], ["api/**/*.md"]), ["api/x/README.md"], false],
    ["ignored wins over the root", service("api", [], ["**/*.md"]), ["api/README.md"], false],
    ["what is not ignored still has to be below it", service("api", [], ["**/*.md"]), ["web/a.js"], false],
  ])("%s", (_rule, given, files, expected) => {
    expect(deploysFor(given, files)).toBe(expected);
  });
});

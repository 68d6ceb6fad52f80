import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRunner } from "../../src/io/runner.ts";

const SECRET = "hunter2-hunter2";
const redact = (text: string): string => text.replaceAll(SECRET, "***");

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runner-test-"));
  for (const name of ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"]) {
    writeFileSync(join(folder, name), "");
    vi.stubEnv(name, join(folder, name));
  }
  vi.stubEnv("RUNNER_TEMP", folder);
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const runner = createRunner({ redact });
const held = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("log lines", () => {
  it.each([
    ["a plain line", "hello :: world", "hello :: world"],
    ["a secret", `key ${SECRET}`, "key ***"],
    ["a command", "::set-output name=a::b", ": :set-output name=a::b"],
    ["a command after blanks", " \t ::error::x", " \t : :error::x"],
    ["a command on a later line", "a\n::error::x", "a\n: :error::x"],
    ["a command after a lone CR", "a\r::error::x", "a\n: :error::x"],
    ["a command after a line separator", "a\u2028::error::x", "a\n: :error::x"],
    ["a command behind a colour", "\u001b[31m::error::x\u001b[0m", ": :error::x"],
    ["a command behind a NUL", "\u0000::error::x", ": :error::x"],
    ["three colons", ":::error::x", ": ::error::x"],
    ["an old command", "x ##[error]y ###[group]", "x ## [error]y ### [group]"],
    ["an old command split by an escape", "#\u001b[0m#[error]", "## [error]"],
    ["a secret split by an escape", "hunter2-\u001b[1mhunter2", "***"],
    ["a terminal title", "a\u001b]0;owned\u0007b", "ab"],
    ["a link", "\u001b]8;;https://evil\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["an eight-bit escape", "a\u009b31mb", "ab"],
    ["CRLF and tabs", "a\tb\r\nc", "a\tb\nc"],
  ])("%s", (_what, line, expected) => {
    runner.info(line);
    expect(printed).toBe(`${expected}\n`);
  });

  it("no line of any of them can begin a command", () => {
    runner.info("::\r::\n\u001b[1m ::##[x");
    for (const line of printed.split(/\r\n|\r|\n/)) {
      expect(line.trimStart().startsWith("::")).toBe(false);
      expect(line).not.toContain("##[");
    }
  });

  it.each(["notice", "warning", "error"] as const)(
    "%s is one command, its text escaped and redacted",
    (level) => {
      runner[level](`${SECRET} 100%\n::error::x`);
      expect(printed).toBe(`::${level}::*** 100%25%0A: :error::x\n`);
    },
  );

  it("a group's title is one line", () => {
    runner.startGroup(`a ${SECRET}\n::error::b`);
    runner.endGroup();
    expect(printed).toBe("::group::a *** : :error::b\n::endgroup::\n");
  });
});

describe("masks", () => {
  it("masks each line of a secret", () => {
    runner.mask("first\nsecond\r\n\r\nthird");
    expect(printed.split("\n")).toEqual([
      "::add-mask::first%0Asecond%0D%0A%0D%0Athird",
      "::add-mask::first",
      "::add-mask::second",
      "::add-mask::third",
      "",
    ]);
  });

  it.each(["", " ", "\n"])("skips %j", (secret) => {
    runner.mask(secret);
    expect(printed).toBe("");
  });
});

describe("files of the job", () => {
  it("writes outputs and state, redacted", () => {
    runner.output("verdict", `pass ${SECRET}\nline two`);
    runner.saveState("check-run", "12");
    expect(held("GITHUB_OUTPUT")).toMatch(/^verdict<<(ghadelimiter_\S+)\npass \*\*\*\nline two\n\1\n$/);
    expect(held("GITHUB_STATE")).toMatch(/^check-run<<(ghadelimiter_\S+)\n12\n\1\n$/);
    expect(printed).toBe("");
  });

  it("says that an output could not be written and goes on", () => {
    rmSync(join(folder, "GITHUB_OUTPUT"));
    runner.output("verdict", "pass");
    expect(printed).toMatch(/^::warning::Output "verdict" could not be written: /);
  });

  it("replaces the summary, redacted", async () => {
    await runner.summary("# first, and longer");
    await runner.summary(`# ${SECRET}\n`);
    expect(held("GITHUB_STEP_SUMMARY")).toBe("# ***\n");
  });

  it.each([
    ["at a line's end", "0123456789 é\n".repeat(120_000)],
    ["inside a single line", "é".repeat(1_000_000)],
  ])("cuts the summary below 1 MiB %s and says so", async (_what, markdown) => {
    await runner.summary(markdown);
    const text = held("GITHUB_STEP_SUMMARY");
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThan(1024 * 1024);
    expect(bytes).toBeGreaterThan(1024 * 1024 - 200);
    expect(text).toMatch(/[é\uFFFD]\n\n_The rest was cut: GitHub shows 1 MiB\._\n$/);
  });

  it("has nowhere to put a summary without the variable", async () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    await runner.summary("# text");
    expect(printed).toBe("");
  });

  it("says that the summary could not be written", async () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", join(folder, "missing", "file"));
    await runner.summary("# text");
    expect(printed).toMatch(/^::warning::The job summary could not be written: /);
  });

  it("puts files beside the job's own, redacted", async () => {
    const path = await runner.file("report.json", `{"a":"${SECRET}"}`);
    expect(path.startsWith(folder)).toBe(true);
    expect(path.endsWith("/report.json")).toBe(true);
    expect(readFileSync(path, "utf8")).toBe('{"a":"***"}');
  });

  it.each([
    ["../../etc/passwd", /\/etc-passwd$/],
    ["/absolute", /\/absolute$/],
    ["..", /\/file$/],
    ["", /\/file$/],
    ["a b\u0000c", /\/a-b-c$/],
    [".hidden", /\/hidden$/],
  ])("makes the name %j safe", async (name, expected) => {
    const own = createRunner({ redact });
    const path = await own.file(name, "x");
    expect(path).toMatch(expected);
    expect(dirname(dirname(path))).toBe(folder);
  });

  it("falls back to the system's temporary folder", async () => {
    vi.stubEnv("RUNNER_TEMP", "");
    const path = await createRunner({ redact }).file("report.json", "{}");
    expect(existsSync(path)).toBe(true);
    expect(path.startsWith(tmpdir())).toBe(true);
    rmSync(dirname(path), { recursive: true });
  });
});

import { describe, expect, it } from "vitest";
import { framesOf, spotOf, type Frame } from "../../src/core/trace.ts";

const python = `Traceback (most recent call last):
  File "/opt/render/project/src/.venv/lib/python3.12/site-packages/uvicorn/run.py", line 7, in run
    app(scope)
  File "/opt/render/project/src/app/main.py", line 12, in f
    return load(x)
           ^^^^^^^
  File "/opt/render/project/src/app/load.py", line 3, in load
    raise ValueError("bad")
ValueError: bad: 7`.split("\n");

const node = `/opt/render/project/src/server.js:10
    throw new TypeError("no")
    ^

TypeError: Cannot read properties of undefined (reading 'id')
    at handler (/opt/render/project/src/server.js:10:5)
    at async Promise.all (index 0)
    at async file:///opt/render/project/src/lib/a%20b.mjs:1:2
    at new Order (/opt/render/project/src/node_modules/shop/index.js:8:1)
    at Layer.handle [as handle_request] (/opt/render/project/src/app/(group)/page.js:3:4)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)

Node.js v24.1.0`.split("\n");

const places = (frames: readonly Frame[]): readonly string[] =>
  frames.map((frame) => `${frame.file}:${frame.line}`);

describe("framesOf", () => {
  it("reads a Python traceback, innermost frame first", () => {
    expect(framesOf(["INFO starting", ...python, "INFO next"])).toEqual([
      {
        file: "/opt/render/project/src/app/load.py",
        line: 3,
        language: "python",
        message: "ValueError: bad: 7",
      },
      {
        file: "/opt/render/project/src/app/main.py",
        line: 12,
        language: "python",
        message: "ValueError: bad: 7",
      },
      {
        file: "/opt/render/project/src/.venv/lib/python3.12/site-packages/uvicorn/run.py",
        line: 7,
        language: "python",
        message: "ValueError: bad: 7",
      },
    ]);
  });

  it("reads a Node trace", () => {
    const frames = framesOf(node);
    expect(places(frames)).toEqual([
      "/opt/render/project/src/server.js:10",
      "/opt/render/project/src/lib/a b.mjs:1",
      "/opt/render/project/src/node_modules/shop/index.js:8",
      "/opt/render/project/src/app/(group)/page.js:3",
      "node:internal/process/task_queues:95",
    ]);
    expect(new Set(frames.map((frame) => frame.message))).toEqual(
      new Set(["TypeError: Cannot read properties of undefined (reading 'id')"]),
    );
    expect(frames[0]?.language).toBe("node");
  });

  it.each([
    ["The above exception was the direct cause of the following exception:"],
    ["During handling of the above exception, another exception occurred:"],
  ])("puts the exception that nobody caught first: %s", (words) => {
    const outer = ['  File "/app/b.py", line 9, in g', "    h()", "app.errors.Broken: outer"];
    const frames = framesOf([...python, "", words, "", "Traceback (most recent call last):", ...outer]);
    expect(frames.map((frame) => [frame.file.split("/").at(-1), frame.message])).toEqual([
      ["b.py", "app.errors.Broken: outer"],
      ["load.py", "ValueError: bad: 7"],
      ["main.py", "ValueError: bad: 7"],
      ["run.py", "ValueError: bad: 7"],
    ]);
  });

  it("keeps separate traces in their order", () => {
    const frames = framesOf([...python, "INFO between", ...node]);
    expect(frames.map((frame) => frame.language)).toEqual([
      ...Array<string>(3).fill("python"),
      ...Array<string>(5).fill("node"),
    ]);
  });

  it.each<[string, readonly string[], readonly string[], string]>([
    [
      "a syntax error, which names no function",
      ['  File "/app/x.py", line 3', "    foo(", "       ^", "SyntaxError: '(' was never closed"],
      ["/app/x.py:3"],
      "SyntaxError: '(' was never closed",
    ],
    [
      "an exception without text",
      ['  File "/app/x.py", line 3, in f', "KeyboardInterrupt"],
      ["/app/x.py:3"],
      "KeyboardInterrupt",
    ],
    [
      "an exception group",
      ['  |   File "/app/x.py", line 3, in f', "  |     g()", "  | ExceptionGroup: many (2 sub-exceptions)"],
      ["/app/x.py:3"],
      "ExceptionGroup: many (2 sub-exceptions)",
    ],
    [
      "a time stamp before every line",
      [
        '10:00:00.001 ERROR   File "/app/x.py", line 3, in f',
        "10:00:00.002 ERROR     g()",
        "10:00:00.003 ERROR sqlalchemy.exc.OperationalError: (psycopg) gone",
      ],
      ["/app/x.py:3"],
      "sqlalchemy.exc.OperationalError: (psycopg) gone",
    ],
    ["a traceback cut off", ['  File "/app/x.py", line 3, in f', "    g()"], ["/app/x.py:3"], ""],
    [
      "a traceback cut off by the next",
      [
        '  File "/app/x.py", line 3, in f',
        "Traceback (most recent call last):",
        '  File "/app/y.py", line 4, in g',
        "E: 1",
      ],
      ["/app/x.py:3", "/app/y.py:4"],
      "",
    ],
    [
      "a whole trace in one message",
      [python.join("\n")],
      ["load.py", "main.py", "run.py"],
      "ValueError: bad: 7",
    ],
    [
      "a Node trace inside JSON",
      [
        JSON.stringify({
          level: "error",
          stack: "RangeError: x\n    at f (/app/x.js:1:2)\n    at /app/y.ts:3:4",
        }),
      ],
      ["/app/x.js:1", "/app/y.ts:3"],
      "RangeError: x",
    ],
    [
      "a Python trace inside JSON",
      [
        JSON.stringify({
          exc: 'Traceback (most recent call last):\n  File "/app/x.py", line 1, in f\nValueError: x',
        }),
      ],
      ["/app/x.py:1"],
      "ValueError: x",
    ],
    [
      "a code in the name",
      ["Error [ERR_X]: m", "    at /app/x.cjs:1:2"],
      ["/app/x.cjs:1"],
      "Error [ERR_X]: m",
    ],
    [
      "words of a logger",
      ["ERROR Unhandled rejection: MyError: m", "    at /app/x.js:1:2"],
      ["/app/x.js:1"],
      "MyError: m",
    ],
    [
      "a message of several lines",
      ["Error: a", "b", "c", "    at /app/x.js:1:2"],
      ["/app/x.js:1"],
      "Error: a",
    ],
    ["a name of their own", ["Oops: m", "    at /app/x.js:1:2"], ["/app/x.js:1"], "Oops: m"],
    ["no message at all", ["    at /app/x.js:1:2"], ["/app/x.js:1"], ""],
    [
      "a cause",
      ["Error: outer", "    at /app/x.js:1:2 {", "  [cause]: TypeError: inner", "      at /app/y.js:3:4"],
      ["/app/x.js:1", "/app/y.js:3"],
      "Error: outer",
    ],
    ["a relative path", ["Error: a", "    at f (src/x.ts:1:2)"], ["src/x.ts:1"], "Error: a"],
    [
      "webpack",
      ["Error: a", "    at f (webpack-internal:///(rsc)/./src/x.ts:1:2)"],
      ["./src/x.ts:1"],
      "Error: a",
    ],
    ["a query", ["Error: a", "    at file:///app/x.mjs?v=2:1:2"], ["/app/x.mjs:1"], "Error: a"],
    [
      "a broken escape",
      ["Error: a", "    at file:///app/%E0%A4%A.mjs:1:2"],
      ["/app/%E0%A4%A.mjs:1"],
      "Error: a",
    ],
  ])("reads %s", (_what, lines, expected, message) => {
    const frames = framesOf(lines);
    expect(frames.map((frame) => `${frame.file}:${frame.line}`)).toEqual(
      expected.map((place): unknown => (place.includes(":") ? place : expect.stringContaining(place))),
    );
    expect(frames[0]?.message).toBe(message);
  });

  it.each([
    ["prose", "at noon we deploy"],
    ["an address", "at http listening"],
    ["a file that is only named", 'File "/app/x.py" was saved on line 3'],
    ["line nought", '  File "/app/x.py", line 0, in f'],
    ["nothing", ""],
  ])("finds no frame in %s", (_what, line) => {
    expect(framesOf([line])).toEqual([]);
  });

  it("keeps a long message short", () => {
    expect(framesOf([`Error: ${"x".repeat(1900)}`, "    at /app/x.js:1:2"])[0]?.message).toMatch(
      /^Error: x{493}… \(cut\)$/,
    );
  });

  it("ends soon on hostile lines, with at most 500 frames", () => {
    const hostile = [
      'File "'.repeat(100_000),
      "at (".repeat(100_000),
      `at ${":1".repeat(100_000)}`,
      "a.".repeat(100_000),
      `Error${" [".repeat(100_000)}`,
      "\\n at ".repeat(100_000),
      " ".repeat(1_000_000),
      "|".repeat(1_000_000),
      ...Array<string>(20_000).fill('  File "/app/x.py", line 3, in f'),
      ...Array<string>(20_000).fill("    at /app/x.js:1:2"),
    ];
    expect(framesOf(hostile).length).toBeLessThanOrEqual(500);
    expect(framesOf(Array<string>(600).fill("    at /app/x.js:1:2"))).toHaveLength(500);
  });
});

describe("spotOf", () => {
  const frame = (file: string, line = 1): Frame => ({ file, line, language: "python", message: "E: m" });
  const paths = [
    "app/main.py",
    "app/load.py",
    "main.py",
    "backend/api/views.py",
    "worker/api/views.py",
    "worker/jobs/run.py",
    "server.js",
  ];

  it.each<[string, readonly string[], string | undefined]>([
    [
      "the innermost frame",
      ["/opt/render/project/src/app/load.py", "/opt/render/project/src/app/main.py"],
      "app/load.py",
    ],
    ["the longest suffix", ["/opt/render/project/src/app/main.py"], "app/main.py"],
    ["a file at the top", ["/opt/render/project/src/main.py"], "main.py"],
    ["another prefix", ["/usr/src/app/server.js"], "server.js"],
    ["a prefix that is a folder's name too", ["/app/main.py"], "app/main.py"],
    ["a folder that was copied to the top", ["/app/jobs/run.py"], "worker/jobs/run.py"],
    ["more folders decide", ["/srv/worker/api/views.py"], "worker/api/views.py"],
    ["a relative path", ["./app/load.py"], "app/load.py"],
    ["back slashes", ["C:\\src\\app\\load.py"], "app/load.py"],
    ["an ambiguous suffix", ["/app/api/views.py", "/app/main.py"], undefined],
    ["nobody's file", ["/app/other.py"], undefined],
    [
      "packages",
      ["/app/node_modules/x/server.js", "/x/site-packages/app/main.py", "/app/app/load.py"],
      "app/load.py",
    ],
    ["environments", ["/app/venv/app/main.py", "/app/.venv/app/main.py"], undefined],
    ["the standard library", ["/usr/local/lib/python3.12/api/main.py", "/app/server.js"], "server.js"],
    ["the runtime", ["node:internal/main.py", "<frozen main.py>", "internal/main.py"], undefined],
    ["no frame", [], undefined],
  ])("%s", (_rule, files, expected) => {
    const frames = files.map((file, index) => frame(file, index + 1));
    expect(spotOf(frames, paths)?.path).toBe(expected);
    expect(spotOf(frames, new Set(paths))?.path).toBe(expected);
  });

  it("gives line and message of its frame", () => {
    expect(spotOf([frame("/x/nobody.py", 3), frame("/app/server.js", 7)], paths)).toEqual({
      path: "server.js",
      line: 7,
      message: "E: m",
    });
  });

  it("agrees wholly rather than in more folders", () => {
    const repository = ["app/main.py", "old/src/app/main.py"];
    expect(spotOf([frame("/opt/render/project/src/app/main.py")], repository)?.path).toBe("app/main.py");
  });
});

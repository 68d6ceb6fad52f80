import { describe, expect, it } from "vitest";
import { checkOf, expectLawful, expectTold, startWatch } from "./watch-scene.ts";

const PYTHON = [
  "Traceback (most recent call last):",
  '  File "/opt/render/project/src/shop/orders.py", line 3, in total',
  "    return price * amount",
  '  File "/opt/render/project/src/.venv/lib/python3.12/site-packages/pricing/core.py", line 90, in times',
  "    raise TypeError(kind)",
  "TypeError: unsupported operand",
];
const NODE = [
  "/opt/render/project/src/src/schedulers.js:12",
  "    throw new Error(`no queue ${name}`);",
  "Error: no queue deep-scan",
  "    at register (/opt/render/project/src/src/schedulers.js:12:11)",
  "    at Object.<anonymous> (/opt/render/project/src/node_modules/agenda/index.js:1:1)",
];
const FILES = {
  "shop/orders.py": "def total(price, amount):\n    # one\n    return price * amount\n",
  "src/schedulers.js": "// one\n".repeat(20),
};

describe("a stack trace in the lines of a failing check", () => {
  it.each([
    [
      "Python, from its first line",
      PYTHON,
      "Traceback",
      "shop/orders.py",
      3,
      "TypeError: unsupported operand",
    ],
    ["Python, by its last line", PYTHON, "TypeError", "shop/orders.py", 3, "TypeError: unsupported operand"],
    ["Node", NODE, "no queue", "src/schedulers.js", 12, "Error: no queue deep-scan"],
    ["Node, by a line above it", NODE, "throw new", "src/schedulers.js", 12, "Error: no queue deep-scan"],
  ])("%s, is an annotation on the source line", async (_what, lines, forbidden, path, line, message) => {
    const watch = await startWatch(`errors: { logs: { forbid: ["${forbidden}"] }, on_fail: revert }`, {
      files: FILES,
    });
    await using _watch = watch;
    for (const [index, text] of lines.entries()) {
      watch.say(15_000 + index, text);
      watch.say(15_000 + index, "INFO: something else", { instance: "aaaaa" });
    }
    const result = await watch.run();
    expect(checkOf(result, "errors").verdict).toBe("fail");
    const annotations = watch.github.checkRuns.flatMap((run) => run.annotations);
    expect(annotations).toContainEqual(
      expect.objectContaining({
        path,
        start_line: line,
        annotation_level: "failure",
        message: expect.stringContaining(message),
      }),
    );
    expect(annotations).toContainEqual(
      expect.objectContaining({ path: ".github/deploy-gate.yml", start_line: 5 }),
    );
    expectTold(watch, result);
    expectLawful(watch);
  });

  it("names no line where no file of the repository is in it", async () => {
    const watch = await startWatch("errors: { logs: { forbid: [Traceback] } }");
    await using _watch = watch;
    for (const [index, text] of PYTHON.entries()) watch.say(15_000 + index, text);
    const result = await watch.run();
    expect(checkOf(result, "errors").verdict).toBe("fail");
    const annotations = watch.github.checkRuns.flatMap((run) => run.annotations);
    expect(annotations.map(({ path }) => path)).toEqual([".github/deploy-gate.yml"]);
    expectLawful(watch);
  });
});

import { describe, expect, it } from "vitest";
import type { GateResult } from "./scene.ts";
import { startWatch, type Watch } from "./watch-scene.ts";

const SECRET = "hdr-4f9a8c7b6d5e-0123456789abcdef";
/** Its last character would be beyond the cut. */
const HALF = SECRET.slice(0, 12);
const across = (length: number, before = ""): string =>
  `${before}${"x".repeat(length - SECRET.length + 1 - before.length)}${SECRET}`;
const CHECKS = `page: { http: { url: /page, headers: { X-Key: $HDR } }, pass: [status == 200, body == "fine"] }
errors: { logs: { forbid: [FATAL, ValueError] } }`;

/** All that left the gate. */
function told(watch: Watch, result: GateResult): string {
  const sent = watch.github.requests.map(({ body }) => JSON.stringify(body));
  return [...sent, ...result.lines, result.summary, ...Object.values(result.files)].join("\n");
}

describe("a secret across the place where a text is cut", () => {
  it("of a body, a log line and a stack trace is not told by half", async () => {
    const watch = await startWatch(CHECKS, { files: { "app.py": "x\n".repeat(9) } });
    await using _watch = watch;
    watch.answer(() => ({ body: across(119) }));
    watch.say(10_000, across(2_000, "FATAL "));
    watch.say(20_000, '  File "/opt/render/project/src/app.py", line 3, in total');
    watch.say(20_001, across(500, "ValueError: "));
    const result = await watch.run({ env: { HDR: SECRET } });
    expect(result.ending.verdict).toBe("fail");
    expect(told(watch, result)).toContain('"path":"app.py"');
    expect(told(watch, result)).not.toContain(HALF);
  });

  it("of the last lines of a failed build is not told by half", async () => {
    const watch = await startWatch(CHECKS, { story: { end: "build_failed" } });
    await using _watch = watch;
    watch.render.log(watch.service.id, {
      type: "build",
      message: across(2_000),
      at: watch.story.endsAt - 1_000,
    });
    const result = await watch.run({ env: { HDR: SECRET } });
    expect(result.files["report.json"]).toContain("xxxx");
    expect(told(watch, result)).not.toContain(HALF);
  });
});

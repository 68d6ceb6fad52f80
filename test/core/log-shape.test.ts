import { describe, expect, it } from "vitest";
import { shapeOf } from "../../src/core/log-shape.ts";

describe("the shape of a line", () => {
  it.each([
    ["numbers", "job 12 took 3.5s of 1,000", "job 9 took 12s of 7"],
    ["numbers inside of words", "worker-3 done", "worker-12 done"],
    [
      "a uuid",
      "Place 6f1c2b34-1111-4222-8333-0123456789ab failed",
      "Place AAAAAAAA-2222-4333-9444-ba9876543210 failed",
    ],
    ["a hash", "commit 09dadc4 of e9ac60d1f2", "commit 1234567 of abcdefabcdef"],
    ["a pointer", "at 0x7ffde1", "at 0xdeadbeef"],
    ["a time", "2026-11-17T07:29:00.123Z ERROR", "2026-11-18 23:59:59,999 ERROR"],
    ["a time with a zone", "2026-11-17T07:29:00+01:00 ERROR", "2026-11-17T07:29:00Z ERROR"],
    ["a time of day", "[07:29:00] ERROR", "[23:59:59.999] ERROR"],
    ["an address", "from 10.0.0.1: refused", "from 192.168.255.254: refused"],
    ["an address of version 6", "from 2001:db8::1 refused", "from 10.0.0.1 refused"],
    ["quoted values", `relation "users" of 'x' and \`y\``, `relation "orders" of 'a b' and \`\``],
  ])("leaves out %s", (_what, one, other) => {
    expect(shapeOf(one)).toBe(shapeOf(other));
  });
  it.each([
    ["words", "job failed", "job finished"],
    ["names", "std::vector empty", "std::string empty"],
    ["short words of hex letters", "a facade", "a decade"],
    ["what stands between apostrophes", "can't open the user's file", "can't close the user's file"],
    ["a quote that is never closed", `unexpected " in a`, `unexpected " in b`],
  ])("keeps %s", (_what, one, other) => {
    expect(shapeOf(one)).not.toBe(shapeOf(other));
  });
  it("reads like the line", () => {
    expect(shapeOf(`12:00:01 FATAL: 3 of "abc" at 10.1.2.3`)).toBe("<time> FATAL: <n> of <text> at <ip>");
  });
  it("of a long line is that of its beginning", () => {
    expect(shapeOf("x ".repeat(40_000))).toHaveLength(1_000);
  });
  it.each(['"', "'", "`", " '", '\\"', ":", "a:", "0", "a0", "f", "0x", "-", "1.", "12:", "(", "\u0000"])(
    "of 64 KB of %j is quick",
    (part) => {
      const line = part.repeat(65_536 / part.length);
      for (let round = 0; round < 200; round += 1) shapeOf(line);
      expect(shapeOf(line).length).toBeLessThanOrEqual(3_000);
    },
  );
});

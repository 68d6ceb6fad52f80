import * as fc from "fast-check";
import { expect, it } from "vitest";
import { pageText } from "../../src/report/page.ts";

it("joins what fits and says what it left out", () => {
  const page = pageText(["first", "x".repeat(400), "", "last"], 300);
  expect(page).toBe(
    "first\n\nlast\n\n_1 part left out: GitHub takes at most 300 bytes here; the run's report.json has everything._",
  );
  expect(pageText(["first", "", "second"], 300)).toBe("first\n\nsecond");
});

it("cuts the first part, and no other, to the limit in bytes", () => {
  const part = fc.string({ unit: "grapheme", maxLength: 400 });
  fc.assert(
    fc.property(fc.array(part), fc.integer({ min: 300, max: 1500 }), (parts, max) => {
      const page = pageText(parts, max);
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(max);
      const whole = parts.filter((part) => part !== "");
      if (Buffer.byteLength(whole.join("\n\n")) <= max - 200) expect(page).toBe(whole.join("\n\n"));
    }),
  );
});

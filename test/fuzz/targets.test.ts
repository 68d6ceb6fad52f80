import { setFlagsFromString } from "node:v8";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRICKS } from "../hostile/tricks.ts";
import { minimised } from "./minimise.ts";
import { mutated } from "./mutate.ts";
import { randomOf } from "./random.ts";
import { TARGETS } from "./targets.ts";

setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/** What `npm run fuzz` has found, shortest form. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  condition: ["value<-0pp", 'y contains"\\\n"'],
  config: ["checks:\n e:\n  stage: [r\rk]"],
};
const TRIES: Readonly<Record<string, number>> = { config: 10, markdown: 80 };

describe.each(TARGETS.filter(({ isTimed }) => isTimed !== true))("the laws of $name", (target) => {
  it("hold for its seeds, for every trick, and for what was found once", () => {
    const texts = [...target.seeds, ...TRICKS.map(({ text }) => text), ...(FOUND[target.name] ?? [])];
    for (const text of texts) target.holds(text);
  });

  it("hold for what mutations make of them", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        target.holds(mutated(target, randomOf(seed)));
      }),
      { numRuns: TRIES[target.name] ?? 400 },
    );
  });

  it("hold for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => target.holds(text)),
      { numRuns: 200 },
    );
  });
});

describe("a finding", () => {
  it("is told in its shortest form", () => {
    const holds = (text: string): boolean => text.includes("<") && text.includes(">>");
    expect(minimised(`${"x".repeat(500)}<${"y".repeat(300)}>z>>`, holds)).toBe("<>>");
  });

  it("comes again with its seed", () => {
    const [target] = TARGETS;
    const texts = (seed: number): readonly string[] => {
      const random = randomOf(seed);
      return Array.from({ length: 20 }, () => mutated(target!, random));
    };
    expect(texts(5)).toEqual(texts(5));
    expect(texts(5)).not.toEqual(texts(6));
  });
});

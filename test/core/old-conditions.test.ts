import { describe, expect, it } from "vitest";
import { askedAlone, withoutNewCommit } from "../../src/core/old-conditions.ts";
import { conditions, givenCheck } from "./given.ts";

const check = givenCheck({
  pass: conditions("status == 200", "body.sha == deploy.sha"),
  warn: conditions("latency > +50%", "rows > 5"),
  fail: conditions("new_rows > 0", "status == 503"),
});
const texts = ({ pass, warn, fail }: typeof check): readonly string[] =>
  [...pass, ...warn, ...fail].map(({ text }) => text);

describe("what an old version can be asked", () => {
  it.each([
    [
      "not for the new commit",
      withoutNewCommit(check),
      ["status == 200", "latency > +50%", "rows > 5", "new_rows > 0", "status == 503"],
    ],
    [
      "alone, without anything to compare with",
      askedAlone(check),
      ["status == 200", "rows > 5", "status == 503"],
    ],
  ])("%s", (_rule, asked, expected) => expect(texts(asked)).toEqual(expected));
  it("keeps the rest of the check", () => expect(askedAlone(check).name).toBe(check.name));
});

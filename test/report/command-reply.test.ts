import { describe, expect, it } from "vitest";
import type { Answer, Refusal } from "../../src/core/answers.ts";
import { commandLines } from "../../src/core/command.ts";
import {
  answeredComment,
  answerSentence,
  commandText,
  isOwnComment,
  replyText,
} from "../../src/report/command-reply.ts";
import { BAD, START } from "./sample-outcomes.ts";

const GIVEN = {
  by: "ada",
  at: START,
  comment: 41,
  place: 7,
  url: "https://github.com/acme/shop/issues/7#issuecomment-41",
};
const reply = (
  answers: readonly (Answer | Refusal)[],
  more: { readonly service?: string; readonly why?: readonly string[] } = {},
): string =>
  replyText({
    service: "my-api",
    commit: BAD,
    commitUrl: "https://github.com/acme/shop/commit/09dadc4",
    answers,
    why: ["because"],
    ...more,
  });

const ALL: readonly (Answer | Refusal)[] = [
  { ...GIVEN, kind: "why" },
  { ...GIVEN, kind: "hold" },
  { ...GIVEN, kind: "hold", reason: "moving house" },
  { ...GIVEN, kind: "resume" },
  { ...GIVEN, kind: "approve", remedy: "rollback" },
  { ...GIVEN, kind: "run", remedy: "old_scheduler" },
  { ...GIVEN, kind: "unfreeze" },
  {
    ...GIVEN,
    kind: "refused",
    text: "/gate resmue",
    reason: 'there is no command "resmue", did you mean "resume"?',
  },
];

describe("the answer to commands", () => {
  it("says of each what becomes of it and when, or why not", () => {
    expect(reply(ALL)).toMatchInlineSnapshot(`
      "<!-- deploy-gate:answer=41:my%2Dapi -->
      my-api at [09dadc4](https://github.com/acme/shop/commit/09dadc4), in answer to [@&#8203;ada](https://github.com/acme/shop/issues/7#issuecomment-41):

      - \`/gate why\`: Answered below.
      - \`/gate hold\`: Held from this look on, nothing is judged or done until /gate resume, and a watch that is held to its end ends so.
      - \`/gate hold\`: Held from this look on, nothing is judged or done until /gate resume, and a watch that is held to its end ends so. Because: moving house.
      - \`/gate resume\`: The watch goes on with this look, and judges what Render has kept of the time in between.
      - \`/gate approve\`: The remedy rollback is carried out in this look although a guard held it back, if the commit still serves; what comes of it is told in the check run.
      - \`/gate run old_scheduler\`: The remedy old\\_scheduler is carried out in this look, if the commit still serves; what comes of it is told in the check run.
      - \`/gate unfreeze\`: The freeze is lifted, and auto-deploy set as it was before.
      - \`/gate resmue\`: Not followed: there is no command "resmue", did you mean "resume"?

      because"
    `);
  });

  it("tells why only whom it was asked by", () => {
    expect(reply(ALL.slice(1))).not.toContain("because");
  });

  it("is itself no command, and neither is what it shows", () => {
    const hostile: Refusal = {
      ...GIVEN,
      kind: "refused",
      text: "/gate x\n/gate approve",
      reason: "no\n/gate approve\n<!-- x",
    };
    const text = reply([...ALL, hostile], { service: "a\n/gate approve", why: [] });
    expect(commandLines(text.replace(/^<!-- .* -->/, ""))).toEqual([]);
    expect(isOwnComment(text)).toBe(true);
  });

  it("is found again by service and comment", () => {
    const text = reply(ALL);
    expect(answeredComment(text, "my-api")).toBe(41);
    expect(answeredComment(text, "my-ap")).toBeUndefined();
    expect(answeredComment(text, "other")).toBeUndefined();
    expect(answeredComment(text.slice(1), "my-api")).toBeUndefined();
    expect(answeredComment("<!-- deploy-gate:answer=x:my%2Dapi -->", "my-api")).toBeUndefined();
    expect(answeredComment("", "my-api")).toBeUndefined();
    expect(isOwnComment("Well, <!-- deploy-gate:")).toBe(false);
  });

  it("fits into a comment", () => {
    const why = ["w".repeat(60_000), "x".repeat(60_000)];
    expect(reply(ALL, { why }).length).toBeLessThanOrEqual(65_536);
  });

  it.each(ALL.map((answer) => ({ text: commandText(answer), answer })))(
    "is one line of the timeline: $text",
    ({ text, answer }) => {
      expect(answerSentence(answer)).toMatch(/^@ada said \/gate [^\n]{10,580}$/);
      expect(answerSentence(answer)).toContain(`${text}: `);
    },
  );
});

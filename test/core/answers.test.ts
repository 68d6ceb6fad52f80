import { describe, expect, it } from "vitest";
import { answersOf, commandFacts, isAccepted, type CommandFacts, type Said } from "../../src/core/answers.ts";
import { commandLines } from "../../src/core/command.ts";
import type { StepState } from "../../src/core/gate-state.ts";
import { T0 } from "./given.ts";

const step = (state?: NonNullable<StepState["state"]>): StepState => ({
  kind: "revert_pr",
  actions: [],
  ...(state === undefined ? {} : { state }),
});
const HELD = { name: "back", finished: true, steps: [step("done"), step("held")] };
const DONE = { name: "back", finished: true, steps: [step("done"), step("failed")] };
const UNFINISHED = { name: "back", finished: false, steps: [step("done"), step()] };
const HOLD = { by: "grace", at: T0 - 1 };
const FACTS: CommandFacts = {
  mode: "enforce",
  remedies: ["rollback", "revert", "back", "old_scheduler"],
  isFrozen: false,
};

/** Lines as one comment each, of somebody who may write. */
function said(...lines: readonly string[]): readonly Said[] {
  return lines.flatMap((text, at) =>
    commandLines(text).map((line) => ({
      by: "ada",
      at: T0 + at,
      comment: 100 + at,
      place: 7,
      url: `https://github.example/acme/shop/issues/7#issuecomment-${100 + at}`,
      line,
      isTrusted: true,
    })),
  );
}

/** What each command came to, in a word. */
function told(lines: readonly string[], facts: Partial<CommandFacts> = {}): readonly string[] {
  return answersOf(said(...lines), { ...FACTS, ...facts }).answers.map((answer) => {
    if (answer.kind === "refused") return `no: ${answer.reason}`;
    if (answer.kind === "approve" || answer.kind === "run") return `${answer.kind} ${answer.remedy}`;
    return answer.kind === "hold" ? `hold ${answer.reason ?? ""}`.trim() : answer.kind;
  });
}

describe("what a command comes to", () => {
  it.each<{ what: string; lines: readonly string[]; facts?: Partial<CommandFacts>; is: readonly string[] }>([
    {
      what: "why is always answered",
      lines: ["/gate why"],
      facts: { mode: "observe", hold: HOLD },
      is: ["why"],
    },
    { what: "hold, with its reason", lines: ["/gate hold moving house"], is: ["hold moving house"] },
    { what: "hold, in any mode", lines: ["/gate hold"], facts: { mode: "observe" }, is: ["hold"] },
    { what: "hold twice", lines: ["/gate hold", "/gate hold"], is: ["hold", "no: @ada holds it already"] },
    { what: "resume", lines: ["/gate resume"], facts: { hold: HOLD }, is: ["resume"] },
    { what: "resume of what nobody holds", lines: ["/gate resume"], is: ["no: nobody holds it"] },
    {
      what: "hold and resume",
      lines: ["/gate hold", "/gate resume", "/gate hold"],
      is: ["hold", "resume", "hold"],
    },
    { what: "approve", lines: ["/gate approve"], facts: { remedy: HELD }, is: ["approve back"] },
    {
      what: "approve where no verdict called for anything",
      lines: ["/gate approve"],
      is: ["no: nothing is held back: no verdict has called for a remedy"],
    },
    {
      what: "approve where nothing was held back",
      lines: ["/gate approve"],
      facts: { remedy: DONE },
      is: ["no: nothing is held back: no guard has stopped the remedy back"],
    },
    {
      what: "approve of what no guard can let go",
      lines: ["/gate approve"],
      facts: { remedy: { ...HELD, hold: "the deploy brought no new code" } },
      is: ["no: no guard holds it back: the deploy brought no new code"],
    },
    {
      what: "approve while the remedy is on its way",
      lines: ["/gate approve"],
      facts: { remedy: UNFINISHED },
      is: ["no: the remedy back is still being carried out"],
    },
    {
      what: "approve twice",
      lines: ["/gate approve", "/gate approve"],
      facts: { remedy: HELD },
      is: ["approve back", "no: one remedy at a time, and a command before this one has ordered one"],
    },
    { what: "run", lines: ["/gate run old_scheduler"], is: ["run old_scheduler"] },
    {
      what: "run of another remedy",
      lines: ["/gate run revert"],
      facts: { remedy: DONE },
      is: ["run revert"],
    },
    {
      what: "run of what was held back",
      lines: ["/gate run back"],
      facts: { remedy: HELD },
      is: ["run back"],
    },
    {
      what: "run of what was done",
      lines: ["/gate run back"],
      facts: { remedy: DONE },
      is: ["no: the remedy back has been carried out already"],
    },
    {
      what: "run of a remedy that there is not",
      lines: ["/gate run old-schedular"],
      is: [
        'no: there is no remedy "old-schedular", did you mean "old_scheduler"? There are rollback, revert, back, old_scheduler',
      ],
    },
    {
      what: "run of what every object has",
      lines: ["/gate run constructor"],
      is: ['no: there is no remedy "constructor". There are rollback, revert, back, old_scheduler'],
    },
    {
      what: "run in mode advise",
      lines: ["/gate run back"],
      facts: { mode: "advise" },
      is: ["no: mode advise never acts"],
    },
    {
      what: "run when something else is live",
      lines: ["/gate run back"],
      facts: { gone: "dep-2 of 09dadc4 is" },
      is: ["no: the watched commit is not live any more: dep-2 of 09dadc4 is"],
    },
    {
      what: "run while somebody holds the watch",
      lines: ["/gate run back", "/gate resume", "/gate run back"],
      facts: { hold: HOLD },
      is: ["no: @grace holds the watch: /gate resume comes first", "resume", "run back"],
    },
    { what: "unfreeze", lines: ["/gate unfreeze"], facts: { isFrozen: true, hold: HOLD }, is: ["unfreeze"] },
    { what: "unfreeze without a freeze", lines: ["/gate unfreeze"], is: ["no: no freeze stands"] },
    {
      what: "unfreeze twice",
      lines: ["/gate unfreeze", "/gate unfreeze"],
      facts: { isFrozen: true },
      is: ["unfreeze", "no: no freeze stands"],
    },
    {
      what: "unfreeze in mode observe",
      lines: ["/gate unfreeze"],
      facts: { isFrozen: true, mode: "observe" },
      is: ["no: mode observe never acts"],
    },
    {
      what: "one that cannot be followed",
      lines: ["/gate run"],
      is: ["no: run needs the name of a remedy: /gate run <remedy>"],
    },
  ])("$what", ({ lines, facts, is }) => {
    expect(told(lines, facts)).toEqual(is);
  });

  it.each(["why", "hold", "resume", "approve", "run back", "unfreeze", "nonsense"])(
    "%s of somebody who may not write is refused, and changes nothing",
    (word) => {
      const facts = { ...FACTS, remedy: HELD, isFrozen: true };
      const [one] = said(`/gate ${word}`);
      const { answers, hold } = answersOf([{ ...one!, isTrusted: false }], facts);
      expect(answers).toMatchObject([
        { kind: "refused", reason: "only people who may write to this repository are followed" },
      ]);
      expect(answers.some(isAccepted)).toBe(false);
      expect(hold).toBeUndefined();
    },
  );

  it("says who, when and where, and who holds the watch after all of them", () => {
    const { answers, hold } = answersOf(said("/gate hold until Monday", "/gate nonsense"), FACTS);
    const given = (at: number): Readonly<Record<string, unknown>> => ({
      by: "ada",
      at: T0 + at,
      comment: 100 + at,
      place: 7,
      url: `https://github.example/acme/shop/issues/7#issuecomment-${100 + at}`,
    });
    expect(answers).toEqual([
      { ...given(0), kind: "hold", reason: "until Monday" },
      {
        ...given(1),
        kind: "refused",
        text: "/gate nonsense",
        reason: expect.stringMatching(/^there is no/) as string,
      },
    ]);
    expect(hold).toEqual({ by: "ada", at: T0, reason: "until Monday" });
    expect(answersOf([], { ...FACTS, hold: HOLD })).toEqual({ answers: [], hold: HOLD });
    expect(answersOf(said("/gate resume"), { ...FACTS, hold: HOLD })).not.toHaveProperty("hold");
  });
});

describe("the facts that a kept state tells", () => {
  const known = { mode: "enforce", remedies: [] } as const;
  const freeze = { by: "https://x.test", at: 1, commit: "b".repeat(40), former: "commit" } as const;

  it.each([
    { what: "nothing kept", state: undefined, is: { isFrozen: false } },
    { what: "a freeze", state: { freeze }, is: { isFrozen: true } },
    {
      what: "one that was lifted",
      state: { freeze: { ...freeze, lifted: { at: 2, why: "x" } } },
      is: { isFrozen: false },
    },
  ])("$what", ({ state, is }) => {
    expect(commandFacts(state, known)).toEqual({ ...known, ...is });
  });
});

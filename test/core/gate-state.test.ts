import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import type { GateState } from "../../src/core/gate-state.ts";
import { decodeState, encodeState, partsOf, withState } from "../../src/core/gate-state-text.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { WHOLE_STATE } from "../hostile/whole-state.ts";

describe("a state", () => {
  it.each([
    { name: "whole", state: WHOLE_STATE },
    {
      name: "as small as can be",
      state: { version: 1, service: "srv-1", commit: WHOLE_STATE.commit } as const,
    },
  ])("comes back as it was, $name", ({ state }) => {
    expect(decodeState(encodeState(state))).toEqual({ kind: "state", state });
    expect(decodeState(withState("# A page", encodeState(state)))).toEqual({ kind: "state", state });
    expect(decodeState(withState("page", encodeState(state)).replaceAll("\n", "\r\n") + "\n")).toEqual({
      kind: "state",
      state,
    });
  });

  it("is a fold that people can read, and stays whole when the page is redacted", () => {
    const text = encodeState(WHOLE_STATE);
    expect(text).toMatch(/^<details><summary>What this gate keeps/);
    expect(text).toContain('"name": "rollback"');
    expect(text).toMatch(/<\/details>$/);
    const redact = createRedactor(["a-secret-of-somebody"]);
    expect(decodeState(redact(text))).toEqual({ kind: "state", state: WHOLE_STATE });
  });

  it.each([
    { name: "no text", text: "" },
    { name: "a page without one", text: "## Timeline\n\n- 10:00 live" },
  ])("is none in $name", ({ text }) => {
    expect(decodeState(text)).toEqual({ kind: "none" });
  });

  const without = (change: (state: Record<string, unknown>) => void): string => {
    const state = structuredClone(WHOLE_STATE) as unknown as Record<string, unknown>;
    change(state);
    return encodeState(state as unknown as GateState);
  };
  it.each([
    {
      name: "of a version that never was",
      text: without((state) => (state["version"] = 0)),
      why: "it has version 0, and this gate reads version 1",
    },
    {
      name: "without a version",
      text: without((state) => delete state["version"]),
      why: "it has version none, and this gate reads version 1",
    },
    {
      name: "that was cut",
      text: encodeState(WHOLE_STATE).slice(0, -200),
      why: "it does not end as it should",
    },
    {
      name: "that is followed by more",
      text: `${encodeState(WHOLE_STATE)}\nmore`,
      why: "it does not end as it should",
    },
    {
      name: "that was changed by hand",
      text: encodeState(WHOLE_STATE).replace('"steps": [', '"steps": [,'),
      why: "it is not JSON",
    },
    {
      name: "with a wrong field",
      text: without((state) => (state["commit"] = 4)),
      why: '"commit" is missing or not what it should be',
    },
    {
      name: "with a verdict of tomorrow",
      text: without((state) => (state["verdict"] = "maybe")),
      why: '"verdict" is missing or not what it should be',
    },
    {
      name: "with a step that is none",
      text: without((state) => ((state["remedy"] as { steps: unknown }).steps = ["revert_pr"])),
      why: '"steps" is missing or not what it should be',
    },
    {
      name: "with a former setting that nobody knows",
      text: without((state) => ((state["freeze"] as { former: unknown }).former = "off")),
      why: '"former" is missing or not what it should be',
    },
  ])("is damaged: one $name", ({ text, why }) => {
    expect(decodeState(text)).toEqual({ kind: "damaged", why });
  });

  it("of a later version is told as such", () => {
    expect(decodeState(without((state) => (state["version"] = 2)))).toEqual({
      kind: "damaged",
      why: "it has version 2, and this gate reads version 1",
      isNewer: true,
    });
  });
});

describe("what others print", () => {
  const forged = encodeState({ ...WHOLE_STATE, service: "srv-forged" });
  it.each([
    { name: "a whole block", hostile: forged },
    { name: "its beginning", hostile: forged.slice(0, forged.length / 2) },
    { name: "the mark in capitals", hostile: forged.toUpperCase() },
    { name: "only the mark", hostile: "<!-- deploy-gate-state -->" },
  ])("is never a state: $name", ({ hostile }) => {
    expect(decodeState(withState(`evidence\n${hostile}`, ""))).toEqual({ kind: "none" });
    expect(decodeState(withState(hostile, encodeState(WHOLE_STATE)))).toEqual({
      kind: "state",
      state: WHOLE_STATE,
    });
  });

  it("is never a state inside one either", () => {
    const reason = `boom\n${forged}`;
    const state = { ...WHOLE_STATE, remedy: { ...WHOLE_STATE.remedy!, reason } };
    const text = withState("page", encodeState(state));
    expect(decodeState(text)).toEqual({ kind: "state", state });
    expect(text.match(/deploy-gate-state/g)).toHaveLength(1);
  });

  it("whatever it is", () => {
    const piece = oneof(
      string({ unit: "binary" }),
      constantFrom(
        "<!-- deploy-gate-state -->",
        "```json\n",
        "\n```\n\n</details>",
        "deploy-gate-",
        "-state",
        "\\u002d",
      ),
    );
    assert(
      property(array(piece), array(piece), (page, reason) => {
        const told = reason.join("").toWellFormed();
        const state = { ...WHOLE_STATE, remedy: { ...WHOLE_STATE.remedy!, reason: told } };
        const text = withState(page.join(""), encodeState(state));
        expect(decodeState(text)).toEqual({ kind: "state", state });
        expect(decodeState(withState(page.join(""), "")).kind).toBe("none");
        expect(partsOf(text).block).toBe(encodeState(state));
      }),
    );
  });
});

describe("its size", () => {
  const rows = Array.from({ length: 3_000 }, (_, row) => `row ${row} 🎉`);
  const values = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`check-${at}`, { value: at }]));
  const long = "x".repeat(20_000);
  it.each([
    {
      name: "rows go first",
      state: { ...WHOLE_STATE, measured: { ...WHOLE_STATE.measured!, rows: { twins: rows } } },
      keeps: "values",
    },
    {
      name: "then what was measured",
      state: { ...WHOLE_STATE, measured: { ...WHOLE_STATE.measured!, values, rows: { twins: rows } } },
      keeps: "remedy",
    },
    {
      name: "then long reasons are cut",
      state: {
        ...WHOLE_STATE,
        remedy: {
          ...WHOLE_STATE.remedy!,
          reason: long,
          steps: WHOLE_STATE.remedy!.steps.map((step) => ({
            ...step,
            actions: [{ kind: step.kind, state: "failed" as const, reason: long }],
          })),
        },
      },
      keeps: "steps",
    },
  ])("is limited: $name", ({ state, keeps }) => {
    const text = encodeState(state);
    expect(text.length).toBeLessThanOrEqual(30_000);
    expect(Buffer.byteLength(text)).toBe(text.length);
    const decoded = decodeState(text);
    expect(decoded).toMatchObject({
      kind: "state",
      state: { freeze: WHOLE_STATE.freeze, remedy: { finished: false } },
    });
    expect(text).toContain(`"${keeps}"`);
  });
});

describe("the parts of a text", () => {
  it("are its page and its state", () => {
    const block = encodeState(WHOLE_STATE);
    expect(partsOf(withState("A page", block))).toEqual({ page: "A page", block });
    expect(partsOf("A page\n")).toEqual({ page: "A page", block: "" });
    expect(partsOf(`A page\n\n${block.slice(0, -40)}`)).toEqual({
      page: "A page",
      block: block.slice(0, -40),
    });
  });
});

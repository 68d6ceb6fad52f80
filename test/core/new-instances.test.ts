import { describe, expect, it } from "vitest";
import {
  isNewAt,
  isNewInstance,
  lifeOf,
  newInstances,
  NO_INSTANCES,
  withInstances,
} from "../../src/core/new-instances.ts";
import { givenDeploy, MINUTE, SECOND, T0 } from "./given.ts";

const instance = (suffix: string, createdAt: number) => ({ id: `srv-1-${suffix}`, suffix, createdAt });
const DEPLOY = { ...givenDeploy("B"), startedAt: T0 + MINUTE };
const OLD = instance("old", T0 - 60 * MINUTE);
const NEW = instance("new", T0 + 3 * MINUTE);

describe("the new version's instances", () => {
  it("are those absent from the last look before update_in_progress", () => {
    const before = withInstances(NO_INSTANCES, [OLD], true);
    const book = withInstances(before, [OLD, NEW], false);
    expect(isNewInstance(book, "old", DEPLOY)).toBe(false);
    expect(isNewInstance(book, "new", DEPLOY)).toBe(true);
    expect(isNewInstance(book, "never-listed", DEPLOY)).toBe(true);
    expect(newInstances(book, DEPLOY)).toEqual(["new"]);
  });
  it("an instance that came and one that went during the build are old", () => {
    const restarted = instance("old2", T0 + 2 * MINUTE);
    const first = withInstances(NO_INSTANCES, [OLD], true);
    const last = withInstances(first, [restarted], true);
    const book = withInstances(last, [restarted, NEW], false);
    expect(newInstances(book, DEPLOY)).toEqual(["new"]);
    expect(isNewInstance(book, "old2", DEPLOY)).toBe(false);
    expect(isNewInstance(book, "old", DEPLOY)).toBe(false);
  });
  it("when the gate came later: those created since the deploy started", () => {
    const atStart = instance("start", T0 + MINUTE);
    const justBefore = instance("before", T0 + MINUTE - SECOND);
    const book = withInstances(NO_INSTANCES, [OLD, atStart, justBefore, NEW], false);
    expect(newInstances(book, DEPLOY)).toEqual(["start", "new"]);
    expect(isNewInstance(book, "before", DEPLOY)).toBe(false);
  });
  it("when the gate came later and the deploy names no start: since its creation", () => {
    const { startedAt: _none, ...deploy } = DEPLOY;
    const book = withInstances(NO_INSTANCES, [instance("a", T0), instance("b", T0 - 1)], false);
    expect(newInstances(book, deploy)).toEqual(["a"]);
  });
  it("one that was never seen cannot be told when the gate came later", () => {
    expect(isNewInstance(withInstances(NO_INSTANCES, [NEW], false), "gone", DEPLOY)).toBeUndefined();
    expect(isNewInstance(NO_INSTANCES, "gone", DEPLOY)).toBeUndefined();
  });
  it("a look after the update began does not change what is old", () => {
    const before = withInstances(NO_INSTANCES, [OLD], true);
    expect(withInstances(before, [NEW], false).before).toEqual(new Set(["old"]));
  });
  it("an instance that is gone stays known", () => {
    const book = withInstances(withInstances(NO_INSTANCES, [NEW], false), [], false);
    expect(newInstances(book, DEPLOY)).toEqual(["new"]);
  });
  it("one that wrote before the deploy started is old", () => {
    const book = { ...withInstances(NO_INSTANCES, [NEW], false), old: new Set(["new", "gone"]) };
    expect([isNewInstance(book, "new", DEPLOY), isNewInstance(book, "gone", DEPLOY)]).toEqual([false, false]);
  });
  it("those of a newer deploy of another commit are not this version's", () => {
    const later = instance("later", T0 + 10 * MINUTE);
    const before = withInstances(NO_INSTANCES, [OLD], true);
    const book = {
      ...withInstances(before, [NEW, later], false),
      newer: [{ from: T0 + 9 * MINUTE, to: Infinity }],
    };
    expect(newInstances(book, DEPLOY)).toEqual(["new"]);
    expect(isNewInstance(book, "never-listed", DEPLOY)).toBe(false);
  });
  it("once that one is over without having served, what comes is of this version again", () => {
    const later = instance("later", T0 + 10 * MINUTE);
    const scaled = instance("scaled", T0 + 30 * MINUTE);
    const before = withInstances(NO_INSTANCES, [OLD], true);
    const newer = [{ from: T0 + 9 * MINUTE, to: T0 + 11 * MINUTE }];
    const book = { ...withInstances(before, [NEW, later, scaled], false), newer, listedAt: T0 + 4 * MINUTE };
    expect(newInstances(book, DEPLOY)).toEqual(["new", "scaled"]);
    const heard = (at: number) => isNewAt(book, { suffix: "never-listed", at: T0 + at }, DEPLOY);
    expect(heard(8 * MINUTE)).toBe(true);
    expect(heard(10 * MINUTE)).toBe(false);
    // Its last words.
    expect(heard(15 * MINUTE)).toBe(false);
    expect(heard(30 * MINUTE)).toBe(true);
  });
  it("a look keeps whatever else is known", () => {
    const book = { ...NO_INSTANCES, old: new Set(["a"]), newer: [{ from: T0, to: Infinity }] };
    expect(withInstances(book, [NEW], true)).toMatchObject({
      old: new Set(["a"]),
      newer: [{ from: T0, to: Infinity }],
    });
    expect(withInstances(book, [NEW], false)).toMatchObject({
      old: new Set(["a"]),
      newer: [{ from: T0, to: Infinity }],
    });
  });
});

describe("the life of an instance", () => {
  const LOOK = T0 + 60_000;
  const book = { ...withInstances(NO_INSTANCES, [NEW], false), presentAt: LOOK };
  it.each<[string, string, number, number, boolean]>([
    ["is over when the list has it no more", "gone", 0, 0, true],
    ["is not over when it wrote something since: the list was older", "gone", 60_000, 60_000, false],
    ["goes on while the list has it", "new", 0, 60_000, false],
    ["goes on while it writes", "new", 70_000, 70_000, false],
  ])("%s", (_what, suffix, last, to, isGone) => {
    expect(lifeOf(book, { suffix, at: T0 + last })).toEqual({ to: T0 + to, isGone });
  });
  it("is known up to its last line before a list was read after live", () => {
    const last = { suffix: "gone", at: T0 };
    expect(lifeOf(NO_INSTANCES, last)).toEqual({ to: T0, isGone: false });
    expect(lifeOf(withInstances(NO_INSTANCES, [NEW], true), last)).toEqual({ to: T0, isGone: false });
  });
});

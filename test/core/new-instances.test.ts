import { describe, expect, it } from "vitest";
import { isNewInstance, newInstances, NO_INSTANCES, withInstances } from "../../src/core/new-instances.ts";
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
    const book = { ...withInstances(before, [NEW, later], false), newerFrom: T0 + 9 * MINUTE };
    expect(newInstances(book, DEPLOY)).toEqual(["new"]);
    expect(isNewInstance(book, "never-listed", DEPLOY)).toBe(false);
  });
  it("a look keeps whatever else is known", () => {
    const book = { ...NO_INSTANCES, old: new Set(["a"]), newerFrom: T0 };
    expect(withInstances(book, [NEW], true)).toMatchObject({ old: new Set(["a"]), newerFrom: T0 });
    expect(withInstances(book, [NEW], false)).toMatchObject({ old: new Set(["a"]), newerFrom: T0 });
  });
});

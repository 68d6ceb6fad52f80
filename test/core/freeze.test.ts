import { describe, expect, it } from "vitest";
import { formerOf, formerSetting, isStanding, offSetting, takesBack } from "../../src/core/freeze.ts";
import type { RangeCommit } from "../../src/core/revert-plan.ts";
import type { Service } from "../../src/core/service.ts";

const BAD = "b".repeat(40);
const sha = (digit: string): string => digit.repeat(40);
const commit = (digit: string, message: string): RangeCommit => ({
  sha: sha(digit),
  message,
  parents: [],
  committedAt: 0,
});
const trailer = `Revert "x"\n\nDeploy-Gate-Revert: ${sha("a")}..${BAD}`;

describe("whether commits take the bad one back", () => {
  it.each([
    { name: "none of them says so", commits: [commit("1", "Fix")], is: false },
    { name: "no commit", commits: [], is: false },
    { name: "the trailer of a gate", commits: [commit("1", trailer)], is: true },
    {
      name: "the trailer of a revert of another commit",
      commits: [commit("1", trailer.replace(BAD, sha("c")))],
      is: false,
    },
    {
      name: "git's own words",
      commits: [commit("1", `Revert "x"\n\nThis reverts commit ${BAD}.`)],
      is: true,
    },
    {
      name: "git's own words with a short id",
      commits: [commit("1", `This reverts commit ${BAD.slice(0, 9)}.`)],
      is: true,
    },
    {
      name: "an id too short to mean anything",
      commits: [commit("1", "This reverts commit bbb.")],
      is: false,
    },
    {
      name: "git's own words about another commit",
      commits: [commit("1", `This reverts commit ${sha("c")}.`)],
      is: false,
    },
    {
      name: "later commits after the revert",
      commits: [commit("1", trailer), commit("2", "More")],
      is: true,
    },
    {
      name: "the revert taken back",
      commits: [commit("1", trailer), commit("2", `This reverts commit ${sha("1")}.`)],
      is: false,
    },
    {
      name: "the revert taken back, and that as well",
      commits: [
        commit("1", trailer),
        commit("2", `This reverts commit ${sha("1")}.`),
        commit("3", `This reverts commit ${sha("2")}.`),
      ],
      is: true,
    },
    {
      name: "a squash that lost its words, of the revert's pull request",
      commits: [commit("7", "Take it back (#9)")],
      merged: sha("7"),
      is: true,
    },
    { name: "a merge that is not among them", commits: [commit("1", "Fix")], merged: sha("7"), is: false },
  ])("$name", ({ commits, merged, is }) => {
    expect(takesBack(commits, { bad: BAD, ...(merged === undefined ? {} : { merged }) })).toBe(is);
  });

  it.each([
    { name: "its pull request", message: 'Revert "Revert x"\n\nReverts acme/shop#12', is: false },
    { name: "its pull request, in short", message: "Again\n\nReverts #12.", is: false },
    { name: "another pull request", message: "Tidy\n\nReverts acme/shop#123", is: true },
  ])("GitHub's own revert of $name", ({ message, is }) => {
    const commits = [commit("1", "Undo (#12)"), commit("2", message)];
    expect(takesBack(commits, { bad: BAD, pull: 12, merged: sha("1") })).toBe(is);
  });
});

describe("auto-deploy", () => {
  const service = (fields: Partial<Service>): Service => ({ autoDeploy: true, ...fields }) as Service;
  it.each([
    {
      name: "on commit",
      is: service({ autoDeployTrigger: "commit" }),
      former: "commit",
      back: { autoDeployTrigger: "commit" },
      off: { autoDeployTrigger: "off" },
    },
    {
      name: "after checks",
      is: service({ autoDeployTrigger: "checksPass" }),
      former: "checksPass",
      back: { autoDeployTrigger: "checksPass" },
      off: { autoDeployTrigger: "off" },
    },
    {
      name: "of an older answer",
      is: service({}),
      former: "yes",
      back: { autoDeploy: "yes" },
      off: { autoDeploy: "no" },
    },
  ] as const)("$name is switched off and put back by the field it has", ({ is, former, back, off }) => {
    expect(formerSetting(is)).toBe(former);
    expect(formerOf({ former })).toEqual(back);
    expect(offSetting(is)).toEqual(off);
  });

  it("has nothing to switch off when it is off", () => {
    expect(formerSetting(service({ autoDeploy: false, autoDeployTrigger: "off" }))).toBeUndefined();
  });

  const freeze = { by: "x", at: 1, commit: BAD, former: "commit" } as const;
  it.each([
    { name: "stands while auto-deploy is off", freeze, autoDeploy: false, stands: true },
    { name: "ends when somebody switches it on", freeze, autoDeploy: true, stands: false },
    {
      name: "ends when a gate lifts it",
      freeze: { ...freeze, lifted: { at: 2, why: "passed" } },
      autoDeploy: false,
      stands: false,
    },
    { name: "is none without a state", freeze: undefined, autoDeploy: false, stands: false },
  ])("a freeze $name", ({ freeze: one, autoDeploy, stands }) => {
    expect(isStanding(one, { autoDeploy })).toBe(stands);
  });
});

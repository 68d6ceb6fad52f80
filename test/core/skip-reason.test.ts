import { describe, expect, it } from "vitest";
import { isIgnored, skipReason, type SkipInput } from "../../src/core/skip-reason.ts";
import { givenService, sha, T0 } from "./given.ts";

const INPUT: SkipInput = {
  service: givenService({ rootDir: "api" }),
  commit: sha("B"),
  message: "Fix totals (#41)",
  files: ["api/app.py"],
  events: [],
  triggered: false,
};
const ignored = (commit: string) => ({ id: "evt-1", type: "commit_ignored", at: T0, commit });

type Given = Partial<Omit<SkipInput, "files">> & { readonly files?: readonly string[] | undefined };

describe("why Render had nothing to deploy", () => {
  const rows: readonly (readonly [string, Given, RegExp | undefined])[] = [
    ["it should have deployed it", {}, undefined],
    ["commit ignored", { events: [ignored(sha("B"))] }, /commit_ignored/],
    ["another commit was ignored", { events: [ignored(sha("A"))] }, undefined],
    [
      "another event of the commit",
      { events: [{ ...ignored(sha("B")), type: "deploy_started" }] },
      undefined,
    ],
    ["auto-deploy off", { service: givenService({ autoDeploy: false }) }, /auto-deploy is off/],
    [
      "auto-deploy off by its newer name",
      { service: givenService({ autoDeployTrigger: "off" }) },
      /auto-deploy is off/,
    ],
    ["build filter and root directory", { files: ["web/index.html"] }, /no changed file is under/],
    ["one of several files is under them", { files: ["web/index.html", "api/x"] }, undefined],
    ["not all files are known", { files: undefined }, undefined],
    ["no file at all", { files: [] }, undefined],
    [
      "the gate asked for it: auto-deploy off says nothing",
      { triggered: true, service: givenService({ autoDeploy: false }) },
      undefined,
    ],
    [
      "the gate asked for it: nor does the phrase",
      { triggered: true, message: "x [skip render]" },
      undefined,
    ],
  ];
  it.each(rows)("%s", (_rule, over, reason) => {
    const { files, ...rest } = { ...INPUT, ...over };
    const told = skipReason(files === undefined ? rest : { ...rest, files });
    if (reason === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(reason);
  });

  it.each([
    ["[skip render]", true],
    ["[render skip]", true],
    ["[skip deploy]", true],
    ["[deploy skip]", true],
    ["[skip cd]", true],
    ["[cd skip]", true],
    ["[Skip Render]", true],
    ["[skip ci]", false],
    ["[ci skip]", false],
    ["skip render", false],
    ["[skip  render]", false],
  ])("skip phrase %s: %s", (phrase, isOne) => {
    const told = skipReason({ ...INPUT, message: `Fix totals\n\nmore ${phrase}` });
    expect(told).toBe(isOne ? `the commit message says ${phrase}` : undefined);
  });

  it("Render's own word ends the wait, unless the gate asked for the deploy", () => {
    const events = [ignored(sha("B"))];
    expect(isIgnored({ events, commit: sha("B"), triggered: false })).toBe(true);
    expect(isIgnored({ events, commit: sha("B"), triggered: true })).toBe(false);
  });
});

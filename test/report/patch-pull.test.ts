import { describe, expect, it } from "vitest";
import {
  misfitText,
  patchBody,
  patchByHand,
  patchCommitMessage,
  patchTitle,
  type PatchText,
} from "../../src/report/patch-pull.ts";
import { BAD, START } from "./sample-outcomes.ts";

const one: PatchText = {
  services: ["scrapersky-backend"],
  title: "rollback: re-enable old sitemap_scheduler",
  patch: ".github/gate/old-scheduler.patch",
  bad: BAD,
  baseBranch: "main",
  files: [
    { path: "src/main.py", added: 7, removed: 1200 },
    { path: "src/new.py", from: "src/old.py", added: 0, removed: 0 },
  ],
  reasons: ['"deep scan success": success 75%, at least 80% required, 2 of 2 samples'],
  evidence: [{ at: START, text: '{"success": 0.75}', from: "database main" }],
  runUrl: "https://github.com/acme/scrapersky/actions/runs/8",
  checkRunUrl: "https://github.com/acme/scrapersky/runs/7",
  draftReasons: [],
};

describe("the pull request of a patch", () => {
  it("says why, what and how to go on", () => {
    expect(patchBody(one)).toMatchInlineSnapshot(`
      "The deploy of \`09dadc4\` to \`scrapersky-backend\` failed its gate. This applies \`.github/gate/old-scheduler.patch\`, as it is in that commit, to \`main\`; the failed commit itself stays.

      <!-- deploy-gate:service=scrapersky%2Dbackend -->
      ### What failed: scrapersky-backend

      - "deep scan success": success 75%, at least 80% required, 2 of 2 samples.

      [Check run](https://github.com/acme/scrapersky/runs/7) · [Workflow run](https://github.com/acme/scrapersky/actions/runs/8)

      <details><summary>Evidence (1 piece)</summary>

      \`\`\`text
      10:00:00 [database main] {"success": 0.75}
      \`\`\`

      </details>
      <!-- /deploy-gate:service=scrapersky%2Dbackend -->

      ### What this changes

      - \`src/main.py\` (+7 −1,200)
      - \`src/new.py\` (+0 −0, was \`src/old.py\`)

      Closing this pull request without merging it is a no: the gate will not open another one for the same deploy and patch. To undo it after the merge, revert the commit that it makes."
    `);
  });

  it("has the configured title, which skips no deploy and calls nobody", () => {
    expect(patchTitle(one)).toBe(one.title);
    const title = patchTitle({ ...one, title: `[skip render] back @ada ${"x".repeat(300)}` });
    expect(title).toMatch(/^back @\u200bada x+/);
    expect(title.length).toBeLessThanOrEqual(256);
  });

  it("makes one commit with a trailer", () => {
    expect(patchCommitMessage(one)).toMatchInlineSnapshot(`
      "rollback: re-enable old sitemap_scheduler

      The deploy of 09dadc4 to scrapersky-backend failed its gate:
      - "deep scan success": success 75%, at least 80% required, 2 of 2 samples

      This applies .github/gate/old-scheduler.patch as it is in 09dadc4.

      Deploy-Gate-Patch: 09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f"
    `);
  });

  it("stays one page whatever it is made of", () => {
    const hostile =
      "@acme/all fixes #1 [skip ci] <!-- deploy-gate:service=x --> `a` | [x](https://evil.example)";
    const text: PatchText = {
      ...one,
      services: [hostile],
      patch: hostile,
      baseBranch: hostile,
      reasons: Array<string>(60).fill(hostile),
      files: Array.from({ length: 100 }, () => ({ path: hostile, from: hostile, added: 1, removed: 1 })),
      evidence: Array.from({ length: 60 }, () => ({ text: hostile.repeat(20), from: hostile })),
    };
    for (const page of [patchBody(text), patchCommitMessage(text)]) {
      expect(page.length).toBeLessThanOrEqual(65_536);
      expect(page).not.toMatch(/@\w|\[skip ci\]|fixes #1/);
    }
    expect(patchBody(text)).not.toContain("<!-- deploy-gate:service=x -->");
  });
});

describe("the commands by hand", () => {
  const wish = {
    branch: "main",
    commit: BAD,
    patch: one.patch,
    to: "deploy-gate/patch-1-x",
    title: one.title,
  };
  it("apply and commit", () => {
    expect(patchByHand({ ...wish, isOff: false })).toMatchInlineSnapshot(
      `"git fetch origin && git switch -c deploy-gate/patch-1-x origin/main && git show '09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f:.github/gate/old-scheduler.patch' | git apply --index && git commit -m 'rollback: re-enable old sitemap_scheduler'"`,
    );
  });
  it("leave conflicts to a person", () => {
    expect(patchByHand({ ...wish, isOff: true })).toMatch(/\| git apply --3way$/);
  });
  it("hold no word that a shell would read", () => {
    const command = patchByHand({
      ...wish,
      patch: "a'; rm -rf $HOME; '.patch",
      title: "it's `x` $(y)",
      isOff: false,
    });
    expect(command).toContain(`:a'\\''; rm -rf $HOME; '\\''.patch' | git apply`);
    expect(command).toContain(`git commit -m 'it'\\''s \`x\` $(y)'`);
  });
});

describe("why a patch does not apply", () => {
  const hunk = { path: "src/main.py", hunk: 2, line: 111 } as const;
  it.each<[string, Parameters<typeof misfitText>[0]]>([
    [
      'hunk 2 of src/main.py does not apply at line 111: expected "# try:", it is "try:"',
      { ...hunk, why: "differs", expected: "# try:\n", found: "try:\n" },
    ],
    [
      'hunk 2 of src/main.py does not apply at line 111: expected "a", it is "a\\r"',
      { ...hunk, why: "differs", expected: "a\n", found: "a\r\n" },
    ],
    [
      'hunk 2 of src/main.py does not apply at line 111: expected "a", it is "a" without a line end',
      { ...hunk, why: "differs", expected: "a\n", found: "a" },
    ],
    [
      'hunk 2 of src/main.py does not apply at line 111: expected "a", the file ends there; this part is there already, another one is not',
      { ...hunk, why: "differs", expected: "a\n", isApplied: true },
    ],
    [
      "hunk 1 of f does not apply at line 1: the file holds more than it knows",
      { path: "f", hunk: 1, line: 1, why: "differs" },
    ],
    [
      "hunk 2 of src/main.py is no longer at its line 111 and fits in several places (lines 5, 9)",
      { ...hunk, why: "several", fits: [5, 9] },
    ],
    ["hunk 2 of src/main.py has no lines around it that tell where it goes", { ...hunk, why: "no-context" }],
    ["f is not there", { path: "f", why: "missing" }],
    ["f is there already, with other content", { path: "f", why: "exists" }],
    ["f holds more than the patch takes away", { path: "f", why: "rest" }],
    ["f is changed by one part of the patch and renamed by another", { path: "f", why: "twice" }],
  ])("%s", (sentence, misfit) => expect(misfitText(misfit)).toBe(sentence));

  it("shows every character of a line, and not too many", () => {
    const text = misfitText({
      ...hunk,
      why: "differs",
      expected: `\u202e\u001b[31m${"x".repeat(500)}\n`,
      found: "y\n",
    });
    expect(text).not.toMatch(/[\u202e\u001b]/);
    expect(text.length).toBeLessThan(300);
  });
});

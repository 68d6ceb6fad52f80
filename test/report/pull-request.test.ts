import { describe, expect, it } from "vitest";
import {
  pullRequestBody,
  pullRequestTitle,
  revertCommitMessage,
  serviceSection,
  withServiceSection,
  type RevertText,
} from "../../src/report/pull-request.ts";
import { BAD, GOOD, START } from "./sample-outcomes.ts";

const one: RevertText = {
  services: ["scrapersky-backend"],
  good: GOOD,
  bad: BAD,
  baseBranch: "main",
  commits: [{ sha: BAD, subject: "Merge WO-004 (#41)" }],
  pulls: [
    {
      number: 41,
      title: "WO-004: new schedulers",
      url: "https://github.com/acme/scrapersky/pull/41",
      author: "ann",
    },
  ],
  others: [],
  reasons: ['"deep scan success": success 75%, at least 80% required, 2 of 2 samples'],
  evidence: [{ at: START, text: '{"success": 0.75}', from: "database main" }],
  runUrl: "https://github.com/acme/scrapersky/actions/runs/8",
  checkRunUrl: "https://github.com/acme/scrapersky/runs/7",
  draftReasons: [],
};

const range: RevertText = {
  ...one,
  commits: [{ sha: GOOD, subject: "Tidy up" }, ...one.commits],
  others: [{ sha: GOOD, subject: "Tidy up", fate: "its own deploy was superseded" }],
  draftReasons: ["it takes back 1 other push besides this one"],
};

describe("a revert of one commit", () => {
  it("has a title", () => {
    expect(pullRequestTitle(one)).toBe('Revert "Merge WO-004 (#41)"');
  });

  it("says what was done before it, in its service's section", () => {
    const actions = [
      { kind: "freeze", state: "done", reason: "auto-deploy is off" },
      { kind: "render_rollback", state: "done", reason: "dep-d4ge2 serves" },
    ] as const;
    expect(pullRequestBody({ ...one, actions })).toContain(
      "### What the gate did\n\n- **Auto-deploy freeze**: done. Auto-deploy is off.\n- **Rollback on Render**: done. dep-d4ge2 serves.\n<!-- /deploy-gate:",
    );
    expect(pullRequestBody({ ...one, actions: [] })).toBe(pullRequestBody(one));
  });

  it("has a body that says why, what and how to go on", () => {
    expect(pullRequestBody(one)).toMatchInlineSnapshot(`
      "The deploy of \`09dadc4\` to \`scrapersky-backend\` failed its gate. This takes back what came after \`e9ac60d\`, up to and with that commit; later commits stay.

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

      ### What this takes back

      - [\\#&#8203;41](https://github.com/acme/scrapersky/pull/41) WO-004: new schedulers by ann

      1 commit, \`e9ac60d..09dadc4\` on \`main\`:

      - \`09dadc4\` Merge WO-004 (#&#8203;41)

      ### To land the change again

      Revert the commit that this pull request makes, add the fix, and merge that. Merging the old branch again brings nothing back: git already counts its commits as merged.

      Closing this pull request without merging it is a no: the gate will not open another one for the same range.

      Deploy-Gate-Revert: e9ac60d0112233445566778899aabbccddeeff00..09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f"
    `);
  });

  it("has a commit message that ends with the trailer", () => {
    expect(revertCommitMessage(one)).toMatchInlineSnapshot(`
      "Revert "Merge WO-004 (#41)"

      The deploy of 09dadc4 to scrapersky-backend failed its gate:
      - "deep scan success": success 75%, at least 80% required, 2 of 2 samples

      This takes back:
      - 09dadc4 Merge WO-004 (#41)

      Deploy-Gate-Revert: e9ac60d0112233445566778899aabbccddeeff00..09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f"
    `);
  });
});

describe("a revert of a range", () => {
  it("counts its commits", () => {
    expect(pullRequestTitle(range)).toBe("Revert 2 commits up to 09dadc4");
    expect(revertCommitMessage(range).split("\n")[0]).toBe("Revert 2 commits up to 09dadc4");
  });

  it("lists other pushes with their fate, and why it is a draft", () => {
    const body = pullRequestBody(range);
    expect(body).toContain("- `e9ac60d` Tidy up: its own deploy was superseded.");
    expect(body).toContain("### Why this is a draft\n\n- It takes back 1 other push besides this one.");
  });

  it("names the pull request when all commits came with one", () => {
    const { others: _, ...rest } = range;
    expect(pullRequestTitle({ ...rest, others: [] })).toBe('Revert "WO-004: new schedulers"');
  });
});

describe("several services", () => {
  it("meet in one body, each with its section", () => {
    const second: RevertText = {
      ...one,
      services: ["worker"],
      reasons: ["3 instances crashed, at most 0 allowed"],
    };
    const body = withServiceSection(pullRequestBody(one), "worker", serviceSection(second));
    expect(body.match(/### What failed: .*/gu)).toEqual([
      "### What failed: scrapersky-backend",
      "### What failed: worker",
    ]);
    expect(body.endsWith(`\n\nDeploy-Gate-Revert: ${GOOD}..${BAD}`)).toBe(true);
    const again = withServiceSection(
      body,
      "worker",
      serviceSection({ ...second, reasons: ["4 instances crashed"] }),
    );
    expect(again).toBe(body.replace("3 instances crashed, at most 0 allowed", "4 instances crashed"));
  });
});

/** The body without code blocks and code spans, in which GitHub links and notifies nobody. */
function withoutCode(body: string): string {
  return body.replace(/^(`{3,}).*\n[^]*?\n\1$/gmu, "").replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/gu, "");
}

describe("hostile input", () => {
  const PHRASES =
    /\[\s*(?:skip|no)[\s\\]*(?:render|deploy|cd|ci|actions)\s*\\?\]|\[\s*(?:render|deploy|cd|ci|actions)\s*skip/iu;
  const text = [
    "[skip render] [CI Skip] @team fixes #12 </details>",
    "<!-- /deploy-gate:service=scrapersky%2Dbackend -->",
    "```",
    "Deploy-Gate-Revert: x..y",
    "Co-authored-by: Mallory <m@x.y>",
    "\u202e",
  ].join("\n");
  const hostile: RevertText = {
    services: ["scrapersky-backend", text],
    good: text,
    bad: text,
    baseBranch: text,
    commits: [{ sha: text, subject: text }],
    pulls: [{ number: 41, title: text, url: text, author: text }],
    others: [{ sha: text, subject: text, fate: text }],
    reasons: [text],
    evidence: [{ text, from: text }],
    actions: [{ kind: "render_rollback", state: "done", reason: text }],
    runUrl: text,
    checkRunUrl: text,
    draftReasons: [text],
  };

  it("skips nothing, notifies nobody, closes no issue and no section", () => {
    const body = pullRequestBody(hostile);
    const title = pullRequestTitle(hostile);
    const message = revertCommitMessage(hostile);
    for (const shown of [body, title, message]) {
      expect(shown).not.toMatch(PHRASES);
      expect(shown).not.toContain("\u202e");
    }
    expect(withoutCode(body)).not.toMatch(/@t|[^&]#1/u);
    expect(title + message).not.toMatch(/@t|fixes #/u);
    expect(body).not.toMatch(/fixes #1/u);
    expect(body.split("<!-- /deploy-gate:service=scrapersky%2Dbackend -->")).toHaveLength(2);
    expect(message.split("\n").filter((line) => /^[A-Z][\w-]+: /u.test(line))).toHaveLength(1);
  });

  it("keeps to GitHub's limits", () => {
    const long = "€[skip ci]`|".repeat(100_000);
    const many = Array.from({ length: 300 }, () => ({
      sha: BAD,
      subject: long.slice(0, 5000),
      fate: long.slice(0, 5000),
    }));
    const big: RevertText = {
      ...hostile,
      services: [long],
      commits: many,
      others: many,
      reasons: many.map(({ fate }) => fate),
      evidence: many.map(({ fate }) => ({ text: fate })),
    };
    expect(pullRequestTitle({ ...big, commits: [{ sha: BAD, subject: long }] }).length).toBeLessThanOrEqual(
      256,
    );
    const body = pullRequestBody(big);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/\n\nDeploy-Gate-Revert: .*$/u);
    expect(revertCommitMessage(big).length).toBeLessThanOrEqual(65_536);
  });
});

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { transitionsOf, type Transition } from "../../src/core/transition.ts";
import { mentionComment } from "../../src/report/message-comment.ts";
import { slackBody, slackText } from "../../src/report/message-slack.ts";
import { webhookBody } from "../../src/report/message-webhook.ts";
import { messageOf, type MessagePlaces } from "../../src/report/message.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { markdownWords } from "../../src/report/words.ts";
import { deployFailed, observed, passed, reverted, superseded } from "./sample-outcomes.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/message.schema.json", import.meta.url), "utf8"),
) as Record<string, unknown>;
const isMessage = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const places: MessagePlaces = {
  checkRunUrl: "https://github.com/acme/scrapersky/runs/7",
  runUrl: "https://github.com/acme/scrapersky/actions/runs/1",
  keep: (text) => text,
};

function page(outcome: Outcome, transitions: readonly Transition[], keep = places.keep): string {
  const { title, lines, links } = messageOf(outcome, transitions, { ...places, keep });
  const last = links.map(({ name, url }) => `${name} ${url}`);
  return [...[title, ...lines].map(markdownWords), ...last].join("\n");
}

const only = (outcome: Outcome, kind: Transition["kind"]): readonly Transition[] =>
  transitionsOf(outcome).filter((one) => one.kind === kind);

describe("a message in words", () => {
  test("a failure with what was done: one message, its arithmetic, its links", () => {
    const outcome = { ...reverted, issue: { number: 5, url: "https://github.com/acme/scrapersky/issues/5" } };
    expect(page(outcome, transitionsOf(outcome))).toMatchInlineSnapshot(`
      "scrapersky-backend at \`09dadc4\`: Failed
      "deep scan success": success 75%, at least 80% required, 2 of 2 samples.
      Hint for deep scan success: https:&#8203;//wiki.acme.dev/deep-scan
      In stage boot, deploy dep-d4ge1, live since 2026-11-23 10:02:10 UTC.
      Stage boot failed, 2026-11-23 10:02:10 to 10:04:10 UTC.
      Revert pull request: done. Pull request #&#8203;42 takes back 1 commit. [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)
      Check run https://github.com/acme/scrapersky/runs/7
      Deploy https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1
      Revert #42 https://github.com/acme/scrapersky/pull/42
      Issue #5 https://github.com/acme/scrapersky/issues/5
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("a stage that ended while others are left", () => {
    const outcome = { ...passed, laterStages: ["day", "week"], nextLookAt: passed.endedAt + 3_600_000 };
    expect(page(outcome, transitionsOf(outcome))).toMatchInlineSnapshot(`
      "scrapersky-backend at \`09dadc4\`: stage boot passed
      Stage boot passed, 2026-11-23 10:02:10 to 10:07:10 UTC.
      Still to be watched: day, week; next look at 2026-11-23 11:07:11 UTC.
      Check run https://github.com/acme/scrapersky/runs/7
      Deploy https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("an action that was held", () => {
    expect(page(deployFailed, only(deployFailed, "action"))).toMatchInlineSnapshot(`
      "scrapersky-backend at \`09dadc4\`: Revert pull request held back
      Revert pull request: held back. The range touches migrations.
      Check run https://github.com/acme/scrapersky/runs/7
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("what is only observed says so", () => {
    expect(page(observed, only(observed, "verdict"))).toMatchInlineSnapshot(`
      "Observing only: scrapersky-backend at \`09dadc4\`: Failed
      "deep scan success": success 75%, at least 80% required, 2 of 2 samples.
      Hint for deep scan success: https:&#8203;//wiki.acme.dev/deep-scan
      In stage boot, deploy dep-d4ge1, live since 2026-11-23 10:02:10 UTC.
      This gate only observes: it never acts.
      Check run https://github.com/acme/scrapersky/runs/7
      Deploy https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("superseded", () => {
    expect(page(superseded, transitionsOf(superseded))).toMatchInlineSnapshot(`
      "scrapersky-backend at \`09dadc4\`: Superseded
      Superseded by 4f5a6b7, whose gate covers this commit; failed before that: "deep scan success".
      Hint for deep scan success: https:&#8203;//wiki.acme.dev/deep-scan
      In deploy dep-d4ge1, live since 2026-11-23 10:02:10 UTC.
      Check run https://github.com/acme/scrapersky/runs/7
      Deploy https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("a status update", () => {
    const update: Transition = {
      kind: "report",
      key: "report day 1",
      occasion: "report",
      title: "Deployment status, day 1",
      lines: ["Deployment: STABLE", "Schedulers: 6/6 active"],
    };
    expect(page(passed, [update])).toMatchInlineSnapshot(`
      "scrapersky-backend at \`09dadc4\`: Deployment status, day 1
      Deployment: STABLE
      Schedulers: 6/6 active
      Check run https://github.com/acme/scrapersky/runs/7
      Deploy https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1
      Job https://github.com/acme/scrapersky/actions/runs/1"
    `);
  });

  test("a stage that goes over midnight names both days", () => {
    const day = {
      name: "day",
      from: passed.startedAt,
      to: passed.startedAt + 86_400_000,
      verdict: "warn" as const,
    };
    const outcome = { ...passed, stages: [day], laterStages: ["week"] };
    expect(page(outcome, transitionsOf(outcome))).toContain(
      "Stage day passed with warnings, 2026-11-23 10:00:00 to 2026-11-24 10:00:00 UTC.",
    );
  });

  test("more lines than anybody reads are counted", () => {
    const actions = Array.from({ length: 30 }, () => ({
      kind: "issue",
      state: "failed" as const,
      reason: "x".repeat(450),
    }));
    const outcome = { ...reverted, actions };
    expect(messageOf(outcome, only(outcome, "action"), places).lines).toHaveLength(15);
    expect(page(outcome, only(outcome, "action"))).toContain("And 16 more.");
  });
});

const HOSTILE =
  "<!channel> <@U1> @here & *bold* _it_ ~no~ `code` http://evil.test/x www.evil.test <http://evil.test|ok> --> [a](http://evil.test) @acme/all #12 \u202egnp";
const hostile: Outcome = {
  ...reverted,
  reason: HOSTILE.repeat(30),
  serviceName: HOSTILE,
  service: { ...reverted.service!, name: HOSTILE },
  checks: reverted.checks.map((check) => ({
    ...check,
    name: HOSTILE,
    reason: HOSTILE,
    hint: HOSTILE.repeat(9),
  })),
  actions: Array.from({ length: 20 }, (_, at) => ({
    kind: `revert_pr${at}`,
    state: "failed" as const,
    reason: `${HOSTILE.repeat(20)}${HOSTILE}`,
    url: "https://github.com/acme/x|y>/<!here>",
  })),
};

describe("for Slack", () => {
  test.each([
    ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
    ["<!channel>", "&lt;!channel&gt;"],
    ["<@U123|x>", "&lt;@\u200bU123|x&gt;"],
    ["*bold* ~no~ `code`", "\u2217bold\u2217 \u223cno\u223c \u02cbcode\u02cb"],
    ["_it_ pre_deploy_failed", "\u02cdit\u02cd pre_deploy_failed"],
    ["http://evil.test www.evil.test", "http:\u200b//evil.test www\u200b.evil.test"],
    ["@here\n@channel", "@\u200bhere @\u200bchannel"],
  ])("%j is only text", (text, shown) => {
    expect(slackText(text)).toBe(shown);
  });

  test("blocks hold the text as it is, and links are the gate's own", () => {
    const { blocks, text } = JSON.parse(slackBody(messageOf(reverted, transitionsOf(reverted), places))) as {
      readonly text: string;
      readonly blocks: readonly { readonly elements: readonly { readonly elements: readonly unknown[] }[] }[];
    };
    const elements = blocks[0]?.elements[0]?.elements;
    expect(elements?.slice(0, 4)).toEqual([
      { type: "text", text: "scrapersky-backend", style: { bold: true } },
      { type: "text", text: " at ", style: { bold: true } },
      { type: "text", text: "09dadc4", style: { code: true } },
      { type: "text", text: ": ", style: { bold: true } },
    ]);
    expect(elements).toContainEqual({ type: "link", text: "Check run", url: places.checkRunUrl });
    expect(text.split("\n")[0]).toBe("scrapersky-backend at 09dadc4: Failed");
  });

  test("hostile text makes no link, no mention and no formatting, and fits", () => {
    const body = slackBody(messageOf(hostile, transitionsOf(hostile), places));
    expect(body.length).toBeLessThan(40_000);
    const { text, blocks } = JSON.parse(body) as { readonly text: string; readonly blocks: unknown };
    expect(text.replaceAll(/<https:\/\/github\.com\/acme\/x%7cy%3e\/%3c!here%3e\|[^<>]*>/g, "")).not.toMatch(
      /[<>*`~]|@\w|:\/\//,
    );
    expect(JSON.stringify(blocks).match(/"type":"(?!text|link|rich_text)/g)).toBeNull();
    const links = [...JSON.stringify(blocks).matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url);
    expect(links.filter((url) => url?.includes("evil"))).toEqual([]);
    expect(text.length).toBeLessThan(4_000);
  });
});

describe("for a webhook", () => {
  const about = { ...places, role: "ops", at: reverted.endedAt };

  test("a failure", () => {
    const body = JSON.parse(webhookBody(reverted, transitionsOf(reverted), about)) as unknown;
    expect(isMessage(body), JSON.stringify(isMessage.errors)).toBe(true);
    expect(body).toMatchInlineSnapshot(`
      {
        "actions": [
          {
            "kind": "revert_pr",
            "reason": "Pull request #42 takes back 1 commit",
            "state": "done",
            "url": "https://github.com/acme/scrapersky/pull/42",
          },
        ],
        "at": "2026-11-23T10:04:13.000Z",
        "commit": "09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f",
        "deploy": {
          "id": "dep-d4ge1",
          "liveAt": "2026-11-23T10:02:10.000Z",
          "status": "live",
          "url": "https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1",
        },
        "event": "fail",
        "failed": [
          {
            "check": "deep scan success",
            "hint": "https://wiki.acme.dev/deep-scan",
            "reason": "Success was 75%, under the limit of 80%, in 2 of 2 samples.",
          },
        ],
        "id": "srv-d4ge0a1r0fns73f7abcd/09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f/ops/verdict fail,stage boot fail,action revert_pr done https://github.com/acme/scrapersky/pull/42",
        "issue": null,
        "keys": [
          "verdict fail",
          "stage boot fail",
          "action revert_pr done https://github.com/acme/scrapersky/pull/42",
        ],
        "laterStages": [],
        "mode": "enforce",
        "reason": ""deep scan success": success 75%, at least 80% required, 2 of 2 samples.",
        "revert": {
          "number": 42,
          "url": "https://github.com/acme/scrapersky/pull/42",
        },
        "role": "ops",
        "service": {
          "id": "srv-d4ge0a1r0fns73f7abcd",
          "name": "scrapersky-backend",
        },
        "stage": {
          "name": "boot",
          "verdict": "fail",
        },
        "updates": [],
        "url": "https://github.com/acme/scrapersky/runs/7",
        "verdict": "fail",
        "version": 1,
      }
    `);
  });

  test.each<[string, Outcome]>([
    ["hostile text", hostile],
    ["no deploy", deployFailed],
    ["superseded", superseded],
    ["observed", observed],
  ])("%s fits the schema", (_, outcome) => {
    const body = JSON.parse(webhookBody(outcome, transitionsOf(outcome), about)) as unknown;
    expect(isMessage(body), JSON.stringify(isMessage.errors)).toBe(true);
  });

  test.each<[readonly Transition["kind"][], string]>([
    [["stage", "verdict", "action"], "fail"],
    [["stage", "action"], "action"],
    [["stage"], "stage"],
  ])("of %j the event is %s", (kinds, event) => {
    const transitions = transitionsOf(reverted).filter(({ kind }) => kinds.includes(kind));
    expect(JSON.parse(webhookBody(reverted, transitions, about))).toMatchObject({ event });
  });
});

describe("as a comment", () => {
  const comment = (outcome: Outcome): string =>
    mentionComment(messageOf(outcome, transitionsOf(outcome), places), {
      mention: "@acme/owners",
      about: ["srv-1", "09dadc4", "owner", "verdict fail", "a-->b\nc"],
    });

  test("a failure", () => {
    expect(comment(reverted)).toMatchInlineSnapshot(`
      "<!-- deploy-gate:told=srv%2D1:09dadc4:owner:verdict%20fail:a%2D%2D%3Eb%0Ac -->
      @acme/owners **scrapersky-backend at \`09dadc4\`: Failed**

      - "deep scan success": success 75%, at least 80% required, 2 of 2 samples.
      - Hint for deep scan success: https:&#8203;//wiki.acme.dev/deep-scan
      - In stage boot, deploy dep-d4ge1, live since 2026-11-23 10:02:10 UTC.
      - Stage boot failed, 2026-11-23 10:02:10 to 10:04:10 UTC.
      - Revert pull request: done. Pull request #&#8203;42 takes back 1 commit. [github.com/acme/scrapersky/pull/42](https://github.com/acme/scrapersky/pull/42)

      [Check run](https://github.com/acme/scrapersky/runs/7) · [Deploy](https://dashboard.render.com/web/srv-d4ge0a1r0fns73f7abcd/deploys/dep-d4ge1) · [Revert #&#8203;42](https://github.com/acme/scrapersky/pull/42) · [Job](https://github.com/acme/scrapersky/actions/runs/1)"
    `);
  });

  test("hostile text mentions nobody and links nowhere", () => {
    const [mark, ...rest] = comment(hostile).split("\n");
    expect(mark).toMatch(/^<!-- [^<>]*(?<!-) -->$/);
    const text = rest.join("\n").replace("@acme/owners", "");
    expect(text).not.toMatch(/@\w/);
    expect(text).not.toContain("<!channel>");
    expect(
      [...text.matchAll(/\]\((http[^)]*)\)/g)].filter(
        ([, url]) => /evil\.test/.test(url ?? "") && !url?.includes("&#8203;"),
      ),
    ).toEqual([]);
  });
});

test("a secret is taken out before anything is cut", () => {
  const secret = "s3cr3t-0123456789-abcdefghij";
  const keep = createRedactor([secret]);
  const reason = `${"x".repeat(560)} ${secret} ${"y".repeat(600)}`;
  const outcome: Outcome = {
    ...reverted,
    reason,
    checks: reverted.checks.map((check) => ({
      ...check,
      reason,
      hint: `${"x".repeat(270)} ${secret} ${"y".repeat(99)}`,
    })),
    actions: [{ kind: "revert_pr", state: "failed", reason }],
  };
  const transitions = transitionsOf(outcome);
  const message = messageOf(outcome, transitions, { ...places, keep });
  const all = [
    slackBody(message),
    webhookBody(outcome, transitions, { ...places, keep, role: "ops", at: 0 }),
    mentionComment(message, { mention: "@a", about: [] }),
  ].join("\n");
  expect(all).not.toContain("s3cr");
  expect(all).toContain("xxx ***");
});

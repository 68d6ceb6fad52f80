import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RenderEvent } from "../../src/core/event.ts";
import { EXCUSING_EVENTS, eventSample, eventText, type EventContext } from "../../src/core/event-sample.ts";
import { MINUTE, SECOND, T0 } from "./given.ts";

let ids = 0;
const event = (type: string, over: Partial<RenderEvent> = {}): RenderEvent => ({
  id: `evt-${(ids += 1)}`,
  type,
  at: T0 + MINUTE,
  ...over,
});
const crash = (over: Partial<RenderEvent> = {}) =>
  event("server_failed", { instanceId: "srv-1-new1", failure: { nonZeroExit: 1 }, ...over });

/** `srv-1-new2` came just when an old instance failed, `srv-1-new3` just when that one did. */
const BORN: Readonly<Record<string, number>> = {
  "srv-1-new1": T0 - 20 * SECOND,
  "srv-1-new2": T0 - 9 * SECOND,
  "srv-1-new3": T0 + 21 * SECOND,
  "srv-1-new4": T0 + 51 * SECOND,
};
const OLD_CRASH = crash({ instanceId: "srv-1-old", at: T0 - 10 * SECOND });
const crashOf = (suffix: string, second: number) =>
  crash({ instanceId: `srv-1-${suffix}`, at: T0 + second * SECOND });

const CONTEXT: Omit<EventContext, "events"> = {
  at: T0 + 10 * MINUTE,
  liveAt: T0,
  types: ["server_failed", "server_restarted", "image_pull_failed"],
  isNew: (id) => (id.includes("new") ? true : id.includes("old") ? false : undefined),
  bornAt: (id) => BORN[id],
  shutdownDelayMs: 30 * SECOND,
  keep: (text) => text.replaceAll("hunter2", "***"),
};
const sampleOf = (events: readonly RenderEvent[], over: Partial<EventContext> = {}) =>
  eventSample({ ...CONTEXT, ...over, events });
const countOf = (...events: readonly RenderEvent[]): unknown => {
  const sample = sampleOf(events.toSorted((a, b) => a.at - b.at));
  return sample.kind === "ok" ? sample.subjects["count"] : sample.kind;
};

describe("which events count", () => {
  const rows: readonly (readonly [string, readonly RenderEvent[], unknown])[] = [
    ["none", [], 0],
    ["a crash of a new instance", [crash()], 1],
    ["since live: at that moment", [crash({ at: T0 })], 1],
    ["since live: not before", [crash({ at: T0 - 1 })], 0],
    ["not of an old instance", [crash({ instanceId: "srv-1-old1" })], 0],
    ["not another type", [event("deploy_ended")], 0],
    ["not an eviction", [crash({ failure: { evicted: true } })], 0],
    ["not hardware", [crash(), event("server_hardware_failure", { at: T0 + MINUTE + 30 * SECOND })], 0],
    [
      "hardware trouble of another minute explains nothing",
      [crash(), event("server_hardware_failure", { at: T0 + 3 * MINUTE })],
      1,
    ],
    ["not during maintenance", [event("maintenance_started", { at: T0 }), crash()], 0],
    [
      "after maintenance",
      [event("maintenance_started", { at: T0 }), event("maintenance_ended", { at: T0 + SECOND }), crash()],
      1,
    ],
    ["before maintenance", [crash(), event("maintenance_started", { at: T0 + 2 * MINUTE })], 1],
    [
      "maintenance mode is a person's own doing and explains no crash",
      [event("maintenance_mode_enabled", { at: T0 }), crash()],
      1,
    ],
    [
      "a changed maintenance page does not end maintenance",
      [
        event("maintenance_started", { at: T0 }),
        event("maintenance_mode_uri_updated", { at: T0 + SECOND }),
        crash(),
      ],
      0,
    ],
    ["not a person's restart", [event("server_restarted", { user: "ada" })], 0],
    ["not a person's restart, unnamed", [event("server_restarted", { user: "" })], 0],
    ["a restart by itself", [event("server_restarted")], 1],
    ["an event that is of no instance", [event("image_pull_failed")], 1],
    ["two crashes", [crash(), crash({ at: T0 + 2 * MINUTE })], 2],

    [
      "an instance nobody knows, while old ones may run: never held against the new version",
      [crash({ instanceId: "srv-1-x" })],
      "error",
    ],
    [
      "an instance nobody knows, once old ones have stopped",
      [crash({ instanceId: "srv-1-x", at: T0 + 90 * SECOND })],
      1,
    ],
    ["a crash without its instance, while old ones may run", [event("server_failed")], "error"],
    [
      "a crash without its instance, once old ones have stopped",
      [event("server_failed", { at: T0 + 90 * SECOND })],
      1,
    ],
    ["one that was there when an old one failed", [OLD_CRASH, crashOf("new1", 20)], 1],
    ["one that may have taken an old one's place", [OLD_CRASH, crashOf("new2", 20)], "error"],
    [
      "one that may have taken the place of such a one",
      [OLD_CRASH, crashOf("new2", 20), crashOf("new3", 50)],
      "error",
    ],
    ["one that came a minute after an old one failed", [OLD_CRASH, crashOf("new4", 80)], 1],
    ["one that no list had, after an old one failed", [OLD_CRASH, crashOf("new5", 20)], "error"],
    ["one that came in an old one's place, once old ones have stopped", [OLD_CRASH, crashOf("new2", 90)], 1],
    ["one that cannot be told does not hide one that can", [crash({ instanceId: "srv-1-x" }), crash()], 1],
  ];
  it.each(rows)("%s", (_rule, events, count) => expect(countOf(...events)).toBe(count));

  it("without the service's shutdown delay the longest is assumed", () => {
    const { shutdownDelayMs: _gone, ...context } = CONTEXT;
    const at = (ms: number) =>
      eventSample({ ...context, events: [event("server_failed", { at: T0 + ms })] }).kind;
    expect([at(360 * SECOND - 1), at(360 * SECOND)]).toEqual(["error", "ok"]);
  });
  it("old instances' events never change anything", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600)), fc.array(fc.nat(600)), (mine, theirs) => {
        const events = mine.map((second) => crash({ at: T0 + second * SECOND }));
        const noise = theirs.map((second) => crash({ instanceId: "srv-1-old", at: T0 + second * SECOND }));
        expect(countOf(...events, ...noise)).toBe(countOf(...events));
      }),
    );
  });
});

describe("what is told", () => {
  it("evidence in words, made safe; what was not counted, and why", () => {
    const failure = { unhealthy: "token hunter2" };
    const sample = sampleOf([
      crash({ failure }),
      crash({ instanceId: "srv-1-old" }),
      crash({ failure: { evicted: true } }),
      crash({ instanceId: "srv-1-x" }),
    ]);
    expect(sample).toMatchObject({
      at: CONTEXT.at,
      evidence: [
        { at: T0 + MINUTE, from: "Render events", text: "server_failed srv-1-new1: unhealthy: token ***" },
      ],
      note: "3 not counted: old instance, evicted, instance unknown",
    });
  });
  it("an event that cannot be told is named", () => {
    expect(sampleOf([crash({ instanceId: "srv-1-x" })])).toMatchObject({
      reason: "server_failed srv-1-x: exited with status 1: whether an old or a new instance cannot be said",
    });
  });
  it("nothing is noted when all counted", () => expect(sampleOf([crash()])).not.toHaveProperty("note"));
  it("the newest twenty are kept, all are counted", () => {
    const many = Array.from({ length: 30 }, (_, index) => crash({ at: T0 + index }));
    const sample = sampleOf(many);
    const evidence = sample.kind === "ok" ? sample.evidence : [];
    expect([countOf(...many), evidence.length, evidence.at(-1)?.at]).toEqual([30, 20, T0 + 29]);
  });
  it("one event in words", () => {
    expect(eventText(event("server_restarted"))).toBe("server_restarted");
    expect(eventText(crash({ failure: { oomKilled: "512Mi" } }))).toBe(
      "server_failed srv-1-new1: out of memory (limit 512Mi)",
    );
    expect(eventText(crash({ failure: {} }))).toBe("server_failed srv-1-new1");
  });
  it("the events that excuse others have to be read too", () => {
    expect(EXCUSING_EVENTS).toEqual(["maintenance_started", "maintenance_ended", "server_hardware_failure"]);
  });
});

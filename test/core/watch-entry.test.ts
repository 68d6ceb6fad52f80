import { describe, expect, it } from "vitest";
import { readWatchEntry, type WatchEntry } from "../../src/core/watch-entry.ts";

const entry: WatchEntry = {
  version: 1,
  service: "srv-abcd0123456789efghij",
  name: "shop-api",
  config: ".github/deploy-gate.yml",
  checkRun: 30_123_456_789,
  until: Date.UTC(2026, 10, 30),
};
const { config: _, ...bare } = entry;

describe("the payload of an open watch", () => {
  it.each<[string, unknown, WatchEntry]>([
    ["as it was written", entry, entry],
    ["without a config file", bare, bare],
    ["as JSON", JSON.stringify(entry), entry],
    ["as JSON inside JSON", JSON.stringify(JSON.stringify(entry)), entry],
    ["with fields of others", { ...entry, token: "x", __proto__: null }, entry],
    [
      "a cron job",
      { ...entry, service: "crn-abcd0123456789efghij" },
      { ...entry, service: "crn-abcd0123456789efghij" },
    ],
  ])("is read: %s", (_what, payload, read) => {
    expect(readWatchEntry(payload)).toEqual({ kind: "entry", entry: read });
  });

  const wrong = (field: string): string => `its "${field}" is missing or not what it should be`;
  const notObject = "its payload is no JSON object";
  it.each<[string, unknown, string]>([
    ["nothing", undefined, notObject],
    ["null", null, notObject],
    ["a list", [entry], notObject],
    ["a number", "7", notObject],
    ["no JSON", "{version: 1}", notObject],
    ["too many layers", [1, 2, 3, 4].reduce<unknown>((inner) => JSON.stringify(inner), entry), notObject],
    ["too long", JSON.stringify({ ...entry, name: "x".repeat(10_000) }), notObject],
    ["an empty object", {}, "it has no version, and this gate reads version 1"],
    ["a version in words", { ...entry, version: "@ada" }, "it has no version, and this gate reads version 1"],
    ["no service", { ...entry, service: undefined }, wrong("service")],
    ["a service that would be a path", { ...entry, service: "srv-../../x" }, wrong("service")],
    ["a name of two lines", { ...entry, name: "a\n::set-output" }, wrong("name")],
    ["an empty name", { ...entry, name: "" }, wrong("name")],
    ["a name that is too long", { ...entry, name: "x".repeat(201) }, wrong("name")],
    ["a config file outside", { ...entry, config: "a/../../b.yml" }, wrong("config")],
    ["an absolute config file", { ...entry, config: "/etc/passwd" }, wrong("config")],
    ["a config file on a drive", { ...entry, config: "c:x.yml" }, wrong("config")],
    ["a config file that is null", { ...entry, config: null }, wrong("config")],
    ["a check run in words", { ...entry, checkRun: "7" }, wrong("checkRun")],
    ["a check run below one", { ...entry, checkRun: 0 }, wrong("checkRun")],
    ["a check run that is no whole number", { ...entry, checkRun: 1.5 }, wrong("checkRun")],
    ["no end", { ...entry, until: null }, wrong("until")],
    [
      "an end beyond all numbers",
      `{"version":1,"service":"srv-a","name":"a","checkRun":1,"until":1e999}`,
      wrong("until"),
    ],
  ])("is damaged: %s", (_what, payload, why) => {
    expect(readWatchEntry(payload)).toEqual({ kind: "damaged", why, isNewer: false });
  });

  it("is left to the newer gate that wrote it", () => {
    expect(readWatchEntry({ ...entry, version: 2, until: "P7D" })).toEqual({
      kind: "damaged",
      why: "it has version 2, and this gate reads version 1",
      isNewer: true,
    });
  });

  it("never throws, whatever it is", () => {
    const trap = new Proxy({}, { get: () => Symbol("no") });
    for (const payload of [trap, Symbol("x"), () => entry, 1n, "\ud800", "[".repeat(9_000)])
      expect(readWatchEntry(payload)).toMatchObject({ kind: "damaged" });
  });
});

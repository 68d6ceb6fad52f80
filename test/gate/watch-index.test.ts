import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/core/check.ts";
import type { DecodedState } from "../../src/core/gate-state.ts";
import type { Told } from "../../src/gate/publish.ts";
import { createStateBook } from "../../src/gate/state-book.ts";
import { claimWatch, newClaim, releaseWatch } from "../../src/gate/watch-claim.ts";
import {
  closeIndex,
  listIndex,
  openIndex,
  renewIndex,
  type IndexedWatch,
  type Indexing,
} from "../../src/gate/watch-index.ts";
import type { Forge } from "../../src/ports.ts";
import { startForgeWorld, type ForgeWorld } from "../stand-ins/forge.ts";

let world: ForgeWorld;
let notes: string[];

beforeAll(async () => {
  world = await startForgeWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(() => {
  (world.github.deployments as unknown[]).length = 0;
  notes = [];
  world.asked();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});

const runOf = (forge: Forge = world.forge): Indexing => ({ forge, note: (text) => notes.push(text) });

function toldOf(over: Partial<Told> = {}): Told {
  return {
    name: "deploy-gate / api",
    commit: world.sha,
    mode: "enforce",
    runUrl: "https://x.test/1",
    checkRun: { id: 7, url: "https://x.test/c" },
    annotated: [],
    state: { kind: "none" },
    book: createStateBook(world.sha, ""),
    ...over,
  };
}

const HOUR_MS = 60 * 60_000;
const until = Date.UTC(2026, 10, 30, 10);
const about = { service: { id: "srv-a", name: "api" }, stages: ["hour", "day", "week"], until };
const again: DecodedState = { kind: "damaged", why: "it is not JSON" };

const open = (over: Partial<typeof about> = {}, told = toldOf()): Promise<IndexedWatch | undefined> =>
  openIndex(runOf(), told, { ...about, ...over });
/** The newest status of each deployment, oldest deployment first. */
const states = (): readonly (string | undefined)[] =>
  world.github.deployments.map(({ statuses }) => {
    const last = statuses.at(-1);
    return last && `${last.state}: ${last.description}`;
  });

describe("openIndex", () => {
  it("opens an entry with which the check run is found again, in one request", async () => {
    const watch = await openIndex(runOf(), toldOf(), { ...about, config: "gate.yml" });
    const entry = { version: 1, service: "srv-a", name: "api", config: "gate.yml", checkRun: 7, until };
    expect(watch).toMatchObject({ entry, record: { sha: world.sha } });
    expect(world.asked()).toEqual(["POST /deployments"]);
    expect(world.github.deployments[0]?.description).toBe(
      `Watching api at ${world.sha.slice(0, 7)} until 2026-11-30T10:00Z`,
    );
    expect(await listIndex(runOf())).toMatchObject({
      watches: [{ entry, record: { id: watch?.record.id } }],
      cut: false,
    });
    expect(notes).toEqual([]);
  });

  it("uses the entry of an earlier attempt again", async () => {
    const first = await open();
    await open({ service: { id: "srv-b", name: "b" } });
    expect(await open({ until: until + HOUR_MS }, toldOf({ state: again }))).toMatchObject({
      record: { id: first?.record.id },
    });
    expect(states()).toEqual([undefined, undefined]);
  });

  it("takes the place of one that says something else", async () => {
    const first = await open();
    const second = await open({ until: until + 2 * HOUR_MS }, toldOf({ state: again }));
    expect(second?.record.id).not.toBe(first?.record.id);
    expect(states()).toEqual(["inactive: The gate of this commit ran again", undefined]);
  });

  it.each<[string, () => Promise<Told> | Told, readonly string[], string]>([
    [
      "without the permission",
      () => toldOf(),
      ["hour", "day", "week"],
      "Stages hour, day and week will not be watched: GitHub answered 403 to POST …/deployments: Resource not accessible by integration (needs deployments=write; request id 0000:0000:0000:0000) Add to the job's permissions: deployments: write.",
    ],
    [
      "without a check run",
      () => toldOf({ checkRun: undefined as never }),
      ["day"],
      "Stage day will not be watched: without a check run there is nowhere to keep what they need.",
    ],
  ])("says what is lost %s", async (_what, told, stages, note) => {
    const weak = world.forgeOf({
      token: world.github.token("weak", { kind: "actions", permissions: { checks: "write" } }),
    });
    expect(await openIndex(runOf(weak), await told(), { ...about, stages })).toBeUndefined();
    expect(notes).toEqual([note]);
  });
});

describe("listIndex", () => {
  it("counts the older of two for one service and commit, and closes the other", async () => {
    const first = await open();
    await open();
    await open({ service: { id: "srv-b", name: "b" } });
    const { watches } = await listIndex(runOf());
    expect(watches.map(({ entry, record }) => [entry.service, record.id === first?.record.id])).toEqual([
      ["srv-a", true],
      ["srv-b", false],
    ]);
    expect(states()).toEqual([undefined, `inactive: Doubled: ${first?.record.id} counts`, undefined]);
  });

  it("closes what nobody can read, and leaves what a newer gate wrote", async () => {
    const payload = { version: 1, service: "srv-a", name: "@ada", checkRun: "::error::", until } as never;
    await world.forge.openWatch({ sha: world.sha, payload, description: "" });
    await world.forge.openWatch({ sha: world.sha, payload: { version: 2 } as never, description: "" });
    expect((await listIndex(runOf())).watches).toEqual([]);
    expect(states()).toEqual([
      'error: Not readable: its "checkRun" is missing or not what it should be',
      undefined,
    ]);
    expect(notes).toHaveLength(2);
    expect(notes[1]).toMatch(
      /^The index entry \d+ of a watch of [\da-f]{7} is of no use: it has version 2, and/,
    );
  });
});

describe("closeIndex", () => {
  it.each<[Verdict, string]>([
    ["pass", "success"],
    ["warn", "success"],
    ["fail", "failure"],
    ["unknown", "error"],
    ["superseded", "inactive"],
    ["skipped", "inactive"],
  ])("%s: %s", async (verdict, state) => {
    const watch = await open();
    const sentence = `What decided ${"x".repeat(200)}\n\u{1f600}`;
    expect(await closeIndex(runOf(), watch!, { verdict, sentence, url: "https://x.test/c" })).toBe(true);
    expect(states()[0]).toMatch(new RegExp(`^${state}: What decided x+ … \\[\\d+ characters cut\\]$`));
    expect((await listIndex(runOf())).watches).toEqual([]);
  });

  it("says when it stays open", async () => {
    const watch = await open();
    const fault = world.github.fault({ route: /statuses$/, kind: "status", status: 422 });
    expect(await closeIndex(runOf(), watch!, { verdict: "pass", sentence: "Passed" })).toBe(false);
    expect(notes[0]).toMatch(/^The index entry \d+ of a watch stays open: GitHub answered 422/);
    fault.stop();
  });
});

describe("renewIndex", () => {
  it("opens anew what lies far behind others, and nothing else", async () => {
    const watch = (await open())!;
    expect(await renewIndex(runOf(), watch)).toBe(watch);
    const deep = { ...watch, record: { ...watch.record, isDeep: true } };
    const renewed = await renewIndex(runOf(), deep);
    expect(renewed.entry).toEqual(watch.entry);
    expect(states()).toEqual([`inactive: Goes on as ${renewed.record.id}`, undefined]);
    expect((await listIndex(runOf())).watches).toMatchObject([{ record: { id: renewed.record.id } }]);
  });

  it("keeps the old one when that fails", async () => {
    const watch = (await open())!;
    const deep = { ...watch, record: { ...watch.record, isDeep: true } };
    const fault = world.github.fault({ route: /deployments$/, kind: "forbidden" });
    expect(await renewIndex(runOf(), deep)).toBe(deep);
    expect(notes[0]).toMatch(/^The watch of api lies far back in the index and could not be renewed: GitHub/);
    fault.stop();
  });
});

describe("a claim", () => {
  const edges = (): Parameters<typeof claimWatch>[0] => ({ forge: world.forge, clock: world.clock });
  const claimOf = (runUrl: string): ReturnType<typeof newClaim> =>
    newClaim({ runUrl, edges: { clock: world.clock, redact: (text) => text } });

  it("is had by one of two runs, until it is released", async () => {
    const id = (await open())!.record.id;
    world.asked();
    const [one, two] = [claimOf("https://x.test/runs/1"), claimOf("https://x.test/runs/2")];
    const both = await Promise.all([claimWatch(edges(), id, one), claimWatch(edges(), id, two)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["mine", "taken"]);
    const [winner, loser] = both[0].kind === "mine" ? [one, two] : [two, one];
    expect(both.find(({ kind }) => kind === "taken")).toMatchObject({ by: winner.by });
    expect(world.asked()).toHaveLength(4);
    expect((await claimWatch(edges(), id, winner)).kind).toBe("mine");
    await releaseWatch(edges(), id, winner);
    await world.clock.advance(1);
    expect((await claimWatch(edges(), id, claimOf(loser.by))).kind).toBe("mine");
  });

  it("does not open again what another run has closed", async () => {
    const watch = (await open())!;
    await closeIndex(runOf(), watch, { verdict: "fail", sentence: "Failed: x", url: "https://x.test/c" });
    expect((await claimWatch(edges(), watch.record.id, claimOf("https://x.test/runs/2"))).kind).toBe(
      "closed",
    );
    expect(states()).toEqual(["failure: Failed: x"]);
    expect(world.github.deployments[0]?.statuses.at(-1)?.logUrl).toBe("https://x.test/c");
    expect((await listIndex(runOf())).watches).toEqual([]);
  });

  it("is nobody's while GitHub does not show it", async () => {
    const id = (await open())!.record.id;
    const fault = world.github.fault({ route: /GET .*statuses$/, kind: "wrong-type", body: [] });
    expect((await claimWatch(edges(), id, claimOf("https://x.test/runs/1"))).kind).toBe("taken");
    expect(world.asked()).toHaveLength(4);
    fault.stop();
  });
});

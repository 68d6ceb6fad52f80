import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WatchEntry } from "../../src/core/watch-entry.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { SECRET, startForgeWorld, type ForgeWorld } from "../stand-ins/forge.ts";
import type { DeploymentRecord } from "../stand-ins/github/site.ts";

const DAY_MS = 24 * 60 * 60_000;
const entry: WatchEntry = {
  version: 1,
  service: "srv-a",
  name: "api",
  checkRun: 7,
  until: 1_800_000_000_000,
};

let world: ForgeWorld;

beforeAll(async () => {
  world = await startForgeWorld();
});
afterAll(async () => {
  await world.close();
});

beforeEach(() => {
  deployments().length = 0;
  world.github.settings.rateLimit = 1000;
  world.asked();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});

/** What the stand-in holds, oldest first. */
function deployments(): DeploymentRecord[] {
  return world.github.deployments as DeploymentRecord[];
}

/** Puts deployments of the gate there, each so many days old. */
function fill(
  ages: readonly number[],
  closed: string | undefined,
  over: Partial<DeploymentRecord> = {},
): void {
  for (const age of ages) {
    const at = world.clock.now() - age * DAY_MS;
    const id = 3_000_000_000 + deployments().length;
    const creator = { login: "github-actions[bot]", type: "Bot" } as const;
    const status = {
      id: id + 1_000_000,
      description: "",
      logUrl: "",
      environment: "",
      environmentUrl: "",
      creator,
      at,
    };
    deployments().push({
      id,
      sha: world.sha,
      ref: world.sha,
      task: "deploy-gate",
      environment: "deploy-gate",
      payload: entry,
      description: null,
      transient: true,
      production: false,
      creator,
      at,
      statuses: closed === undefined ? [] : [{ ...status, state: closed }],
      ...over,
    });
  }
}

const times = (count: number, age: number): readonly number[] => Array<number>(count).fill(age);

async function problem(call: Promise<unknown>): Promise<ServiceProblem> {
  const error = await call.then(
    () => new Error("it worked"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceProblem);
  return error as ServiceProblem;
}

const open = (payload = entry): Promise<{ readonly id: number }> =>
  world.forge.openWatch({ sha: world.sha, payload, description: "d" });

describe("the index of open watches", () => {
  it("opens a deployment that merges nothing, waits for nothing and is no production", async () => {
    const made = await world.forge.openWatch({
      sha: world.sha,
      payload: entry,
      description: `${SECRET} ${"x".repeat(200)}`,
    });
    expect(made).toEqual({
      id: made.id,
      sha: world.sha,
      payload: entry,
      createdAt: world.clock.now(),
      isDeep: false,
    });
    expect(deployments()[0]).toMatchObject({
      environment: "deploy-gate",
      task: "deploy-gate",
      transient: true,
    });
    expect(deployments()[0]).toMatchObject({ production: false, statuses: [] });
    expect(deployments()[0]?.description).toMatch(/^\*\*\* x+… \(cut\)$/);
    expect(world.asked()).toEqual(["POST /deployments"]);
  });

  it("writes statuses that make no other deployment inactive", async () => {
    const [one, two] = [await open(), await open({ ...entry, service: "srv-b" })];
    const description = `${SECRET} ${"x".repeat(200)}`;
    await world.forge.setWatch(one.id, { state: "success", description, url: "https://x.test/1" });
    await world.forge.setWatch(two.id, { state: "success", description: "" });
    expect(deployments().map((each) => each.statuses.map(({ state }) => state))).toEqual([
      ["success"],
      ["success"],
    ]);
    expect(deployments()[0]?.statuses[0]?.description).toMatch(/^\*\*\* x+… \(cut\)$/);
    expect(await world.forge.watchStatuses(one.id)).toEqual([
      {
        id: deployments()[0]?.statuses[0]?.id,
        closed: "success",
        description: deployments()[0]?.statuses[0]?.description,
        url: "https://x.test/1",
        at: world.clock.now(),
      },
    ]);
  });

  it("lists the open ones newest first, with their newest status and their place", async () => {
    const ids: number[] = [];
    for (const state of [
      undefined,
      "queued",
      "in_progress",
      "pending",
      "success",
      "error",
      "inactive",
    ] as const) {
      const { id } = await open();
      ids.unshift(id);
      if (state !== undefined)
        await world.forge.setWatch(id, { state, description: `is ${state}`, url: "https://x.test/1" });
    }
    fill([0], undefined, { environment: "production" });
    fill([0], undefined, { task: "deploy" });
    world.asked();
    const { open: list, cut } = await world.forge.watches();
    expect(cut).toBe(false);
    expect(list.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(list.map(({ status }) => status?.description)).toEqual([
      "is pending",
      "is in_progress",
      "is queued",
      undefined,
    ]);
    expect(list[0]).toMatchObject({
      sha: world.sha,
      createdAt: world.clock.now(),
      status: { at: world.clock.now(), url: "https://x.test/1" },
    });
    expect(world.asked()).toEqual(["POST /graphql"]);
  });

  it.each<[string, () => void]>([
    ["an object", () => fill([0], undefined)],
    ["a string", () => fill([0], undefined, { payload: JSON.stringify(entry) })],
  ])("gives the payload as it came: %s", async (_what, prepare) => {
    prepare();
    let { payload } = (await world.forge.watches()).open[0]!;
    while (typeof payload === "string") payload = JSON.parse(payload);
    expect(payload).toEqual(entry);
  });

  it.each<[string, () => void, { pages: number; open: number; cut: boolean }]>([
    ["nothing", () => {}, { pages: 1, open: 0, cut: false }],
    ["a full page", () => fill(times(100, 0), "success"), { pages: 1, open: 0, cut: false }],
    [
      "two hundred, whatever their age",
      () => fill([...times(499, 40), 9], "success"),
      { pages: 3, open: 0, cut: false },
    ],
    [
      "a page holds an open one, and the next may",
      () => {
        fill(times(250, 40), "success");
        fill([36], undefined);
        fill(times(250, 9), "success");
      },
      { pages: 5, open: 1, cut: false },
    ],
    [
      "many a day: two hundred, and what came since somebody looked",
      () => {
        fill(times(900, 4), "success");
        fill(times(150, 1), "success");
      },
      { pages: 4, open: 0, cut: false },
    ],
    [
      "more than can be read",
      () => {
        fill([2], undefined);
        fill(times(1000, 1), "success");
        fill([0], undefined);
      },
      { pages: 10, open: 1, cut: true },
    ],
  ])("reads on only while there may be more: %s", async (_what, prepare, wanted) => {
    prepare();
    const { open: list, cut } = await world.forge.watches();
    expect({ pages: world.asked().length, open: list.length, cut }).toEqual(wanted);
  });

  it("says which lie behind two hundred others", async () => {
    fill([30, 30], undefined);
    fill(times(199, 20), "success");
    expect((await world.forge.watches()).open.map(({ isDeep }) => isDeep)).toEqual([false, true]);
  });

  it("finds those of a commit, asking only about the wanted", async () => {
    fill([0], undefined, { sha: "b".repeat(40) });
    fill([0, 0], undefined, { payload: { ...entry, service: "srv-b" } });
    fill([0], "failure");
    fill([0], undefined);
    const isWanted = (payload: unknown): boolean => (payload as WatchEntry).service === "srv-a";
    expect(await world.forge.watchesOf(world.sha, isWanted)).toMatchObject([
      { id: deployments().at(-1)?.id },
    ]);
    expect(world.asked()).toEqual([
      "GET /deployments",
      ...times(2, 0).map(() => "GET /deployments/N/statuses"),
    ]);
  });
});

describe("without GraphQL", () => {
  it.each<[string, () => Parameters<ForgeWorld["github"]["fault"]>[0]]>([
    ["forbidden", () => ({ route: /graphql/, kind: "forbidden", times: 1 })],
    ["not there", () => ({ route: /graphql/, kind: "status", status: 404, times: 1 })],
    [
      "a field that it does not know",
      () => ({
        route: /graphql/,
        kind: "wrong-type",
        times: 1,
        body: { errors: [{ message: "Field 'x' doesn't exist" }] },
      }),
    ],
    [
      "an answer of another shape",
      () => ({ route: /graphql/, kind: "wrong-type", times: 2, body: { data: {} } }),
    ],
    ["out of order", () => ({ route: /graphql/, kind: "status", status: 502, times: 2 })],
  ])("asks REST, a question per entry: %s", async (_what, fault) => {
    fill([2], "success");
    fill([1], undefined);
    fill([0], "in_progress");
    const struck = world.github.fault(fault());
    const { open: list, cut } = await world.forge.watches();
    expect(list).toMatchObject([
      { id: deployments()[2]?.id, isDeep: false, status: { description: "" }, payload: entry },
      { id: deployments()[1]?.id, isDeep: false },
    ]);
    expect(cut).toBe(false);
    const rest = ["GET /deployments", ...times(3, 0).map(() => "GET /deployments/N/statuses")];
    expect(world.asked()).toEqual([...times(struck.hits(), 0).map(() => "POST /graphql"), ...rest]);
    struck.stop();
  });

  it("says when there may be more than the newest hundred", async () => {
    fill(times(101, 1), undefined);
    const struck = world.github.fault({ route: /graphql/, kind: "forbidden" });
    const { open: list, cut } = await world.forge.watches();
    expect([list.length, cut, list.at(-1)?.isDeep]).toEqual([100, true, false]);
    struck.stop();
  });

  it("asks GraphQL once more after a failure that passes", async () => {
    fill([0], undefined);
    world.github.fault({ route: /graphql/, kind: "status", status: 502, times: 1 });
    expect((await world.forge.watches()).open).toHaveLength(1);
    expect(world.asked()).toEqual(["POST /graphql", "POST /graphql"]);
  });

  it("does not go on by REST where it was the limit", async () => {
    world.github.settings.rateLimit = 0;
    const refused = await problem(world.forge.watches());
    expect(refused.failure).toMatchObject({
      code: "rate-limited",
      message: expect.stringContaining("API rate limit"),
    });
    expect(world.asked()).toEqual(["POST /graphql"]);
  });
});

describe("what fails", () => {
  it("names the permission", async () => {
    const weak = world.forgeOf({
      token: world.github.token("weak", { kind: "actions", permissions: { contents: "write" } }),
    });
    const refused = await problem(weak.openWatch({ sha: world.sha, payload: entry, description: "" }));
    expect(refused).toMatchObject({
      status: 403,
      failure: { hint: "Add to the job's permissions: deployments: write." },
    });
    expect((await problem(weak.watches())).failure.hint).toBe(
      "Add to the job's permissions: deployments: read.",
    );
  });

  it.each([true, false])("never opens two when an answer was lost (carried out: %s)", async (takesEffect) => {
    fill([1], "success");
    world.github.fault({ route: /POST .*deployments$/, kind: "status", status: 502, times: 1, takesEffect });
    const made = await open();
    expect(deployments()).toHaveLength(2);
    expect(made.id).toBe(deployments()[1]?.id);
  });

  it("repeats a status whose answer was lost", async () => {
    const { id } = await open();
    world.github.fault({ route: /statuses$/, kind: "status", status: 502, times: 1, takesEffect: true });
    await world.forge.setWatch(id, { state: "success", description: "Passed" });
    expect(new Set(deployments()[0]?.statuses.map(({ state }) => state))).toEqual(new Set(["success"]));
  });
});

it("works on GitHub Enterprise Server", async () => {
  const { github, forge, sha, asked, close } = await startForgeWorld({ basePath: "/api/v3" });
  await forge.openWatch({ sha, payload: entry, description: "d" });
  expect((await forge.watches()).open).toMatchObject([{ sha, payload: JSON.stringify(entry) }]);
  expect(asked()).toEqual(["POST /deployments", "POST /graphql"]);
  expect(github.violations).toEqual([]);
  await close();
});

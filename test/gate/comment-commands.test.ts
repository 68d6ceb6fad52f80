import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandFacts, type CommandFacts } from "../../src/core/answers.ts";
import { readAnswers, tellAnswers, type ReadAnswers } from "../../src/gate/comment-commands.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import type { CommentRecord } from "../stand-ins/github/site.ts";
import { startStepWorld, type StepOptions, type StepWorld } from "./step-world.ts";

const COMMIT = "09dadc4b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f";
const FACTS = commandFacts(undefined, { mode: "enforce", remedies: ["rollback", "revert"] });

let world: StepWorld;
beforeAll(async () => {
  world = await startStepWorld();
  world.github.settings.secondaryLimits = false;
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

interface Place {
  readonly number: number;
  readonly run: ServiceRun;
  say(body: string, user?: string): number;
  read(more?: {
    readonly after?: number | undefined;
    readonly places?: readonly number[];
    readonly facts?: Partial<CommandFacts>;
    readonly since?: number;
  }): Promise<ReadAnswers>;
  tell(read: ReadAnswers, by?: ServiceRun): Promise<void>;
  /** What the gate wrote there. */
  replies(): readonly CommentRecord[];
}

/** An issue of its own, watched from now on. */
async function issue(options: StepOptions = {}): Promise<Place> {
  await world.clock.sleep(5_000);
  const { number } = world.github.openIssue({ title: "Watch" });
  const run = world.run(COMMIT, options);
  const since = world.clock.now();
  return {
    number,
    run,
    say: (body, user) => world.github.say(number, body, user),
    read: ({ after, places = [number], facts, since: from = since } = {}) =>
      readAnswers(run, { places, since: from, after, facts: { ...FACTS, ...facts } }),
    tell: (read, by = run) => tellAnswers(by, read.unanswered, { commit: COMMIT }),
    replies: () =>
      world.github.comments.filter(
        (one) => one.number === number && one.body.startsWith("<!-- deploy-gate:"),
      ),
  };
}

const short = ({ answers, refusals }: ReadAnswers): readonly string[] => [
  ...answers.map(({ kind, by }) => `${by}: ${kind}`),
  ...refusals.map(({ reason, by }) => `${by}: no, ${reason}`),
];
const STRANGER = "only people who may write to this repository are followed";

/** The requests that were made meanwhile, without the repository's path. */
async function asked(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = world.github.requests.length;
  await work();
  return world.github.requests
    .slice(before)
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop", "")}`);
}

describe("who is followed", () => {
  it.each([
    { who: "acme", is: "acme: hold" },
    { who: "ada", is: "ada: hold" },
    { who: "mia", is: "mia: hold" },
    { who: "release-manager", is: "release-manager: hold" },
    { who: "tom", is: `tom: no, ${STRANGER}` },
    { who: "linus", is: `linus: no, ${STRANGER}` },
    { who: "mallory", is: `mallory: no, ${STRANGER}` },
    { who: "nobody", is: `nobody: no, ${STRANGER}` },
    { who: "boaster", is: `boaster: no, ${STRANGER}` },
    { who: "../../acme", is: `../../acme: no, ${STRANGER}` },
    { who: "github-actions[bot]", is: undefined },
    { who: "dependabot[bot]", is: undefined },
  ])("$who", async ({ who, is }) => {
    Object.assign(world.github.settings.collaborators, {
      mia: "maintain",
      tom: "triage",
      "release-manager": { name: "Release manager", base: "write" },
      boaster: { name: "admin", base: "read" },
    });
    const place = await issue();
    const id = place.say("/gate hold", who);
    const read = await place.read();
    expect(short(read)).toEqual(is === undefined ? [] : [is]);
    expect(read.lastId).toBe(id);
    expect(read.hold?.by).toBe(is?.endsWith("hold") === true ? who : undefined);
  });

  it("the gate's own words are nobody's, also with a person's token", async () => {
    const place = await issue();
    place.say("<!-- deploy-gate:issue=shop-api:1 -->\n/gate approve");
    expect(short(await place.read())).toEqual([]);
  });

  it("is asked once for each author of a command, and for nobody else", async () => {
    const place = await issue();
    place.say("fine", "linus");
    place.say("/gate hold");
    place.say("/gate resume");
    place.say("/gate why", "grace");
    const comments = `GET /issues/${place.number}/comments`;
    expect(await asked(() => place.read())).toEqual([
      comments,
      "GET /collaborators/ada/permission",
      "GET /collaborators/grace/permission",
    ]);
    expect(await asked(() => place.read())).toEqual([comments]);
  });

  it("strangers are answered once, however much they write, and nobody waits for them", async () => {
    const place = await issue();
    for (let count = 0; count < 5; count += 1) place.say("/gate approve\n/gate unfreeze", "mallory");
    place.say("/gate hold");
    const read = await place.read();
    expect(short(read)).toEqual(["ada: hold", `mallory: no, ${STRANGER}`]);
    await place.tell(read);
    expect(place.replies()).toHaveLength(2);
  });

  it("of very many authors the rest waits for the next look", async () => {
    const place = await issue();
    for (let count = 0; count < 20; count += 1) place.say("/gate why", `stranger-${count}`);
    const hold = place.say("/gate hold");
    const first = await place.read();
    expect(first.answers).toEqual([]);
    expect(first.lastId).toBe(hold - 1);
    expect(short(await place.read({ after: first.lastId }))).toEqual(["ada: hold"]);
  });
});

describe("which comments count", () => {
  it("those after the last one that was read, edited or not", async () => {
    const place = await issue();
    const old = place.say("Good morning");
    const first = await place.read();
    expect(first.lastId).toBe(old);
    await world.clock.sleep(60_000);
    const comment = world.github.comments.find(({ id }) => id === old)!;
    Object.assign(comment, { body: "/gate approve", updatedAt: world.clock.now() });
    expect(short(await place.read({ after: old }))).toEqual([]);
    const next = place.say("/gate why");
    expect(await place.read({ after: old })).toMatchObject({ answers: [{ kind: "why" }], lastId: next });
    expect(await place.read({ after: next })).toEqual({
      answers: [],
      refusals: [],
      unanswered: [],
      lastId: next,
    });
  });

  it("those since the watch began", async () => {
    const place = await issue();
    const old = place.say("Hm");
    await world.clock.sleep(2_000);
    const since = world.clock.now();
    Object.assign(
      world.github.comments.find(({ id }) => id === old)!,
      {
        body: "/gate approve",
        updatedAt: since,
      },
    );
    place.say("/gate hold");
    expect(short(await place.read({ since: since + 400 }))).toEqual(["ada: hold"]);
  });

  it("those of all places in the order in which they were written, each once", async () => {
    const [one, two] = [await issue(), await issue()];
    one.say("/gate hold");
    two.say("/gate resume", "grace");
    const last = one.say("/gate hold again");
    const read = await two.read({ places: [two.number, one.number, two.number], since: 0 });
    expect(short(read)).toEqual(["ada: hold", "grace: resume", "ada: hold"]);
    expect(read).toMatchObject({ lastId: last, hold: { by: "ada", reason: "again" } });
  });

  it("none is lost that comes to one place while the other is read", async () => {
    const [one, two] = [await issue(), await issue()];
    const { commentsOf } = two.run.edges.forge;
    let late: number | undefined;
    const edges = {
      ...two.run.edges,
      forge: {
        ...two.run.edges.forge,
        async commentsOf(...given: Parameters<typeof commentsOf>) {
          if (given[0] === two.number && late === undefined) {
            late = one.say("/gate hold");
            two.say("/gate why");
          }
          return commentsOf(...given);
        },
      },
    };
    const places = [one.number, two.number];
    const read = await readAnswers({ ...two.run, edges }, { places, since: 0, facts: FACTS });
    expect(read.answers.map(({ kind }) => kind)).toEqual(["hold", "why"]);
  });

  it.each([
    { what: "comments", route: /issues\/\d+\/comments/, status: 403 },
    { what: "comments", route: /issues\/\d+\/comments/, status: 500 },
    { what: "permissions", route: /permission$/, status: 403 },
    { what: "permissions", route: /permission$/, status: 502 },
  ])("none where $what cannot be read: $status", async ({ route, status }) => {
    const place = await issue();
    place.say("/gate resume");
    const hold = { by: "grace", at: 1 };
    const fault = world.github.fault({ route, kind: "status", status });
    const read = await place.read({ after: 5, facts: { hold } });
    fault.stop();
    expect(read).toEqual({ answers: [], refusals: [], unanswered: [], hold, lastId: 5 });
    expect(place.run.teller.notes).toMatchObject([
      expect.stringMatching(/^Comments could not be read, so no command of theirs is followed: GitHub/),
    ]);
  });
});

describe("the answer", () => {
  it("comes once for each comment, in its place, whoever reads it again", async () => {
    const place = await issue();
    const first = place.say("/gate hold the database is being moved\n/gate why");
    const second = place.say("/gate resmue", "grace");
    const read = await place.read();
    await place.tell(read);
    const texts = place.replies().map(({ body }) => body);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain(`<!-- deploy-gate:answer=${first}:shop%2Dapi -->\nshop-api at [09dadc4](`);
    expect(texts[0]).toMatch(
      /- `\/gate hold`: Held from this look on, .*Because: the database is being moved\./,
    );
    expect(texts[0]).toMatch(/- `\/gate why`: Answered below\.\n\n\*\*No verdict yet\.\*\*/);
    expect(texts[1]).toContain(`answer=${second}:`);
    expect(texts[1]).toMatch(
      /- `\/gate resmue`: Not followed: there is no command "resmue", did you mean "resume"\?/,
    );

    // A run that was killed before it had kept anything comes again: what was accepted still is, and nobody is told twice.
    const again = await place.read();
    expect(again.answers).toEqual(read.answers);
    expect(again).toMatchObject({ refusals: [], unanswered: [] });
    // A doubled one that read before the answer was there.
    await place.tell(read);
    expect(place.replies().map(({ body }) => body)).toEqual(texts);
  });

  it("is one for each service that meets there", async () => {
    const place = await issue();
    place.say("/gate hold");
    await place.tell(await place.read());
    const other = world.run(COMMIT, { service: "shop-worker" });
    const about = { places: [place.number], since: 0, facts: FACTS };
    await place.tell(await readAnswers(other, about), other);
    expect((await readAnswers(other, about)).unanswered).toEqual([]);
    expect(place.replies().map(({ body }) => body.split("\n")[1]?.split(" ")[0])).toEqual([
      "shop-api",
      "shop-worker",
    ]);
  });

  it.each([
    { who: "mallory", isOwed: true },
    { who: "grace", isOwed: false },
    { who: "some[bot]", isOwed: false },
  ])("is still owed where $who wrote its mark: $isOwed", async ({ who, isOwed }) => {
    const place = await issue();
    const id = place.say("/gate why");
    place.say(`<!-- deploy-gate:answer=${id}:shop%2Dapi -->\nYes`, who);
    expect((await place.read()).unanswered).toHaveLength(isOwed ? 1 : 0);
  });

  it("shows what people wrote as text: no secret, no mention, no mark-up", async () => {
    const secret = "rnd_anothersecretvalue";
    const place = await issue({ secret });
    place.say(
      `/gate hold ${secret} @acme/everyone <img src=x> [a](https://x.test) \u202e${"x".repeat(5_000)}`,
    );
    place.say(`/gate \`${secret}<!-- @ada`);
    const read = await place.read();
    await place.tell(read);
    const texts = place.replies().map(({ body }) => body);
    expect(texts).toHaveLength(2);
    for (const text of texts) {
      expect(text).not.toContain(secret);
      expect(text.replace(/^<!-- .* -->/, "").replaceAll(/`[^`]*`|``.*?``/g, "")).not.toMatch(
        /@\w|<img|<!--|\]\(https:\/\/x|\u202e/,
      );
      expect(text.length).toBeLessThan(2_000);
    }
    expect(read.hold?.reason).toMatch(/^\*\*\* @acme/);
    expect(read.hold?.reason?.length).toBeLessThan(200);
    expect(JSON.stringify(place.run.teller.timeline)).not.toContain(secret);
  });

  it("that cannot be written is a note, and what was accepted stays", async () => {
    const place = await issue();
    place.say("/gate hold");
    const read = await place.read();
    const fault = world.github.fault({ route: /POST .*comments/, kind: "forbidden" });
    await place.tell(read);
    fault.stop();
    expect(place.run.teller.notes).toMatchObject([
      expect.stringMatching(
        new RegExp(`^A command on #${place.number} could not be answered: GitHub answered 403`),
      ),
    ]);
    expect(read.answers).toHaveLength(1);
  });

  it("is in the timeline with who said it", async () => {
    const place = await issue();
    place.say("/gate hold");
    await place.read();
    expect(place.run.teller.timeline.map(({ event }) => event)).toMatchObject([
      expect.stringMatching(/^@ada said \/gate hold: held from this look on/),
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createForge, type ForgeOptions } from "../../src/io/github.ts";
import { githubRetryOf } from "../../src/io/github-retry.ts";
import { createHttp, type Http } from "../../src/io/http.ts";
import type { Forge, Permission } from "../../src/ports.ts";
import { ServiceProblem } from "../../src/problem.ts";
import { simulatedClock } from "../stand-ins/clock.ts";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";

const clock = simulatedClock();
let github: GitHubStandIn;
let http: Http;

beforeAll(async () => {
  github = await startGitHubStandIn({ now: () => clock.now() });
  github.settings.secondaryLimits = false;
  http = createHttp({
    clock,
    service: "GitHub",
    baseUrl: github.url,
    headers: {},
    redact: (text) => text,
    proxyEnv: {},
    retryOf: githubRetryOf,
  });
});

afterAll(async () => {
  await http.close();
  await github.close();
  expect(github.violations).toEqual([]);
});

function forgeOf(options: Partial<ForgeOptions> = {}): Forge {
  return createForge({
    owner: github.owner,
    repo: github.repo,
    apiUrl: github.url,
    serverUrl: github.serverUrl,
    token: github.actionsToken,
    fetch: http.fetch,
    redact: (text) => text,
    sleep: (ms) => clock.sleep(ms),
    ...options,
  });
}

/** The paths that were asked for meanwhile. */
async function asked(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = github.requests.length;
  await work();
  return github.requests.slice(before).map(({ path }) => path.replace("/repos/acme/shop", ""));
}

async function problem(call: Promise<unknown>): Promise<ServiceProblem> {
  const error = await call.then(
    () => new Error("it worked"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceProblem);
  return error as ServiceProblem;
}

describe("comments", () => {
  it("tell who wrote what, when and where", async () => {
    const { number } = github.openIssue({ title: "Watch" });
    const id = github.say(number, "/gate hold\r\nfor now");
    expect(await forgeOf().commentsOf(number, {})).toEqual([
      {
        id,
        author: "ada",
        authorType: "User",
        authorAssociation: "COLLABORATOR",
        body: "/gate hold\r\nfor now",
        createdAt: Math.floor(clock.now() / 1000) * 1000,
        url: expect.stringMatching(new RegExp(`#issuecomment-${id}$`)) as string,
      },
    ]);
  });

  it("come in their order, since a time and after an id", async () => {
    const { number } = github.openIssue({ title: "Watch" });
    const forge = forgeOf();
    const old = github.say(number, "old");
    await clock.sleep(60_500);
    const from = clock.now();
    const first = github.say(number, "first");
    const second = github.say(number, "second", "dependabot[bot]");
    const ids = async (those: Parameters<Forge["commentsOf"]>[1]): Promise<readonly number[]> =>
      (await forge.commentsOf(number, those)).map((one) => one.id);
    expect(await ids({})).toEqual([old, first, second]);
    // Written in the same second.
    expect(await ids({ since: from + 400 })).toEqual([first, second]);
    expect(await ids({ since: from + 60_000 })).toEqual([]);
    expect(await ids({ since: 0, afterId: first })).toEqual([second]);
  });

  it("are read to the last page", async () => {
    const { number } = github.openIssue({ title: "Busy" });
    for (let count = 0; count < 1_000; count += 1) github.say(number, `${count}`);
    const last = github.say(number, "/gate why");
    const requests = await asked(async () => {
      expect((await forgeOf().commentsOf(number, {})).at(-1)?.id).toBe(last);
    });
    expect(requests).toHaveLength(11);
  });

  it("are none where there is no issue, or none any more", async () => {
    expect(await forgeOf().commentsOf(999, {})).toEqual([]);
    github.fault({ route: /issues\/998\/comments/, kind: "status", status: 410 });
    expect(await forgeOf().commentsOf(998, {})).toEqual([]);
  });

  it("that may not be read are a problem", async () => {
    const { number } = github.openIssue({ title: "Watch" });
    const token = github.token("weak", { kind: "app", permissions: { contents: "read" } });
    expect(await problem(forgeOf({ token }).commentsOf(number, {}))).toMatchObject({ status: 403 });
  });

  it("of a deleted account are nobody's", async () => {
    const fault = github.fault({
      route: /issues\/997\/comments/,
      kind: "wrong-type",
      body: [{ id: 5, html_url: "https://x.test", created_at: "2026-11-23T10:00:00Z", user: null }],
    });
    expect(await forgeOf().commentsOf(997, {})).toMatchObject([{ author: "", authorType: "", body: "" }]);
    fault.stop();
  });
});

describe("what somebody may do", () => {
  it.each<[string, Permission]>([
    ["acme", "admin"],
    ["ada", "write"],
    ["mia", "maintain"],
    ["tom", "triage"],
    ["linus", "read"],
    ["mallory", "none"],
    ["nobody", "none"],
    ["release-manager", "write"],
    // An organization may name a role as it likes.
    ["boaster", "read"],
    ["a_acme", "write"],
  ])("%s: %s", async (login, is) => {
    Object.assign(github.settings.collaborators, {
      mia: "maintain",
      tom: "triage",
      a_acme: "write",
      "release-manager": { name: "Release manager", base: "write" },
      boaster: { name: "maintain", base: "read" },
    });
    expect(await forgeOf().permissionOf(login)).toBe(is);
  });

  it("counts for none where a word is new", async () => {
    github.fault({
      route: /new\/permission/,
      kind: "wrong-type",
      body: { permission: "owner", role_name: "admin" },
    });
    expect(await forgeOf().permissionOf("new")).toBe("none");
  });

  it.each([
    "",
    "..",
    ".",
    "../../acme",
    "a/b",
    "a b",
    "ada?x=1",
    "ada%2f..",
    "github-actions[bot]",
    "a".repeat(101),
  ])("nobody is called %j, and nothing is asked", async (login) => {
    expect(
      await asked(async () => {
        expect(await forgeOf().permissionOf(login)).toBe("none");
      }),
    ).toEqual([]);
  });

  it("is asked once per login", async () => {
    const forge = forgeOf();
    const requests = await asked(async () => {
      for (const login of ["ada", "grace", "ada", "nobody", "nobody"]) await forge.permissionOf(login);
    });
    expect(requests).toEqual(["ada", "grace", "nobody"].map((login) => `/collaborators/${login}/permission`));
  });

  it("that is kept secret says what to grant, and is asked again", async () => {
    const forge = forgeOf();
    const body = { message: "Must have push access to view collaborator permission." };
    github.fault({ route: /ada\/permission/, kind: "status", status: 403, body, times: 1 });
    const refused = await problem(forge.permissionOf("ada"));
    expect(refused.failure).toMatchObject({
      status: 403,
      hint: expect.stringMatching(
        /^Give the token in "github-token" access to the repository's metadata/,
      ) as string,
    });
    expect(await forge.permissionOf("ada")).toBe("write");
  });
});

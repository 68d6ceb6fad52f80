import { expect, it } from "vitest";
import type { FaultInput } from "../stand-ins/render/server.ts";
import type { WebAnswer } from "../stand-ins/web-service.ts";
import { checkOf, expectLawful, expectNoAct, startWatch } from "./watch-scene.ts";

const SERVICE = /^GET \/services\/[^/]+$/;
const HEALTH = "health: { http: { url: /health, timeout: 200ms }, fail_after: 2, on_fail: revert }";
/** When nothing answers, ms after live. */
const [FROM, TO] = [5_000, 25_000];

interface Row {
  readonly what: string;
  /** What the service does in the spell. */
  readonly web: WebAnswer;
  /** What Render's API does, from `FROM` to `TO` unless it says otherwise. */
  readonly render?: Partial<FaultInput>;
  readonly reason: RegExp;
}

/** The network is back before a patient read of Render's API would have given up. */
const SPELLS: readonly Row[] = [
  {
    what: "resets while Render's API is reset as well",
    web: { kind: "reset" },
    render: { kind: "reset" },
    reason: /did not answer either/,
  },
  {
    what: "silence while Render's API was silent as well, though it answers right after",
    web: { kind: "silent" },
    render: { kind: "reset", times: 2 },
    reason: /was not reached while this was waited for/,
  },
];

/** Render's API was reached, so it is the service. */
const ITS_OWN: readonly Row[] = [
  { what: "resets", web: { kind: "reset" }, reason: /2 of \d+ samples failed/ },
  { what: "silence", web: { kind: "silent" }, reason: /2 of \d+ samples failed/ },
  {
    what: "resets while Render's API answers an error once",
    web: { kind: "reset" },
    render: { kind: "status", status: 503, times: 1 },
    reason: /2 of \d+ samples failed/,
  },
];

async function judged({ web, render }: Row) {
  const watch = await startWatch(HEALTH);
  watch.answer((_, at) => (at >= FROM && at < TO ? web : { body: "ok" }));
  const [from, until] = [watch.liveAt + FROM, watch.liveAt + TO];
  if (render !== undefined) watch.render.fault({ route: SERVICE, kind: "reset", from, until, ...render });
  const result = await watch.run();
  return { watch, check: checkOf(result, "health"), lines: result.lines.join("\n") };
}

it.each(SPELLS)("the runner's own network: $what", async (row) => {
  const { watch, check, lines } = await judged(row);
  await using _watch = watch;
  expect(check.verdict).toBe("pass");
  expect(check.errors).toBeGreaterThanOrEqual(2);
  expect(lines).toMatch(row.reason);
  expectNoAct(watch);
});

it.each(ITS_OWN)("the service's own failure: $what", async (row) => {
  const { watch, check } = await judged(row);
  await using _watch = watch;
  expect(check).toMatchObject({ verdict: "fail", reason: expect.stringMatching(row.reason) });
  expect(watch.github.pulls).toHaveLength(1);
  expectLawful(watch);
});

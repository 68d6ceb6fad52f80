import { describe, expect, it } from "vitest";
import { checkOf, expectLawful, expectTold, NEW, startWatch } from "./watch-scene.ts";

/** The service says how much it found and how long it took. */
const INPUT = "work: { http: /work, pass: body.found >= 0 }";

interface Row {
  readonly what: string;
  readonly checks: string;
  readonly body: (afterLiveMs: number) => string;
  readonly verdict: string;
  readonly reason: RegExp;
}

const answer = (found: unknown, duration = 600): string => JSON.stringify({ found, duration });

const ROWS: readonly Row[] = [
  {
    what: "a quotient within its limit",
    checks: `${INPUT}\neach: { derive: { per_item: work.body.duration / work.body.found }, pass: per_item < 100 }`,
    body: () => answer(10),
    verdict: "pass",
    reason: /per_item < 100 \(60\) \(per_item = work.body.duration \(600\) \/ work.body.found \(10\)\)/,
  },
  {
    what: "a quotient over its limit",
    checks: `${INPUT}\neach: { derive: { per_item: work.body.duration / work.body.found }, pass: per_item < 100 }`,
    body: () => answer(5),
    verdict: "fail",
    reason: /wanted per_item < 100, got 120/,
  },
  {
    what: "nothing to divide by at all",
    checks: `${INPUT}\neach: { derive: { per_item: work.body.duration / work.body.found }, pass: per_item < 100 }`,
    body: () => answer(0),
    verdict: "unknown",
    reason: /nothing to divide by: work.body.found is 0/,
  },
  {
    what: "nothing to divide by at first",
    checks: `${INPUT}\neach: { derive: { per_item: work.body.duration / work.body.found }, pass: per_item < 100 }`,
    body: (after) => answer(after < 20_000 ? 0 : 10),
    verdict: "pass",
    reason: /per_item < 100 \(60\)/,
  },
  {
    what: "an input that is no number",
    checks: `${INPUT.replace(", pass: body.found >= 0", "")}\neach: { derive: { twice: work.body.found * 2 }, pass: twice < 100 }`,
    body: () => answer("many"),
    verdict: "unknown",
    reason: /work.body.found is not a number/,
  },
];

describe("a derive check", () => {
  it.each(ROWS)("$what: $verdict", async ({ checks, body, verdict, reason }) => {
    const watch = await startWatch(checks);
    await using _watch = watch;
    watch.answer((_request, after) => ({ body: body(after) }));
    const result = await watch.run();
    expect(checkOf(result, "each")).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expectTold(watch, result);
    expectLawful(watch);
  });

  it("an input that could not be measured makes an error that names it", async () => {
    const watch = await startWatch(
      "cpu: { metric: cpu, fail: value > 1 }\neach: { derive: { share: cpu.value / 2 }, pass: share < 1 }",
      { boot: "{ for: 4m, every: 30s }" },
    );
    await using _watch = watch;
    watch.render.metric(watch.service.id, "cpu", ({ instance, at }) =>
      instance === NEW && at < watch.liveAt + 30_000 ? 0.5 : undefined,
    );
    watch.render.fault({ route: /^GET \/metrics/, kind: "forbidden", from: watch.liveAt + 100_000 });
    const result = await watch.run();
    expect(checkOf(result, "each")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/"cpu" could not be read: the key may not read metrics/),
    });
  });
});

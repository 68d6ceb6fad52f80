import { expect, it } from "vitest";
import { CRITICAL_SHOP_FAULTS } from "./shop-faults.ts";
import { shopWorld } from "./shop.ts";
import { playOverStandIns } from "./stand-ins.ts";
import { play } from "./trial.ts";
import type { World } from "./world.ts";

/**
 * A short first stage in which nothing is out: how edges repeat what fails is theirs to show. Answers do not hang on
 * the millisecond in which they are asked for, which differs.
 */
const quiet = (world: World): World => ({
  ...world,
  config: world.config.replace("for: 10m", "for: 6m"),
  outages: [],
  probe: (url) => world.probe(url, world.pushAt + 1_800_000),
});
const fatal = CRITICAL_SHOP_FAULTS.find(({ name }) => name === "FATAL line");

it.each([
  ["a clean deploy", quiet(shopWorld("stand-ins 2", { weekHour: 34, lastsMs: 3_600_000 }))],
  ["a fault", quiet((fatal ?? CRITICAL_SHOP_FAULTS[0]!).make("stand-ins", { weekHour: 34 }).world)],
] as const)("%s is judged in memory as over HTTP", async (_what, world) => {
  const memory = (await play(world, [])).runs[0]!.report;
  const { report } = await playOverStandIns(world);
  expect(report.verdict).toBe(memory.verdict);
  const told = ({ checks }: typeof report) => checks.map(({ name, verdict }) => `${name} ${verdict}`);
  expect(told(report)).toEqual(told(memory));
  // A call takes its time in memory, and none over the stand-ins.
  for (const [index, check] of report.checks.entries())
    expect(Math.abs(check.samples - memory.checks[index]!.samples)).toBeLessThanOrEqual(2);
});

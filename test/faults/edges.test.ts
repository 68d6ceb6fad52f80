import { afterAll, expect, it } from "vitest";
import { stopDatabase } from "./database.ts";
import { edgeTrials } from "./edges.ts";
import type { Trial } from "./trial.ts";

const nameOf = ({ section, where, fault, story, truth }: Trial): string =>
  `${section}: ${where}, ${fault}; ${story} (${truth})`;

/** These have found something. */
const PINNED = [/a clean-up; .*POST \/pulls, after/, /a clean-up; .*15\. PATCH \/check-runs\/…, after/];

/** One in so many of the whole matrix, which `npm run faults` plays. */
const ONE_IN = 67;

const trials = edgeTrials();
const spread = trials.filter(
  (trial, index) => index % ONE_IN === 0 || PINNED.some((name) => name.test(nameOf(trial))),
);

afterAll(stopDatabase);

it("every trial has a name of its own", () => {
  const names = trials.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});

it.each(spread.map((trial) => ({ name: nameOf(trial), trial })))("$name", async ({ trial }) => {
  const { struck, wrong } = await trial.run();
  expect(wrong).toEqual([]);
  expect(struck).toBe(true);
});

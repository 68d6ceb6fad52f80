import { expect, test } from "vitest";
import { docsHeadings } from "./docs.ts";
import { headingsOf } from "./table.ts";
import { allTrials } from "./trials.ts";

test("docs/faults.md has a line for each place and a column for each fault", async () => {
  expect(await docsHeadings()).toEqual(headingsOf(allTrials()));
});

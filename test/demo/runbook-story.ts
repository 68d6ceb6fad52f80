import { readFile } from "node:fs/promises";
import type { RowChange } from "../runbook/database.ts";
import { idOf } from "../runbook/work.ts";
import type { Variant } from "../runbook/world.ts";
import type { Expected } from "./ending.ts";

/** One deploy of WO-004 that the demo shows. */
export interface RunbookStory extends Expected {
  readonly title: string;
  readonly variant: Variant;
}

const MINUTE_MS = 60_000;
const loop = "src/services/scheduler_loop.py";

/** Places that were scanned twice in the same cycle, 35 minutes after live. */
const places = [
  ["ChIJ4dU1cWq6j4ARTwPp1xYb0Lk", "Harbour Coffee Roasters"],
  ["ChIJm7oVbRe6j4ARUg2yYc9sQnE", "Ellis Street Dental"],
  ["ChIJx0Ff3Ia6j4ARk5JH7d2WzMo", "Northside Bicycle Repair"],
] as const;
const twice = places.flatMap(([place_id, name], place) =>
  [0, 1].map((copy): RowChange => ({
    at: 35 * MINUTE_MS + place * 3_000 + copy * 400,
    table: "local_business",
    id: idOf("local_business", 700_000 + 2 * place + copy),
    place_id,
    name,
    status: "Queued",
  })),
);

/** `bad`: the lock is still there, but it is given back before the rows are marked, and two workers take the same ones. */
export const runbookStories = {
  bad: {
    title: "duplicates arrive",
    verdict: "fail",
    does: ["freeze", "render_rollback", "recheck", "revert_pr", "issue"],
    variant: {
      files: { [loop]: await readFile(new URL(`merges/runbook/${loop}`, import.meta.url), "utf8") },
      rows: twice,
    },
  },
  good: { title: "a good deploy", verdict: "pass", does: [], variant: {} },
} as const satisfies Readonly<Record<"bad" | "good", RunbookStory>>;

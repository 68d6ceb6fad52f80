import { NOTHING_TOLD, type ToldState } from "../core/gate-state.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

/** What people were told so far. */
export function toldSoFar({ book }: Pick<Told, "book">): ToldState {
  return book.current?.told ?? NOTHING_TOLD;
}

/** Keeps what people were told, each key once. A state that cannot be read is left as it is. */
export function keepTold(
  run: Pick<ServiceRun, "service">,
  { book }: Pick<Told, "book">,
  news: Partial<ToldState>,
): void {
  if (book.current === undefined && book.earlier.kind === "damaged") return;
  const known = book.current?.told ?? NOTHING_TOLD;
  const both = (key: "transitions" | "updates" | "after"): readonly string[] => [
    ...new Set([...known[key], ...(news[key] ?? [])]),
  ];
  book.change({
    service: run.service.id,
    told: {
      ...known,
      ...news,
      transitions: both("transitions"),
      updates: both("updates"),
      after: both("after"),
    },
  });
}

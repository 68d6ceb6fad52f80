import type { Subjects } from "../../src/core/value.ts";
import type { Item } from "./workers.ts";
import { HOUR, MINUTE } from "./world.ts";

/** What the runbook's query of that check gives then. */
export function rowsOf(
  name: string,
  { wf2, wf3 }: { readonly wf2: readonly Item[]; readonly wf3: readonly Item[] },
  { at, since }: { readonly at: number; readonly since: number },
): readonly Subjects[] {
  const items = name.startsWith("wf2") ? wf2 : wf3;
  const doneSince = (all: readonly Item[], from: number): readonly Item[] =>
    all.filter(({ doneAt }) => doneAt > from && doneAt <= at);
  const completed = (all: readonly Item[], from: number): number =>
    doneSince(all, from).filter(({ isError }) => !isError).length;
  const [, what = name] = /^wf[23]-(.*)/.exec(name) ?? [];
  switch (what) {
    case "activity":
      return doneSince(items, at - 30 * MINUTE)
        .slice(-20)
        .map(({ n, doneAt }) => ({ id: String(n), updated_at: doneAt }));
    case "queue": {
      const there = items.filter(({ queuedAt }) => queuedAt <= at);
      const finished = there.filter(({ doneAt }) => doneAt <= at);
      const failed = finished.filter(({ isError }) => isError).length;
      return [
        {
          depth: there.filter(({ startedAt }) => startedAt > at).length,
          waiting: there.filter(({ queuedAt, startedAt }) => startedAt > at && queuedAt < at - 30 * MINUTE)
            .length,
          processing: there.filter(({ startedAt, doneAt }) => startedAt <= at && doneAt > at).length,
          completed: finished.length - failed,
          failed,
        },
      ];
    }
    case "success": {
      const all = doneSince(items, Math.max(since, at - 24 * HOUR));
      const failed = all.filter(({ isError }) => isError).length;
      const share = (part: number): number | null => (all.length === 0 ? null : part / all.length);
      return [{ success: share(all.length - failed), errors: share(failed), total: all.length }];
    }
    case "domains-created": {
      const extracted = completed(wf3, Math.max(since, at - HOUR));
      return [{ domains_created_last_hour: extracted, extracted }];
    }
    case "throughput":
      return [{ items_per_hour: completed(wf2, at - HOUR) + completed(wf3, at - HOUR) }];
    default:
      throw new Error(`the query of "${name}" is not simulated`);
  }
}

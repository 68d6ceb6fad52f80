import { decodeState } from "../core/gate-state-text.ts";
import { OVERDUE_MS } from "../core/stage-closing.ts";
import { isWaiting } from "../core/watch-ending.ts";
import { ServiceProblem } from "../problem.ts";
import { dateTimeText } from "../report/time.ts";
import { closeLost, isOfAnother } from "./lost-watch.ts";
import { externalIdOf, toldName } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { closeIndex, listIndex, renewIndex, type IndexedWatch } from "./watch-index.ts";

/** Each costs some requests: a repository that has more is served by the gates that follow. */
const MOST_CLOSED = 5;

/**
 * Closes watches of the repository whose last stage ended long ago without anybody looking, as unknown, and tells. One
 * request where there is none. What cannot be read is left to the next run.
 */
export async function closeOverdue(run: ServiceRun): Promise<void> {
  const { forge, clock } = run.edges;
  const indexing = { forge, note: (text: string) => run.teller.note(text) };
  try {
    const { watches } = await listIndex(indexing);
    const overdue = watches.filter(({ entry }) => clock.now() > entry.until + OVERDUE_MS);
    for (const watch of overdue.slice(0, MOST_CLOSED)) await close(run, watch);
    for (const watch of watches.filter((one) => !overdue.includes(one))) await renewIndex(indexing, watch);
  } catch (error) {
    // Without the permission no watch could have been left open.
    if (!(error instanceof ServiceProblem)) throw error;
  }
}

async function close(run: ServiceRun, watch: IndexedWatch): Promise<void> {
  const { forge } = run.edges;
  const { entry, record } = watch;
  const checkRun = await forge.findCheckRun(
    record.sha,
    toldName(entry.name),
    externalIdOf(entry.name, record.sha),
  );
  const kept = decodeState(checkRun?.text ?? "");
  const state = kept.kind === "state" ? kept.state : undefined;
  if (state !== undefined && isOfAnother(state, watch)) {
    const why = "its check run is that of another watch";
    await closeLost(run.edges, run, { indexed: watch, why, isForeign: true });
    return;
  }
  const { verdict, watch: left } = state ?? {};
  const isOpen = left !== undefined && left.over === undefined;
  if (verdict !== undefined && !isOpen) {
    const now = run.edges.clock.now();
    if (left !== undefined && isWaiting(left, { verdict, mode: left.mode, now })) return;
    const indexing = { forge, note: (text: string) => run.teller.note(text) };
    await closeIndex(indexing, watch, { verdict, sentence: `Ended as ${verdict}` });
    return;
  }
  const why = `nobody has looked since ${dateTimeText(state?.watch?.at ?? record.createdAt)} UTC, and the last stage ended ${dateTimeText(entry.until)} UTC`;
  await closeLost(run.edges, run, { indexed: watch, why, ...(checkRun === undefined ? {} : { checkRun }) });
  run.teller.moment(`Closed the overdue watch of ${entry.name} at ${record.sha.slice(0, 7)}: ${why}`);
}

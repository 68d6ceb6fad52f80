import { decodeState } from "../core/gate-state-text.ts";
import { OVERDUE_MS } from "../core/stage-closing.ts";
import { isWaiting } from "../core/watch-ending.ts";
import { ServiceProblem } from "../problem.ts";
import { dateTimeText } from "../report/time.ts";
import { closeLost, isOfAnother, tellLost } from "./lost-watch.ts";
import { gateCheckRun } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { claimWatch, newClaim } from "./watch-claim.ts";
import { closeIndex, listIndex, renewIndex, type IndexedWatch } from "./watch-index.ts";

/** Each costs some requests: a repository that has more is served by the gates that follow. */
const MOST_CLOSED = 5;

/**
 * Closes watches of the repository whose last stage ended long ago without anybody looking, as unknown, and tells: of
 * the run's own service also those whom `notify` names. One request where there is none. What cannot be read is left to
 * the next run. Gives what waits for messages under way.
 */
export async function closeOverdue(run: ServiceRun): Promise<() => Promise<void>> {
  const { forge, clock } = run.edges;
  const settling: (() => Promise<void>)[] = [];
  const indexing = { forge, note: (text: string) => run.teller.note(text) };
  try {
    const { watches } = await listIndex(indexing);
    const overdue = watches.filter(({ entry }) => clock.now() > entry.until + OVERDUE_MS);
    for (const watch of overdue.slice(0, MOST_CLOSED)) settling.push(await close(run, watch));
    for (const watch of watches.filter((one) => !overdue.includes(one))) await renewIndex(indexing, watch);
  } catch (error) {
    // Without the permission no watch could have been left open.
    if (!(error instanceof ServiceProblem)) throw error;
  }
  return async () => void (await Promise.all(settling.map((settle) => settle())));
}

const QUIET = (): Promise<void> => Promise.resolve();

/** Gives what waits for its messages. */
async function close(run: ServiceRun, watch: IndexedWatch): Promise<() => Promise<void>> {
  const { forge } = run.edges;
  const { entry, record } = watch;
  const checkRun = await gateCheckRun({ edges: run.edges, service: entry }, record.sha);
  const kept = decodeState(checkRun?.text ?? "");
  const state = kept.kind === "state" ? kept.state : undefined;
  if (state !== undefined && isOfAnother(state, watch)) {
    const why = "its check run is that of another watch";
    await closeLost(run.edges, run, { indexed: watch, why, isForeign: true });
    return QUIET;
  }
  const { verdict, watch: left } = state ?? {};
  const isOpen = left !== undefined && left.over === undefined;
  if (verdict !== undefined && !isOpen) {
    const now = run.edges.clock.now();
    if (left !== undefined && isWaiting(left, { verdict, mode: left.mode, now })) return QUIET;
    const indexing = { forge, note: (text: string) => run.teller.note(text) };
    await closeIndex(indexing, watch, { verdict, sentence: `Ended as ${verdict}` });
    return QUIET;
  }
  // Of two gates that come at once one closes it.
  const claim = newClaim(run);
  if ((await claimWatch(run.edges, record.id, claim)).kind !== "mine") return QUIET;
  const why = `nobody has looked since ${dateTimeText(state?.watch?.at ?? record.createdAt)} UTC, and its last stage was over by ${dateTimeText(entry.until)} UTC`;
  const lost = { indexed: watch, why, ...(checkRun === undefined ? {} : { checkRun }) };
  const outcome = await closeLost(run.edges, run, lost);
  run.teller.moment(`Closed the overdue watch of ${entry.name} at ${record.sha.slice(0, 7)}: ${why}`);
  if (entry.service !== run.service.id) return QUIET;
  const note = (text: string): void => run.teller.note(text);
  return tellLost(run.edges, { plan: run.plan, runUrl: run.runUrl, note, outcome, checkRun });
}

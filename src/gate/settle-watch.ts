import { NOTHING_TOLD } from "../core/gate-state.ts";
import { decodeState } from "../core/gate-state-text.ts";
import { isWaiting } from "../core/watch-ending.ts";
import type { WatchState } from "../core/watch-state.ts";
import type { Edges } from "../ports.ts";
import { verdictSentence } from "../report/title.ts";
import { hasMoved, type Visit } from "./alone.ts";
import { hasUntold, isCleanUpDue } from "./communicate.ts";
import { writerOf } from "./course.ts";
import { keepState } from "./freeze-keeper.ts";
import type { OpenWatch } from "./open-watch.ts";
import { gateCheckRun, publishActions } from "./publish.ts";
import { MESSAGES_MS, tellPeople } from "./tell-people.ts";
import { keepTold } from "./told-state.ts";
import { closeIndex } from "./watch-index.ts";

/**
 * The end of a visit: waits for the messages under way, keeps what is told, and closes a watch of which nothing is left
 * to wait for. Writes only what is news.
 */
export async function settleWatch(
  looked: OpenWatch,
  visit: Extract<Visit, { readonly kind: "told" }>,
  publisher: Pick<Edges, "forge" | "runner">,
): Promise<void> {
  // What was done is kept whatever becomes of the job.
  const run = { ...looked.run, edges: { ...looked.run.edges, forge: publisher.forge } };
  const open = { ...looked, run };
  const { told, course, indexed } = open;
  const { book } = told;
  const read = book.current;
  if (read === undefined) return;
  const at = { told, maxMs: MESSAGES_MS, until: run.signal };
  const { outcome, keys } = await tellPeople(course.notifier, visit.outcome, at);
  const after = watchSettled(open, visit, keys);
  const known = read.told?.transitions ?? [];
  const transitions = course.notifier === undefined ? known : keys;
  let isKept = true;
  if (after !== read.watch || transitions.join("\n") !== known.join("\n")) {
    // Others may have written while the messages were under way.
    isKept = !(await hasMoved(run, read));
    if (isKept) {
      const before = read.told ?? NOTHING_TOLD;
      book.change({ service: run.service.id, watch: after, told: { ...before, transitions } });
      isKept = await written(open, { ...visit, outcome }, publisher);
    } else await keepTransitions(open, transitions);
  }
  // While the state says that something is owed, a later run must find it.
  if (isKept && after === undefined) {
    const note = (text: string): void => run.teller.note(text);
    const url = told.checkRun === undefined ? {} : { url: told.checkRun.url };
    const sentence = verdictSentence(outcome);
    await closeIndex({ forge: run.edges.forge, note }, indexed, {
      verdict: outcome.verdict,
      sentence,
      ...url,
    });
  } else await visit.release?.();
}

/** The watch without what is not owed any more; undefined once nothing is waited for. */
function watchSettled(
  { run, told }: OpenWatch,
  { outcome }: Extract<Visit, { readonly kind: "told" }>,
  keys: readonly string[],
): WatchState | undefined {
  const { watch } = told.book.current ?? {};
  if (watch?.isOwed !== true) return watch;
  const { mode, edges } = run;
  const { isOwed: _, ...paid } = watch;
  const isOwing = isCleanUpDue(run, told, outcome) || hasUntold(run, outcome, keys);
  const after = isOwing && watch.over !== undefined ? watch : paid;
  return isWaiting(after, { verdict: outcome.verdict, mode, now: edges.clock.now() }) ? after : undefined;
}

/** Writes the state, and says whether that worked. */
async function written(
  { run, told, course }: OpenWatch,
  { outcome, isAgain }: Extract<Visit, { readonly kind: "told" }>,
  publisher: Pick<Edges, "forge" | "runner">,
): Promise<boolean> {
  const state = told.book.current;
  if (isAgain !== true || state === undefined)
    return publishActions(writerOf(publisher, course), told, outcome);
  // The page has more than what is kept of it.
  const checkRun = await gateCheckRun(run, run.commit);
  return checkRun !== undefined && keepState(run, { kind: "known", state, checkRun }, state);
}

/** Adds what was told to what another run has kept. */
async function keepTransitions({ run, told }: OpenWatch, transitions: readonly string[]): Promise<void> {
  const checkRun = await gateCheckRun(run, run.commit);
  const decoded = decodeState(checkRun?.text ?? "");
  if (checkRun === undefined || decoded.kind !== "state") return;
  told.book.adopt(decoded.state);
  keepTold(run, told, { transitions });
  const { current: state } = told.book;
  if (state !== undefined) await keepState(run, { kind: "known", state, checkRun }, state);
}

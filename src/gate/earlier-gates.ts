import type { Verdict } from "../core/check.ts";
import type { GateMemory } from "../core/earlier-gates.ts";
import type { GateState } from "../core/gate-state.ts";
import { decodeState } from "../core/gate-state-text.ts";
import { ServiceProblem } from "../problem.ts";
import type { Missing, PastWindow } from "./baselines.ts";
import { gateCheckRun } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

/** So many deploys back the gates are asked; each costs one request. */
const MOST_ASKED = 5;
const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * What the gate of a commit left in its check run; undefined without one. A service of the same name is another one.
 * Throws ServiceProblem, also for what cannot be read.
 */
async function stateOf(run: ServiceRun, commit: string): Promise<GateState | undefined> {
  const { id } = run.service;
  const checkRun = await gateCheckRun(run, commit);
  const read = checkRun === undefined ? undefined : decodeState(checkRun.text);
  if (read?.kind === "damaged")
    throw new ServiceProblem({
      service: "GitHub",
      message: `the state of the gate of ${commit.slice(0, 7)}: ${read.why}`,
    });
  return read?.kind === "state" && read.state.service === id ? read.state : undefined;
}

const isGood = ({ verdict }: GateState): boolean => verdict === "pass" || verdict === "warn";

/** The answer, or that it could not be read. */
async function orMissing<T>(asking: Promise<T>): Promise<T | Missing> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return { why: `what earlier gates said could not be read: ${error.message}`, isYet: false };
  }
}

/** What the newest good gate before this one measured, or why there is nothing. `commits` served before, newest first. */
export function readEarlierGates(run: ServiceRun, commits: readonly string[]): Promise<GateMemory | Missing> {
  async function read(): Promise<GateMemory | Missing> {
    if (commits.length === 0) return { why: "nothing served before this deploy", isYet: true };
    let judged = 0;
    for (const commit of commits.slice(0, MOST_ASKED)) {
      const state = await stateOf(run, commit);
      if (state?.verdict === undefined) continue;
      judged += 1;
      if (isGood(state) && state.measured !== undefined) return state.measured;
    }
    return judged === 0
      ? { why: "no gate has measured an earlier deploy yet", isYet: true }
      : { why: `none of the ${judged} gates before this one went well`, isYet: false };
  }
  return orMissing(read());
}

/** How the gate of a commit ended; `undecided` while it has not, or where there is none. Throws ServiceProblem. */
export async function verdictOf(run: ServiceRun, commit: string): Promise<Verdict | "undecided"> {
  return (await stateOf(run, commit))?.verdict ?? "undecided";
}

/** Whether the gate of a commit ended as `fail`; false where it had none. */
export function hasFailed(run: ServiceRun, commit: string | undefined): Promise<boolean | Missing> {
  return orMissing(
    commit === undefined
      ? Promise.resolve(false)
      : stateOf(run, commit).then((state) => state?.verdict === "fail"),
  );
}

/**
 * Why what served in that stretch of time (ms) is nothing to compare with: the gate of one of those deploys did not
 * find it good, or there was none.
 */
export function blemishOf(run: ServiceRun, { from, to }: PastWindow): Promise<Missing | undefined> {
  const { edges, service } = run;
  async function read(): Promise<Missing | undefined> {
    const deploys = await edges.deploys.deploys(service.id, {
      createdAfter: from - MONTH_MS,
      allPages: true,
    });
    const served = deploys.filter(
      ({ status, createdAt, finishedAt = createdAt }) =>
        (status === "live" || status === "deactivated") && finishedAt <= to,
    );
    const first = served.findIndex(({ createdAt, finishedAt = createdAt }) => finishedAt <= from);
    if (first === -1) return { why: "Render lists no deploy that served a week ago", isYet: true };
    for (const sha of new Set(served.slice(0, first + 1).map(({ commit }) => commit?.sha))) {
      if (sha === undefined) return { why: "a deploy without a commit served a week ago", isYet: true };
      const state = await stateOf(run, sha);
      const which = `${sha.slice(0, 7)}, which served a week ago`;
      if (state?.verdict === undefined) return { why: `no gate judged ${which}`, isYet: true };
      if (!isGood(state)) return { why: `the gate of ${which}, ended as ${state.verdict}`, isYet: false };
    }
    return undefined;
  }
  return orMissing(read());
}

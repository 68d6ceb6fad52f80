import type { Deploy } from "../core/deploy.ts";
import { hasServed } from "../core/following.ts";
import type { GateState } from "../core/gate-state.ts";
import { decodeState, encodeState, partsOf } from "../core/gate-state-text.ts";
import type { CheckRun, Conclusion } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { pageWithState } from "../report/check-run.ts";
import { replacedBy } from "./max-actions.ts";
import { gateCheckRun, keptTold, type Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";

/** The check run that keeps a freeze or an unfinished remedy of the service. */
export type Keeper =
  | {
      readonly kind: "known";
      readonly state: GateState;
      /** Absent for the gated commit itself, whose state is kept by its own book. */
      readonly checkRun?: CheckRun;
      readonly own?: Told;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What froze the service served short before: so many commits are looked at, each costs one request. */
const MOST_COMMITS = 4;
const MOST_RECENT = 5;

/** What these rollbacks replaced, each commit once. */
function replacedAll(rollbacks: readonly Deploy[], deploys: readonly Deploy[]): readonly string[] {
  const shas = rollbacks
    .filter((deploy) => deploy.trigger === "rollback")
    .map((rollback) => replacedBy(rollback, deploys));
  return [...new Set(shas.filter((sha) => sha !== undefined))];
}

/** Commits that served last, what a rollback replaced first of all. */
function suspects(deploys: readonly Deploy[]): readonly string[] {
  const served = deploys.filter(hasServed);
  const shas = served.flatMap((deploy) => deploy.commit?.sha ?? []);
  return [...new Set([...replacedAll(served.slice(0, MOST_RECENT), deploys), ...shas])].slice(
    0,
    MOST_COMMITS,
  );
}

/** Where people have deployed by hand since, or for days, the rollback is further back. */
async function olderSuspects(run: ServiceRun, asked: readonly string[]): Promise<readonly string[]> {
  const deploys = await run.edges.deploys.deploys(run.service.id, {});
  return replacedAll(deploys, deploys)
    .filter((sha) => !asked.includes(sha))
    .slice(0, MOST_COMMITS);
}

/**
 * Finds the newest state of the service that holds a freeze or an unfinished remedy. Looks only where auto-deploy is
 * off or a rollback is among the newest deploys, so that a quiet gate asks nothing.
 */
export async function findKeeper(
  run: ServiceRun,
  deploys: readonly Deploy[],
  about: {
    readonly own: Told;
    readonly isOff: boolean;
    /** Commits that were looked at before. */
    readonly seen: readonly string[];
  },
): Promise<Keeper | undefined> {
  const { name } = run.service;
  const recent = deploys.filter(hasServed).slice(0, MOST_RECENT);
  if (!about.isOff && !recent.some((deploy) => deploy.trigger === "rollback")) return undefined;
  const near = suspects(deploys);
  try {
    const found = await keeperAmong(run, near, about);
    if (found !== undefined || !about.isOff) return found;
    return await keeperAmong(run, await olderSuspects(run, near), about);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    // Without this permission no gate could have kept a state, and so none has frozen anything.
    if (error.status === 403) return undefined;
    const reason = `whether a gate has frozen ${name} could not be read: ${error.message}`;
    run.teller.note(reason);
    return { kind: "unreadable", reason };
  }
}

async function keeperAmong(
  run: ServiceRun,
  commits: readonly string[],
  { own, seen }: { readonly own: Told; readonly seen: readonly string[] },
): Promise<Keeper | undefined> {
  const { id } = run.service;
  for (const commit of commits.filter((sha) => !seen.includes(sha))) {
    const isOwn = commit === run.commit;
    const checkRun = isOwn ? undefined : await gateCheckRun(run, commit);
    const decoded = isOwn ? own.state : decodeState(checkRun?.text ?? "");
    if (decoded.kind === "damaged") {
      return {
        kind: "unreadable",
        reason: `auto-deploy may be frozen: what the gate of ${commit.slice(0, 7)} kept in its check run cannot be read, ${decoded.why}`,
      };
    }
    if (decoded.kind === "none" || decoded.state.service !== id) continue;
    const { state } = decoded;
    const isFrozen = state.freeze !== undefined && state.freeze.lifted === undefined;
    if (!isFrozen && state.remedy?.finished !== false) continue;
    return {
      kind: "known",
      state,
      ...(checkRun === undefined ? {} : { checkRun }),
      ...(isOwn ? { own } : {}),
    };
  }
  return undefined;
}

/** Where the commit that keeps the state is told. */
export function toldOf(run: ServiceRun, keeper: Extract<Keeper, { readonly kind: "known" }>): Told {
  if (keeper.own !== undefined) return keeper.own;
  const { mode, runUrl, service } = run;
  const { checkRun, state } = keeper;
  return keptTold({ checkRun, service: service.name, commit: state.commit, mode, runUrl });
}

/** Writes a state into the check run that keeps it, whose page stays as it is. Trouble is a note; says whether it worked. */
export async function keepState(
  run: Pick<ServiceRun, "edges" | "teller">,
  keeper: Extract<Keeper, { readonly kind: "known" }>,
  state: GateState,
): Promise<boolean> {
  // Its own page is written anyway, with what its book holds.
  if (keeper.own !== undefined) keeper.own.book.adopt(state);
  const { checkRun } = keeper;
  if (checkRun === undefined) return true;
  const { title, summary, text, conclusion } = checkRun;
  const block = encodeState(state);
  try {
    await run.edges.forge.updateCheckRun(checkRun.id, {
      output: { title, summary, text: pageWithState(partsOf(text).page, block) },
      ...(conclusion === undefined ? {} : { conclusion: conclusion as Conclusion }),
    });
    return true;
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    const { message } = error;
    run.teller.note(
      `What is kept in the check run of ${state.commit.slice(0, 7)} could not be written: ${message}`,
    );
    return false;
  }
}

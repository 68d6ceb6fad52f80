import type { DeployEnding } from "../core/deploy-verdict.ts";
import { hasServed, isRunning, ownDeploys, type Following } from "../core/following.ts";
import { isStanding, takesBack } from "../core/freeze.ts";
import type { FreezeState, GateState } from "../core/gate-state.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import { freezeText, type RevertFate } from "../report/freeze.ts";
import type { DeployList } from "./deploy-list.ts";
import { findKeeper, keepState, toldOf, type Keeper } from "./freeze-keeper.ts";
import { liftFreeze } from "./freeze-order.ts";
import type { Told } from "./publish.ts";
import type { ServiceRun } from "./run.ts";
import { freezeOrder } from "./unfreeze.ts";

/** A look at the list of deploys; `frozen` ends the gate. */
export interface Looked {
  readonly following: Following;
  readonly frozen?: DeployEnding;
}

/** What a freeze of the service means for this gate. */
export interface FreezeWatch {
  /**
   * A look at the list. The first one also asks whether auto-deploy was switched off by a gate, and finishes a remedy
   * that was left unfinished. Where a freeze stands and this commit does not take the bad one back, the gate ends.
   * Throws ServiceProblem.
   */
  look(list: DeployList): Promise<Looked>;
  /** No deploy came: whether a freeze has begun since. */
  meetLate(list: DeployList): Promise<DeployEnding | undefined>;
  /** This commit takes the bad one back: its deploy is asked for, since auto-deploy is off. */
  readonly isRevert: boolean;
  /** After the verdict: a revert that passed lifts the freeze; any other verdict leaves it, and says how it ends. */
  settle(outcome: Outcome): Promise<readonly Action[]>;
}

/** How a freeze watch finishes another commit's remedy; gives the state as it is left. */
export type FinishOther = (told: Told, state: GateState) => Promise<void>;

/** A watch that has met nothing yet. `own` is where the gated commit is told. */
export function createFreezeWatch(
  run: ServiceRun,
  options: { readonly own: Told; readonly finishOther: FinishOther },
): FreezeWatch {
  const { edges, teller, service } = run;
  let hasMet = false;
  let isRevert = false;
  let hasActed = false;
  let hasLooked = false;
  let keeper: Keeper | undefined;

  async function meet(
    list: DeployList,
    isOff: boolean,
    seen: readonly string[] = [],
  ): Promise<DeployEnding | undefined> {
    hasMet ||= isOff;
    keeper = await findKeeper(run, list.deploys, { own: options.own, isOff, seen });
    if (keeper === undefined) return undefined;
    if (keeper.kind === "unreadable") return isOff ? { kind: "frozen", reason: keeper.reason } : undefined;
    if (isUnfinished(keeper) && keeper.state.commit !== run.commit && run.mode === "enforce") {
      const told = toldOf(run, keeper);
      await options.finishOther(told, keeper.state);
      hasActed = true;
      keeper = { ...keeper, state: told.book.current ?? keeper.state };
      await list.look();
    }
    const { freeze } = keeper.state;
    // Behind an unfinished remedy that froze nothing, another commit's freeze may stand.
    if (freeze === undefined || freeze.lifted !== undefined)
      return meet(list, isOff, [...seen, keeper.state.commit]);
    if (!isOff) {
      // The other gate may have switched it off since this one read the service.
      const fresh = await edges.deploys.service(service.id);
      if (isStanding(freeze, { autoDeploy: fresh?.autoDeploy !== false })) hasMet = true;
      else return forget(keeper, freeze);
    }
    const left = await leftOver(list, keeper);
    if (left !== undefined) return left;
    const isOver = await liftedByOrder(keeper);
    return frozen(list, keeper, { freeze, isOver });
  }

  /** Whether somebody has said `/gate unfreeze`, and it is done. */
  async function liftedByOrder(known: Known): Promise<boolean> {
    const checkRunUrl = (known.own ?? known).checkRun?.url;
    const order = await freezeOrder(run, { state: known.state, checkRunUrl });
    const actions = order?.why === undefined ? [] : await lift(known, order.why);
    // What did not work stays unanswered, and the next gate tries it again.
    const hasFailed = actions.some(({ state }) => state === "failed");
    if (!hasFailed) await order?.tell();
    return order?.why !== undefined && !hasFailed;
  }

  /** A freeze for a rollback that did not work out, which could not be lifted then. */
  async function leftOver(list: DeployList, known: Known): Promise<DeployEnding | undefined> {
    const { remedy } = known.state;
    const step = remedy?.steps.find(({ kind }) => kind === "render_rollback");
    const mayServe = step?.deploy !== undefined && !hasFailed(list, step.deploy);
    if (remedy?.finished !== true || step?.state === "done" || mayServe || run.mode !== "enforce")
      return undefined;
    const actions = await lift(known, "nothing is rolled back");
    return actions.some((action) => action.state === "failed") ? undefined : thawed(known);
  }

  function thawed({ state }: Known): DeployEnding {
    const reason = `auto-deploy of ${service.name} was frozen until now by the gate of ${state.commit.slice(0, 7)}, so Render did not deploy what was pushed meanwhile: deploy it by hand, or push again`;
    return { kind: "frozen", reason };
  }

  /** Sets auto-deploy back, and keeps that. */
  async function lift(known: Known, why: string): Promise<readonly Action[]> {
    let { state } = known;
    const book = {
      freeze: state.freeze,
      noteFreeze(freeze: FreezeState | undefined): void {
        if (freeze !== undefined) state = { ...state, freeze };
      },
    };
    const actions = await liftFreeze(run, book, why);
    if (state !== known.state) await keepState(run, known, state);
    keeper = { ...known, state };
    return actions;
  }

  /** Somebody has switched auto-deploy on: nothing is asked any more, also when they switch it off again. */
  async function forget(known: Known, freeze: FreezeState): Promise<undefined> {
    const why = "auto-deploy was switched on by hand";
    teller.moment(`The freeze of ${service.name} is over: ${why}`);
    if (run.mode !== "enforce") return;
    await keepState(run, known, {
      ...known.state,
      freeze: { ...freeze, lifted: { at: edges.clock.now(), why } },
    });
  }

  async function frozen(
    list: DeployList,
    known: Known,
    { freeze, isOver }: { readonly freeze: FreezeState; readonly isOver: boolean },
  ): Promise<DeployEnding | undefined> {
    const rollback = known.state.remedy?.steps.find((step) => step.deploy !== undefined)?.deploy;
    const live = list.deploys.find((deploy) => deploy.status === "live");
    // The bad commit's own gate, run again: its verdict is that it was taken out of production.
    if (freeze.commit === run.commit && live !== undefined && live.id === rollback) return undefined;
    const number = known.state.remedy?.steps.find((step) => step.kind === "revert_pr")?.pull;
    const range =
      freeze.commit === run.commit ? undefined : await edges.forge.compare(freeze.commit, run.commit);
    const commits = range?.relation === "ahead" ? range.commits : [];
    const pull = number === undefined ? undefined : await edges.forge.pull(number);
    const merged = pull?.merged === true ? pull.mergeCommit : undefined;
    isRevert = takesBack(commits, {
      bad: freeze.commit,
      ...(number === undefined ? {} : { pull: number }),
      ...(merged === undefined ? {} : { merged }),
    });
    const own = ownDeploys({ deploys: list.deploys, commit: run.commit, ...deployIdOf(run) });
    if (isOver) return isRevert || own.length > 0 || run.plan.deploy.trigger ? undefined : thawed(known);
    const fate = number === undefined ? undefined : fateOf(number, pull);
    const text = freezeText(service.name, freeze, fate);
    if (fate?.state === "closed without being merged" && !isRevert)
      teller.note(`The revert #${fate.number} was closed without being merged, and ${text}`);
    if (!isRevert) return { kind: "frozen", reason: text };
    if (run.mode === "enforce" || own.length > 0) return undefined;
    const advice = `mode ${run.mode} does not ask for the deploy of this commit, which takes ${freeze.commit.slice(0, 7)} back: deploy it by hand`;
    return { kind: "frozen", reason: `${advice}; ${text}` };
  }

  return {
    get isRevert() {
      return isRevert;
    },
    async look(list) {
      const following = await list.look();
      if (hasLooked) return { following };
      const frozen = await meet(list, !service.autoDeploy);
      hasLooked = true;
      if (frozen !== undefined) return { following, frozen };
      // What serves may have changed since.
      return { following: hasActed ? await list.look() : following };
    },
    async meetLate(list) {
      if (hasMet) return undefined;
      const fresh = await edges.deploys.service(service.id);
      return fresh?.autoDeploy === false ? meet(list, true) : undefined;
    },
    async settle(outcome) {
      if (!isRevert || keeper?.kind !== "known") return [];
      const known = keeper;
      const { freeze } = known.state;
      if (freeze === undefined || freeze.lifted !== undefined) return [];
      const bad = freeze.commit.slice(0, 7);
      if (outcome.verdict !== "pass") {
        const reason = `auto-deploy of ${service.name} stays off: the deploy that takes ${bad} back did not pass (${outcome.verdict}). It ends when a later one passes, or when auto-deploy is switched on by hand`;
        teller.note(reason);
        return [{ kind: "unfreeze", state: "held", reason }];
      }
      if (run.mode !== "enforce") {
        const reason = `would set auto-deploy back to ${freeze.former === "yes" ? "on" : freeze.former}; mode ${run.mode} changes nothing`;
        return [{ kind: "unfreeze", state: "advised", reason }];
      }
      return lift(known, `the deploy that takes ${bad} back has passed`);
    },
  };
}

/** It never served and never will. */
function hasFailed({ deploys }: DeployList, id: string): boolean {
  const deploy = deploys.find((one) => one.id === id);
  return deploy !== undefined && !isRunning(deploy) && !hasServed(deploy);
}

type Known = Extract<Keeper, { readonly kind: "known" }>;

function isUnfinished(keeper: Keeper): keeper is Known {
  return keeper.kind === "known" && keeper.state.remedy?.finished === false;
}

function deployIdOf({ deployId }: ServiceRun): { readonly deployId?: string } {
  return deployId === undefined ? {} : { deployId };
}

function fateOf(
  number: number,
  pull: { readonly merged: boolean; readonly state: "open" | "closed" } | undefined,
): RevertFate {
  if (pull === undefined) return { number, state: "not readable" };
  if (pull.merged) return { number, state: "merged" };
  return { number, state: pull.state === "open" ? "open" : "closed without being merged" };
}

import { formerOf, formerSetting, offSetting } from "../core/freeze.ts";
import type { FreezeState } from "../core/gate-state.ts";
import type { Action, Outcome } from "../core/outcome.ts";
import type { Service } from "../core/service.ts";
import { problemText, ServiceProblem } from "../problem.ts";
import type { RemedyLedger } from "./remedy-ledger.ts";
import { goOn, type ServiceRun } from "./run.ts";

/** Why nothing may be ordered, if so, and what was done up to there. */
export interface Frozen {
  readonly held?: string;
  readonly actions: readonly Action[];
}

const NOT_KEPT =
  "the gate's state could not be written to the check run, and a rollback that nobody remembers could never be finished";

function told(state: Action["state"], reason: string): Action {
  return { kind: "freeze", state, reason };
}

/**
 * Keeps what is about to be done, and switches auto-deploy off if that is asked: its former setting is written down
 * before Render is told. Throws ServiceProblem when the service cannot be read.
 */
export async function freezeService(
  run: ServiceRun,
  ledger: RemedyLedger,
  { freezeAutoDeploy }: { readonly freezeAutoDeploy: boolean },
): Promise<Frozen> {
  const begun = ledger.freeze?.lifted === undefined ? ledger.freeze : undefined;
  const service = freezeAutoDeploy ? await run.edges.deploys.service(run.service.id) : undefined;
  const former = service === undefined ? undefined : (formerSetting(service) ?? begun?.former);
  if (service === undefined || former === undefined) {
    const actions = service === undefined ? [] : [told("skipped", "auto-deploy is off already")];
    return (await ledger.save()) ? { actions } : { held: NOT_KEPT, actions };
  }
  const now = run.edges.clock.now();
  // What an earlier run wrote down without telling Render may have been changed by somebody since.
  const freeze: FreezeState = { by: run.runUrl, at: now, commit: run.commit, ...begun, former };
  ledger.noteFreeze(freeze);
  if (!(await ledger.save())) {
    ledger.noteFreeze(undefined);
    return { held: NOT_KEPT, actions: [told("held", NOT_KEPT)] };
  }
  return switchOff(run, { service, freeze });
}

async function switchOff(
  run: ServiceRun,
  { service, freeze }: { readonly service: Service; readonly freeze: FreezeState },
): Promise<Frozen> {
  const failed = (reason: string): Frozen => ({
    held: "auto-deploy could not be switched off, so nothing was rolled back",
    actions: [told("failed", reason)],
  });
  // An earlier run may have come so far.
  if (!service.autoDeploy) return { actions: [frozenAction(freeze)] };
  goOn(run);
  try {
    const now = await run.edges.deploys.setAutoDeploy(service.id, offSetting(service));
    if (now.autoDeploy) return failed("Render took the order to switch auto-deploy off, and it is still on");
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return failed(`Render did not switch auto-deploy off: ${problemText(error)}`);
  }
  return { actions: [frozenAction(freeze)] };
}

/** A freeze that stands, as something that was done. */
export function frozenAction(freeze: FreezeState): Action {
  return told(
    "done",
    `auto-deploy is off (it was ${settingText(freeze)}) until the deploy that takes ${freeze.commit.slice(0, 7)} back has passed its gate`,
  );
}

function settingText({ former }: Pick<FreezeState, "former">): string {
  return former === "yes" ? "on" : former;
}

/** Where a freeze is remembered. */
export interface FreezeBook {
  readonly freeze: FreezeState | undefined;
  noteFreeze(freeze: FreezeState | undefined): void;
}

/**
 * Switches auto-deploy on again as it was before the freeze, unless somebody has done so already, and notes the freeze
 * as lifted; the caller writes it down. What does not work is said loudly, and the freeze stays remembered.
 */
export async function liftFreeze(run: ServiceRun, book: FreezeBook, why: string): Promise<readonly Action[]> {
  const { freeze } = book;
  if (freeze === undefined || freeze.lifted !== undefined) return [];
  const { deploys, clock } = run.edges;
  const lifted = (how: string): void => book.noteFreeze({ ...freeze, lifted: { at: clock.now(), why: how } });
  try {
    const service = await deploys.service(run.service.id);
    if (service?.autoDeploy === true) {
      lifted("auto-deploy was switched on");
      return [];
    }
    goOn(run);
    const now = await deploys.setAutoDeploy(run.service.id, formerOf(freeze));
    if (!now.autoDeploy) return stillOff(run, "Render took the order, and it is still off");
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return stillOff(run, problemText(error));
  }
  lifted(why);
  const reason = `auto-deploy is on again (${settingText(freeze)}): ${why}`;
  run.teller.moment(`Freeze lifted: ${reason}`);
  return [{ kind: "unfreeze", state: "done", reason }];
}

function stillOff(run: ServiceRun, why: string): readonly Action[] {
  const url = `${run.service.dashboardUrl}/settings`;
  const reason = `auto-deploy is still off and could not be switched on again: ${why}. Switch it on in Render`;
  run.teller.note(`Nothing deploys to ${run.service.name}: ${reason}: ${url}`);
  return [{ kind: "unfreeze", state: "failed", reason, url }];
}

/** The outcome with what became of the freeze: a pass where it could not be lifted needs a look. */
export function withThawed(outcome: Outcome, thawed: readonly Action[]): Outcome {
  const done = { ...outcome, actions: [...outcome.actions, ...thawed] };
  return outcome.verdict === "pass" && thawed.some(({ state }) => state === "failed")
    ? { ...done, verdict: "warn", reason: `${outcome.reason}, but auto-deploy is still off` }
    : done;
}

import type { Deploy } from "../core/deploy.ts";
import { isRunning } from "../core/following.ts";
import type { Action } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import { ROLLBACK_WARNING } from "../report/rollback.ts";
import type { Acting, Done } from "./acting.ts";
import { isRefusal } from "./ask-deploy.ts";
import { freezeService, frozenAction } from "./freeze-order.ts";
import { liveDoubt } from "./live-expected.ts";
import type { RemedyLedger } from "./remedy-ledger.ts";
import { goOn, wait, type ServiceRun } from "./run.ts";

/** A rollback that is decided. */
interface Order {
  readonly at: number;
  readonly ledger: RemedyLedger;
  readonly target: { readonly deploy: Deploy; readonly commit: string };
}

const LOOK_MS = 3_000;
/** A rollback whose answer was lost is looked for so long. */
const APPEAR_MS = 60_000;

function told(state: Action["state"], reason: string): Action {
  return { kind: "render_rollback", state, reason };
}

/** Freezes if that is asked, orders the rollback once, and follows it until it serves. */
export async function orderRollback(
  run: ServiceRun,
  acting: Acting,
  order: Order & { readonly freezeAutoDeploy: boolean },
): Promise<Done> {
  const { ledger, target } = order;
  const { deploys } = run.edges;
  ledger.note(order.at, { state: "begun", target: target.deploy.id });
  const frozen = await freezeService(run, ledger, order);
  const done = (...actions: readonly Action[]): Done => ({ actions: [...frozen.actions, ...actions] });
  if (frozen.held !== undefined) return done(told("held", frozen.held));
  // What was pushed before the freeze may be on its way by now.
  const doubt = await liveDoubt(acting, { isAlone: true });
  if (doubt !== undefined) return done(told("held", doubt));
  goOn(run);
  try {
    run.teller.moment(`Asking Render to roll back to ${target.deploy.id} (${target.commit.slice(0, 7)})`);
    const made = await deploys.rollback(run.service.id, target.deploy.id);
    if (acting.list.deploys.some((known) => known.id === made.id))
      throw new ServiceProblem({
        service: "Render",
        message: `Render named ${made.id}, which is an older deploy`,
      });
    return await follow(run, { ...order, made, before: frozen.actions });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    if (isRefusal(error)) return done(told("failed", refusalText(error, target.deploy)));
    run.teller.note(`Render was asked for a rollback, its answer was lost: ${error.message}`);
    const made = await lookFor(run, acting, order.target);
    if (made !== undefined) return follow(run, { ...order, made, before: frozen.actions });
    const reason = `Render was asked to roll back to ${target.deploy.id}, its answer was lost (${error.message}), and no rollback has appeared within ${APPEAR_MS / 1000}s`;
    return done(told("failed", reason));
  }
}

function refusalText({ failure, message }: ServiceProblem, target: Deploy): string {
  const hint = failure.hint === undefined ? "" : ` ${failure.hint}`;
  const what = `Render refused to roll back to ${target.id}: ${message}`;
  if (failure.status === 403) return `${what}. The key may read this service but not change it.${hint}`;
  if (failure.status === 400 || failure.status === 404)
    return `${what}. It keeps only some earlier deploys, fewer on smaller plans.${hint}`;
  return `${what}.${hint}`;
}

/**
 * A rollback that an earlier run of this remedy had begun: what it may have made is looked up, and followed. Undefined
 * when nothing was ordered yet.
 */
export async function resumeRollback(run: ServiceRun, acting: Acting, at: number): Promise<Done | undefined> {
  const { ledger } = acting;
  const step = ledger?.step(at);
  if (ledger === undefined || step?.target === undefined) return undefined;
  await acting.list.look();
  const target = acting.list.deploys.find((one) => one.id === step.target);
  const made =
    step.deploy === undefined
      ? rollbacksSince(acting, target?.commit?.sha).at(-1)
      : await run.edges.deploys.deploy(run.service.id, step.deploy);
  // The order never arrived: what holds a rollback back is looked at anew.
  if (made === undefined || target?.commit === undefined) return undefined;
  run.teller.moment(`An earlier run rolled back to ${target.id}: ${made.id}`);
  const { sha } = target.commit;
  return follow(run, {
    at,
    ledger,
    target: { deploy: target, commit: sha },
    made,
    before: frozenBefore(ledger),
  });
}

/** What an earlier run would have told of its freeze. */
function frozenBefore({ freeze }: RemedyLedger): readonly Action[] {
  return freeze === undefined || freeze.lifted !== undefined ? [] : [frozenAction(freeze)];
}

/** Rollbacks to that commit which came after the judged deploy, newest first. */
function rollbacksSince({ list, outcome }: Acting, commit: string | undefined): readonly Deploy[] {
  const since = outcome.deploy?.createdAt;
  return list.deploys.filter(
    (one) =>
      one.trigger === "rollback" &&
      since !== undefined &&
      one.createdAt > since &&
      commit !== undefined &&
      one.commit?.sha === commit,
  );
}

/** After an answer that was lost: the rollback, once Render lists it. */
async function lookFor(
  run: ServiceRun,
  acting: Acting,
  target: Order["target"],
): Promise<Deploy | undefined> {
  const { clock } = run.edges;
  const until = clock.now() + APPEAR_MS;
  for (;;) {
    try {
      await acting.list.look();
      const [made] = rollbacksSince(acting, target.commit);
      if (made !== undefined) return made;
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
    }
    if (clock.now() >= until) return undefined;
    await wait(run, LOOK_MS);
  }
}

/** The rollback by itself, or as the list has it where it cannot be read by itself. */
async function rollbackNow({ edges, service }: ServiceRun, id: string): Promise<Deploy | undefined> {
  try {
    return await edges.deploys.deploy(service.id, id);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return (await edges.deploys.deploys(service.id, {})).find((one) => one.id === id);
  }
}

/** Follows the rollback until it serves, at most `live_within`. */
async function follow(
  run: ServiceRun,
  order: Order & { readonly made: Deploy; readonly before: readonly Action[] },
): Promise<Done> {
  const { ledger, target, at, made, before } = order;
  const { clock } = run.edges;
  ledger.note(at, { deploy: made.id });
  await ledger.save();
  const until = clock.now() + run.plan.deploy.liveWithinMs;
  let last = made;
  let problem = "";
  run.teller.moment(`Rollback ${made.id}: ${made.status}`);
  while (isRunning(last) && clock.now() < until) {
    run.teller.phase({ phase: "rolling back", waitingFor: `the rollback ${made.id} to serve`, until });
    await wait(run, LOOK_MS);
    try {
      const seen = (await rollbackNow(run, made.id)) ?? last;
      if (seen.status !== last.status) run.teller.moment(`Rollback ${made.id}: ${seen.status}`);
      last = seen;
      problem = "";
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      problem = `; Render's last answer: ${error.message}`;
    }
    await Promise.all([run.teller.beat(), ledger.beat()]);
  }
  const rolledBack = { rollbackDeployId: made.id };
  const what = `${made.id}, the rollback to ${target.deploy.id} (${target.commit.slice(0, 7)}),`;
  if (last.status === "live")
    return { actions: [...before, told("done", `${what} serves; ${ROLLBACK_WARNING}`)], ...rolledBack };
  if (last.status === "deactivated")
    return {
      actions: [...before, told("failed", `${what} has served, and was replaced since`)],
      ...rolledBack,
    };
  if (isRunning(last)) {
    const minutes = Math.round(run.plan.deploy.liveWithinMs / 60_000);
    const reason = `${what} is not live after ${minutes} min (live_within), still ${last.status}${problem}`;
    run.teller.note(`${reason}. Production needs a person now.`);
    return { actions: [...before, told("failed", reason)], ...rolledBack };
  }
  const reason = `${what} ended as ${last.status}: the failed version may still serve`;
  run.teller.note(`${reason}. Production needs a person now.`);
  return { actions: [...before, told("failed", reason)] };
}

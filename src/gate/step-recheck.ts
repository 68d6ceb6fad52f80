import type { Check, Stage } from "../core/check.ts";
import type { RecheckStep } from "../core/remedy.ts";
import type { Deploy } from "../core/deploy.ts";
import { createLogBook } from "../core/log-book.ts";
import { NO_INSTANCES } from "../core/new-instances.ts";
import { askedAlone } from "../core/old-conditions.ts";
import type { Action } from "../core/outcome.ts";
import { checksOf } from "../core/schedule.ts";
import { watchVerdict } from "../core/watch-verdict.ts";
import { rollbackOf, type Acting, type Done } from "./acting.ts";
import { customDomains } from "./custom-domains.ts";
import { createDeployList } from "./deploy-list.ts";
import { createDiagnoses } from "./diagnose.ts";
import type { ServiceRun } from "./run.ts";
import { createSampler } from "./sample.ts";
import type { WatchFacts } from "./watch-facts.ts";
import { createWatchMemory } from "./watch-memory.ts";
import { watchStage, type Watched } from "./watch.ts";

/**
 * `recheck`: whether the version that serves again passes what it passed before (design 5.3). A failure is said
 * loudly and stops nothing.
 */
export async function recheckStep(run: ServiceRun, acting: Acting, step: RecheckStep): Promise<Done> {
  const told = (state: Action["state"], reason: string): Done => ({
    actions: [{ kind: "recheck", state, reason }],
  });
  const rollback = rollbackOf(acting);
  const deploy = acting.list.deploys.find((one) => one.id === rollback?.deploy);
  if (acting.ledger === undefined)
    return told("advised", `would watch stage ${step.stage} again after the rollback`);
  if (rollback?.isDone !== true || deploy === undefined)
    return told("skipped", "nothing was rolled back, so there is no old version to check again");
  const stage = run.plan.stages.find((one) => one.name === step.stage);
  if (stage === undefined) return told("skipped", `there is no stage "${step.stage}"`);
  const checks = recheckable(run.plan.checks, { stage, passedOnOld: acting.passedOnOld });
  if (checks.length === 0)
    return told("skipped", "no http, sql or events check is known to have passed on the old version");
  run.teller.moment(
    `Checking ${deploy.id} again for stage ${stage.name}: ${checks.map((check) => `"${check.name}"`).join(", ")}`,
  );
  const watched = await watchAgain(run, { acting, deploy, stage, checks });
  const { verdict, reason } = watchVerdict(watched.ending, watched.results);
  if (verdict === "pass" || verdict === "warn")
    return told(
      "done",
      `${deploy.id} passes ${checks.length} of ${checks.length} checks that it passed before`,
    );
  const what = verdict === "fail" ? "fails as well" : "could not be judged";
  run.teller.note(
    `The version that was rolled back to ${what}: ${reason}. Production needs a person now; the rest of the remedy goes on.`,
  );
  return told("failed", `${deploy.id} ${what}: ${reason}`);
}

/** What can be asked of an old version: nothing about logs, nothing that names the new commit or compares with it. */
function recheckable(
  checks: readonly Check[],
  about: { readonly stage: Stage; readonly passedOnOld: ReadonlySet<string> },
): readonly Check[] {
  return checksOf(checks, about.stage).flatMap((check) => {
    const { kind } = check.source;
    const isKnown = kind === "events" || about.passedOnOld.has(check.name);
    if (!isKnown || (kind !== "http" && kind !== "sql" && kind !== "events")) return [];
    const { onlyIf: _, ...rest } = askedAlone(check);
    const asked = { ...rest, onFail: "alert" };
    return asked.pass.length + asked.warn.length + asked.fail.length === 0 ? [] : [asked];
  });
}

/** The deploy that a rollback made, watched for one stage from now on. */
async function watchAgain(
  run: ServiceRun,
  about: {
    readonly acting: Acting;
    readonly deploy: Deploy;
    readonly stage: Stage;
    readonly checks: readonly Check[];
  },
): Promise<Watched> {
  const { acting, deploy, stage, checks } = about;
  const commit = deploy.commit?.sha ?? run.commit;
  const { before: _, ...rest } = run;
  const again: ServiceRun = { ...rest, commit, deployId: deploy.id, plan: { ...run.plan, checks } };
  const facts: WatchFacts = { deploy, liveAt: undefined, instances: NO_INSTANCES, rereadTo: undefined };
  const book = createLogBook({
    checks: [],
    keep: run.edges.redact,
    facts: () => ({
      startedAt: deploy.startedAt ?? deploy.createdAt,
      shutdownDelayMs: run.service.shutdownDelayMs,
      hasInstances: true,
      knowsNewInstances: false,
      isNew: () => undefined,
    }),
  });
  // A long stage must not look like a run that has died.
  const teller = {
    ...run.teller,
    beat: () => Promise.all([run.teller.beat(), acting.ledger?.beat()]).then(() => undefined),
  };
  return watchStage(
    { ...again, teller },
    {
      stage,
      checks,
      isFirst: true,
      freshMs: stage.forMs,
      deploy,
      list: createDeployList(again, { committedAt: deploy.createdAt, parents: [] }),
      facts,
      sampler: createSampler(again, { customDomains: await customDomains(again) }),
      book,
      memory: createWatchMemory(),
      diagnoses: createDiagnoses(again),
      baselineOf: async () => undefined,
      hasRemedy: () => false,
    },
  );
}

import type { Plan } from "../../src/core/check.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Told } from "../../src/gate/publish.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { createStateBook } from "../../src/gate/state-book.ts";
import { passed } from "../report/sample-outcomes.ts";

/** Where a run tells, with what an earlier run kept there. */
export function toldOf(run: ServiceRun, earlier = ""): Told {
  const book = createStateBook(run.commit, earlier);
  return {
    name: `deploy-gate / ${run.service.name}`,
    commit: run.commit,
    mode: run.mode,
    runUrl: run.runUrl,
    checkRun: { id: 1, url: "https://github.example/acme/shop/runs/1" },
    annotated: [],
    state: book.earlier,
    book,
  };
}

/** A run whose plan says so. */
export function planned(run: ServiceRun, plan: Partial<Plan>): ServiceRun {
  return { ...run, plan: { ...run.plan, ...plan } };
}

/** What a run found: its first stage has passed. */
export function outcomeOf(run: ServiceRun, over: Partial<Outcome> = {}): Outcome {
  const { service, commit } = run;
  const liveAt = run.edges.clock.now();
  const stages = [{ name: "boot", from: liveAt, to: liveAt + 300_000, verdict: "pass" as const }];
  return { ...passed, serviceName: service.name, service, commit, liveAt, stages, ...over };
}

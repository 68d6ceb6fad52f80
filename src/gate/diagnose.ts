import type { Check, Diagnosis, Evidence } from "../core/check.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";
import { waitFor } from "./wait-for.ts";

/** Runs the queries that a check names for its failure, each once, beside the watch. */
export interface Diagnoses {
  /** The check has failed; a second call for it does nothing. */
  start(check: Check, moment: { readonly since: number; readonly liveAt: number }): void;
  /** What was found, by check; waits for what is under way, but not long. */
  results(): Promise<ReadonlyMap<string, readonly Evidence[]>>;
  /** A redeploy serves: what was found is not about it. */
  forget(): void;
}

const MOST_ROWS = 20;
const LONGEST_ROW = 2_000;
/** A verdict waits no longer than this for what only explains it. */
const PATIENCE_MS = 3_000;

/** No check has failed yet. */
export function createDiagnoses(run: ServiceRun): Diagnoses {
  const asked = new Map<string, Promise<readonly Evidence[]>>();
  const found = new Map<string, readonly Evidence[]>();

  async function ask(
    { query, database }: Diagnosis,
    moment: { readonly since: number; readonly liveAt: number },
  ): Promise<readonly Evidence[]> {
    const { clock, redact } = run.edges;
    const settings = run.plan.databases[database];
    const from = `diagnose, database ${database}`;
    const said = (text: string): Evidence => ({
      at: clock.now(),
      text: redact(text).slice(0, LONGEST_ROW),
      from,
    });
    if (settings === undefined) return [said(`no database "${database}" is configured`)];
    const title = said(query.replaceAll(/\s+/g, " ").trim());
    try {
      const { rows, cut } = await run.edges.database.query({
        url: settings.url,
        query,
        bind: { ...moment, sha: run.commit },
        timeoutMs: settings.timeoutMs,
        maxRows: MOST_ROWS,
      });
      const more = cut ? [said(`… more than ${rows.length} rows`)] : [];
      const none = rows.length === 0 ? [said("no rows")] : [];
      return [title, ...rows.map((row) => said(JSON.stringify(row))), ...none, ...more];
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return [title, said(`could not be asked: ${error.message}`)];
    }
  }

  return {
    start(check, moment) {
      if (asked.has(check.name) || check.diagnose.length === 0) return;
      const all = Promise.all(check.diagnose.map((diagnosis) => ask(diagnosis, moment))).then((parts) => {
        const evidence = parts.flat();
        if (asked.get(check.name) === all) found.set(check.name, evidence);
        return evidence;
      });
      all.catch(() => undefined);
      asked.set(check.name, all);
    },
    async results() {
      await waitFor(run, Promise.all(asked.values()), PATIENCE_MS);
      const late = [...asked.keys()].filter((name) => !found.has(name));
      const missing = late.map(
        (name) => [name, [{ text: "the queries of diagnose did not answer in time" }]] as const,
      );
      return new Map<string, readonly Evidence[]>([...found, ...missing]);
    },
    forget() {
      asked.clear();
      found.clear();
    },
  };
}

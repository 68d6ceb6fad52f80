import type { Evidence, Sample, SqlSource } from "../core/check.ts";
import type { Subjects } from "../core/value.ts";
import type { Moment } from "./moment.ts";
import type { ServiceRun } from "./run.ts";

const MAX_ROWS = 1_000;
const MAX_ROWS_SHOWN = 10;
const MAX_ROW_SHOWN = 2_000;

/** Takes samples of sql checks. */
export function createSqlSamples({
  edges,
  plan,
  commit,
}: ServiceRun): (source: SqlSource, moment: Moment) => Promise<Sample> {
  const { clock, database, redact } = edges;
  return async (source, moment) => {
    const at = clock.now();
    const settings = plan.databases[source.database];
    if (settings === undefined)
      return { kind: "error", at, reason: `no database "${source.database}" is configured` };
    const { rows, cut } = await database.query({
      url: settings.url,
      query: source.query,
      bind: { since: moment.stageStart, liveAt: moment.liveAt, sha: commit },
      timeoutMs: settings.timeoutMs,
      maxRows: MAX_ROWS,
    });
    const evidence: Evidence[] = rows.slice(0, MAX_ROWS_SHOWN).map((row) => ({
      at,
      text: redact(JSON.stringify(row)).slice(0, MAX_ROW_SHOWN),
      from: `database ${source.database}`,
    }));
    const subjects: Subjects = { ...rows[0], rows: rows.length };
    const more = cut ? { note: `at least ${rows.length} rows`, partial: ["rows"] } : {};
    return { kind: "ok", at, subjects, evidence, ...more };
  };
}

import type { Check, Evidence, Sample } from "../core/check.ts";
import type { SqlSource } from "../core/source.ts";
import { rowFingerprint } from "../core/row-fingerprint.ts";
import type { Subjects } from "../core/value.ts";
import type { Moment } from "./moment.ts";
import type { ServiceRun } from "./run.ts";

const MAX_ROWS = 1_000;
const MAX_ROWS_SHOWN = 10;
const MAX_ROW_SHOWN = 2_000;

/** Whether a condition of the check asks which rows are new. */
export function asksNewRows(check: Pick<Check, "pass" | "warn" | "fail" | "need">): boolean {
  const conditions = [
    ...check.pass,
    ...check.warn,
    ...check.fail,
    ...(check.need === undefined ? [] : [check.need]),
  ];
  return conditions.some(({ subject }) => subject.path[0] === "new_rows");
}

/** Takes samples of sql checks. */
export function createSqlSamples({
  edges,
  plan,
  commit,
}: ServiceRun): (check: Check, source: SqlSource, moment: Moment) => Promise<Sample> {
  const { clock, database, redact } = edges;
  return async (check, source, moment) => {
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
    const prints = asksNewRows(check) ? rows.map(rowFingerprint) : undefined;
    const known = prints && moment.knownRows && new Set(moment.knownRows);
    const isNew = rows.map((_row, index) => known !== undefined && !known.has(prints?.[index] ?? ""));
    const shown = (mark: string, isShown: (index: number) => boolean): readonly Evidence[] =>
      rows.flatMap((row, index) => {
        const text = mark + redact(JSON.stringify(row)).slice(0, MAX_ROW_SHOWN);
        return isShown(index) ? [{ at, text, from: `database ${source.database}` }] : [];
      });
    // What was there before is shown behind what is new.
    const evidence =
      known === undefined
        ? shown("", () => true)
        : [
            ...shown("new: ", (index) => isNew[index] === true),
            ...shown("", (index) => isNew[index] !== true),
          ];
    const counts: Subjects = {
      rows: rows.length,
      ...(known === undefined ? {} : { new_rows: isNew.filter(Boolean).length }),
    };
    const more = cut ? { note: `at least ${rows.length} rows`, partial: Object.keys(counts) } : {};
    return {
      kind: "ok",
      at,
      subjects: { ...rows[0], ...counts },
      evidence: evidence.slice(0, MAX_ROWS_SHOWN),
      ...more,
      // Of a list that was cut it cannot be told later what was not in it.
      ...(prints === undefined || cut ? {} : { rows: prints }),
    };
  };
}

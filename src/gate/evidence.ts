import type { Evidence } from "../core/check.ts";
import type { Deploy } from "../core/deploy.ts";
import { plainText, type LogBook } from "../core/log-book.ts";
import type { LogLine } from "../core/log-line.ts";
import { isNewInstance, type InstanceBook } from "../core/new-instances.ts";
import type { CheckResult, SourceSpot } from "../core/outcome.ts";
import { framesOf, spotOf } from "../core/trace.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";
import { waitFor } from "./wait-for.ts";

const LAST_LINES = 40;
/** The old version goes on writing meanwhile: three pages, so that the new one's lines are among them. */
const READ_LINES = 300;
/** The log budget may be used up; a failed deploy is told without its lines rather than late. */
const LAST_LINES_MS = 60_000;
/** A verdict waits no longer than this for the place in the source. */
const AROUND_MS = 3_000;

/**
 * Render's last log lines of a deploy that failed, oldest first, without those of instances known to be old; nothing
 * when they cannot be read.
 */
export async function failureEvidence(
  run: ServiceRun,
  { deploy, instances }: { readonly deploy: Deploy; readonly instances: InstanceBook },
): Promise<readonly Evidence[]> {
  const { edges, service } = run;
  try {
    const reading = edges.logs.read({
      ownerId: service.ownerId,
      serviceId: service.id,
      from: deploy.startedAt ?? deploy.createdAt,
      to: edges.clock.now(),
      types: deploy.status === "build_failed" ? ["build"] : ["build", "app"],
      maxLines: READ_LINES,
      direction: "backward",
    });
    const { lines = [] } = (await waitFor(run, reading, LAST_LINES_MS)) ?? {};
    const isOld = ({ instance }: LogLine): boolean =>
      instance !== undefined && isNewInstance(instances, instance, deploy) === false;
    const own = lines.filter((line) => !isOld(line));
    return own.slice(-LAST_LINES).map((line) => ({
      at: line.at,
      text: edges.redact(plainText(line.message)).slice(0, 2_000),
      from: line.instance ?? line.type,
    }));
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`The last log lines could not be read: ${error.message}`);
    return [];
  }
}

/**
 * Source lines that stack traces near the failing log checks name (Python and Node). The lines around the
 * first match are read when what followed it was not seen; the file list of the commit only when a trace is there.
 */
export async function spotsOf(
  run: ServiceRun,
  seen: { readonly book: LogBook; readonly results: readonly CheckResult[] },
): Promise<readonly SourceSpot[]> {
  const failed = seen.results.filter((result) => result.verdict === "fail" && result.source === "logs");
  const traces = await Promise.all(
    failed.map(async (result) => {
      // Redacted before framesOf cuts what is long: half a secret is no longer known as one.
      const known = framesOf(seen.book.traceOf(result.name).map(run.edges.redact));
      return {
        check: result.name,
        frames: known.length > 0 ? known : framesOf(await linesAround(run, seen.book, result.name)),
      };
    }),
  );
  const found = traces.filter((trace) => trace.frames.length > 0);
  if (found.length === 0) return [];
  try {
    const { paths } = await run.edges.forge.tree(run.commit);
    return found.flatMap((trace) => {
      const spot = spotOf(trace.frames, paths);
      return spot === undefined
        ? []
        : [{ path: spot.path, line: spot.line, message: run.edges.redact(spot.message), check: trace.check }];
    });
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(
      `The repository's files could not be listed, so stack traces are not matched: ${error.message}`,
    );
    return [];
  }
}

async function linesAround(run: ServiceRun, book: LogBook, check: string): Promise<readonly string[]> {
  const match = book.firstMatch(check);
  if (match === undefined) return [];
  const { service, edges } = run;
  try {
    const reading = edges.logs.read({
      ownerId: service.ownerId,
      serviceId: service.id,
      from: match.at - 1_000,
      to: match.at + 5_000,
      types: [match.type],
      maxLines: 100,
      direction: "forward",
      ...(match.instance === undefined ? {} : { instances: [`${service.id}-${match.instance}`] }),
    });
    const { lines = [] } = (await waitFor(run, reading, AROUND_MS)) ?? {};
    return lines
      .filter((line) => line.instance === match.instance)
      .map((line) => edges.redact(plainText(line.message)));
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    return [];
  }
}

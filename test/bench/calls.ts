import { quietGate, type Calls } from "./quiet-gate.ts";
import type { Figure, Section } from "./section.ts";

/** Design 9, of one gate. */
const READS_PER_MINUTE = 20;
const LOG_CALLS_PER_MINUTE = 10;
const GITHUB = 12;
const COUNTS: readonly number[] = [1, 10, 50];

/** Requests of a quiet ten-minute gate by the number of its checks, in simulated time. */
export async function measureCalls(): Promise<Section> {
  const gates: Calls[] = [];
  for (const count of COUNTS) gates.push(await quietGate(count));
  const each = (of: (gate: Calls) => number): string => gates.map((gate) => String(of(gate))).join(" / ");
  const atMost = (what: string, of: (gate: Calls) => number, most: number, budget = `≤ ${most}`): Figure => ({
    what,
    value: each(of),
    budget,
    isOver: gates.some((gate) => of(gate) > most),
  });
  const unmeasured = gates.filter(({ result }) => result.report.verdict !== "pass");
  if (unmeasured.length > 0)
    throw new Error(`a quiet gate did not pass: ${unmeasured[0]?.result.report.reason}`);
  return {
    title: `Calls of a ten-minute gate with ${COUNTS.join(" / ")} checks`,
    how: "the sources against the stand-ins in simulated time: four and a half minutes of build, five of `boot` with a beat of 15 s. 1 check is http; 10 and 50 are of every source in turn. A check of what is looked at already costs nothing; the 50 look at six kinds of metrics, each of which is a read of its own, and the 10 at one.",
    figures: [
      atMost("Render reads in the busiest minute", (gate) => gate.readsPerMinute, READS_PER_MINUTE),
      { what: "Render reads in all", value: each((gate) => gate.renderReads) },
      atMost(
        "Render log calls in the busiest minute",
        (gate) => gate.logCallsPerMinute,
        LOG_CALLS_PER_MINUTE,
      ),
      { what: "Render log calls in all", value: each((gate) => gate.renderLogs) },
      { what: "Render writes", value: each((gate) => gate.renderWrites) },
      atMost(
        "GitHub requests, without those for `source` checks",
        (gate) => gate.github - gate.githubForSource,
        GITHUB,
      ),
      {
        what: "GitHub requests for `source` checks: the list of files, and each file once",
        value: each((gate) => gate.githubForSource),
      },
    ],
  };
}

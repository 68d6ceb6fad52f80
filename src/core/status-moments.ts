import type { Stage } from "./check.ts";
import type { ReportMoment } from "./communication.ts";
import { dayOf } from "./status.ts";

/** A status update that is to be told now. */
export interface DueUpdate {
  /** What it is called: `hour end`, `day 3`. */
  readonly key: string;
  /** What is told with it; a late run tells once what it missed. */
  readonly keys: readonly string[];
  readonly day: number;
}

/**
 * The status update that is due at `now`, by wall clock (ms): whatever was missed is told as one, named after the last
 * stage that ended, else after the day. `told` are the keys of all updates before.
 */
export function dueUpdate(
  at: readonly ReportMoment[],
  watch: {
    readonly liveAt: number;
    readonly now: number;
    readonly stages: readonly Pick<Stage, "name" | "forMs">[];
    readonly stagesEnded: readonly string[];
    readonly told: readonly string[];
  },
): DueUpdate | undefined {
  const { stages, stagesEnded, told } = watch;
  const asked = at.flatMap((moment) => (moment.kind === "stage end" ? [moment.stage] : []));
  const ended = stages
    .filter(({ name }) => asked.includes(name) && stagesEnded.includes(name))
    .map(({ name }) => `${name} end`)
    .filter((key) => !told.includes(key));
  const day = dayOf(watch.now, watch);
  const isDaily = at.some(({ kind }) => kind === "daily");
  const days = isDaily && day > newestDay(told) ? [`day ${day}`] : [];
  const key = ended.at(-1) ?? days[0];
  return key === undefined ? undefined : { key, keys: [...ended, ...days], day };
}

function newestDay(told: readonly string[]): number {
  return Math.max(0, ...told.map((key) => Number(/^day (\d{1,4})$/.exec(key)?.[1] ?? 0)));
}

import type { Moment } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { eventLine } from "../report/line.ts";
import { logText } from "../report/plain.ts";
import { heartbeatLine, progressCheckRun, type Progress } from "../report/progress.ts";
import { stateOnly, type StateBook } from "./state-book.ts";

/** Where the run is: the phase, what it waits for, and when that ends at the latest (ms). */
export interface Phase {
  readonly phase: string;
  readonly waitingFor: string;
  readonly until?: number;
}

/** Tells the running story: job log, timeline, and now and then the open check run. */
export interface Teller {
  /** Something happened: a log line and a moment of the timeline. */
  moment(event: string): void;
  /** A log line only; already made safe by the report. */
  line(text: string): void;
  /** What the reader must know besides; kept for the report, warned about in the log. */
  note(text: string): void;
  /** Where the run is from now on; a new phase is a group of the job log. */
  phase(phase: Phase): void;
  /** What comes next stands outside the phase's group of the job log, which a reader sees closed. */
  endPhase(): void;
  /** How the checks stand, for the heartbeat. */
  standings(list: NonNullable<Progress["standings"]>): void;
  /** Called on every turn of a loop: prints the heartbeat and updates the check run when they are due. */
  beat(): Promise<void>;
  /** The check run to keep informed, once it is open, and what it keeps for later runs. */
  attach(checkRunId: number, book: StateBook): void;
  /** No more updates: the verdict is being written. */
  stop(): void;
  /** The sentence for "canceled while …". */
  current(): Phase;
  readonly timeline: readonly Moment[];
  readonly notes: readonly string[];
}

const HEARTBEAT_MS = 30_000;
/** Twelve GitHub requests for a quiet ten-minute gate leave room for one update. */
const UPDATE_MS = 5 * 60_000;

/** A teller that starts at the clock's now. */
export function createTeller(
  edges: Pick<Edges, "clock" | "runner" | "forge">,
  about: { readonly serviceName: string; readonly commit: string },
): Teller {
  const { clock, runner, forge } = edges;
  const startedAt = clock.now();
  const timeline: Moment[] = [];
  const notes: string[] = [];
  let phase: Phase = { phase: "starting", waitingFor: "the service" };
  let standings: Progress["standings"];
  let lastPrinted = startedAt;
  let lastUpdate = startedAt;
  let checkRun: { readonly id: number; readonly book: StateBook } | undefined;
  let isGroupOpen = false;

  const progress = (): Progress => ({
    ...about,
    ...phase,
    at: clock.now(),
    startedAt,
    ...(standings === undefined ? {} : { standings }),
  });
  const print = (text: string): void => {
    runner.info(text);
    lastPrinted = clock.now();
  };

  function endPhase(): void {
    if (isGroupOpen) runner.endGroup();
    isGroupOpen = false;
  }

  async function update(): Promise<void> {
    if (checkRun === undefined) return;
    lastUpdate = clock.now();
    const { id, book } = checkRun;
    try {
      await forge.updateCheckRun(id, { output: { ...progressCheckRun(progress()), ...stateOnly(book) } });
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      // Progress is the first to go; the verdict is written with more patience.
      print(logText(`Progress could not be written to the check run: ${error.message}`));
    }
  }

  return {
    timeline,
    notes,
    moment(event) {
      timeline.push({ at: clock.now(), event });
      print(eventLine(clock.now(), event));
    },
    line: print,
    note(text) {
      if (notes.includes(text)) return;
      notes.push(text);
      runner.warning(logText(text));
    },
    phase(next) {
      const isNew = next.phase !== phase.phase || !isGroupOpen;
      const isSame = !isNew && next.waitingFor === phase.waitingFor;
      phase = next;
      if (isSame) return;
      if (isNew) {
        endPhase();
        runner.startGroup(logText(next.phase));
        isGroupOpen = true;
      }
      print(heartbeatLine(progress()));
    },
    standings(list) {
      standings = list;
    },
    async beat() {
      const now = clock.now();
      if (now - lastPrinted >= HEARTBEAT_MS) print(heartbeatLine(progress()));
      if (now - lastUpdate >= UPDATE_MS) await update();
    },
    attach(id, book) {
      checkRun = { id, book };
    },
    endPhase,
    stop() {
      checkRun = undefined;
      endPhase();
    },
    current: () => phase,
  };
}

import type { Mode } from "../core/check.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Service } from "../core/service.ts";
import type { Edges } from "../ports.ts";
import type { Notifier } from "./notifier.ts";
import type { Told, Writer } from "./publish.ts";
import { Canceled } from "./run.ts";
import type { Start } from "./start.ts";
import type { Teller } from "./teller.ts";

/** How far a run has come; filled in as it goes, read by whoever has to end it, wherever it stands then. */
export interface Course {
  readonly startedAt: number;
  commit?: string;
  mode?: Mode;
  /** As it was asked for. */
  serviceName?: string;
  service?: Service;
  teller?: Teller;
  /** Once the plan says who is told. */
  notifier?: Notifier;
  /** Check run and status being opened. */
  opening?: Promise<Told>;
  /** Reached and being published: from here on a cancellation cannot undo the verdict. */
  decided?: Outcome;
  /** The first writing of the verdict. */
  closing?: Promise<void>;
  /** The remedy under way. */
  remedy?: string;
}

export function writerOf(edges: Pick<Edges, "forge" | "runner">, course: Course): Writer {
  return {
    forge: edges.forge,
    runner: edges.runner,
    note: (text) => (course.teller === undefined ? edges.runner.warning(text) : course.teller.note(text)),
  };
}

/** The work, or the end of the job if that comes first: Canceled, or the error that broke the process. */
export async function untilCanceled<T>(signal: Start["signal"], work: Promise<T>): Promise<T> {
  const canceled = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      const reason: unknown = signal.reason;
      const isBroken = reason instanceof Error && reason.name !== "AbortError";
      reject(isBroken ? reason : new Canceled("the job was canceled"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  // Whichever loses the race may still reject later; nobody waits for it then.
  canceled.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([work, canceled]);
}

import type { Edges } from "../../src/ports.ts";
import { withDatabase } from "../gate/resume-scene.ts";
import type { GateOptions, GateResult } from "../gate/scene.ts";
import { startWatch, type Watch, type WatchOptions } from "../gate/watch-scene.ts";
import { judged, type Played } from "./judged.ts";
import type { Outcome, Trial, Truth } from "./trial.ts";

/** What a trial sets up in a watch: whether it struck, and what it changes of the run. */
export interface Strike {
  readonly struck: () => boolean;
  readonly run?: Partial<GateOptions>;
  /** Looked at when the gate has ended. */
  readonly more?: (result: GateResult | Error) => readonly string[];
}

/** A trial in which one deploy is watched while something goes wrong. */
export interface WatchedTrial extends Pick<Trial, "section" | "where" | "fault" | "story" | "truth"> {
  readonly checks: string;
  readonly options?: WatchOptions;
  readonly mayWarn?: boolean;
  readonly mustDoubt?: boolean;
  /** The story itself, and then what goes wrong in it. */
  strike(watch: Watch): Strike;
}

export function watchedTrial(about: WatchedTrial): Trial {
  const { section, where, fault, story, truth } = about;
  return { section, where, fault, story, truth, run: () => play(about) };
}

async function play(about: WatchedTrial): Promise<Outcome> {
  await using watch = await startWatch(about.checks, about.options);
  const strike = about.strike(watch);
  const result = await ended(watch.run(strike.run));
  const { truth, mayWarn, mustDoubt } = about;
  const played: Played = {
    truth,
    ...(mayWarn === undefined ? {} : { mayWarn }),
    ...(mustDoubt === undefined ? {} : { mustDoubt }),
    render: watch.render,
    github: watch.github,
    result,
    struck: strike.struck(),
    more: strike.more?.(result) ?? [],
  };
  return judged(played);
}

/** The result of a run, or what it threw. */
export async function ended(run: Promise<GateResult>): Promise<GateResult | Error> {
  try {
    return await run;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Of a run: a database that always gives this row, and edges around it. */
export function withRow(
  row: () => Readonly<Record<string, number>>,
  around: (edges: Edges) => Edges = (edges) => edges,
): Partial<GateOptions> {
  const given = withDatabase(row);
  return { ...given, edges: (edges) => around(given.edges?.(edges) ?? edges) };
}

/** The service is well, or gives 503 from so long after live on, ms. */
export function healthFrom(watch: Watch, truth: Truth, badFromMs: number): void {
  watch.answer((_request, afterLiveMs) =>
    truth === "fail" && afterLiveMs >= badFromMs ? { status: 503 } : { body: "ok" },
  );
}

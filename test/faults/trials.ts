import { edgeTrials } from "./edges.ts";
import { httpTrials } from "./http/trials.ts";
import type { Trial } from "./trial.ts";

/** Every trial of the matrix, in the order of its tables. */
export function allTrials(): readonly Trial[] {
  return [...httpTrials(), ...edgeTrials()];
}

/** Those whose heading, place, fault and story hold every one of these words. */
export function trialsWith(trials: readonly Trial[], words: readonly string[]): readonly Trial[] {
  const wanted = words.map((word) => word.toLowerCase());
  return trials.filter((trial) => {
    const name = nameOf(trial).toLowerCase();
    return wanted.every((word) => name.includes(word));
  });
}

/** One line that tells a trial from all others. */
export function nameOf({ section, where, fault, story }: Trial): string {
  return `${section} | ${where} | ${fault} | ${story}`;
}

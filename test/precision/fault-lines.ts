import { NEW, type Platform } from "./platform.ts";
import type { Random } from "./random.ts";
import { moments } from "./traffic.ts";

/** A message that a fault prints, so many times an hour. */
export interface Prints {
  readonly message: string;
  readonly perHour: number;
}

/** Prints it at `from`, and by chance again and again until `to`; ms. */
export function printAgain(
  random: Random,
  platform: Platform,
  { message, perHour, from, to }: Prints & { readonly from: number; readonly to: number },
): void {
  for (const at of [from, ...moments(random, { from, to, perHour: () => perHour, most: perHour })])
    for (const line of message.split("\n"))
      platform.say(at, line, { instance: platform.instanceAt(at)?.suffix ?? NEW, level: "error" });
}

import type { Platform } from "./platform.ts";
import type { Random } from "./random.ts";
import { busyness, moments } from "./traffic.ts";
import { SECOND } from "./world.ts";

/** What a scraper complains of every day, before the deploy and after it. */
export function complain(
  random: Random,
  platform: Platform,
  about: { readonly from: number; readonly to: number; readonly isMute: (at: number) => boolean },
): void {
  const { from, to, isMute } = about;
  const say = (at: number, message: string, level = "error"): void => {
    const one = platform.instanceAt(at);
    if (one !== undefined && !isMute(at))
      for (const line of message.split("\n")) platform.say(at, line, { instance: one.suffix, level });
  };
  const often = (perHour: number, message: () => string): void => {
    for (const at of moments(random, {
      from,
      to,
      perHour: (time) => perHour * (0.15 + 0.85 * busyness(time)),
      most: perHour,
    }))
      say(at, message());
  };
  often(
    70,
    () =>
      `ERROR could not fetch https://site-${String(random.whole(1, 997))}.example: status ${String(random.pick([403, 404, 500]))}`,
  );
  often(
    1,
    () =>
      'Traceback (most recent call last):\n  File "/app/src/scraper.py", line 211, in fetch\nasyncio.exceptions.CancelledError: client went away',
  );
  often(0.4, () => `WARNING: pool checkout took ${String(random.whole(2, 9))} s`);
  for (let at = from; at < to; at += random.between(45, 90) * SECOND)
    say(at, 'INFO: Running job "Process Pending Domains"', "info");
}

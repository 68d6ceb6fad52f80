import type { Platform } from "./platform.ts";
import type { Random } from "./random.ts";
import { busyness, moments } from "./traffic.ts";
import { HOUR, SECOND } from "./world.ts";

/** What both versions print: requests, retries, clients that went away, and a nightly job. */
export function writeLines(
  random: Random,
  platform: Platform,
  { until, traffic }: { readonly until: number; readonly traffic: (at: number) => number },
): void {
  const from = platform.pushAt - 26 * HOUR;
  const say = (at: number, message: string, level = "info"): void => {
    const running = platform.instances.filter((one) => one.createdAt <= at && at < one.endsAt);
    const one = running[Math.floor(random.next() * running.length)];
    if (one !== undefined)
      for (const line of message.split("\n")) platform.say(at, line, { instance: one.suffix, level });
  };
  for (let at = from; at < until; at += random.between(40, 80) * SECOND)
    say(at, `INFO: ${String(Math.round(traffic(at)))} requests in the last minute`);
  const often = (perHour: number, message: () => string, level = "error"): void => {
    const share = (at: number): number => perHour * (0.3 + 0.7 * busyness(at));
    for (const at of moments(random, { from, to: until, perHour: share, most: perHour }))
      say(at, message(), level);
  };
  often(4, () => `WARNING: slow query took ${String(random.whole(900, 4_000))} ms`, "warning");
  often(3, () => `ERROR: payment provider timed out, attempt ${String(random.whole(1, 3))} of 3`);
  often(
    0.8,
    () =>
      'Traceback (most recent call last):\n  File "/app/server.py", line 88, in stream\nClientDisconnect: the client went away',
  );
  often(0.05, () => `ERROR: image ${String(random.whole(1, 9_999))} could not be scaled: corrupt file`);
  for (let hour = Math.ceil(from / HOUR) * HOUR; hour < until; hour += HOUR) {
    const isNight = new Date(hour).getUTCHours() === 3;
    for (let nth = 0; nth < (isNight ? 60 : 4); nth += 1)
      say(hour + nth * 700, `INFO: cron: batch ${String(nth)} done`);
    if (isNight)
      for (let nth = 0; nth < 6; nth += 1)
        say(hour + nth * 5_000, `ERROR: cron: supplier ${String(nth)} sent no prices`);
  }
}

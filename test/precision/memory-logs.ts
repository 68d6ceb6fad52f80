import type { Clock, LogQuery, Logs } from "../../src/ports.ts";
import { lineFilter } from "../stand-ins/render/logs.ts";
import { MINUTE, SECOND, type World, type Written } from "./world.ts";

/** The stream brings what came within so long at once. */
const STREAM_MS = 500;

/** First index whose line is not written before `time`. */
function lowerBound(lines: readonly Written[], time: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.at ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Render's logs in memory: a line is there once its time to be seen has come; the stream breaks while `isDown`. */
export function memoryLogs(
  world: World,
  at: { readonly clock: Clock; readonly call: () => Promise<void>; readonly isDown: () => boolean },
): Logs {
  const { clock, call, isDown } = at;
  const { lines } = world;
  const bySight = lines.toSorted((a, b) => a.seenAt - b.seenAt);

  function matches(query: LogQuery): (line: Written) => boolean {
    const { types, levels, texts, instances } = query;
    const suffixes = instances?.map((id) => id.slice(id.lastIndexOf("-") + 1));
    const fits = texts && lineFilter({ text: [...texts] });
    return (line) =>
      line.seenAt <= clock.now() &&
      (types === undefined || types.length === 0 || types.includes(line.type)) &&
      (levels === undefined || levels.length === 0 || levels.includes(line.level)) &&
      (suffixes === undefined || (line.instance !== undefined && suffixes.includes(line.instance))) &&
      (fits?.({ ...line, labels: [] }) ?? true);
  }

  async function stream(options: Parameters<Logs["follow"]>[0]): Promise<void> {
    const { signal } = options;
    while (!signal.aborted) {
      await clock.sleep(300, signal);
      if (isDown()) {
        options.onDown(clock.now(), "the platform closed it");
        for (let pause = 1; isDown() && !signal.aborted; pause = Math.min(30, pause * 2))
          await clock.sleep(pause * SECOND, signal);
        continue;
      }
      options.onUp(clock.now());
      let from = clock.now();
      while (!signal.aborted && !isDown()) {
        const upTo = clock.now();
        const next = bySight.findIndex(({ seenAt }) => seenAt > from);
        for (let index = next; index >= 0 && (bySight[index]?.seenAt ?? Infinity) <= upTo; index += 1) {
          const line = bySight[index];
          if (line !== undefined) options.onLine(line);
        }
        from = upTo;
        const comes = bySight.find(({ seenAt }) => seenAt > upTo)?.seenAt ?? upTo + MINUTE;
        await clock.sleep(Math.min(10 * SECOND, Math.max(STREAM_MS, comes - upTo)), signal);
      }
    }
  }

  return {
    async read(query) {
      await call();
      const { from, to, maxLines, direction = "forward" } = query;
      const fits = matches(query);
      const [low, high] = [lowerBound(lines, from), lowerBound(lines, to + 1)];
      const found: Written[] = [];
      for (let step = 0; step < high - low && found.length <= maxLines; step += 1) {
        const line = lines[direction === "forward" ? low + step : high - 1 - step];
        if (line !== undefined && fits(line)) found.push(line);
      }
      const kept = found.slice(0, maxLines);
      // Each further page is a call of its own.
      for (let page = 100; page < kept.length; page += 100) await call();
      return {
        lines: direction === "forward" ? kept : kept.toReversed(),
        complete: found.length <= maxLines,
      };
    },
    follow: (options) => void stream(options),
  };
}

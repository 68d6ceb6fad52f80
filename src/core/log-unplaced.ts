import type { LogLine } from "./log-line.ts";

/** Lines of which it cannot be said yet whether they are of the new version. */
export interface Unplaced {
  /** Keeps a line once, while there is room. */
  keep(id: string, line: LogLine): void;
  lines(): readonly LogLine[];
  /** Gives all of them away. */
  take(): readonly LogLine[];
  /** Some could not be kept. */
  hasLost(): boolean;
}

const MAX_LINES = 2_000;
const MAX_CHARACTERS = 8_000_000;

/** No lines yet. */
export function createUnplaced(): Unplaced {
  let kept = new Map<string, LogLine>();
  let characters = 0;
  let hasLost = false;
  return {
    keep(id, line) {
      if (kept.has(id)) return;
      if (kept.size >= MAX_LINES || characters + line.message.length > MAX_CHARACTERS) {
        hasLost = true;
        return;
      }
      kept.set(id, line);
      characters += line.message.length;
    },
    lines: () => [...kept.values()],
    take() {
      const taken = [...kept.values()];
      kept = new Map();
      characters = 0;
      return taken;
    },
    hasLost: () => hasLost,
  };
}

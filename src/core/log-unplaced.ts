import { idOf, type LogLine } from "./log-line.ts";
import { plainText } from "./log-match.ts";
import type { Tally } from "./log-tally.ts";

/** A line that waits, the checks that count it, and whether one requires it. */
interface Waiting {
  readonly line: LogLine;
  readonly countedBy: readonly Tally[];
  readonly isRequired: boolean;
}

/** Lines of which it cannot be said yet whether they are of the new version. */
export interface Unplaced {
  /** Keeps a line once, while there is room. */
  keep(line: LogLine): void;
  /** Gives all of them away. */
  take(): readonly LogLine[];
  /** Instances that wrote what this check counts. */
  instancesOf(tally: Tally): readonly string[];
  /** When the first line was written that any check counts or requires, ms; Infinity when none was. */
  firstAt(): number;
  /** Some could not be kept. */
  hasLost(): boolean;
}

const MAX_LINES = 2_000;
const MAX_CHARACTERS = 8_000_000;

/** No lines yet, for these checks. */
export function createUnplaced(tallies: readonly Tally[]): Unplaced {
  let kept = new Map<string, Waiting>();
  let characters = 0;
  let hasLost = false;
  return {
    keep(line) {
      const id = idOf(line);
      if (kept.has(id)) return;
      if (kept.size >= MAX_LINES || characters + line.message.length > MAX_CHARACTERS) {
        hasLost = true;
        return;
      }
      const plain = { line, id, message: plainText(line.message) };
      const own = tallies.filter(({ source }) => source.type === line.type);
      kept.set(id, {
        line,
        countedBy: own.filter((tally) => tally.isCounted(plain)),
        isRequired: own.some((tally) => tally.isRequired(plain)),
      });
      characters += line.message.length;
    },
    take() {
      const taken = [...kept.values()].map(({ line }) => line);
      kept = new Map();
      characters = 0;
      return taken;
    },
    instancesOf: (tally) =>
      [...kept.values()].flatMap(({ line, countedBy }) =>
        line.instance !== undefined && countedBy.includes(tally) ? [line.instance] : [],
      ),
    firstAt: () =>
      [...kept.values()]
        .filter(({ countedBy, isRequired }) => isRequired || countedBy.length > 0)
        .reduce((first, { line }) => Math.min(first, line.at), Infinity),
    hasLost: () => hasLost,
  };
}

import type { WatchEnd } from "./watch-entry.ts";

/** One run's wish to be the only one that acts on a watch; `at` (ms, the run's own clock) tells two of one run apart. */
export interface Claim {
  readonly by: string;
  readonly at: number;
}

/** One line of the log that a deployment's statuses are. */
export interface ClaimLine {
  /** Rises in the order in which GitHub took the lines in. */
  readonly id: number;
  /** How it closed the watch, when it did. */
  readonly closed?: WatchEnd;
  readonly description: string;
  readonly url?: string;
  /** By GitHub's clock, ms. */
  readonly at: number;
}

export type ClaimAnswer =
  | { readonly kind: "mine"; readonly until: number }
  | { readonly kind: "taken"; readonly by: string; readonly until: number }
  /** The watch was closed in the meantime; `line` is what closed it. */
  | { readonly kind: "closed"; readonly line: ClaimLine & { readonly closed: WatchEnd } };

/** A holder of whom nothing was heard for so long has lost its claim. */
export const CLAIM_MS = 3 * 60_000;
const LONGEST_NAME = 90;

/** A claim whose name fits into a status. */
export function claimBy(by: string, at: number): Claim {
  return { by: by.slice(-LONGEST_NAME).replaceAll(/[^!-~]/g, "_") || "_", at: Math.floor(at) };
}

/** The description of the status by which a claim is made, renewed or released. */
export function claimText(verb: "claim" | "release", { by, at }: Claim): string {
  return `${verb} ${by} ${at}`;
}

/** The claim or release that a description tells of. */
export function claimOf(description: string): (Claim & { readonly verb: "claim" | "release" }) | undefined {
  const [, verb, by, at] = /^(claim|release) ([!-~]{1,100}) (\d{1,15})$/.exec(description) ?? [];
  if (verb === undefined || by === undefined) return undefined;
  return { verb: verb as "claim" | "release", by, at: Number(at) };
}

/**
 * How a claim stands, by the lines of the log in any order. The first claim wins and holds until it is released or
 * nothing was heard of it for `CLAIM_MS` by GitHub's clock; whoever comes meanwhile has lost for good, so that
 * all readers agree. A claim made again is renewed. What is closed stays closed.
 */
export function claimAnswer(own: Claim, log: readonly ClaimLine[]): ClaimAnswer {
  let holder: Held | undefined;
  let last: Held = { by: "a run that is not to be seen", at: own.at, since: own.at };
  for (const line of [...log].sort((one, two) => one.id - two.id)) {
    if (line.closed !== undefined) return { kind: "closed", line: { ...line, closed: line.closed } };
    const told = claimOf(line.description);
    if (told === undefined) continue;
    const isHolders = holder !== undefined && isSame(told, holder);
    if (told.verb === "release") {
      if (isHolders) holder = undefined;
    } else if (holder === undefined || isHolders || line.at - holder.since >= CLAIM_MS) {
      holder = { by: told.by, at: told.at, since: line.at };
      last = holder;
    }
  }
  if (holder !== undefined && isSame(own, holder)) return { kind: "mine", until: holder.since + CLAIM_MS };
  return { kind: "taken", by: last.by, until: last.since + CLAIM_MS };
}

/** A claim that won, and when it was last made (ms, GitHub's clock). */
interface Held extends Claim {
  readonly since: number;
}

function isSame(one: Claim, two: Claim): boolean {
  return one.by === two.by && one.at === two.at;
}

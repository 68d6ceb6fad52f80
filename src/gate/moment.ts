import type { Subjects } from "../core/value.ts";

/** What a sample needs to know of the moment. Times in ms. */
export interface Moment {
  readonly liveAt: number;
  readonly stageStart: number;
  /** By full instance id and when it was heard of, ms. */
  readonly isNew: (instanceId: string, at: number) => boolean | undefined;
  /** When an instance was created, ms, by full id; `undefined` when no list had it. */
  readonly bornAt?: (instanceId: string) => number | undefined;
  /** When the list of deploys was last read, ms. */
  readonly checkedAt?: number;
  /** Latest subjects of every check, by name; what a formula looks at. */
  readonly latest?: Readonly<Record<string, Subjects>>;
  /** Why a check's last sample could not be taken, by name. */
  readonly lastErrors?: Readonly<Record<string, string>>;
  /** Fingerprints of the rows that a query gave before: the others are new. Absent: not known. */
  readonly knownRows?: readonly string[];
  /** Aborts when nobody waits for the sample any more. */
  readonly signal?: AbortSignal;
}

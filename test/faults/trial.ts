/** Without the fault: a deploy that passes, or one whose measured failure acts. */
export type Truth = "pass" | "fail";

/** One thing that goes wrong in one story. */
export interface Trial {
  /** Heading of the table that it stands in. */
  readonly section: string;
  /** What goes wrong there: a route, an edge, or a step of a remedy. */
  readonly where: string;
  /** How it goes wrong, such as `503 once`. */
  readonly fault: string;
  /** The story in which it does. */
  readonly story: string;
  readonly truth: Truth;
  run(): Promise<Outcome>;
}

/** What came of it. */
export interface Outcome {
  readonly verdict: string;
  /** What was done, such as `revert_pr: done`, and what was left out with its state. */
  readonly acts: readonly string[];
  /** Whether the fault struck at all; a trial that misses proves nothing. */
  readonly struck: boolean;
  /** What must never be: a false green, an act on nothing measured, something doubled, something half done and not named. */
  readonly wrong: readonly string[];
}

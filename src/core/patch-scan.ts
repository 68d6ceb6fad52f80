/** Thrown and caught inside the parser; `at` counts lines from 0. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  readonly at: number;

  constructor(why: string, at: number) {
    super(why);
    this.at = at;
  }
}

/** Where the parser stands in a patch. */
export interface Scan {
  readonly lines: readonly string[];
  at: number;
  /** So many were read. */
  hunks: number;
}

/** The present line; "" behind the last. */
export function lineAt(scan: Scan): string {
  return scan.lines[scan.at] ?? "";
}

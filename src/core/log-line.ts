/** One line of Render's logs, with the ANSI colours still in it. */
export interface LogLine {
  readonly id: string;
  /** ms since the epoch, from the nanosecond time. */
  readonly at: number;
  /** The time exactly as Render wrote it. */
  readonly timestamp: string;
  readonly message: string;
  /** `app`, `build`, `request`, or whatever Render adds. "" when unlabelled. */
  readonly type: string;
  readonly level: string;
  /** What follows the last hyphen of the instance label; absent on platform, build and request lines. */
  readonly instance?: string;
}

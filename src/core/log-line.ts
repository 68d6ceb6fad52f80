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

/** A line with its text free of colours and the name it is known by. */
export interface PlainLine {
  readonly line: LogLine;
  readonly message: string;
  readonly id: string;
}

/** When a line was written (ms), and by whom: an instance, or the line's type where there is none. */
export interface Origin {
  readonly at: number;
  readonly from: string;
}

/** Where a line comes from. */
export function originOf(line: LogLine): Origin {
  return { at: line.at, from: line.instance ?? line.type };
}

/** What of a line below the millisecond its time says, in ns. */
export function nanosBelowMs(line: LogLine): number {
  return Number(/\.\d{3}(\d{1,6})/.exec(line.timestamp)?.[1]?.padEnd(6, "0") ?? 0);
}

/** The first `most` characters, copied: a part of a text would keep all of it in memory. */
export function shortened(text: string, most: number): string {
  return JSON.parse(JSON.stringify(text.slice(0, most))) as string;
}

/** By what a line is known when it comes again; Render gives no id to some. */
export function idOf(line: LogLine): string {
  return line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${line.message}` : line.id;
}

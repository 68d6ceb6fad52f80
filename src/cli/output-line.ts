/** One line for the terminal, clean of everything that is not text. */
export interface OutputLine {
  readonly indent: number;
  readonly text: string;
  readonly tone?: "error" | "warning" | "heading";
}

const TONES = { error: "\u001b[31m", warning: "\u001b[33m", heading: "\u001b[1m" } as const;

/** The line as a terminal takes it. */
export function shownLine(
  { indent, text, tone }: OutputLine,
  { isColoured }: { readonly isColoured: boolean },
): string {
  const spaces = " ".repeat(indent);
  return tone === undefined || !isColoured ? spaces + text : `${spaces}${TONES[tone]}${text}\u001b[0m`;
}

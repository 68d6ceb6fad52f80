/** A remark on one line of a file; the fields that GitHub's check run annotations have. */
export interface Annotation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB. */
  readonly message: string;
  /** At most 64 KB. */
  readonly detail?: string;
}

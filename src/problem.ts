/** Where in a file of the user's something stands; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake of the user's: what is wrong, and what to write instead. One line each. */
export interface Mistake {
  readonly message: string;
  readonly hint?: string;
  readonly at?: Position;
}

/** The user can mend this: settings, inputs, permissions. Carries every mistake found, not just the first. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[], options?: { readonly cause?: unknown }) {
    super(mistakes.map((mistake) => mistake.message).join("\n"), options);
    this.mistakes = mistakes;
  }
}

/** What a remote service did instead of answering. `status` is there when it answered at all. */
export interface ServiceFailure {
  readonly service: "Render" | "GitHub" | "database" | "service";
  readonly message: string;
  readonly hint?: string;
  /** HTTP status of the last answer. */
  readonly status?: number;
  /** Machine-readable cause, such as `ECONNREFUSED`, `timeout`, `garbled`, `too-large`. */
  readonly code?: string;
  /** The text the service answered with, redacted and cut; for matching known refusals. */
  readonly body?: string;
  /** GitHub's `X-Accepted-GitHub-Permissions`: what would have worked. */
  readonly acceptedPermissions?: string;
}

/** We could not tell: a remote service refused, failed or stayed silent. Never a reason to act. */
export class ServiceProblem extends Error {
  override readonly name = "ServiceProblem";
  readonly failure: ServiceFailure;

  constructor(failure: ServiceFailure, options?: { readonly cause?: unknown }) {
    super(failure.message, options);
    this.failure = failure;
  }

  get status(): number | undefined {
    return this.failure.status;
  }
}

/** What happened, and what to do about it where that is known. */
export function problemText({ message, failure }: ServiceProblem): string {
  return failure.hint === undefined ? message : `${message}. ${failure.hint}`;
}

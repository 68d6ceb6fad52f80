/** The options of one `revert_pr` step. */
export interface RevertStep {
  readonly kind: "revert_pr";
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
  readonly autoMerge: boolean;
  readonly scope: "deploy" | "push";
  readonly despiteMigrations: boolean;
}

/** Rolls Render back to what served before. */
export interface RollbackStep {
  readonly kind: "render_rollback";
  /** Switches auto-deploy off until the revert's own deploy has passed. */
  readonly freezeAutoDeploy: boolean;
  readonly despiteMigrations: boolean;
}

/** After a rollback: whether the old version passes what it passed before. */
export interface RecheckStep {
  readonly kind: "recheck";
  /** Name of the stage whose length and beat it has. */
  readonly stage: string;
}

/** A patch file of the repository as a pull request. */
export interface PatchStep {
  readonly kind: "patch_pr";
  /** Repository path of the patch. */
  readonly patch: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

/** An issue that tells people, with the evidence. */
export interface IssueStep {
  readonly kind: "issue";
  readonly title?: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

export type RemedyStep = RevertStep | RollbackStep | RecheckStep | PatchStep | IssueStep;

export interface Remedy {
  readonly name: string;
  readonly steps: readonly RemedyStep[];
}

/** What holds a remedy back. */
export interface Guards {
  /** After live, ms; later: advise only. */
  readonly actWithinMs: number;
  /** Remedies of one service in so many ms; a re-run does not count. */
  readonly maxActions: { readonly count: number; readonly perMs: number };
  readonly holdLabel: string;
  /** Globs. */
  readonly migrations: readonly string[];
}

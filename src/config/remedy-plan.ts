import type { Stage } from "../core/check.ts";
import type { Remedy, RemedyStep } from "../core/remedy.ts";
import { remedySchema } from "./remedy-schema.ts";
import type { RemedyFile } from "./remedy-schema.ts";

/** Names that `on_fail` may hold without a remedy of the file; a file may give either its own steps. */
export const BUILT_IN: readonly string[] = ["revert", "rollback"];

/** What `on_fail: revert` and `on_fail: rollback` mean when the file does not say. */
export function builtInRemedies(stages: readonly Stage[]): Readonly<Record<string, Remedy>> {
  const steps = (written: readonly object[]): RemedyFile => remedySchema.parse(written);
  return {
    revert: remedyOf("revert", steps([{ revert_pr: {} }])),
    rollback: remedyOf(
      "rollback",
      steps([
        { render_rollback: { freeze_auto_deploy: true } },
        { recheck: stages[0]?.name ?? "boot" },
        { revert_pr: {} },
      ]),
    ),
  };
}

/** A remedy with every default of its steps filled in. */
export function remedyOf(name: string, steps: RemedyFile): Remedy {
  return { name, steps: steps.flatMap(stepOf) };
}

function stepOf(step: RemedyFile[number]): readonly RemedyStep[] {
  const { revert_pr: revert, render_rollback: rollback, recheck, patch_pr: patch, issue } = step;
  if (revert !== undefined) {
    const { labels, reviewers, assignees, draft, scope } = revert;
    const options = { autoMerge: revert.auto_merge, despiteMigrations: revert.despite_migrations };
    return [{ kind: "revert_pr", labels, reviewers, assignees, draft, scope, ...options }];
  }
  if (rollback !== undefined) {
    const { freeze_auto_deploy: freezeAutoDeploy, despite_migrations: despiteMigrations } = rollback;
    return [{ kind: "render_rollback", freezeAutoDeploy, despiteMigrations }];
  }
  if (recheck !== undefined) return [{ kind: "recheck", stage: recheck }];
  if (patch !== undefined) {
    const path = patch.patch.replace(/^(?:\.\/)+/, "");
    return [{ kind: "patch_pr", ...patch, patch: path, title: patch.title ?? `Apply ${path}` }];
  }
  if (issue === undefined) return [];
  const { title, labels, assignees } = issue;
  return [{ kind: "issue", ...(title === undefined ? {} : { title }), labels, assignees }];
}

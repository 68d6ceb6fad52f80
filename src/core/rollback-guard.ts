import { actGuard } from "./act-guard.ts";
import type { Guards } from "./remedy.ts";
import { matchesGlob } from "./glob.ts";

/** Files that a rollback takes back; undefined when they could not be read. */
export interface TakenBack {
  readonly files: readonly string[];
  /** The list is not whole. */
  readonly filesCut: boolean;
}

/** What holds a rollback back before anything is asked of Render, design 5.3. Times in ms. */
export function rollbackGuard(input: {
  readonly now: number;
  readonly liveAt: number;
  readonly guards: Guards;
  readonly despiteMigrations: boolean;
  readonly preDeployFailed: boolean;
  readonly range: TakenBack | undefined;
  /** Links to what carries the hold label. */
  readonly holds: readonly string[];
}): string | undefined {
  const { guards, range } = input;
  const guard = actGuard(input);
  if (guard !== undefined) return guard;
  if (input.despiteMigrations) return undefined;
  const way = "set despite_migrations: true on the step where that does no harm";
  if (input.preDeployFailed)
    return `the pre-deploy command failed, so the database may be half migrated; ${way}`;
  if (range === undefined)
    return `the files since the previous deploy could not be read, so migrations may be among them; ${way}`;
  const migrations = range.files.filter((file) => guards.migrations.some((glob) => matchesGlob(glob, file)));
  if (migrations.length > 0)
    return `it would take back migrations (${migrations.slice(0, 3).join(", ")}), which a rollback does not undo; ${way}`;
  return range.filesCut
    ? `GitHub did not list every file since the previous deploy, so migrations may be among them; ${way}`
    : undefined;
}

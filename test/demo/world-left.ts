import type { RunbookWorld } from "../runbook/world.ts";
import type { Revert } from "./ending.ts";

/** What a run leaves in `RUNNER_TEMP/world.json` about the world that it took place in. */
export interface WorldLeft {
  readonly simulatedMs: number;
  readonly revert?: Revert;
  readonly violations: readonly unknown[];
}

/** The world as it is since `startedAt` (ms); `revert` is the number of the revert pull request. */
export async function worldLeft(
  { clock, github, render }: RunbookWorld,
  about: { readonly startedAt: number; readonly revert: string | undefined },
): Promise<WorldLeft> {
  const pull = github.pulls.find(({ number }) => String(number) === about.revert);
  return {
    simulatedMs: clock.now() - about.startedAt,
    violations: [...render.violations, ...github.violations],
    ...(pull === undefined
      ? {}
      : {
          revert: {
            number: pull.number,
            title: pull.title,
            body: pull.body ?? "",
            diff: await github.diff("main", pull.headRef),
          },
        }),
  };
}

import { rollbackConfig, startRollbackWorld } from "../gate/rollback-world.ts";
import { HOUR, leftWatch, lookAt, MINUTE, SCHEDULED } from "../gate/resume-scene.ts";
import { startMergingWorld, startRevertWorld, withLine } from "../gate/revert-world.ts";
import type { GateOptions, GateResult, Scene } from "../gate/scene.ts";
import type { Truth } from "./trial.ts";

/** A story up to the run that will be killed. */
export interface Story extends AsyncDisposable {
  readonly scene: Scene;
  readonly serviceId: string;
  readonly commit: string;
  /** The run that is killed. */
  run(options: Partial<GateOptions>): Promise<GateResult>;
  /** What comes after it. */
  next(): Promise<GateResult>;
}

export interface KilledStory {
  readonly what: string;
  /** What comes after it. */
  readonly afterwards: string;
  readonly truth: Truth;
  /** Of a run that was killed before it had begun a remedy, looks only say that its watch is lost. */
  readonly mayBeLost?: boolean;
  start(): Promise<Story>;
}

const BAD = { "app.py": withLine(1, "broken") };
const TWO_STAGES = "{ for: 30s, every: 10s }\n  hour: { for: 1h, every: 10m }";
const PATCH = `diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -1,4 +1,4 @@
 line 0
-broken
+mended
 line 2
 line 3
`;
const MEND = `version: 1
service: shop-api
stages: { boot: { for: 30s, every: 10s } }
remedies:
  mend: [{ patch_pr: { patch: gate/mend.patch, title: Mend it, labels: [mend] } }, { issue: { labels: [incident] } }]
deploy: { appear_within: 1m }
report: { comment: true }
checks:
  errors: { logs: { forbid: [Traceback] }, on_fail: mend }
`;
const AFTER = `after:
  hour pass:
    - cleanup_pr: { delete: [old.py], title: "cleanup: old code", labels: [cleanup], list: [Tell the team] }
    - issue: { title: Clean up the rest, list: [Archive the docs], labels: [chore] }
report: { issue: true, at: [boot end, hour end] }`;

async function rollingBack(
  config: string,
  next: (scene: Scene, commit: string) => Promise<GateResult>,
): Promise<Story> {
  const world = await startRollbackWorld({ config });
  const commit = await world.push(BAD);
  world.deployBad(commit);
  const { scene, serviceId } = world;
  return {
    scene,
    serviceId,
    commit,
    run: (options) => scene.gate({ commit, ...options }),
    next: () => next(scene, commit),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

async function mending(): Promise<Story> {
  const world = await startRevertWorld({ config: MEND });
  const commit = await world.push({ ...BAD, "gate/mend.patch": PATCH });
  world.deployBad(commit);
  const { scene, serviceId } = world;
  return {
    scene,
    serviceId,
    commit,
    run: (options) => scene.gate({ commit, ...options }),
    next: () => scene.gate({ commit }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

async function reverting(about: { readonly isBelow: boolean }): Promise<Story> {
  const world = await startMergingWorld(about);
  const { scene, serviceId, bad: commit, inputs } = world;
  return {
    scene,
    serviceId,
    commit,
    run: (options) => scene.gate({ commit, inputs, ...options }),
    next: () => scene.gate({ commit, inputs }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

async function looking(
  checks: string,
  about: {
    readonly lookMs: number;
    readonly laterMs: number;
    readonly more?: string;
    readonly isBad: boolean;
  },
): Promise<Story> {
  const watch = await leftWatch(checks, {
    boot: "{ for: 20s, every: 10s }, hour: { for: 1h, every: 10m }",
    files: { "old.py": "old\n" },
    ...(about.more === undefined ? {} : { more: about.more }),
  });
  if (about.isBad) watch.say(5 * MINUTE, "Traceback");
  return {
    scene: watch,
    serviceId: watch.service.id,
    commit: watch.bad,
    run: (options) => lookAt(watch, about.lookMs, options),
    next: () => lookAt(watch, about.laterMs),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

/** The runs that are killed. */
export const KILLED_STORIES: readonly KilledStory[] = [
  {
    what: "freeze, rollback, recheck and revert",
    afterwards: "the job is run again",
    truth: "fail",
    start: () => rollingBack(rollbackConfig(), (scene, commit) => scene.gate({ commit })),
  },
  {
    what: "freeze, rollback, recheck and revert",
    afterwards: "scheduled looks come",
    truth: "fail",
    mayBeLost: true,
    start: () =>
      rollingBack(rollbackConfig().replace("{ for: 30s, every: 10s }", TWO_STAGES), async (scene, commit) => {
        await scene.clock.advance(10 * MINUTE);
        const result = await scene.gate({ commit, event: SCHEDULED, runNumber: 2 });
        await scene.clock.advance(26 * HOUR);
        await scene.gate({ commit, event: SCHEDULED, runNumber: 3 });
        return result;
      }),
  },
  {
    what: "the revert of the head, with labels, reviewers and auto-merge",
    afterwards: "the job is run again",
    truth: "fail",
    start: () => reverting({ isBelow: false }),
  },
  {
    what: "the revert below later commits, with labels, reviewers and auto-merge",
    afterwards: "the job is run again",
    truth: "fail",
    start: () => reverting({ isBelow: true }),
  },
  { what: "patch_pr and issue", afterwards: "the job is run again", truth: "fail", start: mending },
  {
    what: "a look's revert",
    afterwards: "the next look comes",
    truth: "fail",
    start: () =>
      looking("errors: { logs: { forbid: [Traceback] }, on_fail: revert }", {
        lookMs: 20 * MINUTE,
        laterMs: 50 * MINUTE,
        more: "report: { issue: true }",
        isBad: true,
      }),
  },
  {
    what: "a clean-up",
    afterwards: "the next look comes",
    truth: "pass",
    start: () =>
      looking("errors: { logs: { forbid: [Traceback] } }", {
        lookMs: HOUR + 5 * MINUTE,
        laterMs: 2 * HOUR,
        more: AFTER,
        isBad: false,
      }),
  },
];

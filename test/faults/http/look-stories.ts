import { HOUR, MINUTE, SCHEDULED } from "../../gate/resume-scene.ts";
import type { GateOptions, GateResult } from "../../gate/scene.ts";
import { startWatch, type Watch } from "../../gate/watch-scene.ts";
import type { Truth } from "../trial.ts";
import { messages, type HttpStory, type Stage } from "./story.ts";

const STAGES = "{ for: 40s, every: 20s }, hour: { for: 1h, every: 10m }";
const CHECKS = `errors: { logs: { forbid: [Traceback] }, on_fail: undo }
health: { http: /health, on_fail: undo }
memory: { metric: { name: memory, agg: max 5m }, fail: value > 400MB, stage: [hour], on_fail: undo }
crashes: { events: [server_failed], on_fail: undo }`;
const MORE = `remedies: { undo: [revert_pr: { labels: [urgent] }] }
report: { issue: true, comment: true, at: [hour end] }
notify: { all: { slack: $SLACK_URL, webhook: $HOOK_URL, when: [pass, fail, unknown, action] } }`;
/** When looks come, ms after live; the watch ends in the last but one. */
const LOOKS: readonly number[] = [20 * MINUTE, 40 * MINUTE, HOUR + 5 * MINUTE, HOUR + 15 * MINUTE];
const FAILS_AT = 30 * MINUTE;

/** The gate of a push and the looks after it; a story "from its looks on" has faults only then. */
function watched(
  truth: Truth,
  name: string,
  happens: (watch: Watch) => void = () => undefined,
  spoilt: readonly string[] = [],
): readonly HttpStory[] {
  const start = async (isLate: boolean): Promise<Stage> => {
    const watch = await startWatch(CHECKS, { boot: STAGES, more: MORE, isMerged: true });
    const { post, env } = await messages();
    const { clock, liveAt, render, service } = watch;
    render.metric(service.id, "memory", () => 200e6);
    for (let at = 5_000; at < 2 * HOUR; at += 5 * MINUTE) watch.say(at, "job done");
    happens(watch);
    let runs = 0;
    const run = (options: Partial<GateOptions>): Promise<GateResult> =>
      watch.run({ env, runNumber: (runs += 1), ...options });
    const look = async (at: number, options: Partial<GateOptions>): Promise<GateResult> => {
      await clock.advance(Math.max(0, liveAt + at - clock.now()));
      return run({ event: SCHEDULED, ...options });
    };
    return {
      scene: watch,
      services: [service.id],
      post,
      ...(isLate ? { faultsFrom: liveAt + 10 * MINUTE } : {}),
      async play(options) {
        const results = [await run(options)];
        for (const at of LOOKS) results.push(await look(at, options));
        return results;
      },
      again: (options) => look(LOOKS.at(-1)! + 10 * MINUTE, options),
      async [Symbol.asyncDispose]() {
        await Promise.all([watch[Symbol.asyncDispose](), post.close()]);
      },
    };
  };
  return [
    { name, truth, spoilt, isWatch: true, isLate: false, start: () => start(false) },
    {
      name: `${name}, from its looks on`,
      truth,
      spoilt,
      isWatch: true,
      isLate: true,
      start: () => start(true),
    },
  ];
}

export const LOOK_STORIES: readonly HttpStory[] = [
  ...watched("pass", "good watch"),
  ...watched("pass", "watch with commands", (watch) => {
    watch.after(10 * MINUTE, () => void watch.github.say(1, "/gate why"));
  }),
  ...watched(
    "pass",
    "watch whose index is in doubt",
    ({ github }) => {
      const lost = { kind: "status", status: 502 } as const;
      github.fault({ ...lost, route: /^POST .*\/deployments$/, takesEffect: true, times: 1 });
      github.fault({ ...lost, route: /^POST \/graphql$/ });
    },
    ["GitHub POST /graphql", "GitHub POST /repos/{owner}/{repo}/deployments"],
  ),
  ...watched("fail", "failing look", (watch) => {
    watch.say(FAILS_AT, "Traceback (most recent call last): boom");
  }),
];

import { expect } from "vitest";
import type { GateState } from "../../src/core/gate-state.ts";
import { decodeState } from "../../src/core/gate-state-text.ts";
import type { CheckRunRecord, CommentRecord } from "../stand-ins/github/site.ts";
import type { GateOptions, GateResult } from "./scene.ts";
import { startWatch, type Watch, type WatchOptions } from "./watch-scene.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A first stage of a minute, then an hour and six. */
const STAGES = "{ for: 20s, every: 10s }, hour: { for: 1h, every: 10m }, day: { for: 6h, every: 1h }";

/** A watch that the gate of its push has left to looks. */
export interface Left extends Watch {
  /** A scheduled run so long after live, ms. */
  look(afterLiveMs: number, options?: Partial<GateOptions>): Promise<GateResult>;
  /** The run that a comment starts right away. */
  heard(body: string, options?: Partial<GateOptions> & { readonly user?: string }): Promise<GateResult>;
  /** Where people answer: the tracking issue, else the merged pull request. */
  place(): number;
  comment(body: string, user?: string): number;
  /** What the gate answered, without its marker. */
  replies(): readonly string[];
  checkRun(): CheckRunRecord;
  state(): GateState;
  /** The state of the last status of the commit, and its description. */
  status(): string;
  /** The state of the index entry. */
  index(): string | undefined;
}

/** Lets the gate of the push watch the first stage of a deploy, and leave the others. */
export async function startLeft(
  checks: string,
  options: WatchOptions & {
    /** Of every run. */
    readonly run?: Partial<GateOptions>;
    /** Before the gate of the push runs. */
    readonly prepare?: (watch: Watch) => void;
  } = {},
): Promise<Left> {
  const watch = await startWatch(checks, { boot: STAGES, ...options });
  const { github, clock, bad } = watch;
  let runs = 1;
  const look: Left["look"] = async (afterLiveMs, more) => {
    await clock.advance(Math.max(0, watch.liveAt + afterLiveMs - clock.now()));
    runs += 1;
    return watch.gate({
      commit: bad,
      event: { name: "schedule", payload: { schedule: "7,37 * * * *" } },
      runNumber: runs,
      ...options.run,
      ...more,
    });
  };
  const own = (comment: CommentRecord): boolean => comment.body.startsWith("<!-- deploy-gate:answer=");
  const left: Left = {
    ...watch,
    look,
    async heard(body, { user, ...more } = {}) {
      left.comment(body, user);
      await clock.advance(5_000);
      return look(0, { event: { name: "issue_comment", payload: { comment: { body } } }, ...more });
    },
    place: () => github.issues.find(({ labels }) => labels.includes("deploy-gate"))?.number ?? 1,
    comment: (body, user) => github.say(left.place(), body, user),
    replies: () => github.comments.filter(own).map(({ body }) => body.split("\n").slice(1).join("\n")),
    checkRun() {
      expect(github.checkRuns.filter(({ sha }) => sha === bad)).toHaveLength(1);
      return github.checkRuns.find(({ sha }) => sha === bad)!;
    },
    state() {
      const decoded = decodeState(left.checkRun().text ?? "");
      if (decoded.kind !== "state") throw new Error(`the state is ${decoded.kind}`);
      return decoded.state;
    },
    status() {
      const last = github.statuses.findLast(({ sha }) => sha === bad);
      return `${last?.state}: ${last?.description}`;
    },
    index: () => github.deployments.at(-1)?.statuses.at(-1)?.state,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
  options.prepare?.(watch);
  const first = await watch.run(options.run);
  expect(first.ending.verdict).toBe("pass");
  return left;
}

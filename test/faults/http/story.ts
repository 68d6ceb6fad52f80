import { startWebhook, type Webhook } from "../../stand-ins/webhook.ts";
import type { GateOptions, GateResult, Scene } from "../../gate/scene.ts";
import type { Truth } from "../trial.ts";

/** What every run of a story shares with the others. */
export type RunOptions = Pick<GateOptions, "attemptTimeoutMs">;

/** A story whose world is there and whose gate has not begun. */
export interface Stage extends AsyncDisposable {
  readonly scene: Scene;
  readonly services: readonly string[];
  readonly post: Webhook;
  /** When the faults begin; without it with the first run. */
  readonly faultsFrom?: number;
  /** All runs of the story, one after the other. */
  play(options: RunOptions): Promise<readonly GateResult[]>;
  /** The same job once more, or the next look. */
  readonly again: (options: RunOptions) => Promise<GateResult>;
}

export interface HttpStory {
  readonly name: string;
  readonly truth: Truth;
  /** Looks go on after the gate of the push. */
  readonly isWatch: boolean;
  /** Faults begin in the middle of it. */
  readonly isLate: boolean;
  /** Routes with faults of the story's own. */
  readonly spoilt?: readonly string[];
  start(): Promise<Stage>;
}

/** Where messages go, as the config files of the stories name it. */
export async function messages(): Promise<{
  readonly post: Webhook;
  readonly env: Readonly<Record<string, string>>;
}> {
  const post = await startWebhook();
  return { post, env: { SLACK_URL: post.slackUrl, HOOK_URL: post.hookUrl } };
}

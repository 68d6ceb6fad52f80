import type { FuzzTarget } from "./target.ts";
import { command } from "./targets/command.ts";
import { condition } from "./targets/condition.ts";
import { config } from "./targets/config.ts";
import { growth } from "./targets/growth.ts";
import { logLine } from "./targets/log-line.ts";
import { markdown } from "./targets/markdown.ts";
import { redactor } from "./targets/redactor.ts";
import { renderReplies } from "./targets/render-replies.ts";
import { state } from "./targets/state.ts";

export const TARGETS: readonly FuzzTarget[] = [
  condition,
  config,
  redactor,
  markdown,
  state,
  logLine,
  command,
  renderReplies,
  growth,
];

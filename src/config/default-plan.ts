import type { Check, Plan } from "../core/check.ts";
import { QUIET } from "../core/communication.ts";
import { checkSchema } from "./check-schema.ts";
import type { CheckFile } from "./check-schema.ts";
import { checkOf, guardsOf, stagesOf } from "./plan.ts";
import { builtInRemedies } from "./remedy-plan.ts";
import { fileSchema } from "./schema.ts";

const EMPTY = fileSchema.parse({ version: 1, checks: {} });

/**
 * What is watched without a config file: the deploy and crashes. The health check joins when the service is
 * known (`healthCheck`). `service` is the input's, if there is one.
 */
export function defaultPlan({ service }: { readonly service?: string | undefined } = {}): Plan {
  return {
    ...(service === undefined ? {} : { service }),
    mode: EMPTY.mode,
    deploy: {
      trigger: EMPTY.deploy.trigger,
      appearWithinMs: EMPTY.deploy.appear_within,
      liveWithinMs: EMPTY.deploy.live_within,
      retry: EMPTY.deploy.retry,
      onFail: EMPTY.defaults.on_fail,
    },
    stages: stagesOf(EMPTY),
    databases: {},
    checks: [crashCheck()],
    remedies: builtInRemedies(stagesOf(EMPTY)),
    guards: guardsOf(EMPTY),
    ...QUIET,
    secrets: [],
  };
}

/** Render's own rule for a healthy answer: 200 to 399 at the service's health check path, or any address. */
export function healthCheck(path: string, name = "health"): Check {
  return builtIn(name, { http: path, pass: "status between 200 and 399" });
}

/** No instance of the new version may crash. */
export function crashCheck(): Check {
  return builtIn("crashes", { events: ["server_failed", "server_restarted"] });
}

function builtIn(name: string, written: object): Check {
  const check: CheckFile = checkSchema.parse(written);
  return checkOf(name, check, { file: EMPTY, stages: stagesOf(EMPTY), secret: (text) => text });
}

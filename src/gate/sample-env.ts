import type { Sample } from "../core/check.ts";
import type { EnvSource } from "../core/source.ts";
import { envSample, type ServiceVariables } from "../core/env-sample.ts";
import type { ServiceRun } from "./run.ts";
import { createSharedReads } from "./shared-reads.ts";

/** The environment is read for all checks together, and once a minute at most. */
const FRESH_MS = 59_000;

/** Takes samples of env checks. A value that was read goes nowhere but into the comparison. */
export function createEnvSamples({ edges, service }: ServiceRun): (source: EnvSource) => Promise<Sample> {
  const { clock, serviceEnv } = edges;
  const shared = createSharedReads<ServiceVariables>(clock);
  return async (source) => {
    const at = clock.now();
    const variables = await shared({ key: "variables", freshMs: FRESH_MS }, () => serviceEnv.read(service));
    return envSample(source, { at, variables });
  };
}

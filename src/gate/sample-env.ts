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
    const reading = (key: string): Promise<ServiceVariables> =>
      shared({ key, freshMs: FRESH_MS }, () => serviceEnv.read(service));
    const variables = await reading("variables");
    if (Object.keys(source.expected).every((name) => variables.values.has(name)))
      return envSample(source, { at, variables });
    // A list that came empty looks like variables that are not set: absent is what two readings lack.
    return envSample(source, { at, variables: both(variables, await reading("variables, once more")) });
  };
}

function both(one: ServiceVariables, two: ServiceVariables): ServiceVariables {
  return {
    values: new Map([...one.values, ...two.values]),
    ambiguous: new Set([...one.ambiguous, ...two.ambiguous]),
  };
}

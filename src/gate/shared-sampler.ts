import type { Sampler } from "./sample.ts";

/** Two stages that are open at once share one sample of a moment. */
export function sharedSampler(sampler: Sampler, clock: { now(): number }): Sampler {
  const taken = new Map<string, { readonly at: number; readonly sample: ReturnType<Sampler["take"]> }>();
  return {
    take(check, moment) {
      const at = clock.now();
      const known = taken.get(check.name);
      if (known?.at === at) return known.sample;
      const sample = sampler.take(check, moment);
      taken.set(check.name, { at, sample });
      return sample;
    },
  };
}

import * as fc from "fast-check";

// The same cases on every machine: a red build is never a matter of luck. `FC_SEED` looks for new ones.
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_261_123) });

import { clockTrials } from "./clock.ts";
import { databaseTrials } from "./database.ts";
import { flappingTrials } from "./flapping.ts";
import { killedTrials } from "./killed.ts";
import { logSocketTrials } from "./log-socket.ts";
import { networkTrials } from "./network.ts";
import type { Trial } from "./trial.ts";

/** The fault matrix of all that is not a single HTTP route. */
export function edgeTrials(): readonly Trial[] {
  return [
    ...logSocketTrials(),
    ...databaseTrials(),
    ...flappingTrials(),
    ...networkTrials(),
    ...clockTrials(),
    ...killedTrials(),
  ];
}

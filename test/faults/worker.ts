import type { Outcome } from "./trial.ts";

// Runs the trials whose numbers it is sent, one after the other, and sends what came of each. Loading them takes
// seconds, in which a number that nobody listens for would be lost.
const loading = import("./trials.ts").then(({ allTrials }) => allTrials());

process.on("message", (index: number) => {
  void play(index).then((outcome) => process.send?.(outcome));
});

async function play(index: number): Promise<Outcome> {
  try {
    return await (await loading)[index]!.run();
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { verdict: "none", acts: [], struck: true, wrong: [`the trial failed: ${told}`] };
  }
}

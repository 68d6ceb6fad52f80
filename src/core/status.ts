import type { Verdict } from "./check.ts";

const DAY_MS = 86_400_000;

/** How a status update sums a deploy up. */
export type DeploymentWord = "STABLE" | "ISSUES" | "CRITICAL";

/** `pass` is stable, `fail` critical; whatever else is no reason to be calm. */
export function deploymentWord(verdict: Verdict): DeploymentWord {
  switch (verdict) {
    case "pass":
      return "STABLE";
    case "fail":
      return "CRITICAL";
    case "warn":
    case "unknown":
    case "superseded":
    case "skipped":
      return "ISSUES";
  }
}

/** Which day of the watch it is, from 1: a day begins every 24 hours after live, and the last ends with the last stage. Times in ms. */
export function dayOf(
  now: number,
  watch: { readonly liveAt: number; readonly stages: readonly { readonly forMs: number }[] },
): number {
  const days = Math.ceil(Math.max(0, ...watch.stages.map(({ forMs }) => forMs)) / DAY_MS);
  const day = Math.floor((now - watch.liveAt) / DAY_MS) + 1;
  return Math.max(1, Math.min(day, days));
}

import { kindOf, type About, type FaultKind } from "./fault-kind.ts";
import { runbookWorld, type RunbookFault } from "./runbook.ts";
import { point } from "./shown.ts";
import { HOUR } from "./world.ts";

const runbook = (about: About<RunbookFault>): FaultKind => kindOf("wo-004", about, runbookWorld);

/** What the runbook wants looked into. */
export const OTHER_RUNBOOK_FAULTS: readonly FaultKind[] = [
  runbook({
    name: "75 in 100 succeed",
    isCritical: false,
    onset: "at live",
    sees: ["wf2-success", "wf3-success"],
    watchMs: 4 * HOUR,
    fault: () => ({ behaviour: () => ({ errorShare: () => 0.28, arrivals: () => 2 }) }),
  }),
  runbook({
    name: "85 in 100 succeed",
    isCritical: false,
    wants: "warn",
    onset: "at live",
    sees: ["wf2-success", "wf3-success"],
    watchMs: 4 * HOUR,
    fault: () => ({ behaviour: () => ({ errorShare: () => 0.15, arrivals: () => 2 }) }),
  }),
  runbook({
    name: "a queue grows",
    isCritical: false,
    onset: "at live",
    sees: ["wf2-queue", "wf3-queue"],
    watchMs: 9 * HOUR,
    fault: () => ({
      behaviour: (onset) => ({
        arrivals: (worker, at) => (worker.name === "wf2" && at >= onset ? 6 / 0.5 : 1),
      }),
    }),
  }),
  runbook({
    name: "a variable is wrong",
    isCritical: false,
    onset: "at live",
    sees: ["settings"],
    fault: () => ({ environment: { DEEP_SCAN_SCHEDULER_MAX_INSTANCES: "3" } }),
  }),
  runbook({
    name: "the row lock is gone",
    isCritical: false,
    onset: "at live",
    sees: ["row-lock"],
    fault: () => ({ files: { "src/services/scheduler_loop.py": "rows = query.with_for_update().all()\n" } }),
  }),
  runbook({
    name: "connections are exhausted",
    isCritical: false,
    onset: "hours",
    sees: ["connections", "database-errors"],
    fault: () => ({
      connections: 38,
      prints: {
        message: "ERROR sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached",
        perHour: 60,
      },
    }),
  }),
  runbook({
    name: "a new exception",
    isCritical: false,
    sees: ["tracebacks"],
    fault: () => ({
      prints: {
        message:
          "Traceback (most recent call last):\n  File \"/app/src/scan.py\", line 9, in scan\nKeyError: 'place_id'",
        perHour: 400,
      },
    }),
  }),
  runbook({
    name: "errors increase",
    isCritical: false,
    onset: "at live",
    sees: ["error-rate"],
    fault: () => ({
      prints: { message: "ERROR could not save https://site-7.example: lock timeout", perHour: 900 },
    }),
  }),
  runbook({
    name: "CPU above 80 %",
    isCritical: false,
    onset: "hours",
    sees: ["cpu"],
    fault: () => ({ cpu: 0.93 }),
    shows: point,
  }),
  runbook({
    name: "503 answers",
    isCritical: false,
    onset: "hours",
    sees: ["server-errors"],
    fault: () => ({ serverErrorShare: 0.2 }),
    shows: point,
  }),
  runbook({
    name: "a second instance",
    isCritical: false,
    wants: "warn",
    onset: "hours",
    sees: ["instances", "wf3-overlap", "wf2-overlap"],
    fault: () => ({ second: true }),
    shows: point,
  }),
  runbook({
    name: "each item takes three times as long",
    isCritical: false,
    onset: "at live",
    sees: ["wf2-speed", "wf3-speed", "wf3-overlap", "wf3-cycles"],
    watchMs: 4 * HOUR,
    fault: () => ({ behaviour: () => ({ slowness: () => 3.6, arrivals: () => 2 }) }),
  }),
  runbook({
    name: "Google refuses the key",
    isCritical: false,
    wants: "warn",
    onset: "hours",
    sees: ["google-maps"],
    fault: () => ({ prints: { message: "ERROR maps: REQUEST_DENIED", perHour: 60 } }),
  }),
];

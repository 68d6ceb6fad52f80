import type { EventFailure } from "../../src/core/event.ts";
import { kindOf, type About, type FaultKind } from "./fault-kind.ts";
import { runbookWorld, type RunbookFault } from "./runbook.ts";
import { ended, gap, line, missing, point, secondStart } from "./shown.ts";
import { HOUR, MINUTE, SECOND } from "./world.ts";

const runbook = (about: About<RunbookFault>): FaultKind => kindOf("wo-004", about, runbookWorld);

const GB = 1e9;
const without = (pattern: RegExp) => (lines: readonly string[]) => lines.filter((one) => !pattern.test(one));
const LOST: readonly RegExp[] = [
  /Domain scheduler|Pending Domains/,
  /deep.scan/i,
  /domain.extraction/i,
  /sitemap submission/i,
  /sitemap.imports/i,
  /page.curation/i,
];

/** What the runbook wants rolled back or mended at once. */
export const CRITICAL_RUNBOOK_FAULTS: readonly FaultKind[] = [
  runbook({
    name: "a scheduler does not register",
    isCritical: true,
    onset: "at live",
    sees: ["schedulers"],
    fault: (random) => ({ startUp: without(random.pick(LOST as [RegExp, ...RegExp[]])) }),
    shows: missing,
  }),
  runbook({
    name: "max instances misconfigured",
    isCritical: true,
    onset: "at live",
    sees: ["schedulers"],
    fault: () => ({
      startUp: (lines) => lines.map((one) => one.replace("max_instances=1", "max_instances=3")),
    }),
    shows: missing,
  }),
  runbook({
    name: "import error, and the process goes on",
    isCritical: true,
    onset: "at live",
    from: -25 * SECOND,
    sees: ["red-flags", "schedulers"],
    fault: () => ({
      startUp: (lines) => [
        ...without(/deep.scan/i)(lines),
        "ERROR Failed to setup Deep Scan scheduler job: cannot import name 'PlacesDeepService'",
      ],
    }),
    shows: ({ liveAt, world }) => Math.max(liveAt, line(/cannot import/)({ world, onset: liveAt - HOUR })),
  }),
  runbook({
    name: "configuration error at the start",
    isCritical: true,
    onset: "at live",
    sees: ["red-flags"],
    fault: () => ({
      startUp: (lines) => [...lines, "ERROR 2 validation errors for Settings: deep_scan_interval"],
    }),
    shows: ({ liveAt, world }) =>
      Math.max(liveAt, line(/validation errors/)({ world, onset: liveAt - HOUR })),
  }),
  ...(["minutes", "hours"] as const).flatMap((onset) => [
    runbook({
      name: "critical line",
      isCritical: true,
      onset,
      sees: ["critical-errors"],
      fault: () => ({
        prints: {
          message: "CRITICAL SCHEDULER_LOOP: event loop blocked for 94 s, 3 jobs missed",
          perHour: 6,
        },
      }),
      shows: line(/CRITICAL/),
    }),
    runbook({
      name: "duplicates, a race",
      isCritical: true,
      onset,
      sees: ["no-duplicates"],
      fault: (random) => ({ duplicatesPerHour: random.between(1, 40) }),
    }),
    runbook({
      name: "crash loop",
      isCritical: true,
      onset,
      sees: ["crashes", "schedulers", "wf3-cycles"],
      fault: (random) => ({ crashEveryMs: random.between(40, 300) * SECOND }),
    }),
    runbook({
      name: "killed for its memory",
      isCritical: true,
      onset,
      sees: ["crashes", "memory"],
      fault: (random) => ({ crashEveryMs: random.between(4, 40) * MINUTE, crash: { oomKilled: "4Gi" } }),
    }),
    runbook({
      name: "health fails",
      isCritical: true,
      onset,
      sees: ["health"],
      fault: (random) =>
        random.isHit(0.5) ? { healthStatus: random.pick([500, 503, 404]) } : { isSilent: true },
    }),
  ]),
  runbook({
    name: "the old scheduler runs beside the new ones",
    isCritical: true,
    onset: "at live",
    sees: ["no-duplicates"],
    fault: () => ({ duplicatesPerHour: 25, from: 0 }) as Omit<RunbookFault, "onsetMs">,
  }),
  runbook({
    name: "memory above 2 GB at once",
    isCritical: true,
    sees: ["memory"],
    beatMs: MINUTE,
    fault: () => ({ memory: () => 2 * GB }),
    shows: point,
  }),
  runbook({
    name: "memory leak",
    isCritical: true,
    onset: "at live",
    sees: ["memory"],
    beatMs: MINUTE,
    watchMs: 9 * HOUR,
    fault: (random) => {
      const perHour = random.between(0.25, 3) * GB;
      return { memory: (since) => (since / HOUR) * perHour };
    },
    shows(bad) {
      const { world, liveAt } = bad;
      const one = world.instances.find(({ createdAt }) => createdAt >= liveAt - 10 * MINUTE);
      let at = liveAt;
      while (Number(world.metric("memory", at, one)) <= 2 * GB && at < liveAt + 9 * HOUR) at += 30 * SECOND;
      return at + world.metricLagMs;
    },
  }),
  runbook({
    name: "cycles overlap",
    isCritical: true,
    onset: "at live",
    sees: ["wf3-overlap", "wf2-overlap"],
    fault: () => ({
      behaviour: (onset) => ({
        mayOverlap: () => true,
        slowness: (at) => (at > onset - HOUR ? 14 : 1),
        arrivals: () => 20,
      }),
    }),
    shows: ({ world, liveAt }) => secondStart(world, liveAt),
  }),
  runbook({
    name: "a cycle never ends, rows stay in Processing",
    isCritical: true,
    sees: ["wf3-overlap", "wf3-cycles", "wf2-overlap", "wf2-cycles"],
    fault: () => ({
      behaviour: (onset) => ({ hangs: (worker, at) => worker.name === "wf3" && at >= onset }),
    }),
    shows: gap("wf3"),
  }),
  runbook({
    name: "WF3 stops",
    isCritical: true,
    sees: ["wf3-cycles"],
    fault: () => ({
      behaviour: (onset) => ({ hasStopped: (worker, at) => worker.name === "wf3" && at >= onset }),
    }),
    shows: gap("wf3"),
  }),
  runbook({
    name: "WF2 stops",
    isCritical: true,
    onset: "hours",
    sees: ["wf2-cycles"],
    fault: () => ({
      behaviour: (onset) => ({ hasStopped: (worker, at) => worker.name === "wf2" && at >= onset }),
    }),
    shows: gap("wf2"),
  }),
  runbook({
    name: "silence: no line at all any more",
    isCritical: true,
    onset: "hours",
    sees: ["wf2-cycles", "wf3-cycles"],
    fault: () => ({
      behaviour: (onset) => ({ hasStopped: (_worker, at) => at >= onset, isMute: (at) => at >= onset }),
    }),
    shows: gap("wf3"),
  }),
  runbook({
    name: "the build fails",
    isCritical: true,
    onset: "at live",
    sees: ["deploy"],
    fault: () => ({ end: { status: "build_failed" } }),
    shows: ended,
  }),
  runbook({
    name: "the application does not start",
    isCritical: true,
    onset: "at live",
    sees: ["deploy"],
    fault: (random) => ({
      end: {
        status: "update_failed",
        failure: random.pick<EventFailure>([{ nonZeroExit: 1 }, { oomKilled: "4Gi" }, { earlyExit: true }]),
      },
    }),
    shows: ended,
  }),
];

import { kindOf, type About, type FaultKind } from "./fault-kind.ts";
import { shopWorld, type ShopFault } from "./shop.ts";
import { ended, line, mixedPoint, point, windowed } from "./shown.ts";
import { HOUR, MINUTE, SECOND } from "./world.ts";

const shop = (about: About<ShopFault>): FaultKind => kindOf("shop", about, shopWorld);

/** What nobody wants a shop to go on with. */
export const CRITICAL_SHOP_FAULTS: readonly FaultKind[] = [
  shop({
    name: "health fails",
    isCritical: true,
    sees: ["health", "server-errors"],
    fault: (random) =>
      random.isHit(0.6)
        ? { healthStatus: random.pick([500, 503, 404]) }
        : { isSilent: true, serverErrorShare: 0.6 },
  }),
  shop({
    name: "health fails",
    isCritical: true,
    onset: "hours",
    sees: ["health", "server-errors"],
    fault: (random) =>
      random.isHit(0.6) ? { healthStatus: 503 } : { isSilent: true, serverErrorShare: 0.6 },
  }),
  shop({
    name: "ten times slower",
    isCritical: true,
    onset: "at live",
    from: -MINUTE,
    sees: ["search", "health", "latency"],
    fault: () => ({ latencyFactor: 10 }),
    shows: ({ liveAt }) => liveAt + 2 * MINUTE,
  }),
  shop({
    name: "a fifth of the answers are 5xx",
    isCritical: true,
    sees: ["server-errors", "health"],
    fault: (random) => ({ serverErrorShare: random.between(0.15, 0.4) }),
    shows: windowed,
  }),
  shop({
    name: "FATAL line",
    isCritical: true,
    sees: ["fatal"],
    fault: () => ({
      prints: { message: "FATAL: cannot write to /data: no space left on device", perHour: 12 },
    }),
    shows: line(/FATAL/),
  }),
  shop({
    name: "FATAL line",
    isCritical: true,
    onset: "hours",
    sees: ["fatal"],
    fault: () => ({
      prints: { message: "FATAL: cannot write to /data: no space left on device", perHour: 12 },
    }),
    shows: line(/FATAL/),
  }),
  shop({
    name: "a new exception",
    isCritical: true,
    sees: ["tracebacks"],
    fault: (random) => ({
      prints: {
        message:
          "Traceback (most recent call last):\n  File \"/app/cart.py\", line 12, in total\nKeyError: 'currency'",
        perHour: random.between(60, 600),
      },
    }),
    shows: ({ world, onset }) =>
      world.lines
        .filter((one) => one.at >= onset && one.message.startsWith("KeyError"))
        .map(({ seenAt }) => seenAt)
        .toSorted((a, b) => a - b)[4] ?? Infinity,
  }),
  shop({
    name: "crash loop",
    isCritical: true,
    sees: ["crashes", "health"],
    fault: (random) => ({ crashEveryMs: random.between(30, 300) * SECOND }),
  }),
  shop({
    name: "killed for its memory",
    isCritical: true,
    onset: "hours",
    sees: ["crashes", "memory"],
    fault: (random) => ({ crashEveryMs: random.between(5, 60) * MINUTE, crash: { oomKilled: "512Mi" } }),
  }),
  shop({
    name: "lost order lines",
    isCritical: true,
    sees: ["orphans"],
    fault: (random) => ({ orphansPerHour: random.between(2, 300) }),
  }),
  shop({
    name: "lost order lines",
    isCritical: true,
    onset: "hours",
    sees: ["orphans"],
    fault: (random) => ({ orphansPerHour: random.between(2, 300) }),
  }),
  shop({
    name: "does not come up",
    isCritical: true,
    onset: "at live",
    sees: ["deploy"],
    fault: () => ({ end: { status: "update_failed", failure: { nonZeroExit: 1 } } }),
    shows: ended,
  }),
];

/** What somebody should look into. */
export const OTHER_SHOP_FAULTS: readonly FaultKind[] = [
  shop({
    name: "connections are exhausted",
    isCritical: false,
    sees: ["connections"],
    fault: () => ({ connections: 97 }),
    shows: mixedPoint,
  }),
  shop({
    name: "CPU at its limit",
    isCritical: false,
    onset: "hours",
    sees: ["cpu"],
    fault: () => ({ cpu: 0.99 }),
    shows: point,
  }),
  shop({
    name: "memory leak",
    isCritical: false,
    onset: "at live",
    sees: ["memory"],
    watchMs: 9 * HOUR,
    fault: (random) => ({ leakPerHour: random.between(0.1, 1) }),
  }),
  shop({
    name: "twice as slow",
    isCritical: false,
    wants: "warn",
    onset: "at live",
    from: -MINUTE,
    sees: ["search", "latency", "health"],
    fault: () => ({ latencyFactor: 2.2 }),
  }),
];

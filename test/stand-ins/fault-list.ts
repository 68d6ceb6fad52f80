/** When a fault strikes. Times in ms of the stand-in's clock. */
export interface Striking {
  /** Tried on `METHOD /path`, without query. Default: every request. */
  readonly route?: RegExp;
  /** How often; always by default. */
  readonly times?: number;
  /** So many that fit pass first. */
  readonly skip?: number;
  /** From and before these times. */
  readonly from?: number;
  readonly until?: number;
  /** So long after its first hit. */
  readonly forMs?: number;
}

/** A fault at work. */
export interface ActiveFault {
  readonly hits: () => number;
  readonly stop: () => void;
}

/** The faults at work at one stand-in. */
export interface Faults<Fault extends Striking> {
  add(fault: Fault): ActiveFault;
  /** The fault that strikes this request, used up by one. */
  take(route: string, now: number): Fault | undefined;
}

/** No faults yet; of those that fit, the one asked for first strikes. */
export function createFaults<Fault extends Striking>(): Faults<Fault> {
  const active = new Set<{ readonly fault: Fault; seen: number; hits: number; firstAt: number }>();
  return {
    add(fault) {
      const entry = { fault, seen: 0, hits: 0, firstAt: Infinity };
      active.add(entry);
      return { hits: () => entry.hits, stop: () => void active.delete(entry) };
    },
    take(route, now) {
      const found = [...active].find((entry) => {
        const { fault, hits, firstAt } = entry;
        const { times = Infinity, skip = 0, from = 0, until = Infinity, forMs = Infinity } = fault;
        const isIn = now >= from && now < until && now < firstAt + forMs;
        const isAsked = fault.route === undefined || route.search(fault.route) >= 0;
        const fits = isAsked && isIn && hits < times;
        if (fits) entry.seen += 1;
        return fits && entry.seen > skip;
      });
      if (found !== undefined) {
        found.hits += 1;
        found.firstAt = Math.min(found.firstAt, now);
      }
      return found?.fault;
    },
  };
}

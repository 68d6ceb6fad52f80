/** What goes wrong, and when. Times in ms of the stand-in's clock. */
export interface FaultInput {
  /** On `METHOD /path`, without base and query. Default: every request. */
  readonly route?: RegExp;
  /**
   * `status`: that status with an error body (or `body`, a string goes out as it is) · `reset`: the connection is
   * reset · `hang`: no answer · `slow-body`: half of the right answer, the rest after `delayMs` · `dribble`: the
   * same, the rest after `delayMs` of real time · `truncated`: half of it, then the connection ends · `not-json`: 200 with a proxy's page · `wrong-type`: 200 with a number ·
   * `empty-list`: 200 `[]` · `forbidden`: 403 · `rate-limit`: 429.
   */
  readonly kind:
    | "status"
    | "reset"
    | "hang"
    | "slow-body"
    | "dribble"
    | "truncated"
    | "not-json"
    | "wrong-type"
    | "empty-list"
    | "forbidden"
    | "rate-limit";
  /** How often; default: always. */
  readonly times?: number;
  /** So many that fit pass first. */
  readonly skip?: number;
  readonly from?: number;
  readonly until?: number;
  /** So long after its first hit. */
  readonly forMs?: number;
  /** Default 500. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds; absent: no such header. */
  readonly retryAfter?: number;
  /** Default 30 s; of `dribble` 50 ms. */
  readonly delayMs?: number;
  /** The request is carried out and only its answer is lost; always so where half of the answer arrives. */
  readonly takesEffect?: boolean;
}

export interface Fault {
  readonly hits: () => number;
  readonly stop: () => void;
}

/** Faults in the order they were asked for; the first that fits is used. */
export interface Faults {
  readonly add: (input: FaultInput) => Fault;
  readonly take: (route: string, now: number) => FaultInput | undefined;
}

export function faultList(): Faults {
  const active: { readonly input: FaultInput; seen: number; hits: number; firstAt: number }[] = [];
  return {
    add(input) {
      const entry = { input, seen: 0, hits: 0, firstAt: Infinity };
      active.push(entry);
      return {
        hits: () => entry.hits,
        stop: () => {
          const index = active.indexOf(entry);
          if (index >= 0) active.splice(index, 1);
        },
      };
    },
    take(route, now) {
      const struck = active.find((entry) => {
        const { input, hits, firstAt } = entry;
        const { times = Infinity, skip = 0, from = 0, until = Infinity, forMs = Infinity } = input;
        const isIn = now >= from && now < until && now < firstAt + forMs;
        const fits = hits < times && isIn && (input.route?.test(route) ?? true);
        if (fits) entry.seen += 1;
        return fits && entry.seen > skip;
      });
      if (struck) {
        struck.hits += 1;
        struck.firstAt = Math.min(struck.firstAt, now);
      }
      return struck?.input;
    },
  };
}

/** What a fault answers when it answers with something of its own; undefined: with the right answer, mangled. */
export function faultAnswer(
  fault: FaultInput,
): { readonly status: number; readonly text: string; readonly headers: Record<string, string> } | undefined {
  const status = {
    status: fault.status ?? 500,
    forbidden: 403,
    "rate-limit": 429,
    "not-json": fault.status ?? 200,
    "wrong-type": 200,
    "empty-list": 200,
    reset: 0,
    hang: 0,
    "slow-body": 0,
    dribble: 0,
    truncated: 0,
  }[fault.kind];
  if (status === 0) return undefined;
  const page = "<!DOCTYPE html><html><title>Bad gateway</title></html>";
  const body = {
    status: { message: "the stand-in was told to fail" },
    forbidden: { message: "the API key lacks the permission for this resource" },
    "rate-limit": { message: "rate limit exceeded" },
    "not-json": page,
    "wrong-type": 42,
    "empty-list": [],
  }[fault.kind as "status"] as unknown;
  const given = fault.body ?? body;
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const type = text.startsWith("<") ? "text/html" : "application/json; charset=utf-8";
  const retryAfter: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) };
  return { status, text, headers: { "Content-Type": type, ...retryAfter, ...fault.headers } };
}

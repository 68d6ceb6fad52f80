/** What the index keeps of one open watch: enough to find its check run, where everything else is. */
export interface WatchEntry {
  readonly version: 1;
  /** The service's id. */
  readonly service: string;
  /** The service's name; the check run is `deploy-gate / <name>`. */
  readonly name: string;
  /** Path of the config file; absent when there is none. */
  readonly config?: string;
  /** Id of the check run. */
  readonly checkRun: number;
  /** When the last stage ends, ms. */
  readonly until: number;
}

/** The states of a deployment that close its watch. */
export type WatchEnd = "success" | "failure" | "error" | "inactive";

export type ReadEntry =
  | { readonly kind: "entry"; readonly entry: WatchEntry }
  /** `isNewer`: a later version of the gate wrote it, and will read it. */
  | { readonly kind: "damaged"; readonly why: string; readonly isNewer: boolean };

const MOST_CHARACTERS = 10_000;
/** As an object, as JSON, and as JSON inside JSON: REST and GraphQL differ, and so do their ages. */
const MOST_LAYERS = 3;

const damaged = (why: string): ReadEntry => ({ kind: "damaged", why, isNewer: false });

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= most && !/\p{Cc}/u.test(value);
}

function isPath(value: unknown): value is string {
  return isText(value, 300) && !/^[/\\~]|^[A-Za-z]:/.test(value) && !value.split(/[/\\]/).includes("..");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** Undefined for what is no JSON. */
function parsed(payload: unknown): unknown {
  let value = payload;
  for (let layer = 0; layer < MOST_LAYERS && typeof value === "string"; layer += 1) {
    if (value.length > MOST_CHARACTERS) return undefined;
    try {
      value = JSON.parse(value) as unknown;
    } catch {
      return undefined;
    }
  }
  return value;
}

/** The payload of a deployment as an entry. Whoever may write deployments may have written it; never throws. */
export function readWatchEntry(payload: unknown): ReadEntry {
  const value = parsed(payload);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return damaged("its payload is no JSON object");
  const { version, service, name, config, checkRun, until } = value as Readonly<Record<string, unknown>>;
  if (version !== 1) {
    const isNewer = isCount(version);
    const why = `it has ${isNewer ? `version ${version}` : "no version"}, and this gate reads version 1`;
    return { kind: "damaged", why, isNewer };
  }
  const wrong = (field: string): ReadEntry => damaged(`its "${field}" is missing or not what it should be`);
  if (typeof service !== "string" || !/^[a-z]{2,10}-[\w-]{1,60}$/.test(service)) return wrong("service");
  if (!isText(name, 200)) return wrong("name");
  if (config !== undefined && !isPath(config)) return wrong("config");
  if (!isCount(checkRun)) return wrong("checkRun");
  if (!isCount(until)) return wrong("until");
  const entry: WatchEntry = {
    version: 1,
    service,
    name,
    ...(config === undefined ? {} : { config }),
    checkRun,
    until,
  };
  return { kind: "entry", entry };
}

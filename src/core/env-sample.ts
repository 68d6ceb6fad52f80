import type { Sample } from "./check.ts";
import type { EnvSource } from "./source.ts";

/** A service's environment as it is set at Render. The values are secrets: compared, never shown. */
export interface ServiceVariables {
  readonly values: ReadonlyMap<string, string>;
  /** Names that linked groups set to different values, and the service itself does not. */
  readonly ambiguous: ReadonlySet<string>;
}

/** Render sets these itself and lists them nowhere: https://render.com/docs/environment-variables */
const SET_BY_RENDER = /^(?:RENDER(?:_.*)?|IS_PULL_REQUEST)$/;

/**
 * Expected variables against those of the service (design 5.2): subjects `equal`, `different`, `absent`. Values
 * compare as texts, to the last character; only names are ever shown. A name that cannot be looked up makes an error.
 */
export function envSample(
  { expected }: EnvSource,
  about: {
    readonly at: number;
    readonly variables: ServiceVariables;
  },
): Sample {
  const { at } = about;
  const { values, ambiguous } = about.variables;
  const names = Object.keys(expected).toSorted((a, b) => (a < b ? -1 : 1));
  const unclear = names.filter((name) => ambiguous.has(name));
  const unlisted = names.filter(
    (name) => !values.has(name) && !ambiguous.has(name) && SET_BY_RENDER.test(name),
  );
  const reasons = [
    ...(unclear.length > 0
      ? [`linked groups set ${unclear.join(", ")} to different values, and which one holds cannot be said`]
      : []),
    ...(unlisted.length > 0 ? [`${unlisted.join(", ")}: set by Render itself, which does not list it`] : []),
  ];
  if (reasons.length > 0) return { kind: "error", at, reason: reasons.join("; ") };
  const absent = names.filter((name) => !values.has(name));
  const different = names.filter((name) => values.has(name) && values.get(name) !== expected[name]);
  const wrong = new Set([...absent, ...different]);
  return {
    kind: "ok",
    at,
    subjects: { equal: names.length - wrong.size, different: different.length, absent: absent.length },
    evidence: names
      .filter((name) => wrong.has(name))
      .map((name) => ({
        text: `${name}: ${values.has(name) ? "different" : "absent"}`,
        from: "environment",
      })),
  };
}

/** Entries of all lists together: no kind of entry that a service has is so short that 16 MiB hold more. */
const MOST_ENTRIES = 200_000;
/** Levels: services use ten, and whoever walks through a value by recursion needs the stack for them. */
const DEEPEST = 200;

/**
 * A service's JSON, from its text. What is larger than any answer costs gigabytes to compare with a schema, an error for
 * each of its entries; so it counts as unreadable, as no JSON does. An empty text gives `undefined`. Never throws.
 */
export function jsonOf(text: string): { readonly json: unknown } | { readonly why: string } {
  if (text.trim() === "") return { json: undefined };
  try {
    const json: unknown = JSON.parse(text);
    const why = excessOf(json);
    return why === undefined ? { json } : { why };
  } catch {
    return { why: "not JSON" };
  }
}

function excessOf(json: unknown): string | undefined {
  let level: readonly object[] = isObject(json) ? [json] : [];
  let entries = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return `nested more than ${DEEPEST} levels deep`;
    const next: object[] = [];
    for (const value of level) {
      if (Array.isArray(value)) entries += value.length;
      if (entries > MOST_ENTRIES) return `more than ${MOST_ENTRIES} entries`;
      for (const inner of Object.values(value) as unknown[]) if (isObject(inner)) next.push(inner);
    }
    level = next;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

import type { SubjectTable } from "../core/condition-check.ts";
import type { Path } from "../core/condition.ts";
import { didYouMean } from "../core/suggest.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import { subjectsOf } from "./subjects.ts";
import { SOURCES } from "./vocabulary.ts";

/** What one check may look at of another, or why it cannot; `unknown` when the other one has no source to tell from. */
export type Asked =
  | { readonly kind: "known"; readonly path: Path; readonly table: SubjectTable }
  | { readonly kind: "unknown" }
  | { readonly kind: "mistake"; readonly message: string; readonly hint?: string | undefined };

/** Follows `queue.depth`, the name of another check and one of its subjects, as `only_if` and `derive` write it. */
export function askedOf(
  [name, ...path]: Path,
  { self, checks, example }: { readonly self: string; readonly checks: Raw; readonly example: string },
): Asked {
  const mistake = (message: string, hint?: string): Asked => ({ kind: "mistake", message, hint });
  const others = Object.keys(checks).filter((other) => other !== self);
  if (name === self) return mistake("a check cannot ask itself", "name another check");
  if (typeof name !== "string" || !others.includes(name)) {
    const hint =
      didYouMean(String(name), others) ?? `start with the name of another check, such as ${example}`;
    return mistake(`there is no other check "${name}"`, hint);
  }
  const other = mapping(checks[name]);
  const kind = SOURCES.find((source) => Object.hasOwn(other, source));
  if (kind === undefined) return { kind: "unknown" };
  const table = subjectsOf(kind, other[kind]);
  if (path.length === 0) {
    const first = Object.keys(table.types)[0] ?? "value";
    return mistake(`${name} is a check; name one of its subjects`, `such as ${name}.${first}`);
  }
  if (kind === "sql" && path[0] === "new_rows" && other["baseline"] === undefined)
    return mistake(`${name}.new_rows needs a baseline, and ${name} has none`, `give ${name} a baseline`);
  return { kind: "known", path, table };
}

import type { Check, Evidence, Formula } from "./check.ts";
import type { Origin } from "./log-line.ts";
import { shapeOf } from "./log-shape.ts";

/** What the previous deploy's lines looked like. */
export interface OldShapes {
  readonly shapes: ReadonlySet<string>;
  /** Why they are not all. */
  readonly why?: string;
}

/** How many forbidden lines have a new shape; `open`: what the old ones look like is not known yet. */
export type NewCount =
  | { readonly kind: "known"; readonly count: number }
  | { readonly kind: "open" }
  | { readonly kind: "unknown"; readonly why: string };

type Shown = Evidence & Origin;

/** Tells forbidden lines of a new kind from those that the previous deploy printed, too. */
export interface NewMatches {
  /** Takes a forbidden line, once. */
  add(line: { readonly id: string; readonly message: string; readonly shown: () => Shown }): void;
  drop(isForeign: (origin: Origin) => boolean): void;
  setOld(old: OldShapes): void;
  count(): NewCount;
  /** One line of each new shape, marked; nothing while the old ones are not known. */
  examples(): readonly Shown[];
}

const MOST_EXAMPLES = 200;

/** Nothing seen yet. */
export function createNewMatches(): NewMatches {
  const hits = new Map<string, Origin & { readonly shape: string }>();
  /** The first line of each shape, by shape; each shape is once in memory. */
  const examples = new Map<string, Shown>();
  const shapes = new Map<string, string>();
  let old: OldShapes | undefined;
  const isNew = (shape: string): boolean => old?.shapes.has(shape) === false;

  return {
    add({ id, message, shown }) {
      const found = shapeOf(message);
      const shape = shapes.get(found) ?? found;
      shapes.set(shape, shape);
      const line = shown();
      hits.set(id, { at: line.at, from: line.from, shape });
      const known = examples.get(shape);
      if (known === undefined ? examples.size < MOST_EXAMPLES : line.at < known.at) examples.set(shape, line);
    },
    drop(isForeign) {
      for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
      for (const [shape, line] of examples) if (isForeign(line)) examples.delete(shape);
    },
    setOld(known) {
      old = known;
    },
    count() {
      if (hits.size === 0) return { kind: "known", count: 0 };
      if (old === undefined) return { kind: "open" };
      const count = [...hits.values()].filter(({ shape }) => isNew(shape)).length;
      // A shape that was not seen among some of the old lines may be among the others.
      return count > 0 && old.why !== undefined
        ? { kind: "unknown", why: old.why }
        : { kind: "known", count };
    },
    examples: () =>
      old?.why !== undefined
        ? []
        : [...examples].flatMap(([shape, line]) =>
            isNew(shape) ? [{ ...line, text: `new: ${line.text}` }] : [],
          ),
  };
}

/** Whether a check's own lines, or another check, look at its `new_matches`. */
export function asksNewMatches(check: Check, checks: readonly Check[]): boolean {
  const own = [check.need, ...check.pass, ...check.warn, ...check.fail];
  return (
    own.some((condition) => condition?.subject.path[0] === NAME) ||
    checks.some(
      ({ onlyIf, source }) =>
        isOf(check.name, onlyIf?.subject.path) ||
        (source.kind === "derive" &&
          Object.values(source.formulas).some((formula) => isIn(check.name, formula))),
    )
  );
}

const NAME = "new_matches";

function isOf(check: string, path: Check["pass"][number]["subject"]["path"] | undefined): boolean {
  return path?.[0] === check && path[1] === NAME;
}

function isIn(check: string, formula: Formula): boolean {
  switch (formula.kind) {
    case "number":
      return false;
    case "subject":
      return formula.check === check && formula.path[0] === NAME;
    case "operation":
      return isIn(check, formula.left) || isIn(check, formula.right);
  }
}

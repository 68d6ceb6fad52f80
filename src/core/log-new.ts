import type { Check, Evidence } from "./check.ts";
import type { Formula } from "./source.ts";
import { cutText } from "./cut.ts";
import { KEPT_CHARACTERS, type KeptNews } from "./kept-log.ts";
import type { Origin } from "./log-line.ts";
import { shapeOf } from "./log-shape.ts";
import { rowFingerprint } from "./row-fingerprint.ts";

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
  /** Whether it is known what the old ones look like, or why not. */
  isOldKnown(): boolean;
  count(): NewCount;
  /** Whether there may be more new ones than are counted. */
  isPartial(): boolean;
  /** One line of each new shape, marked; nothing while the old ones are not known. */
  examples(): readonly Shown[];
  /** What was seen of what was written up to `until` (ms). */
  kept(until: number): KeptNews;
}

const MOST_EXAMPLES = 200;
const MOST_KEPT = 50;
/** Enough of what a version prints that prints much. */
const MOST_OLD = 60;

/** Nothing seen yet, or what was kept. */
export function createNewMatches(kept: KeptNews = {}): NewMatches {
  const hits = new Map<string, Origin & { readonly shape: string }>();
  /** By shape, how many were counted before those. */
  const before = new Map(kept.shapes?.map(({ shape, count }) => [shape, count]));
  /** The first line of each shape. */
  const examples = new Map<string, Shown>(
    kept.shapes?.map(({ shape, at, from, text }) => [shape, { at, from, text }]),
  );
  let more = kept.more ?? 0;
  const knownOld = new Set(kept.old);
  let old: { readonly shapes: ReadonlySet<string>; readonly why?: string } | undefined =
    kept.isOldWhole === true ? { shapes: knownOld } : undefined;
  const isNew = (shape: string): boolean => old?.shapes.has(shape) === false && !knownOld.has(shape);

  /** By shape, how many lines were written up to `until`. */
  function counts(until: number): ReadonlyMap<string, number> {
    const all = new Map(before);
    for (const { at, shape } of hits.values()) if (at <= until) all.set(shape, (all.get(shape) ?? 0) + 1);
    return all;
  }

  return {
    add({ id, message, shown }) {
      const shape = rowFingerprint(shapeOf(message));
      const line = shown();
      hits.set(id, { at: line.at, from: line.from, shape });
      const known = examples.get(shape);
      if (known === undefined ? examples.size < MOST_EXAMPLES : line.at < known.at) examples.set(shape, line);
    },
    drop(isForeign) {
      for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
      for (const [shape, line] of examples) if (isForeign(line)) examples.delete(shape);
      before.clear();
      more = 0;
    },
    isOldKnown: () => old !== undefined,
    setOld({ shapes, ...known }) {
      // What is known whole stays so when it is not kept any more.
      if (old !== undefined && old.why === undefined && known.why !== undefined) return;
      old = { ...known, shapes: new Set([...shapes].map(rowFingerprint)) };
    },
    count() {
      const all = [...counts(Infinity)];
      if (all.length === 0 && more === 0) return { kind: "known", count: 0 };
      if (old === undefined) return { kind: "open" };
      const count = all.reduce((sum, [shape, lines]) => sum + (isNew(shape) ? lines : 0), 0);
      // A shape that was not seen among some of the old lines may be among the others.
      return count > 0 && old.why !== undefined
        ? { kind: "unknown", why: old.why }
        : { kind: "known", count };
    },
    isPartial: () => more > 0,
    examples: () =>
      old?.why !== undefined
        ? []
        : [...examples].flatMap(([shape, line]) =>
            isNew(shape) ? [{ ...line, text: `new: ${line.text}` }] : [],
          ),
    kept(until) {
      const seen = counts(until);
      const isOld = (shape: string): boolean => knownOld.has(shape) || old?.shapes.has(shape) === true;
      const shapes = [...seen].flatMap(([shape, count]) => {
        const line = examples.get(shape);
        if (line === undefined || isOld(shape)) return [];
        return [{ shape, count, ...line, text: cutText(line.text, KEPT_CHARACTERS) }];
      });
      const few = shapes.slice(0, MOST_KEPT);
      const names = new Set(few.map(({ shape }) => shape));
      let left = more;
      for (const [shape, count] of seen) if (!names.has(shape) && !isOld(shape)) left += count;
      const all = new Set([...knownOld, ...(old?.shapes ?? [])]);
      const isOldWhole = old !== undefined && old.why === undefined && all.size <= MOST_OLD;
      // Where they are too many to be kept, they are read again: those are told that this version printed, too.
      const told = isOldWhole ? all : [...all].filter((shape) => knownOld.has(shape) || seen.has(shape));
      const olds = [...told].slice(0, MOST_OLD);
      return {
        ...(few.length === 0 ? {} : { shapes: few }),
        ...(left === 0 ? {} : { more: left }),
        ...(olds.length === 0 ? {} : { old: olds }),
        ...(isOldWhole ? { isOldWhole } : {}),
      };
    },
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

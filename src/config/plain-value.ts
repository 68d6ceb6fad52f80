import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Document, Node } from "yaml";
import type { Mistake } from "../problem.ts";

/** A mistake in the tree, with the offset of its node. */
export interface Refusal extends Mistake {
  readonly offset: number;
}

const MOST_NODES = 20_000;
const MOST_DEPTH = 20;
const MOST_ALIASES = 100;
/** Names with a meaning of their own in JavaScript objects. */
const RESERVED = ["__proto__", "constructor", "prototype"];

/**
 * The document as plain objects, lists and scalars. Where `isAsWritten` says so, a scalar is the text that stands
 * there (`010`, `yes`). Bounded in depth and size, aliases included; never throws.
 */
export function plainValue(
  document: Document,
  isAsWritten: (path: readonly PropertyKey[]) => boolean,
): { readonly value: unknown; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = [];
  let nodes = 0;
  let aliases = 0;
  let isTooMuch = false;

  const refuse = (node: unknown, message: string, hint: string): undefined => {
    refusals.push({ message, hint, offset: (node as Partial<Node> | null)?.range?.[0] ?? 0 });
  };

  const visit = (node: unknown, path: readonly PropertyKey[], depth = path.length): unknown => {
    nodes++;
    if (isTooMuch) return undefined;
    if (nodes > MOST_NODES || depth > MOST_DEPTH) {
      isTooMuch = true;
      return nodes > MOST_NODES
        ? refuse(
            node,
            `the file unfolds to more than ${MOST_NODES} values`,
            "write less, or use fewer aliases",
          )
        : refuse(
            node,
            `the file is nested more than ${MOST_DEPTH} levels deep`,
            "nothing in it needs so many levels",
          );
    }
    if (isAlias(node)) {
      if (++aliases > MOST_ALIASES) {
        isTooMuch = true;
        return refuse(node, `the file uses more than ${MOST_ALIASES} aliases`, "write values out");
      }
      const target = node.resolve(document);
      return target === undefined
        ? refuse(node, `*${node.source} is an alias of nothing`, "quote it if it is meant as text")
        : visit(target, path, depth + 1);
    }
    if (isSeq(node)) return node.items.map((item, index) => visit(item, [...path, index], depth + 1));
    if (!isMap(node)) return scalarValue(node, isAsWritten(path));
    const object: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = isScalar<string | number | boolean | null>(key) ? String(key.value ?? "") : undefined;
      if (name === undefined || name === "")
        refuse(key, "a key must be a single word or text", "quote the key");
      else if (RESERVED.includes(name))
        refuse(key, `"${name}" cannot be used as a name`, "choose another name");
      else if (Object.hasOwn(object, name))
        refuse(key, `"${name.slice(0, 100)}" stands twice in the same mapping`, "keep one of them");
      else object[name] = visit(value, [...path, name], depth + 1);
    }
    return object;
  };

  const value = visit(document.contents, []);
  return { value, refusals };
}

/** The value of a scalar, or its text; null of nothing, also where the text was asked for. */
function scalarValue(node: unknown, asWritten: boolean): unknown {
  if (!isScalar(node)) return null;
  const isEmpty = node.type === "PLAIN" && node.source === "";
  return asWritten && node.source !== undefined && !isEmpty ? node.source : node.value;
}

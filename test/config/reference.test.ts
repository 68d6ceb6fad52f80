import { expect, test } from "vitest";
import { REFERENCE, referenceTable } from "../../src/config/reference.ts";
import { fileSchema } from "../../src/config/schema.ts";
import { allKeys, keysAt } from "../../src/config/schema-walk.ts";
import { jsonSchema } from "../../src/config/json-schema.ts";

test("the reference names every key of the schema, and no other", () => {
  expect(REFERENCE.map((row) => row.key)).toEqual(allKeys(fileSchema));
});

interface Node {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
}

/** The schema's own default at a key of the reference. */
function defaultAt(key: string): unknown {
  let nodes: readonly Node[] = [jsonSchema()];
  const spread = (node: Node): readonly Node[] => [
    node,
    ...(node.anyOf ?? []).flatMap(spread),
    ...(node.items === undefined ? [] : spread(node.items)),
  ];
  for (const step of key.split(".")) {
    nodes = nodes.flatMap(spread).flatMap((node) => {
      const next = step === "<name>" ? node.additionalProperties : node.properties?.[step];
      return typeof next === "object" ? [next] : [];
    });
  }
  return nodes.find((node) => node.default !== undefined)?.default;
}

test.each(REFERENCE.map((row) => [row.key, row] as const))("the default of %s is the schema's", (_, row) => {
  const own = defaultAt(row.key);
  const isPlain = typeof own === "string" || typeof own === "number" || typeof own === "boolean";
  const written = Array.isArray(own) && own.length > 0 ? `[${own.join(", ")}]` : isPlain ? String(own) : "";
  expect(row.default === "required" ? "" : row.default).toBe(written);
});

test("the table has a row per key", () => {
  expect(referenceTable().split("\n")).toHaveLength(REFERENCE.length + 2);
});

test.each([
  [[], "version"],
  [["checks", "any"], "http"],
  [["checks", "any", "http"], "timeout"],
  [["checks", "any", "logs", "forbid"], undefined],
  [["remedies", "any", 0, "revert_pr"], "labels"],
  [["nowhere"], undefined],
])("the keys at %j", (path, key) => {
  const keys = keysAt(fileSchema, path);
  if (key === undefined) expect(keys).toEqual([]);
  else expect(keys).toContain(key);
});

import * as z from "zod";
import { REFERENCE } from "./reference.ts";
import { fileSchema } from "./schema.ts";

interface Node {
  description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
}

/** The JSON Schema (draft 7) of the config file for editors, made from the schema the gate itself uses. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { target: "draft-7", io: "input" });
  describe(schema as Node, "");
  return schema;
}

/** Gives every key its meaning, in plain text. */
function describe(node: Node, prefix: string): void {
  for (const [key, below] of Object.entries(node.properties ?? {})) {
    const row = REFERENCE.find((row) => row.key === `${prefix}${key}`);
    if (row !== undefined) below.description = row.meaning.replaceAll("`", "");
    describe(below, `${prefix}${key}.`);
  }
  if (typeof node.additionalProperties === "object") describe(node.additionalProperties, `${prefix}<name>.`);
  for (const one of node.anyOf ?? []) describe(one, prefix);
  if (node.items !== undefined) describe(node.items, prefix);
}

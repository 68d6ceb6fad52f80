import * as z from "zod";
import { fileSchema } from "./schema.ts";

/** The JSON Schema (draft 7) of the config file for editors, made from the schema the gate itself uses. */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fileSchema, { target: "draft-7", io: "input" });
}

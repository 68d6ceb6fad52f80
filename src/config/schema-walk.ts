import * as z from "zod";

type Schema = z.core.$ZodType;

/** The mappings with fixed keys that may stand at a path of the schema. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  let here: readonly Schema[] = [schema];
  for (const step of path) here = here.flatMap(plain).flatMap((one) => childOf(one, step));
  return here.flatMap(plain).flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
}

/** Every key of the schema as a path such as `checks.<name>.http.url`; `<name>` is any name, lists are passed through. */
export function allKeys(schema: Schema, prefix = ""): readonly string[] {
  const keys = plain(schema).flatMap((one): readonly string[] => {
    if (one instanceof z.ZodArray) return allKeys(one.element, prefix);
    if (one instanceof z.ZodRecord) {
      const below = allKeys(one.valueType, `${prefix}<name>.`);
      return below.length === 0 ? [] : below;
    }
    if (!(one instanceof z.ZodObject)) return [];
    return Object.entries(one.shape as Readonly<Record<string, Schema>>).flatMap(([key, value]) => [
      `${prefix}${key}`,
      ...allKeys(value, `${prefix}${key}.`),
    ]);
  });
  return [...new Set(keys)];
}

/** The schemas that judge what the user wrote: defaults, transformations and unions taken apart. */
function plain(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodUnion) return (schema.options as readonly Schema[]).flatMap(plain);
  if (schema instanceof z.ZodPipe) return plain(schema.in);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return plain(schema.unwrap());
  }
  return [schema];
}

function childOf(schema: Schema, step: PropertyKey): readonly Schema[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  const shape = schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<PropertyKey, Schema>>) : {};
  const child = Object.hasOwn(shape, step) ? shape[step] : undefined;
  return child === undefined ? [] : [child];
}

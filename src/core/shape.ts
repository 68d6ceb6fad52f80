/** What was parsed from JSON, by key. */
export type Fields = { readonly [key: string]: unknown };

/** A field that is not what it should be. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

/** Throws a misfit of the field with this name. */
export function misfit(name: string): never {
  throw new Misfit(`"${name}" is missing or not what it should be`);
}

/** The value as an object; `name` is what it is called where it is none. This and what follows throw a misfit. */
export function fields(value: unknown, name: string): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : misfit(name);
}

export function text(from: Fields, name: string): string {
  return string(from[name], name);
}

export function number(from: Fields, name: string): number {
  return finite(from[name], name);
}

/** A whole number that is not negative. */
export function count(from: Fields, name: string): number {
  const value = number(from, name);
  return Number.isSafeInteger(value) && value >= 0 ? value : misfit(name);
}

export function flag(from: Fields, name: string): boolean {
  const value = from[name];
  return typeof value === "boolean" ? value : misfit(name);
}

/** True: what is not so is left out. */
export function yes(from: Fields, name: string): true {
  return from[name] === true ? true : misfit(name);
}

export function oneOf<Word extends string>(from: Fields, name: string, words: readonly Word[]): Word {
  return words.find((word) => word === from[name]) ?? misfit(name);
}

export function list<Item>(
  from: Fields,
  name: string,
  item: (value: unknown, name: string) => Item,
): readonly Item[] {
  return items(from[name], name, item);
}

export function items<Item>(
  value: unknown,
  name: string,
  item: (value: unknown, name: string) => Item,
): readonly Item[] {
  return Array.isArray(value) ? value.map((one: unknown) => item(one, name)) : misfit(name);
}

export function strings(value: unknown, name: string): readonly string[] {
  return items(value, name, string);
}

/** An object of values that are alike; no key of it is a prototype. */
export function record<Item>(
  value: unknown,
  name: string,
  item: (one: unknown, name: string) => Item,
): { [key: string]: Item } {
  return Object.fromEntries(
    Object.entries(fields(value, name)).flatMap(([key, one]) =>
      key === "__proto__" ? [] : [[key, item(one, name)]],
    ),
  );
}

/** The field as an object to spread: empty where it is absent. */
export function optional<Name extends string, Value>(
  from: Fields,
  name: Name,
  read: (from: Fields, name: string) => Value,
): { readonly [key in Name]?: Value } {
  if (from[name] === undefined) return {};
  return { [name]: read(from, name) } as { readonly [key in Name]: Value };
}

export function string(value: unknown, name: string): string {
  return typeof value === "string" ? value : misfit(name);
}

export function finite(value: unknown, name: string): number {
  return typeof value === "number" && Number.isFinite(value) ? value : misfit(name);
}

/** What an object holds by this name; never its prototype's. */
export function ownOf<Item>(
  all: { readonly [name: string]: Item } | undefined,
  name: string,
): Item | undefined {
  return all !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
}

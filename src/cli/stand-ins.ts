import type { Environment } from "../config/environment.ts";

export interface StandIns {
  /** The shell's variables; of those that are not set, something that lets the file be read. */
  readonly env: Environment;
  /** Every name that was asked for, and whether the shell has it. */
  readonly asked: ReadonlyMap<string, boolean>;
}

/** Where a variable begins the address of a database, and of somebody who is told. */
const DATABASE = /\burl["']?:\s*["']?\$(?<name>[A-Za-z_]\w*)/g;
const MESSAGES = /\b(?:slack|webhook)["']?:\s*["']?\$(?<name>[A-Za-z_]\w*)/g;

/**
 * In CI a variable may be set that the shell does not have: then an address stands in where `text` has the variable
 * as one, else a word.
 */
export function standInsFor(text: string, shell: Environment): StandIns {
  const namesOf = (place: RegExp): ReadonlySet<string> =>
    new Set([...text.matchAll(place)].map((match) => match.groups?.["name"] ?? ""));
  const databases = namesOf(DATABASE);
  const messages = namesOf(MESSAGES);
  const asked = new Map<string, boolean>();
  return {
    asked,
    env(name) {
      const value = shell(name);
      const isSet = value !== undefined && value.trim() !== "";
      asked.set(name, isSet);
      if (isSet) return value;
      if (messages.has(name)) return "https://messages.invalid/";
      return databases.has(name) ? "postgres://reader@database.invalid/database" : "stand-in";
    },
  };
}

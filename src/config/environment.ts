import { keyText } from "./raw.ts";
import type { Findings } from "./raw.ts";

/** The step's environment: a variable's value, or `undefined`. */
export type Environment = (name: string) => string | undefined;

export interface Expansion {
  readonly text: string;
  /** Names that are not set, or set to nothing. */
  readonly missing: readonly string[];
  /** Values that were put in. */
  readonly secrets: readonly string[];
}

/** Replaces every `$NAME`. Values lose surrounding white space, as secrets are often stored with a line end. */
export function expand(text: string, env: Environment): Expansion {
  const missing: string[] = [];
  const secrets: string[] = [];
  const expanded = text.replaceAll(/\$([A-Za-z_]\w*)/g, (_, name: string) => {
    const value = env(name)?.trim() ?? "";
    (value === "" ? missing : secrets).push(value === "" ? name : value);
    return value;
  });
  return { text: expanded, missing: [...new Set(missing)], secrets: [...new Set(secrets)] };
}

/** Whether a text is the address of a PostgreSQL database with a host. */
export function isDatabaseUrl(text: string): boolean {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hostname !== "";
}

/** Hosts of this machine, where nothing travels over a network. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a text is an address that a message with its secret may travel to: https, and http on this machine alone. */
export function isMessageUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return hostname !== "" && (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname)));
}

/** The parts of a message's address that give it away on their own: what is long enough for a key. */
export function keysOf(address: string): readonly string[] {
  const { password, pathname, search } = new URL(address);
  return [password, ...`${pathname}${search}`.split(/[/?&=]/)].filter((part) => part.length >= 16);
}

/** The password in a database's address as it was before encoding; undefined without one. */
export function passwordOf(address: string): string | undefined {
  const { password } = URL.canParse(address) ? new URL(address) : { password: "" };
  try {
    return password === "" ? undefined : decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** The one sentence for a variable that is not there. */
export function sayUnset(variable: string, place: readonly string[], findings: Findings): void {
  findings.say(place, `"${keyText(place)}" uses $${variable}, which is not set`, {
    hint: `set it in the step's env, such as ${variable}: \${{ secrets.${variable} }}`,
  });
}

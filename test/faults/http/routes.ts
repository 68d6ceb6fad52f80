import { readFileSync } from "node:fs";

/** A route such as `Render GET /services/{serviceId}`, and the stories in which it is asked. */
export interface Route {
  readonly name: string;
  readonly service: "Render" | "GitHub";
  readonly method: string;
  /** On `METHOD /path`, as the faults of the stand-ins are tried. */
  readonly pattern: RegExp;
  readonly stories: readonly string[];
  readonly isList: boolean;
}

export const LIST = new URL("routes.json", import.meta.url);
/** Answers a WebSocket: its faults are others. */
export const SOCKET = "Render GET /logs/subscribe";

const NO_LISTS =
  /\/\{(?!metric|ref|branch)\w+\}$|\/(compare|contents|commits|trees|ref)\/\{\w+\}$|\/(status|permission)$/;
/** Path parameters that hold slashes. */
const LONG = /\{(path|ref|basehead|branch)\}/g;

/** Every route in use, as the list that is checked in has them. */
export function routesInUse(): readonly Route[] {
  const list = JSON.parse(readFileSync(LIST, "utf8")) as Readonly<Record<string, readonly string[]>>;
  return Object.entries(list).map(([name, stories]): Route => {
    const [service, method = "", path = ""] = name.split(" ");
    const pattern = path
      .replaceAll(".", "\\.")
      .replaceAll(LONG, ".+")
      .replaceAll(/\{\w+\}/g, "[^/]+");
    return {
      name,
      service: service === "Render" ? "Render" : "GitHub",
      method,
      pattern: new RegExp(`^${method} ${pattern}$`),
      stories,
      isList: method === "GET" && !NO_LISTS.test(path),
    };
  });
}

import { ServiceProblem } from "../problem.ts";

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** An id of an answer or a config as one part of a path. Half characters, which no address can hold, are replaced. */
export function pathPart(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

/** The address below `base` with its query; arrays repeat the key, `undefined` is left out. */
export function urlOf(base: URL, path: string, query: Query): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, "")}${path}`;
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of typeof value === "object" ? value : [value])
      url.searchParams.append(key, String(each));
  }
  return url;
}

/**
 * Throws ServiceProblem where a part of an encoded path is empty or only dots: no encoding changes these, and the
 * request would ask for something else.
 */
export function expectPlainPath(service: "Render" | "GitHub", path: string): void {
  const [parts = ""] = path.split(/[?#]/u, 1);
  if (
    !parts
      .split("/")
      .slice(1)
      .some((part) => /^(?:\.|%2e){0,2}$/iu.test(part))
  )
    return;
  throw new ServiceProblem({
    service,
    message: `A request to the ${service} API was not sent: "${parts.slice(0, 200)}" has a part that is empty or only dots, so it would ask for something else`,
    code: "bad-address",
  });
}

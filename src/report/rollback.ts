import { excerpt } from "./text.ts";

/** Which calls of Render's API a person would make, as one shell command. */
export function rollbackByHand(call: {
  readonly serviceId: string;
  readonly deployId: string;
  /** The body that switches auto-deploy off first. */
  readonly freeze?: Readonly<Record<string, string>>;
}): string {
  const path = `https://api.render.com/v1/services/${excerpt(call.serviceId, 60)}`;
  const send = (method: string, url: string, body: Readonly<Record<string, string>>): string =>
    `curl -fsS -X ${method} ${url} -H "Authorization: Bearer $RENDER_API_KEY" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`;
  return [
    ...(call.freeze === undefined ? [] : [send("PATCH", path, call.freeze)]),
    send("POST", `${path}/rollback`, { deployId: excerpt(call.deployId, 60) }),
  ].join(" && ");
}

/** What a rollback brings back besides the code, and what it does not: https://render.com/docs/rollbacks */
export const ROLLBACK_WARNING =
  "the environment values of that deploy came back with it, data and migrations did not";

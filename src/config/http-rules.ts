import { expand, sayUnset } from "./environment.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import type { SourcePlace } from "./source-rules.ts";

/** The rules between the options of an http source. */
export function checkHttp(http: Raw, { path, file }: SourcePlace): void {
  const { findings, env } = file;
  const method = http["method"] ?? "GET";
  if (http["body"] !== undefined && (method === "GET" || method === "HEAD")) {
    findings.say([...path, "http", "body"], `a ${method} request has no body`, {
      hint: "set method: POST",
      isKey: true,
    });
  }
  for (const [name, value] of Object.entries(mapping(http["headers"]))) {
    const place = [...path, "http", "headers", name];
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
      findings.say(place, `"${name}" is no name of a header`, { isKey: true });
    if (typeof value !== "string") continue;
    const { text, missing } = expand(value, env);
    for (const variable of missing) sayUnset(variable, place, findings);
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
      findings.say(place, `the value of header "${name}" holds a line break or control character`, {
        hint: "check the variable or the quotes",
      });
    }
  }
}

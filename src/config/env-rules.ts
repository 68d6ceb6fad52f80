import { mapping } from "./raw.ts";
import type { SourcePlace } from "./source-rules.ts";

/** The rules of an `env` source: it names variables, each as Render takes them (https://render.com/docs/environment-variables). */
export function checkVariables(env: unknown, { path, file }: SourcePlace): void {
  const { findings } = file;
  const names = Object.keys(mapping(env));
  const place = [...path, "env"];
  if (mapping(env) === env && names.length === 0) {
    findings.say(place, "env names no variable", { hint: 'write such as { BATCH_SIZE: "10" }', isKey: true });
  }
  for (const name of names) {
    if (/^[A-Za-z_.-][\w.-]*$/.test(name)) continue;
    findings.say([...place, name], `"${name.slice(0, 60)}" cannot be the name of a variable`, {
      hint: "use letters, digits, _, - and ., no digit first",
      isKey: true,
    });
  }
}

import type { FileView } from "./check-rules.ts";
import { expand, isMessageUrl, sayUnset } from "./environment.ts";
import { mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";

/** Where messages go, besides the mention. */
const ADDRESSES = ["slack", "webhook"];

/** The rules of `notify`: every role can be reached. */
export function checkNotify(roles: Raw, file: Pick<FileView, "findings" | "env">): void {
  const { findings, env } = file;
  for (const [name, written] of Object.entries(roles)) {
    const role = mapping(written);
    if (role === written && ![...ADDRESSES, "mention"].some((key) => Object.hasOwn(role, key))) {
      findings.say(["notify", name], `the role "${name.slice(0, 60)}" has no way to be told`, {
        hint: "give it one of slack, webhook, mention",
        isKey: true,
        needsWhole: true,
      });
    }
    for (const key of ADDRESSES) {
      const url = role[key];
      const place = ["notify", name, key];
      if (typeof url !== "string" || url.trim() === "") continue;
      const { text, missing } = expand(url.trim(), env);
      for (const variable of missing) sayUnset(variable, place, findings);
      if (missing.length > 0 || isMessageUrl(text)) continue;
      const [variable] = /\$[A-Za-z_]\w*/.exec(url) ?? [];
      findings.say(place, `"${place.join(".")}" is no address that messages can be sent to`, {
        hint: `${variable === undefined ? "it" : `the value of ${variable}`} must look like https://host/path`,
      });
    }
  }
}

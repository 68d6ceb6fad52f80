import { createRedactor } from "../../../src/report/redact.ts";
import { TRICKS } from "../../hostile/tricks.ts";
import { SECRETS } from "../../hostile/secrets.ts";
import { law, type FuzzTarget } from "../target.ts";

const GIVEN = SECRETS.map(({ text }) => text);
const redact = createRedactor(GIVEN);
const shapes = createRedactor([]);

/** Where a fuzzed text stands around a secret, the secret has to go all the same. */
export const redactor: FuzzTarget = {
  name: "redactor",
  seeds: [
    ...GIVEN,
    ...TRICKS.map(({ text }) => text),
    "password=",
    "Authorization: Basic dXNlcjpwYXNz",
    "postgres://a:b@c",
    "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
  ],
  words: [
    ...GIVEN,
    ...GIVEN.map((secret) => secret.slice(0, -1)),
    "***",
    "password=",
    "Bearer ",
    "://",
    "@",
    ":",
    '"',
    "\\n",
    "eyJ",
    ".",
  ],
  holds(text) {
    const shown = redact(text);
    for (const secret of GIVEN) law(!shown.includes(secret), `a secret is shown: ${secret}`);
    law(redact(shown).length <= shown.length + 3 * shown.length, "redacting again makes more of it");
    for (const secret of GIVEN) {
      const around = redact(`${text}${secret}${text}`);
      law(!around.includes(secret), `a secret is shown between texts: ${secret}`);
    }
    shapes(text);
  },
};

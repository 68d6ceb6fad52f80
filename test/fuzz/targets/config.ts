import { readFileSync } from "node:fs";
import { parseDocument, isMap } from "yaml";
import { readConfig } from "../../../src/config/file.ts";
import { law, type FuzzTarget } from "../target.ts";

const example = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const SMALL = `version: 1
service: my-api
checks:
  health: { http: /health, pass: status == 200, on_fail: revert }
  errors: { logs: { forbid: [Traceback, FATAL] } }
`;

/** The names of checks that the file holds, read without our own loader. */
function checkNames(text: string): readonly string[] | undefined {
  const document = parseDocument(text.replace(/^\uFEFF/u, ""), { prettyErrors: false });
  const checks = document.errors.length === 0 ? document.get("checks", true) : undefined;
  return isMap(checks) ? checks.items.map(({ key }) => String(key)) : undefined;
}

export const config: FuzzTarget = {
  name: "config",
  seeds: [
    SMALL,
    example("examples/wo-004/deploy-gate.yml"),
    example("examples/monorepo/api.yml"),
    SMALL.replace("version: 1", "version: &v 1").replace("revert", "*v"),
    `${SMALL}notify: { dev: { slack: $SLACK_URL, when: [fail] } }\nreport: { issue: true, at: [boot end] }\n`,
  ],
  words: [
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "&a ",
    "*a",
    "<<: *a",
    "!!set ",
    "!!binary ",
    "!x ",
    "? ",
    "| ",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\u0000",
    "\uFEFF",
    "\r\n",
    "\t",
    "#",
    "'",
    '"',
    "__proto__: ",
    "constructor: ",
    "toString: ",
    "checks:",
    "version: 1",
    "http: ",
    "logs: ",
    "sql: ",
    "$A",
    "null",
    "~",
    "0x1F",
    "1_000",
    ".inf",
    ".nan",
    "1e999",
    "2026-01-01",
    "/a(b+)+c/",
    "status == 200",
    "on_fail: ",
    "stages:",
    "${{ x }}",
  ],
  holds(text) {
    const read = readConfig({
      text,
      file: "gate.yml",
      env: (name) => (name === "A" ? undefined : `https://h.test/${name}`),
    });
    const lines = text.split(/\r\n?|\n/u).length;
    const mistakes = read.ok ? read.warnings : [...read.mistakes, ...read.warnings];
    law(read.ok || read.mistakes.length > 0, "it is refused without a reason");
    for (const { message, hint = "", at } of mistakes) {
      law(
        message !== "" && !/[\n\r]/u.test(message + hint),
        `a mistake is not one line: ${JSON.stringify(message + hint)}`,
      );
      law(
        at === undefined ? message.startsWith("and ") : at.line >= 1 && at.line <= lines && at.column >= 1,
        `a mistake stands at line ${at?.line} of ${lines}, column ${at?.column}`,
      );
    }
    if (!read.ok) return;
    const names = checkNames(text);
    law(names !== undefined, "a file that is no YAML with checks is taken");
    const planned = read.plan.checks.map(({ name }) => name);
    for (const name of names) law(planned.includes(name), `check ${JSON.stringify(name)} is lost`);
    for (const check of read.plan.checks)
      law(
        check.pass.length + check.warn.length + check.fail.length > 0,
        `check ${JSON.stringify(check.name)} judges nothing`,
      );
  },
};

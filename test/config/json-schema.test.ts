import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { jsonSchema } from "../../src/config/json-schema.ts";

/** JSON as the formatter writes it: a list of plain values on one line where it fits. */
function formatted(value: unknown): string {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return text.replaceAll(
    /^( *(?:"[^"]*": )?)\[\n([^[\]{}]*)\n *\](,?)$/gm,
    (whole, before: string, items: string, after: string) => {
      const line = `${before}[${items.trim().replaceAll(/\n\s*/g, " ")}]${after}`;
      return line.length <= 110 ? line : whole;
    },
  );
}

test("schema/deploy-gate.schema.json is what the zod schema says", async () => {
  await expect(formatted(jsonSchema())).toMatchFileSnapshot("../../schema/deploy-gate.schema.json");
});

const validate = new Ajv({ strict: false }).compile(jsonSchema());

test.each([
  [
    "the smallest useful file",
    "{version: 1, checks: {health: {http: /health, pass: status == 200, on_fail: revert}}}",
    true,
  ],
  [
    "named groups",
    "{version: 1, checks: {a: {logs: {require: {wf2: [Added job], wf3: [Setting up]}}}}}",
    true,
  ],
  [
    "several conditions",
    "{version: 1, checks: {a: {sql: select 1, pass: [rows == 1, x > 2], fail_after: 5 of 10}}}",
    true,
  ],
  ["an unknown key", "{version: 1, checks: {a: {htpp: /}}}", false],
  ["a bad duration", "{version: 1, checks: {a: {http: /, every: 30}}}", false],
  ["no version", "{checks: {a: {http: /}}}", false],
])("the JSON Schema judges %s", (_, yaml, isValid) => {
  expect(validate(parse(yaml))).toBe(isValid);
});

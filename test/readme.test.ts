import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readConfig } from "../src/config/file.ts";
import { fileSchema } from "../src/config/schema.ts";

const root = new URL("../", import.meta.url);
const readme = await readFile(new URL("README.md", root), "utf8");
const whole = ["test/demo/service/.github/deploy-gate.yml", "examples/wo-004/deploy-gate.yml"];

const configs: (readonly [string, string])[] = [...readme.matchAll(/```yaml\n(?<text>[\s\S]*?)```/g)]
  .map((match) => match.groups?.["text"] ?? "")
  .filter((text) => /^version: 1$/m.test(text))
  .map((text, index) => [`README.md, config ${String(index + 1)}`, text]);
for (const path of whole) configs.push([path, await readFile(new URL(path, root), "utf8")]);

const env = (name: string): string | undefined =>
  name === "DATABASE_URL" ? "postgres://reader:secret@localhost/app" : undefined;

test("the README shows config files", () => {
  expect(configs.length).toBeGreaterThanOrEqual(5);
});

test.each(configs)("%s can be used as it is", (file, text) => {
  expect(readConfig({ text, file, env })).toMatchObject({ ok: true, warnings: [] });
});

test.each(configs)("%s names the schema for editors in its first line", async (file, text) => {
  const [, address = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
  const shipped = "schema/deploy-gate.schema.json";
  // The README's and the example's are files of other repositories.
  const path = /^(?:README|examples\/)/.test(file)
    ? address.replace("https://raw.githubusercontent.com/your-org/render-deploy-gate/v0/", "")
    : new URL(address, new URL(file, root)).href.slice(root.href.length);
  expect(path).toBe(shipped);
  await expect(readFile(new URL(shipped, root), "utf8")).resolves.toContain("json-schema.org");
});

test("the README's tables name every key of the config file", () => {
  const { deploy, guards, defaults, checks } = fileSchema.shape;
  const named = [
    ...Object.keys(fileSchema.shape),
    ...Object.keys(deploy.unwrap().shape).map((key) => `deploy.${key}`),
    ...Object.keys(guards.unwrap().shape).map((key) => `guards.${key}`),
    ...Object.keys(defaults.unwrap().shape).map((key) => `defaults.${key}`),
    ...Object.keys(checks.valueType.shape),
  ];
  for (const key of named) expect(readme).toMatch(new RegExp(`\`${key.replace(".", "\\.")}[\`.]`));
});

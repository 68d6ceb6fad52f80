import { access, readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { readConfig } from "../src/config/file.ts";
import { referenceTable } from "../src/config/reference.ts";
import { fileSchema } from "../src/config/schema.ts";
import { subjectsOf } from "../src/config/subjects.ts";
import { METRICS, SOURCES, type SourceKind } from "../src/config/vocabulary.ts";

const root = new URL("../", import.meta.url);
const readme = await readFile(new URL("README.md", root), "utf8");
const whole = [
  "test/demo/service/.github/deploy-gate.yml",
  "examples/wo-004/deploy-gate.yml",
  "examples/monorepo/api.yml",
];

/** The config files that a page shows. */
function configsOf(page: string, text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/```yaml\n(?<text>[\s\S]*?)```/g)]
    .map((match) => match.groups?.["text"] ?? "")
    .filter((text) => /^version: 1$/m.test(text))
    .map((text, index) => [`${page}, config ${String(index + 1)}`, text] as const);
}

const configs = [...configsOf("README.md", readme)];
for (const page of ["docs/recipes.md", "docs/long-watches.md"])
  configs.push(...configsOf(page, await readFile(new URL(page, root), "utf8")));
for (const path of whole) configs.push([path, await readFile(new URL(path, root), "utf8")]);

const ENV: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://reader:secret@localhost/app",
  SLACK_URL: "https://hooks.slack.test/services/a/b/c",
  OPS_URL: "https://ops.test/hook",
};
const env = (name: string): string | undefined => ENV[name];

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
  const path = /^(?:README|docs\/|examples\/)/.test(file)
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

const patterns = { require: ["a"], forbid: ["b"] };
/** Sources that have, together, every subject there is by a name of its own. */
const written: Readonly<Record<SourceKind, readonly unknown[]>> = {
  http: ["/"],
  logs: [
    { ...patterns, per: "5m", span: ["c", "d"] },
    { count: "e", per: "5m" },
  ],
  sql: ["select 1"],
  metric: METRICS,
  events: [["server_failed"]],
  env: [{ NAME: "value" }],
  source: [{ glob: "src/**", ...patterns }],
  derive: [{}],
};

test.each(SOURCES)("the README's table has the subjects of %s and no others", (kind) => {
  const [, table = ""] = /<!-- subjects -->\n([^]*?)<!-- \/subjects -->/.exec(readme) ?? [];
  const rows = table.split("\n").map((row) => row.split(" | "));
  const told = rows.flatMap(([source = "", subjects = ""]) =>
    source === `| \`${kind}\`` ? [...subjects.matchAll(/`(\w+)`/g)].map(([, name]) => name) : [],
  );
  const own = written[kind].flatMap((source) => Object.keys(subjectsOf(kind, source).types));
  const names = new Set(own.filter((name) => !name.includes(".")));
  expect(new Set(told)).toEqual(names);
  expect(told).toHaveLength(names.size);
});

test("docs/config.md is the reference of the config file", async () => {
  const page = await readFile(new URL("docs/config.md", root), "utf8");
  expect(page.slice(page.indexOf("| key |"))).toBe(`${referenceTable()}\n`);
});

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  const headings = text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

const docs = (await readdir(new URL("docs/", root)))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);

test.each(["README.md", ...docs])("the links of %s lead somewhere", async (page) => {
  const address = new URL(page, root);
  const links = [...(await readFile(address, "utf8")).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)];
  expect(links.length).toBeGreaterThan(0);
  for (const [, link = ""] of links) {
    const target = new URL(link, address);
    const anchor = target.hash.slice(1);
    target.hash = "";
    await access(target);
    if (anchor !== "") expect(anchorsOf(await readFile(target, "utf8")), link).toContain(anchor);
  }
});

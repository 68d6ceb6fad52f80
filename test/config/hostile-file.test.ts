import { expect, test } from "vitest";
import { readConfig } from "../../src/config/file.ts";

/** Lines made by number until the file is as long as one may be. */
function full(line: (at: number) => string, start = "version: 1\nservice: a\n"): string {
  let text = start;
  for (let at = 0; text.length < 40_000; at += 1) text += line(at);
  return text;
}

const SMALL = "version: 1\nchecks: { a: { http: / } }\n";
const BOMB = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi"
    .split("")
    .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join(",")}]`),
].join("\n");

// Where it is said, and what is said there; each is bounded in time by how much of it is looked at.
test.each<[string, string, string]>([
  ["aliases that unfold", `version: 1\nchecks: {}\n${BOMB}\n`, "the file uses more than 100 aliases"],
  ["an alias of itself", "version: 1\na: &a [*a]\n", "nested more than 20 levels deep"],
  ["an alias of nothing", "version: 1\nservice: *x\n", "*x is an alias of nothing"],
  ["brackets without end", `version: 1\nchecks: ${"[".repeat(100_000)}`, "nested too deeply"],
  ["mappings without end", `version: 1\nchecks: ${"{a: ".repeat(25_000)}`, "nested too deeply"],
  ["lists without end", `version: 1\nchecks:\n${"- ".repeat(50_000)}`, "nested too deeply"],
  [
    "indentation without end",
    `a:\n${Array.from({ length: 400 }, (_, at) => `${" ".repeat(at + 1)}a:\n`).join("")}`,
    "nested more than 20 levels deep",
  ],
  ["a value of 120,000 characters", `version: ${"1".repeat(120_000)}\n${SMALL.slice(11)}`, '"version" holds'],
  ["a file of 5 MB", "a".repeat(5_000_000), "the config file has 5000000 characters"],
  ["unknown keys by the thousand", full((at) => `x${at}: 1\n`), 'unknown key "x0"'],
  [
    "checks by the thousand",
    full((at) => `  c${at}: { http: / }\n`, "version: 1\nchecks:\n"),
    "checks, at most 200 fit in one gate",
  ],
  [
    "checks by the thousand that ask one another",
    full(
      (at) => `  c${at}: { derive: { x: c${at + 1}.x / c${at + 2}.x }, pass: x > 0 }\n`,
      "version: 1\nchecks:\n",
    ),
    "checks, at most 200 fit in one gate",
  ],
  [
    "the same key by the thousand",
    full(() => "  c: { http: / }\n", "version: 1\nchecks:\n"),
    '"c" stands twice',
  ],
  ["documents by the thousand", full(() => "---\na: 1\n", SMALL), "more than one document"],
  ["tags by the thousand", full((at) => `!!t${at} x${at}: !y ${at}\n`, ""), "Unresolved tag"],
  ["a merged mapping", "x: &x { http: / }\nversion: 1\nchecks: { a: { <<: *x } }\n", '"<<"'],
  [
    "a tag for code",
    'version: 1\nservice: !!js/function "function () {}"\nchecks: { a: { http: / } }\n',
    "Unresolved tag",
  ],
  [
    "bytes that are no text",
    `version: 1\nservice: ${Buffer.from([0xff, 0xc0, 0x80]).toString("utf8")}\nchecks: {}\n`,
    "no check is selected",
  ],
  ["NUL", SMALL.replace("1", "1\u0000"), '"version" holds'],
  ["tabs", "version: 1\nchecks:\n\ta: { http: / }\n", "does not take tabs"],
])("%s is refused with its place", (_, text, message) => {
  const read = readConfig({ text, file: "gate.yml", env: () => undefined });
  if (read.ok) throw new Error("it was taken");
  expect(read.mistakes.length).toBeLessThanOrEqual(101);
  const found = read.mistakes.find((mistake) => mistake.message.includes(message));
  expect(found, JSON.stringify(read.mistakes.slice(0, 3))).toBeDefined();
  expect(found?.at).toMatchObject({
    file: "gate.yml",
    line: expect.any(Number) as number,
    column: expect.any(Number) as number,
  });
});

test.each(["__proto__", "constructor", "prototype"])(
  "a key %s is refused wherever a mapping stands",
  (name) => {
    const places = [
      `${name}: 1`,
      `deploy: { ${name}: 1 }`,
      `stages: { ${name}: { for: 1m } }`,
      `databases: { ${name}: { url: $A } }`,
      `defaults: { ${name}: 1 }`,
      `remedies: { ${name}: [revert_pr: {}] }`,
      `guards: { ${name}: 1 }`,
      `notify: { ${name}: { slack: $A } }`,
      `report: { ${name}: 1 }`,
      `checks2: { a: { b: { c: { ${name}: 1 } } } }`,
    ].map((more) => SMALL + more);
    const checks = [
      `${name}: { http: / }`,
      `a: { ${name}: 1, http: / }`,
      `a: { http: { url: /, headers: { ${name}: x } } }`,
      `a: { env: { ${name}: x } }`,
      `a: { derive: { ${name}: b.c } }`,
      `a: { logs: { require: { ${name}: [x] } } }`,
    ];
    for (const text of [...places, ...checks.map((check) => `version: 1\nchecks: { ${check} }`)]) {
      const read = readConfig({ text, file: "gate.yml", env: () => "https://x.test" });
      expect(read.ok ? text : read.mistakes.map(({ message }) => message)).toContain(
        `"${name}" cannot be used as a name`,
      );
    }
    expect(({} as { http?: unknown }).http).toBeUndefined();
  },
);

test.each<[string, string]>([
  ["a byte order mark", `\uFEFF${SMALL}`],
  ["line ends of Windows", SMALL.replaceAll("\n", "\r\n")],
  [
    "names that all objects have",
    "version: 1\nchecks: { toString: { http: / }, hasOwnProperty: { http: / } }\n",
  ],
])("a file with %s is read whole", (_, text) => {
  const read = readConfig({ text, file: "gate.yml", env: () => undefined });
  expect(read.ok ? read.plan.checks.length : read.mistakes).toBe(text.includes("toString") ? 2 : 1);
});

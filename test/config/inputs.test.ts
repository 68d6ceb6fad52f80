import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { defaultPlan } from "../../src/config/default-plan.ts";
import { effectivePlan, INPUTS, readInputs } from "../../src/config/inputs.ts";

const GOOD = { "render-api-key": "rnd_key", "github-token": "ghs_token" };

function read(given: Readonly<Record<string, string>>): ReturnType<typeof readInputs> {
  return readInputs((name) => given[name] ?? "");
}

test("the table of inputs and action.yml agree", () => {
  const text = readFileSync(new URL("../../action.yml", import.meta.url), "utf8");
  const { inputs } = parse(text) as { inputs: Record<string, { required?: boolean; default?: string }> };
  const declared = Object.entries(inputs).map(([name, input]) => ({
    name,
    required: input.required === true,
    ...(input.default === undefined ? {} : { default: input.default }),
  }));
  expect(declared).toEqual(INPUTS);
});

test("values are trimmed, empty ones absent", () => {
  expect(
    read({ ...GOOD, service: "  my-api\n", mode: " ", "render-api-url": "http://127.0.0.1:80/v1/" }),
  ).toEqual({
    inputs: {
      renderApiKey: "rnd_key",
      githubToken: "ghs_token",
      service: "my-api",
      renderApiUrl: "http://127.0.0.1:80/v1",
    },
    mistakes: [],
  });
});

test("every input arrives", () => {
  const given = {
    ...GOOD,
    service: "s",
    config: "./a/b.yml",
    mode: "advise",
    commit: "ABCDEF1",
    "deploy-id": "dep-1a",
    "pr-token": "t",
  };
  expect(read(given).inputs).toEqual({
    renderApiKey: "rnd_key",
    githubToken: "ghs_token",
    service: "s",
    config: "a/b.yml",
    mode: "advise",
    commit: "abcdef1",
    deployId: "dep-1a",
    prToken: "t",
    renderApiUrl: "https://api.render.com/v1",
  });
});

test.each([
  ["render-api-key", "", 'Input "render-api-key" is empty.'],
  [
    "render-api-key",
    "two words",
    'Input "render-api-key" holds a space, a line break or a character that no key has; use a key or token without spaces and line breaks.',
  ],
  ["github-token", "", 'Input "github-token" is empty.'],
  ["mode", "enforced", 'Input "mode" is "enforced"; use observe, advise or enforce.'],
  ["commit", "main", 'Input "commit" is "main"; use the SHA of a commit.'],
  [
    "deploy-id",
    "srv-1",
    'Input "deploy-id" is "srv-1"; use the id of a deploy, such as dep-abcd0123456789efghij.',
  ],
  [
    "config",
    "../x.yml",
    'Input "config" is "../x.yml"; use a path inside the repository, such as .github/deploy-gate.yml.',
  ],
  [
    "config",
    "/etc/passwd",
    'Input "config" is "/etc/passwd"; use a path inside the repository, such as .github/deploy-gate.yml.',
  ],
  [
    "render-api-url",
    "api.render.com",
    'Input "render-api-url" is "api.render.com"; use an address such as https://api.render.com/v1.',
  ],
])('%s "%s" is a mistake', (name, value, message) => {
  const { mistakes } = read({ ...GOOD, [name]: value });
  expect(mistakes.map((mistake) => mistake.message)).toEqual([message]);
});

test("all mistakes come at once, in the order of action.yml, and no secret is shown", () => {
  const { mistakes } = read({ "pr-token": "hunter 2", commit: "x", mode: "obseve" });
  expect(mistakes).toHaveLength(5);
  expect(mistakes.map((mistake) => /"([^"]+)"/.exec(mistake.message)?.[1])).toEqual([
    "render-api-key",
    "mode",
    "commit",
    "github-token",
    "pr-token",
  ]);
  expect(mistakes[1]?.hint).toBe('did you mean "observe"?');
  expect(JSON.stringify(mistakes)).not.toContain("hunter");
});

const fromFile = { ...defaultPlan({ service: "file-api" }), mode: "advise" as const, file: "gate.yml" };

test.each([
  ["the file alone", {}, { service: "file-api", mode: "advise" }],
  ["service of the input wins", { service: "input-api" }, { service: "input-api", mode: "advise" }],
  ["mode of the input wins", { mode: "observe" as const }, { service: "file-api", mode: "observe" }],
])("%s", (_, inputs, expected) => {
  const result = effectivePlan(fromFile, inputs);
  expect(result.ok && { service: result.plan.service, mode: result.plan.mode }).toEqual(expected);
});

test("no service anywhere is a mistake", () => {
  expect(effectivePlan(defaultPlan(), {})).toEqual({
    ok: false,
    mistakes: [
      {
        message: "No service is named.",
        hint: 'Set the input "service" to the name or id of a Render service.',
      },
    ],
  });
});

test("deploy-id contradicts deploy.trigger", () => {
  const triggering = { ...fromFile, deploy: { ...fromFile.deploy, trigger: true } };
  const result = effectivePlan(triggering, { deployId: "dep-1" });
  expect(result.ok ? [] : result.mistakes.map((mistake) => mistake.message)).toEqual([
    'Input "deploy-id" names a deploy that exists, and "deploy.trigger" asks for a new one.',
  ]);
});

import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { allTrials } from "../trials.ts";
import { HTTP_FAULTS } from "./faults.ts";
import { routesInUse, SOCKET } from "./routes.ts";
import { STORIES } from "./stories.ts";

const IO = new URL("../../../src/io/", import.meta.url);

async function sources(): Promise<string> {
  const files = (await readdir(IO)).filter((name) => name.endsWith(".ts"));
  return (await Promise.all(files.map((name) => readFile(new URL(name, IO), "utf8")))).join("\n");
}

const placeless = (route: string): string => route.replaceAll(/\{[^}]*\}/g, "{}");

test("every route that the source asks stands in the matrix, and no other", async () => {
  const text = await sources();
  const github = [...text.matchAll(/\.request(?:<[^>]*>)?\(\s*"((?:GET|POST|PATCH|PUT|DELETE) [^"]+)"/g)].map(
    ([, route = ""]) => placeless(`GitHub ${route}`),
  );
  const listed = routesInUse().map(({ name }) => placeless(name));
  const rest = listed.filter((name) => name.startsWith("GitHub") && !name.endsWith("/graphql"));
  expect([...new Set(github)].toSorted()).toEqual([...rest].toSorted());
  expect(text.match(/\.graphql\(/g)?.length ?? 0).toBeGreaterThan(0);
  expect(listed).toContain("GitHub POST /graphql");

  // Lists are read with GET; an order names its method right before its path.
  const render = [...text.matchAll(/(?:method: "(\w+)",\s*)?path(?:: (`[^`]+`|"[^"]+"),|,)/g)].flatMap(
    ([, method = "GET", path = "`${servicePath(id)}`"]) =>
      `Render ${method} ${path
        .slice(1, -1)
        .replaceAll(/\$\{servicePath\(\w+\)\}/g, "/services/{}")
        .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "{}")}`,
  );
  const patch = /method: "PATCH",\s*path: servicePath\(/.test(text) ? ["Render PATCH /services/{}"] : [];
  const own = new Set(
    [...render, ...patch].filter((route) => listed.includes(route) || / \/[a-z]/.test(route)),
  );
  const known = listed.filter((name) => name.startsWith("Render") && name !== placeless(SOCKET));
  expect([...own].toSorted()).toEqual([...known].toSorted());
});

test("every route is struck by every fault that it can have, and every story is in use", () => {
  const trials = allTrials();
  for (const route of routesInUse().filter(({ name }) => name !== SOCKET)) {
    const own = trials.filter(({ section, where }) => route.name === `${section.split("'")[0]} ${where}`);
    const faults = HTTP_FAULTS.filter(({ only }) => only?.(route) !== false).map(({ name }) => name);
    expect([...new Set(own.map(({ fault }) => fault))]).toEqual(faults);
  }
  const used = new Set(trials.map(({ story }) => story));
  for (const { name } of STORIES) expect(used).toContain(name);
});

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fingerprints, staleFiles } from "../scripts/build.ts";

const dist = new URL("../dist/", import.meta.url);
const directory = fileURLToPath(dist);

test("dist/ is what the sources build, byte by byte", async () => {
  expect(await staleFiles()).toEqual([]);
});

test("dist/ holds both entries of action.yml and the licences", async () => {
  const files = await fingerprints(directory);
  expect([...files.keys()]).toEqual(expect.arrayContaining(["index.js", "post.js", "licenses.txt"]));
});

test("dist/ weighs no more than 2.2 MB", async () => {
  let bytes = 0;
  for (const name of (await fingerprints(directory)).keys()) {
    bytes += (await readFile(new URL(name, dist))).length;
  }
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(2_200_000);
});

test("dist/ names no folder of the machine that built it", async () => {
  const home = fileURLToPath(new URL("../", import.meta.url));
  for (const name of (await fingerprints(directory)).keys()) {
    expect(await readFile(new URL(name, dist), "utf8"), name).not.toContain(home);
  }
});

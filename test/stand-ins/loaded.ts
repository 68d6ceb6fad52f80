import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

// The gate loads much of itself when it needs it. That takes real time, for which simulated time does not wait: whoever
// simulates imports this file, and everything is there from the start.
const src = resolve(import.meta.dirname, "../../src");

for (const { name, parentPath } of await readdir(src, { recursive: true, withFileTypes: true })) {
  if (!name.endsWith(".ts") || name === "main.ts") continue;
  const text = await readFile(join(parentPath, name), "utf8");
  for (const [, path = ""] of text.matchAll(/\bimport\("(\.[^"]+)"\)/g)) await import(join(parentPath, path));
}

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { minify } from "rolldown/utils";
import { ownLayers } from "./layers.ts";
import { licencesText } from "./licences.ts";
import { SLOW_PARSER_FILE, withoutUnused } from "./unused.ts";

const root = resolve(import.meta.dirname, "..");

/** What the runner starts, `main` and `post` of action.yml; and what people start. */
const entries = { index: "src/main.ts", post: "src/post.ts", cli: "src/cli.ts" };

/** Chunks of third-party code; nobody reviews them here, so they may be small. */
const thirdParty = ["vendor.js", "socket.js", "zod.js", "yaml.js", "pg.js"];

/** Functions and classes keep their names, for stack traces. */
async function small(name: string, code: string): Promise<string> {
  const result = await minify(name, code, {
    module: true,
    compress: true,
    mangle: { keepNames: true },
    codegen: { removeWhitespace: true, legalComments: "inline" },
  });
  const [error] = result.errors;
  if (error !== undefined) throw new Error(`${name}: ${error.message}`);
  return result.code;
}

/**
 * Bundles the action into `directory`, which is emptied once the build is done: ESM without content hashes, our own code readable
 * and in files of its own (`layers`), third-party code apart from it: the database driver and the WebSocket are loaded by those who
 * use them, YAML by what reads a config file.
 * The same sources and lock file give the same bytes, wherever the repository stands.
 */
export async function bundle(
  directory: string,
  input: Readonly<Record<string, string>> = entries,
): Promise<void> {
  const own = ownLayers();
  const build = await rolldown({
    input: { ...input },
    cwd: root,
    platform: "node",
    plugins: [withoutUnused, own.plugin],
  });
  const { output } = await build.generate({
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      groups: [
        {
          name: "pg",
          test: /[\\/]node_modules[\\/](pg|pg-[^\\/]+|pgpass|postgres-[^\\/]+|split2|xtend)[\\/]/,
          priority: 9,
        },
        { name: "zod", test: /[\\/]node_modules[\\/]zod[\\/]/, priority: 9 },
        { name: "yaml", test: /[\\/]node_modules[\\/]yaml[\\/]/, priority: 9 },
        {
          name: "vendor",
          test: /[\\/]node_modules[\\/](?!undici[\\/]lib[\\/](?:web|encoding)[\\/])/,
          priority: 8,
        },
        { name: "socket", test: /[\\/]node_modules[\\/]/, priority: 7 },
        ...own.groups,
      ],
    },
  });
  await build.close();
  const files = new Map([["package.json", '{ "type": "module" }\n']]);
  const modules: string[] = [];
  for (const part of output) {
    if (part.type !== "chunk") throw new Error(`${part.fileName} is no code`);
    modules.push(...part.moduleIds);
    const isOurs = !thirdParty.includes(part.fileName);
    files.set(part.fileName, isOurs ? part.code : await small(part.fileName, part.code));
  }
  const slowParser = join(root, "node_modules/undici/lib/llhttp/llhttp-wasm.js");
  files.set(SLOW_PARSER_FILE, await readFile(slowParser, "utf8"));
  files.set("licenses.txt", await licencesText(modules));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const [name, text] of files) await writeFile(join(directory, name), text);
}

/** Names of the files of a folder, each with the SHA-256 of its bytes. An absent folder has none. */
export async function fingerprints(directory: string): Promise<ReadonlyMap<string, string>> {
  const names: string[] = await readdir(directory).catch(() => []);
  const found = new Map<string, string>();
  for (const name of names.toSorted()) {
    const bytes = await readFile(join(directory, name));
    found.set(name, createHash("sha256").update(bytes).digest("hex"));
  }
  return found;
}

/** Names of the files of dist/ that are not what the sources build: missing, different or left over. */
export async function staleFiles(): Promise<readonly string[]> {
  const fresh = await mkdtemp(join(tmpdir(), "deploy-gate-dist-"));
  try {
    await bundle(fresh);
    const [built, committed] = [await fingerprints(fresh), await fingerprints(join(root, "dist"))];
    const names = new Set([...built.keys(), ...committed.keys()]);
    return [...names].filter((name) => built.get(name) !== committed.get(name)).sort();
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const stale = await staleFiles();
    if (stale.length > 0) {
      console.error(`dist/ is not what the sources build (${stale.join(", ")}); run "npm run build".`);
      process.exitCode = 1;
    }
  } else {
    await bundle(join(root, "dist"));
    let total = 0;
    for (const name of (await readdir(join(root, "dist"))).sort()) {
      const { length } = await readFile(join(root, "dist", name));
      total += length;
      console.log(`${String(length).padStart(9)}  dist/${name}`);
    }
    console.log(`${String(total).padStart(9)}  in all`);
  }
}

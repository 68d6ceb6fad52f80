import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string | undefined;
}

/** The folder of the package that a module path belongs to, or undefined for our own and virtual modules. */
function packageFolder(module: string): string | undefined {
  const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module);
  return match?.[1];
}

async function packageAt(folder: string): Promise<Package> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<
    "name" | "version" | "license",
    string | undefined
  >;
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts: string[] = [];
  for (const name of names) texts.push((await readFile(join(folder, name), "utf8")).trim());
  return {
    name: manifest.name ?? folder,
    version: manifest.version ?? "",
    licence: manifest.license ?? "unknown",
    text: texts.length > 0 ? texts.join("\n\n").replaceAll("\r\n", "\n") : undefined,
  };
}

/**
 * The licences of the packages that the given module paths come from, each once, by name and version.
 * A package that ships no licence file is listed with the licence its package.json names.
 */
export async function licencesText(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const packages = new Map<string, Package>();
  for (const folder of folders) {
    const found = await packageAt(folder);
    packages.set(`${found.name}@${found.version}`, found);
  }
  const listed = [...packages.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  const entries = listed.map(
    ([id, { licence, text }]) =>
      `${id} (${licence})\n\n${text ?? `No licence file in the package; its package.json names ${licence}.`}\n`,
  );
  const rule = `\n${"-".repeat(80)}\n\n`;
  return `Third-party code in this folder, with its licences.\n${rule}${entries.join(rule)}`;
}

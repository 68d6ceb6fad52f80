import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { INPUTS } from "../src/config/inputs.ts";

interface Manifest {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

const root = new URL("../", import.meta.url);
const manifest = parse(await readFile(new URL("action.yml", root), "utf8")) as Manifest;
const readme = await readFile(new URL("README.md", root), "utf8");

/** The README between `<!-- name -->` and `<!-- /name -->`. */
function section(name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\n(?<text>[\\s\\S]*?)\\n<!-- /${name} -->`).exec(readme);
  if (match === null) throw new Error(`README.md has no section between the markers "${name}"`);
  return match.groups?.["text"] ?? "";
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

describe("action.yml", () => {
  test("has the inputs of the design and no others", () => {
    expect(Object.keys(manifest.inputs)).toEqual([
      "render-api-key",
      "service",
      "config",
      "mode",
      "commit",
      "deploy-id",
      "github-token",
      "pr-token",
      "render-api-url",
    ]);
  });

  test("requires the key alone", () => {
    const required = Object.entries(manifest.inputs).filter(([, input]) => input.required === true);
    expect(required.map(([name]) => name)).toEqual(["render-api-key"]);
  });

  test("declares the inputs that the code reads", () => {
    const declared = Object.entries(manifest.inputs).map(([name, input]) => ({
      name,
      required: input.required === true,
      ...(input.default === undefined ? {} : { default: input.default }),
    }));
    expect(declared).toEqual(INPUTS);
  });

  test("has the outputs of the design and no others", () => {
    expect(Object.keys(manifest.outputs)).toEqual([
      "verdict",
      "stage",
      "service-id",
      "deploy-id",
      "deploy-status",
      "commit",
      "check-run-url",
      "revert-pr-url",
      "revert-pr-number",
      "rollback-deploy-id",
      "report",
    ]);
  });

  test("starts the committed bundle on Node 24", () => {
    expect(manifest.runs).toEqual({ using: "node24", main: "dist/index.js", post: "dist/post.js" });
  });

  test("defaults where the design has defaults", () => {
    const defaults = Object.entries(manifest.inputs).filter(([, input]) => input.default !== undefined);
    expect(Object.fromEntries(defaults.map(([name, input]) => [name, input.default]))).toEqual({
      config: ".github/deploy-gate.yml",
      "github-token": "${{ github.token }}",
      "render-api-url": "https://api.render.com/v1",
    });
  });
});

describe("README.md", () => {
  test("has the table of inputs that action.yml has", () => {
    const rows = Object.entries(manifest.inputs).map(([name, input]) => [
      `\`${name}\``,
      input.description,
      input.required === true ? "required" : input.default === undefined ? "" : `\`${input.default}\``,
    ]);
    expect(section("inputs")).toBe(table([["input", "what it is", "default"], ...rows]));
  });

  test("has the table of outputs that action.yml has", () => {
    const rows = Object.entries(manifest.outputs).map(([name, output]) => [
      `\`${name}\``,
      output.description,
    ]);
    expect(section("outputs")).toBe(table([["output", "what it holds"], ...rows]));
  });
});

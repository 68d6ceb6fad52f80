import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Loaded before a bundle by `--import`: notes which of its files are loaded, and which of them before the first request is made,
 * and writes that as JSON to the file that PROBE_OUT names when the process ends.
 */
export interface Probed {
  readonly atFirstRequest: readonly string[];
  readonly atEnd: readonly string[];
  /** User and system, ms. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

const loaded: string[] = [];
let atFirstRequest: readonly string[] | undefined;
registerHooks({
  load(url, context, next) {
    const answer = next(url, context);
    if (url.includes("/dist/")) loaded.push(basename(fileURLToPath(url)));
    return answer;
  },
});
subscribe("undici:request:create", () => (atFirstRequest ??= [...loaded]));
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const probed: Probed = {
    atFirstRequest: atFirstRequest ?? [],
    atEnd: loaded,
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now(),
  };
  writeFileSync(process.env["PROBE_OUT"] ?? "", JSON.stringify(probed));
});

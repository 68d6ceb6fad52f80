import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { getInput } from "@actions/core";
import { readInputs } from "./config/inputs.ts";
import { createEdges } from "./edges.ts";
import { runGate } from "./gate.ts";

// Regular expressions of the user meet log lines of anybody: V8 falls back to its linear engine when one backtracks
// too much (v8.dev/blog/non-backtracking-regexp).
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/** The runner sends SIGKILL ten seconds after a cancellation; the check run is closed well before. */
const LEAVE_MS = 6_500;

const canceled = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (canceled.signal.aborted) return;
    canceled.abort();
    setTimeout(() => process.exit(1), LEAVE_MS).unref();
  });
}

async function eventPayload(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === "") return {};
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return {};
  }
}

const { env } = process;
const { inputs, mistakes } = readInputs((name) => getInput(name));
const edges = createEdges(inputs, env);
edges.runner.info(
  `Render Deploy Gate: ${env["GITHUB_EVENT_NAME"] ?? "no event"} in ${env["GITHUB_REPOSITORY"] ?? "no repository"}`,
);
const serverUrl = env["GITHUB_SERVER_URL"] ?? "https://github.com";
const ending = await runGate(edges, {
  inputs,
  mistakes,
  event: { name: env["GITHUB_EVENT_NAME"] ?? "", payload: await eventPayload(env["GITHUB_EVENT_PATH"]) },
  runSha: env["GITHUB_SHA"] ?? "",
  runUrl: `${serverUrl}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`,
  env: (name) => env[name],
  signal: canceled.signal,
});
process.exitCode = ending.exitCode;
await edges.close();
// A request that was in flight when the job was canceled must not keep the process.
if (canceled.signal.aborted) process.exit(ending.exitCode);

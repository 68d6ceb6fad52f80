import { setFlagsFromString } from "node:v8";

// Regular expressions of the user meet log lines of anybody: V8 falls back to its linear engine when one backtracks
// too much (v8.dev/blog/non-backtracking-regexp).
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
// Pages of log lines are garbage as soon as they are counted: with a nursery that grows, V8 lets a hundred MB of them lie.
setFlagsFromString("--semi-space-growth-factor=1");

/** The runner sends SIGKILL ten seconds after a cancellation; the check run is closed well before. */
const LEAVE_MS = 6_500;

const { env } = process;
const stop = new AbortController();

/** Ends the gate's story; the process follows by itself, or after `LEAVE_MS`. */
function leave(reason?: Error): void {
  if (stop.signal.aborted) return;
  stop.abort(reason);
  setTimeout(() => process.exit(1), LEAVE_MS).unref();
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

// Whatever happens, only a verdict makes this step succeed.
process.exitCode = 1;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => leave());
for (const trouble of ["uncaughtException", "unhandledRejection"] as const)
  process.on(trouble, (thrown: unknown) => leave(errorOf(thrown)));

process.stdout.write(
  `Render Deploy Gate: ${env["GITHUB_EVENT_NAME"] ?? "no event"} in ${env["GITHUB_REPOSITORY"] ?? "no repository"}\n`,
);
try {
  // Loading the gate takes several times as long as starting Node; neither the first line nor a signal waits for it.
  const { runJob } = await import("./job.ts");
  process.exitCode = await runJob(env, stop.signal);
} catch (error) {
  const { stack = "", message } = errorOf(error);
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  process.stdout.write(`::error::The gate itself failed: ${message.replaceAll(/\s+/g, " ")}\n`);
  process.stdout.write(`${frames.join("\n")}\n`);
}
// A request that was still being repeated must not keep the process.
if (stop.signal.aborted) process.exit();
setTimeout(() => process.exit(), 1_000).unref();

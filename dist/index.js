import { setFlagsFromString } from "node:v8";
// src/main.ts
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--semi-space-growth-factor=1");
const LEAVE_MS = 6500;
const { env } = process;
const stop = new AbortController();
function leave(reason) {
	if (stop.signal.aborted) return;
	stop.abort(reason);
	setTimeout(() => process.exit(1), LEAVE_MS).unref();
}
function errorOf(thrown) {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}
process.exitCode = 1;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => leave());
for (const trouble of ["uncaughtException", "unhandledRejection"]) process.on(trouble, (thrown) => leave(errorOf(thrown)));
process.stdout.write(`Render Deploy Gate: ${env["GITHUB_EVENT_NAME"] ?? "no event"} in ${env["GITHUB_REPOSITORY"] ?? "no repository"}\n`);
try {
	const { runJob } = await import("./job.js");
	process.exitCode = await runJob(env, stop.signal);
} catch (error) {
	const { stack = "", message } = errorOf(error);
	const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
	process.stdout.write(`::error::The gate itself failed: ${message.replaceAll(/\s+/g, " ")}\n`);
	process.stdout.write(`${frames.join("\n")}\n`);
}
if (stop.signal.aborted) process.exit();
setTimeout(() => process.exit(), 1e3).unref();
export {};

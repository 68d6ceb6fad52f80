import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as core from "@actions/core";
import type { Runner } from "../ports.ts";

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: 1 MiB per step. */
const SUMMARY_LIMIT_BYTES = 1024 * 1024;
const SUMMARY_MARK = "\n\n_The rest was cut: GitHub shows 1 MiB._\n";

/**
 * The job that runs this action, over `@actions/core` and the files that `process.env` names. Everything passes
 * `redact`. What cannot be written is said in the log and never thrown, except by `file`.
 */
export function createRunner(options: { readonly redact: (text: string) => string }): Runner {
  const clean = (text: string): string => inert(options.redact(plain(text)));
  const oneLine = (text: string): string => clean(text).replaceAll(/\s*\n\s*/g, " ");
  const attempt = (what: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      core.warning(clean(`${what} could not be written: ${messageOf(error)}`));
    }
  };
  let folder: Promise<string> | undefined;
  return {
    info: (line) => core.info(clean(line)),
    notice: (message) => core.notice(clean(message)),
    warning: (message) => core.warning(clean(message)),
    error: (message) => core.error(clean(message)),
    startGroup: (title) => core.startGroup(oneLine(title)),
    endGroup: () => core.endGroup(),
    mask: (secret) => {
      if (secret.trim() === "") return;
      core.setSecret(secret);
      const lines = secret.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
      if (lines.length > 1) lines.forEach((line) => core.setSecret(line));
    },
    output: (name, value) => attempt(`Output "${name}"`, () => core.setOutput(name, options.redact(value))),
    saveState: (name, value) => attempt(`State "${name}"`, () => core.saveState(name, options.redact(value))),
    summary: async (markdown) => {
      const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
      if (path === "") return;
      try {
        await writeFile(path, cutSummary(options.redact(markdown)));
      } catch (error) {
        core.warning(clean(`The job summary could not be written: ${messageOf(error)}`));
      }
    },
    file: async (name, content) => {
      folder ??= mkdtemp(join(process.env["RUNNER_TEMP"] || tmpdir(), "deploy-gate-"));
      const path = join(await folder, safeName(name));
      await writeFile(path, options.redact(content));
      return path;
    },
  };
}

/** The web address of the run that `env` describes. */
export function runUrlOf(env: Readonly<Record<string, string | undefined>>): string {
  const server = (env["GITHUB_SERVER_URL"] ?? "https://github.com").replace(/\/+$/, "");
  return `${server}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`;
}

/** Terminal escapes and control characters out; every kind of line end is `\n`. */
function plain(text: string): string {
  return text
    .replaceAll(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g, "")
    .replaceAll(/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g, "")
    .replaceAll(/\u001b[ -/]*[0-~]?/g, "")
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

/** The runner takes `::` at a line's start, blanks aside, and `##[` anywhere as the begin of a command. */
function inert(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}

function cutSummary(markdown: string): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length < SUMMARY_LIMIT_BYTES) return markdown;
  const room = SUMMARY_LIMIT_BYTES - Buffer.byteLength(SUMMARY_MARK) - 4;
  const lineEnd = bytes.lastIndexOf("\n", room);
  // One line of a MiB is cut inside; a character cut in half becomes U+FFFD, which is no longer than the room left.
  const end = lineEnd > 0 ? lineEnd : room;
  return bytes.subarray(0, end).toString() + SUMMARY_MARK;
}

function safeName(name: string): string {
  const safe = name.replaceAll(/[^\w.-]+/g, "-").replace(/^[.-]+/, "");
  return safe.slice(0, 100) || "file";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { createReadStream } from "node:fs";
import { setFlagsFromString } from "node:v8";
import manifest from "../package.json" with { type: "json" };
import { commandOf, HELP } from "./cli/arguments.ts";
import { lintReport } from "./cli/lint-report.ts";
import { shownLine } from "./cli/output-line.ts";
import { logText } from "./report/plain.ts";

// As in main.ts: the file's expressions are tried on lines.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/** More than any config file that is read. */
const MOST_BYTES = 2 ** 20;

const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";

/** One line of trouble for stderr; gives the exit code. */
function refuse(message: string): 2 {
  process.stderr.write(`${logText(message)}\n`);
  return 2;
}

async function textOf(file: string): Promise<string> {
  const parts: Buffer[] = [];
  // A pipe or device may never end.
  for await (const part of createReadStream(file, { end: MOST_BYTES })) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
  ENOTDIR: "it does not exist",
};

async function lint(file: string): Promise<0 | 1 | 2> {
  let text: string;
  try {
    text = await textOf(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return refuse(
      `"${file}" cannot be read: ${READ_FAILURES[code] ?? code}; name the config file: node dist/cli.js lint <file>`,
    );
  }
  const { lines, mistakes } = lintReport(text, { file, shell: (name) => process.env[name] });
  process.stdout.write(`${lines.map((line) => shownLine(line, { isColoured })).join("\n")}\n`);
  return mistakes === 0 ? 0 : 1;
}

// Whoever reads may stop early: lint | head.
process.stdout.on("error", () => process.exit());

const command = commandOf(process.argv.slice(2));
switch (command.kind) {
  case "lint":
    process.exitCode = await lint(command.file);
    break;
  case "help":
    process.stdout.write(HELP);
    break;
  case "version":
    process.stdout.write(`${manifest.version}\n`);
    break;
  case "wrong":
    process.exitCode = refuse(command.message);
}

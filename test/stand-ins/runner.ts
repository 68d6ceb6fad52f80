import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One job of the Actions runner: its folders and files, and how its steps are started. */
export interface StandInRunner {
  /** GITHUB_WORKSPACE: empty until somebody checks something out there. */
  readonly workspace: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** Starts a bundle as the runner does and does not wait for it. */
  start(script: string): StartedStep;
  /** Starts a bundle and waits for its end. */
  run(script: string): Promise<StepResult>;
}

export interface StartedStep {
  readonly ended: Promise<StepResult>;
  /** What the runner sends when a job is cancelled: SIGINT, and SIGTERM later. */
  readonly kill: (signal: "SIGINT" | "SIGTERM" | "SIGKILL") => void;
}

export interface StepResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lines: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Name to value, from a runner file that holds `name=value` lines and `name<<end` blocks. The last one wins. */
export function runnerFileValues(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const block = /^(?<name>[^=]+?)<<(?<end>.+)$/.exec(line)?.groups;
    if (block === undefined) {
      const equals = line.indexOf("=");
      if (equals > 0) values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const last = lines.indexOf(block["end"] ?? "", index + 1);
    if (last === -1) throw new Error(`no end "${block["end"] ?? ""}" for "${block["name"] ?? ""}"`);
    values[block["name"] ?? ""] = lines.slice(index + 1, last).join("\n");
    index = last;
  }
  return values;
}

/** The environment variable of an action's input: upper case, spaces replaced, hyphens kept. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

/**
 * A job of its own in a new temporary folder. Its steps see nothing of the surrounding environment but PATH and
 * HOME: only the inputs, the `env` of the step and the runner's own variables. State that one step saves reaches
 * the next ones as `STATE_…`.
 */
export async function standInRunner(job: {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: unknown };
  readonly onLine?: (line: string) => void;
}): Promise<StandInRunner> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-gate-job-"));
  const workspace = join(folder, "workspace");
  const temp = join(folder, "temp");
  await mkdir(workspace);
  await mkdir(temp);
  const eventPath = join(folder, "event.json");
  await writeFile(eventPath, JSON.stringify(job.event.payload));
  const inputs = Object.entries(job.inputs).map(([name, value]) => [inputVariable(name), value]);
  const saved: Record<string, string> = {};
  let steps = 0;

  const step = async (script: string, begun: (kill: StartedStep["kill"]) => void): Promise<StepResult> => {
    steps += 1;
    const files = Object.fromEntries(
      ["OUTPUT", "STATE", "STEP_SUMMARY", "ENV", "PATH"].map((name) => [
        `GITHUB_${name}`,
        join(folder, `step-${String(steps)}-${name.toLowerCase()}`),
      ]),
    );
    for (const path of Object.values(files)) await writeFile(path, "");
    const state = Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]);
    const child = spawn(process.execPath, [script], {
      cwd: workspace,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: job.event.name,
        GITHUB_EVENT_PATH: eventPath,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: temp,
        RUNNER_OS: "Linux",
        ...files,
        ...job.env,
        ...Object.fromEntries(inputs),
        ...Object.fromEntries(state),
      },
    });
    begun((signal) => child.kill(signal));
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        job.onLine?.(line);
      });
    }
    const [exitCode, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, killedBy) => resolve([code, killedBy]));
    });
    const read = async (name: string): Promise<string> => readFile(files[name] ?? "", "utf8");
    const newState = runnerFileValues(await read("GITHUB_STATE"));
    Object.assign(saved, newState);
    return {
      exitCode,
      signal,
      lines,
      outputs: runnerFileValues(await read("GITHUB_OUTPUT")),
      state: newState,
      summary: await read("GITHUB_STEP_SUMMARY"),
    };
  };

  const start = (script: string): StartedStep => {
    let kill: StartedStep["kill"] | undefined;
    let early: Parameters<StartedStep["kill"]>[0] | undefined;
    const ended = step(script, (begun) => {
      kill = begun;
      if (early !== undefined) begun(early);
    });
    return {
      ended,
      kill: (signal) => {
        if (kill === undefined) early = signal;
        else kill(signal);
      },
    };
  };
  return { workspace, temp, start, run: (script) => start(script).ended };
}

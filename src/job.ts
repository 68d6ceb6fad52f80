import { readFile } from "node:fs/promises";
import { getInput } from "@actions/core";
import { INLINE_VARIABLE, readInline, readInputs, type Inputs } from "./config/inputs.ts";
import { createEdges } from "./edges.ts";
import { runGate } from "./gate.ts";
import { isResuming } from "./gate/start.ts";
import { createRunner, runUrlOf } from "./io/runner.ts";
import type { Edges } from "./ports.ts";
import { ConfigProblem, type Mistake } from "./problem.ts";
import { mistakeLine } from "./report/problem.ts";
import { createRedactor } from "./report/redact.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** One gate of the Actions job that `env` describes; gives the step's exit code. `signal` ends it early. */
export async function runJob(env: Environment, signal: AbortSignal): Promise<0 | 1> {
  const { inputs, mistakes: inputMistakes } = readInputs((name) => getInput(name));
  const inline = readInline(env[INLINE_VARIABLE] ?? "");
  const mistakes = [...inputMistakes, ...inline.mistakes];
  const event = {
    name: env["GITHUB_EVENT_NAME"] ?? "",
    payload: await eventPayload(env["GITHUB_EVENT_PATH"]),
  };
  const edges = edgesOrMistakes(inputs, env, { mistakes, isResuming: isResuming({ event, inputs }) });
  if (edges === undefined) return 1;
  const { exitCode } = await runGate(edges, {
    inputs,
    mistakes,
    event,
    runSha: env["GITHUB_SHA"] ?? "",
    runUrl: runUrlOf(env),
    inlineMs: inline.inlineMs,
    env: (name) => env[name],
    signal,
  });
  await edges.close();
  return exitCode;
}

/** Without edges (a proxy that is none) only the job can be told. */
function edgesOrMistakes(
  inputs: Inputs,
  env: Environment,
  about: { readonly mistakes: readonly Mistake[]; readonly isResuming: boolean },
): (Edges & { close(): Promise<void> }) | undefined {
  try {
    return createEdges(inputs, env, about);
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const secrets = [inputs.renderApiKey, inputs.githubToken, inputs.prToken];
    const redact = createRedactor(secrets.filter((secret) => secret !== undefined));
    const runner = createRunner({ redact });
    for (const mistake of [...about.mistakes, ...error.mistakes]) runner.error(mistakeLine(mistake));
    return undefined;
  }
}

async function eventPayload(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === "") return {};
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return {};
  }
}

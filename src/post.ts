import { getInput, getState } from "@actions/core";
import { readInputs } from "./config/inputs.ts";
import { createEdges } from "./edges.ts";
import { closeLeftOpen } from "./gate/leave.ts";
import { tellLeft } from "./gate/tell-left.ts";
import { runUrlOf } from "./io/runner.ts";

/** The post step: closes what a crash of the main step left open, and tells of it. Never fails the job. */
if (getState("closed") !== "true" && getState("told") !== "") {
  const { env } = process;
  const { inputs } = readInputs((name) => getInput(name));
  const edges = createEdges(inputs, env);
  const left = await closeLeftOpen(edges, getState("told"));
  if (left !== undefined)
    await tellLeft(edges, left, { inputs, env: (name) => env[name], runUrl: runUrlOf(env) });
  await edges.close();
}

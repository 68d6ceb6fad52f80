import { getInput, getState } from "@actions/core";
import { readInputs } from "./config/inputs.ts";
import { createEdges } from "./edges.ts";
import { closeLeftOpen } from "./gate/leave.ts";

/** The post step: closes what a crash of the main step left open. Never fails the job. */
if (getState("closed") !== "true" && getState("told") !== "") {
  const { inputs } = readInputs((name) => getInput(name));
  const edges = createEdges(inputs, process.env);
  await closeLeftOpen(edges, getState("told"));
  await edges.close();
}

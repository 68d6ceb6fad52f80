import { getInput, getState } from "@actions/core";
import { readInputs } from "./config/inputs.ts";
import { createEdges } from "./edges.ts";
import { closeLeftOpen } from "./gate/leave.ts";
import { tellLeft } from "./gate/tell-left.ts";

/** The post step: closes what a crash of the main step left open, and tells of it. Never fails the job. */
if (getState("closed") !== "true" && getState("told") !== "") {
  const { env } = process;
  const { inputs } = readInputs((name) => getInput(name));
  const edges = createEdges(inputs, env);
  const left = await closeLeftOpen(edges, getState("told"));
  const runUrl = `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`;
  if (left !== undefined) await tellLeft(edges, left, { inputs, env: (name) => env[name], runUrl });
  await edges.close();
}

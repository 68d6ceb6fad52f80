import { decodeState } from "../../src/core/gate-state-text.ts";
import type { GateState } from "../../src/core/gate-state.ts";
import type { Scene } from "../gate/scene.ts";

/** Everything that a gate of that commit leaves at Render and GitHub, in lines that can be compared. */
export async function leftBehind(
  { render, github }: Pick<Scene, "render" | "github">,
  about: { readonly serviceId: string; readonly commit: string },
): Promise<readonly string[]> {
  const { deploys, record } = render.serviceState(about.serviceId);
  const checkRuns = github.checkRuns.filter(({ sha }) => sha === about.commit);
  const status = github.statuses.findLast(({ sha }) => sha === about.commit);
  const pullNumbers = new Set(github.pulls.map(({ number }) => number));
  return [
    `auto-deploy ${record.autoDeployTrigger ?? "?"}`,
    ...deploys.map(({ record: { trigger, status: state } }) => `deploy by ${trigger ?? "?"}: ${state}`),
    ...checkRuns.map((run) => `check run ${run.status} ${run.conclusion ?? ""}`),
    ...checkRuns.flatMap((run) => stateLines(run.text)),
    `status ${status?.state ?? "none"}`,
    // What else could be judged before a failure ended the watch depends on how fast the machine is.
    ...checkRuns.flatMap(({ annotations }) =>
      annotations
        .filter(({ title }) => title?.endsWith(" failed"))
        .map(({ path, start_line: line, title }) => `annotation ${path}:${line} ${title ?? ""}`),
    ),
    ...(await Promise.all(
      github.pulls.map(async ({ headSha, headRef, body }) => {
        const [commit] = await github.log(headSha);
        const sections = (body ?? "").split("<!-- deploy-gate").length - 1;
        return `head of ${headRef}: ${commit?.message.split("\n", 1)[0] ?? ""}, on ${commit?.parents.join() ?? ""}, tree ${commit?.tree ?? ""}, ${sections} marks`;
      }),
    )),
    ...github.pulls.map(
      ({ headRef, state, draft, labels, autoMerge }) =>
        `pull of ${headRef}: ${state}${draft ? ", draft" : ""}, ${labels.join()}, ${autoMerge === null ? "not " : ""}merged by itself`,
    ),
    ...github.issues
      .filter(({ number }) => !pullNumbers.has(number))
      .map(({ title, state, labels }) => `issue ${title}: ${state}, ${labels.join()}`),
    ...github.comments.map(({ body }) => `comment ${body.split("\n", 1)[0] ?? ""}`),
    ...github.deployments.map(({ statuses }) => `index ${statuses.at(-1)?.state ?? "open"}`),
  ].sort();
}

function stateLines(text: string | null | undefined): readonly string[] {
  const decoded = decodeState(text ?? "");
  if (decoded.kind !== "state") return [`state ${decoded.kind}`];
  const { freeze, remedy, told }: GateState = decoded.state;
  return [
    ...(freeze === undefined ? [] : [`freeze ${freeze.lifted === undefined ? "stands" : "lifted"}`]),
    ...(remedy === undefined
      ? []
      : [
          `remedy ${remedy.finished ? "finished" : "open"}: ${remedy.steps.map(({ kind, state }) => `${kind} ${state ?? "open"}`).join(", ")}`,
        ]),
    ...(told?.after ?? []).map((done) => `told ${done}`),
  ];
}

/** Lines that one list has oftener than the other. */
export function beyond(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

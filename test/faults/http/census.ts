import type { Stage } from "./story.ts";

/** What a story left at GitHub, at Render and with people: a name for each thing, and how often it is there. */
export type Census = ReadonlyMap<string, number>;

/** Counts what is there by now. Names hold nothing that differs from run to run. */
export async function censusOf({ scene, services, post }: Stage): Promise<Census> {
  const { github, render } = scene;
  const things: string[] = [];
  /** The words of each commit, which are the same in every run. */
  const main = new Map(
    (await github.log("main")).map(({ sha, message }) => [sha, message.split("\n")[0] ?? ""]),
  );
  const roleOf = (sha: string | undefined): string => main.get(sha ?? "") ?? "another commit";
  for (const { name, sha } of github.checkRuns) things.push(`check run ${name} of ${roleOf(sha)}`);
  for (const run of github.checkRuns)
    things.push(`check run ${run.name} of ${roleOf(run.sha)} ${run.conclusion ?? "open"}`);
  for (const pull of github.pulls) {
    things.push(`pull request ${plain(pull.headRef)}`);
    for (const label of pull.labels) things.push(`label ${label} of ${plain(pull.headRef)}`);
    for (const name of [...pull.assignees, ...pull.reviewers])
      things.push(`${name} of ${plain(pull.headRef)}`);
    if (pull.autoMerge !== null) things.push(`auto-merge of ${plain(pull.headRef)}`);
  }
  for (const issue of github.issues.filter(
    (one) => !github.pulls.some(({ number }) => number === one.number),
  )) {
    things.push(`issue ${plain(issue.title)}`);
    for (const name of [...issue.labels, ...issue.assignees])
      things.push(`${name} of issue ${plain(issue.title)}`);
  }
  for (const { number, sha, body } of github.comments)
    things.push(
      `comment ${number === undefined ? `on ${roleOf(sha)}` : `#${number}`}: ${plain(body.split("\n")[0] ?? "")}`,
    );
  for (const { description } of github.deployments) things.push(`watch ${plain(description ?? "")}`);
  for (const { to, body, text } of post.messages)
    things.push(`message to ${to}: ${plain(JSON.stringify(body["keys"] ?? text.split("\n")[0]))}`);
  for (const id of services) {
    const { record, deploys } = render.serviceState(id);
    things.push(`${record.name} deploys by ${record.autoDeployTrigger ?? record.autoDeploy}`);
    for (const deploy of deploys) {
      const { trigger, commit } = deploy.record;
      if (trigger === "api" || trigger === "rollback")
        things.push(`${trigger} deploy of ${record.name} to ${roleOf(commit?.id)}`);
    }
  }
  for (const branch of await github.branches()) {
    if (!branch.startsWith("deploy-gate/")) continue;
    things.push(`branch ${plain(branch)}`);
    for (const { sha } of await github.log(branch))
      if (!main.has(sha)) things.push(`commit on ${plain(branch)}`);
  }
  return new Map([...Map.groupBy(things, (thing) => thing)].map(([thing, all]) => [thing, all.length]));
}

/** Without ids, commits and times. */
function plain(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "<time>")
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, "<sha>")
    .replaceAll(/(?<=\/pull\/|%2Fpull%2F|answer=)\d+/g, "<n>")
    .replaceAll(/\b(dep|srv)-\w+/g, "<$1>");
}

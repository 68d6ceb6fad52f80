import { afterKey } from "../core/clean-up.ts";
import type { AfterRule, CleanUpIssue, CleanUpPull } from "../core/communication.ts";
import type { Action } from "../core/outcome.ts";
import { cleanUpIssueBody, cleanUpTitle, type CleanUpText } from "../report/clean-up.ts";
import { issueMarker } from "../report/issue.ts";
import { decorateIssue, openMarked } from "./marked-issue.ts";
import { goOn, type ServiceRun } from "./run.ts";

/** One step of a rule, and which one it is, from 0. */
export interface CleanUpStep<Step> {
  readonly step: Step;
  readonly rule: AfterRule;
  readonly nth: number;
}

/** What a clean-up of this run says about itself. */
export function cleanUpText(run: ServiceRun, { step, rule }: CleanUpStep<CleanUpText["step"]>): CleanUpText {
  const { service, commit, runUrl } = run;
  const base = service.branch ?? "main";
  return { step, service: service.name, commit, key: afterKey(rule), base, files: [], runUrl };
}

/**
 * Opens the issue with what is to be cleaned up, once for each deploy and step; `instead` says why it takes the place
 * of a pull request. Throws ServiceProblem.
 */
export async function cleanUpIssue(
  run: ServiceRun,
  wish: CleanUpStep<CleanUpIssue | CleanUpPull>,
  instead?: string,
): Promise<Action> {
  const { forge } = run.edges;
  const kind = "cleanup_issue";
  const text = { ...cleanUpText(run, wish), instead };
  const title = cleanUpTitle(text);
  if (run.mode !== "enforce") return { kind, state: "advised", reason: `would open the issue "${title}"` };
  goOn(run);
  const what = `cleanup-${text.key.replaceAll(/[^\w]+/g, "-")}-${wish.nth + 1}`;
  const marker = issueMarker(text.service, text.commit, what);
  const { issue, isNew } = await openMarked(forge, { marker, title, body: cleanUpIssueBody(text) });
  const { number, url } = issue;
  // An earlier attempt may have been stopped before it set them.
  if (issue.state === "open") await decorateIssue(run, issue, wish.step);
  if (!isNew) return { kind, state: "done", reason: `#${number} was opened by an earlier attempt`, url };
  return { kind, state: "done", reason: `opened #${number}`, url };
}

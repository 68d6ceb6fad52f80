import type { Evidence } from "../core/check.ts";
import type { IssueStep } from "../core/remedy.ts";
import type { Action } from "../core/outcome.ts";
import type { Issue } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import {
  ISSUE_LABEL,
  isIssueAbout,
  issueBody,
  issueTitle,
  updatedIssueBody,
  type IssueText,
} from "../report/issue.ts";
import type { Acting, Done } from "./acting.ts";
import { decorateIssue } from "./marked-issue.ts";
import { lacksLabels } from "./pull.ts";
import { goOn, type ServiceRun } from "./run.ts";

/** What the issue is about. */
export interface IssueRequest {
  readonly step: IssueStep;
  /** What failed, with its arithmetic. */
  readonly reasons: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly checkRunUrl?: string;
  /** Name of the first check that failed, when it was one. */
  readonly failedCheck?: string;
  /** What the remedy has done so far. */
  readonly actions?: readonly Action[];
}

type Told = Pick<Action, "state" | "reason" | "url">;

/**
 * Opens the issue that tells people of a failed deploy (`issue`, design 5.3), or brings the one that is there up to
 * date; whatever is live by now. A platform's refusal is an outcome with a link, never an exception.
 */
export async function openIssue(
  run: ServiceRun,
  request: IssueRequest,
): Promise<{ readonly actions: readonly Action[] }> {
  const url = `${run.edges.forge.webUrl}/commit/${run.commit}`;
  const told = await issued(run, request, url).catch((error: unknown): Told => {
    if (!(error instanceof ServiceProblem)) throw error;
    return { state: "failed", reason: refusal(error) };
  });
  return { actions: [{ kind: "issue", url, ...told }] };
}

/** `issue` as a step of a remedy: it tells what the steps before it have done, too. */
export function issueStep(run: ServiceRun, acting: Acting, step: IssueStep): Promise<Done> {
  const { outcome, reasons, evidence, checkRunUrl } = acting;
  const failed = outcome.checks.find(({ verdict }) => verdict === "fail");
  return openIssue(run, {
    step,
    reasons,
    evidence,
    actions: outcome.actions,
    ...(failed === undefined ? {} : { failedCheck: failed.name }),
    ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
  });
}

/** https://docs.github.com/rest/issues/issues#create-an-issue: 410 where a repository has none. */
function refusal(problem: ServiceProblem): string {
  const { message, hint } = problem.failure;
  if (problem.status === 410)
    return `${message}. Switch issues on under Settings > General > Features, or take the step out of the remedy`;
  return hint === undefined ? message : `${message}. ${hint}`;
}

async function issued(run: ServiceRun, request: IssueRequest, commitUrl: string): Promise<Told> {
  if (run.mode === "observe") return { state: "advised", reason: "mode observe never acts" };
  const { forge } = run.edges;
  const { step } = request;
  const text = issueText(run, request, commitUrl);
  if (run.mode === "advise")
    return { state: "advised", reason: `would open the issue "${issueTitle(text)}"${whomText(step)}` };
  const about = (await forge.issuesWithLabel(ISSUE_LABEL)).filter((one) =>
    isIssueAbout(one.body, run.service.name, run.commit),
  );
  const known = about.find((one) => one.state === "open") ?? about[0];
  goOn(run);
  if (known !== undefined) return updated(run, known, { step, text });
  const issue = await forge.createIssue({
    title: issueTitle(text),
    body: issueBody(text),
    labels: [ISSUE_LABEL],
  });
  if (lacksLabels(issue, [ISSUE_LABEL]))
    run.teller.note(
      `The label ${ISSUE_LABEL} could not be set on #${issue.number}, so a re-run of this job will not find the issue again.`,
    );
  await decorateIssue(run, issue, step);
  return { state: "done", reason: `opened #${issue.number}${whomText(step)}`, url: issue.url };
}

async function updated(
  run: ServiceRun,
  issue: Issue,
  { step, text }: { readonly step: IssueStep; readonly text: IssueText },
): Promise<Told> {
  const { number, url } = issue;
  if (issue.state === "closed")
    return { state: "skipped", reason: `#${number} about this deploy was closed already`, url };
  const body = updatedIssueBody(issue.body, text);
  if (body !== issue.body) await run.edges.forge.updateIssue(number, { body });
  await decorateIssue(run, issue, step);
  return { state: "done", reason: `#${number} was opened by an earlier attempt; it is up to date`, url };
}

function whomText({ assignees }: IssueStep): string {
  return assignees.length === 0 ? "" : ` for ${assignees.join(", ")}`;
}

function issueText(run: ServiceRun, request: IssueRequest, commitUrl: string): IssueText {
  const { step, checkRunUrl, failedCheck } = request;
  return {
    services: [run.service.name],
    bad: run.commit,
    commitUrl,
    reasons: request.reasons,
    evidence: request.evidence,
    actions: request.actions ?? [],
    draftReasons: [],
    runUrl: run.runUrl,
    ...(step.title === undefined ? {} : { title: step.title }),
    ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
    ...(failedCheck === undefined ? {} : { failedCheck }),
  };
}

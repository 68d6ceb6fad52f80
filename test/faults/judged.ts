import type { GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import type { RenderStandIn } from "../stand-ins/render/server.ts";
import type { GateResult } from "../gate/scene.ts";
import type { Outcome, Truth } from "./trial.ts";

/** Runs of the gate and what they left at Render and GitHub. */
export interface Played {
  readonly truth: Truth;
  readonly render: RenderStandIn;
  readonly github: GitHubStandIn;
  /** The run whose verdict counts; an exception that came out of it. */
  readonly result: GateResult | Error;
  readonly struck: boolean;
  /** A service that failed now and then may be told with a warning. */
  readonly mayWarn?: boolean;
  /** The fault left too little to see: nothing but `unknown` is true. */
  readonly mustDoubt?: boolean;
  /** What else must never be and was. */
  readonly more?: readonly string[];
}

const CONCLUSIONS: Readonly<Record<string, string>> = {
  pass: "success",
  warn: "success",
  fail: "failure",
  unknown: "action_required",
};

/** What came of a trial, held against what must never be. */
export function judged(played: Played): Outcome {
  const { result, struck, more = [] } = played;
  if (result instanceof Error)
    return {
      verdict: "crash",
      acts: [],
      struck,
      wrong: [`the gate crashed: ${result.stack ?? result.message}`],
    };
  const { verdict, actions } = result.report;
  return {
    verdict,
    acts: actions.map(({ kind, state }) => `${kind}: ${state}`),
    struck,
    wrong: [
      ...wrongVerdict(played, verdict),
      ...wrongActs(played, result),
      ...wrongTelling(played, result),
      ...lawless(played),
      ...more,
    ],
  };
}

function wrongVerdict({ truth, mayWarn, mustDoubt }: Played, verdict: string): readonly string[] {
  const isGreen = verdict === "pass" || verdict === "warn";
  if (truth === "fail" && isGreen) return [`a false green: ${verdict}`];
  if (truth === "pass" && verdict === "fail") return ["a false failure"];
  if (mustDoubt === true && verdict !== "unknown") return [`${verdict}, although nobody could know`];
  if (verdict === "warn" && mayWarn !== true) return ["a warning about nothing"];
  return isGreen || verdict === "fail" || verdict === "unknown" ? [] : [`the verdict is ${verdict}`];
}

/** One pull request for a measured failure, nothing else for anything else, and nothing half done without a name. */
function wrongActs({ truth, render, github }: Played, { report }: GateResult): readonly string[] {
  const wrong: string[] = [];
  const orders = render.requests.filter(
    ({ method, status }) => method !== "GET" && status < 300 && status > 0,
  );
  const reverts = github.pulls.filter(({ headRef }) => headRef.startsWith("deploy-gate/"));
  const hasActed = orders.length > 0 || reverts.length > 0;
  if (hasActed && (truth !== "fail" || report.verdict !== "fail")) wrong.push("an act on nothing measured");
  if (reverts.length > 1) wrong.push(`${reverts.length} reverts`);
  const revert = report.actions.findLast(({ kind }) => kind.startsWith("revert"));
  if (report.verdict === "fail" && reverts.length === 0 && (revert === undefined || revert.state === "done"))
    wrong.push("no revert, and nobody is told why");
  if (revert !== undefined && revert.state !== "done" && revert.reason === undefined)
    wrong.push(`the revert is ${revert.state} without a reason`);
  return wrong;
}

/** The check run is completed as the verdict says; where it cannot be, the job says so. */
function wrongTelling({ github }: Played, result: GateResult): readonly string[] {
  const { verdict } = result.report;
  const wrong: string[] = [];
  const isGreen = verdict === "pass" || verdict === "warn";
  if ((result.ending.exitCode === 0) !== isGreen) wrong.push(`exit code ${result.ending.exitCode}`);
  if (result.lines.some((line) => line.includes("the gate itself failed")))
    wrong.push("the gate itself failed");
  if (github.checkRuns.length > 1) wrong.push(`${github.checkRuns.length} check runs`);
  const [checkRun] = github.checkRuns;
  const isSaid = result.lines.some((line) =>
    /^(warning|error): .*(check run|commit status|GitHub)/.test(line),
  );
  if (checkRun?.conclusion !== CONCLUSIONS[verdict] && !isSaid)
    wrong.push(
      `the check run is ${checkRun?.conclusion ?? checkRun?.status ?? "missing"}, and the job does not say so`,
    );
  return wrong;
}

/** What the stand-ins found against the rules of Render and GitHub. */
export function lawless({ render, github }: Pick<Played, "render" | "github">): readonly string[] {
  return [...render.violations, ...github.violations].map((violation) => `against the rules: ${violation}`);
}

import type { Outcome } from "../core/outcome.ts";
import type { Edges } from "../ports.ts";
import { reportJson } from "../report/report-json.ts";
import { jobSummary } from "../report/summary.ts";
import type { Told } from "./publish.ts";

/** Job summary, outputs, `report.json` and `report.html`. `intro` is Markdown that stands before the summary. */
export async function publishJob(
  { runner }: Pick<Edges, "runner">,
  outcome: Outcome,
  { told, intro = "" }: { readonly told: Told | undefined; readonly intro?: string },
): Promise<void> {
  const stage = outcome.stages.at(-1)?.name;
  const report = await runner.file("report.json", `${JSON.stringify(reportJson(outcome), undefined, 2)}\n`);
  const outputs: { readonly [name: string]: string | undefined } = {
    verdict: outcome.verdict,
    stage,
    "service-id": outcome.service?.id,
    "deploy-id": outcome.deploy?.id,
    "deploy-status": outcome.deploy?.status,
    commit: outcome.commit,
    "check-run-url": told?.checkRun?.url,
    "revert-pr-url": outcome.revert?.url,
    "rollback-deploy-id": outcome.rollbackDeployId,
    "revert-pr-number": outcome.revert === undefined ? undefined : String(outcome.revert.number),
    report,
  };
  for (const [name, value] of Object.entries(outputs)) if (value !== undefined) runner.output(name, value);
  // The page is the last thing that a run makes, and nothing before needs any of it.
  const { htmlReportText } = await import("../report/html/page.ts");
  const htmlReport = await runner.file("report.html", htmlReportText(outcome));
  const checkRunUrl = told?.checkRun?.url;
  const summary = jobSummary(outcome, {
    htmlReport,
    ...(checkRunUrl === undefined ? {} : { checkRunUrl }),
    ...(told === undefined ? {} : { runUrl: told.runUrl }),
  });
  await runner.summary(intro === "" ? summary : `${intro}\n\n${summary}`);
}

import type { Stage } from "../core/check.ts";
import type {
  AfterRule,
  CleanUpIssue,
  CleanUpPull,
  ReportMoment,
  ReportPlan,
} from "../core/communication.ts";
import type { AfterFile, ReportFile } from "./report-schema.ts";

/** Verdicts that a stage can end with. */
export const STAGE_VERDICTS = ["pass", "warn", "fail", "unknown"] as const;

/** When a status update is due: at the end of a stage, or once a day; undefined when the text says neither. */
export function momentOf(text: string): ReportMoment | undefined {
  const words = text.trim();
  if (words === "daily") return { kind: "daily" };
  const [, stage] = /^(\S+)\s+end$/.exec(words) ?? [];
  return stage === undefined ? undefined : { kind: "stage end", stage };
}

/** The status updates of a file; without `at` they are due at every stage's end and daily. */
export function reportOf(report: ReportFile, stages: readonly Pick<Stage, "name">[]): ReportPlan {
  const { issue, comment, at, template } = report;
  const usual: readonly ReportMoment[] = [
    ...stages.map(({ name }) => ({ kind: "stage end", stage: name }) as const),
    { kind: "daily" },
  ];
  return {
    issue,
    comment,
    at: at?.flatMap((text) => momentOf(text) ?? []) ?? usual,
    ...(template === undefined ? {} : { template }),
  };
}

/** Stage and verdict of a key such as `week pass`; either is empty when it is not there. */
export function occasionOf(key: string): { readonly stage: string; readonly verdict: string } {
  const [stage = "", verdict = "", ...more] = key.trim().split(/\s+/);
  return { stage, verdict: [verdict, ...more].join(" ") };
}

/** What follows the stages of a file, defaults filled in. */
export function afterOf(after: AfterFile): readonly AfterRule[] {
  return Object.entries(after).flatMap(([key, steps]): readonly AfterRule[] => {
    const { stage, verdict: word } = occasionOf(key);
    const verdict = STAGE_VERDICTS.find((one) => one === word);
    return verdict === undefined
      ? []
      : [{ stage, verdict, steps: steps.flatMap((step) => stepOf(step, `${stage} ${verdict}`)) }];
  });
}

function stepOf(
  { cleanup_pr: pull, issue }: AfterFile[string][number],
  occasion: string,
): readonly (CleanUpPull | CleanUpIssue)[] {
  if (pull !== undefined) {
    const globs = pull.delete.map((glob) => glob.replace(/^(?:\.\/)+/, ""));
    const title =
      pull.title ?? `Clean up: delete ${globs.length === 1 ? globs[0] : `${globs.length} files or globs`}`;
    return [{ kind: "cleanup_pr", ...pull, delete: globs, title }];
  }
  return issue === undefined
    ? []
    : [{ kind: "issue", ...issue, title: issue.title ?? `Clean up after ${occasion}` }];
}

import { durationText } from "../core/duration.ts";
import { mapping, valid } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { fileSchema } from "./schema.ts";
import type { StageTimes } from "./timing.ts";

/** The names of the stages, `boot` alone when the file has none. */
export function stageNamesOf(stages: unknown): readonly string[] {
  const names = Object.keys(mapping(stages));
  return names.length === 0 ? ["boot"] : names;
}

/** The stages whose times are valid, in the order of the file. */
export function stageTimesOf(stages: unknown): readonly StageTimes[] {
  const raw: Raw = { boot: {}, ...mapping(stages) };
  return stageNamesOf(stages).flatMap((name) => {
    const times = valid(fileSchema.shape.stages, { [name]: raw[name] })?.[name];
    return times === undefined ? [] : [{ name, forMs: times.for, everyMs: times.every }];
  });
}

/** A stage goes from the end of the one before to live + `for`, so the ends must follow one another. */
export function checkStageOrder(
  stages: readonly StageTimes[],
  { findings }: { readonly findings: Findings },
): void {
  for (const [index, { name, forMs }] of stages.entries()) {
    const before = stages[index - 1];
    if (before === undefined || forMs > before.forMs) continue;
    const ends = `it ends ${durationText(forMs)} after live, and "${before.name}" before it ${durationText(before.forMs)} after live`;
    findings.say(["stages", name], `stage "${name}" has no time: ${ends}`, {
      hint: "for is counted from live; give each stage a longer one than the stage before",
      isKey: true,
    });
  }
}

import { checkStageName } from "./check-rules.ts";
import type { FileView } from "./check-rules.ts";
import { isInRepository } from "./pattern-rules.ts";
import { keyText, mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";

/** The rules of remedies: each step does one thing, and their order can work. */
export function checkRemedies(remedies: Raw, file: Pick<FileView, "findings" | "stageNames">): void {
  const { findings } = file;
  for (const [name, written] of Object.entries(remedies)) {
    const steps: readonly unknown[] = Array.isArray(written) ? written : [];
    for (const [index, step] of steps.entries()) {
      const path = ["remedies", name, index] as const;
      const keys = Object.keys(mapping(step));
      if (mapping(step) === step && keys.length === 0) {
        findings.say(path, `step ${index + 1} of remedy "${name}" does nothing`, {
          hint: "write revert_pr: {}",
        });
      }
      if (keys.length > 1) {
        findings.say(
          path,
          `step ${index + 1} of remedy "${name}" is ${keys.length} steps: ${keys.join(", ")}`,
          {
            hint: "make each an item of the list",
          },
        );
      }
      checkOrder(steps, { path, file });
      checkPatch(step, { path, file });
    }
  }
}

interface Place {
  readonly path: readonly [string, string, number];
  readonly file: Pick<FileView, "findings" | "stageNames">;
}

function checkOrder(steps: readonly unknown[], { path, file }: Place): void {
  const index = path[2];
  const step = mapping(steps[index]);
  const before = steps.slice(0, index).flatMap((one) => Object.keys(mapping(one)));
  const upToHere = [...before, ...Object.keys(step)];
  if (typeof step["recheck"] === "string") {
    checkStageName(step["recheck"], { path: [...path, "recheck"], file });
  }
  if (Object.hasOwn(step, "recheck") && !upToHere.includes("render_rollback")) {
    file.findings.say(
      [...path, "recheck"],
      "recheck looks at what a rollback brought back, and none comes before it",
      {
        hint: "put render_rollback: {} before it",
        isKey: true,
        needsWhole: true,
      },
    );
  }
  for (const once of ["render_rollback", "revert_pr"]) {
    if (!Object.hasOwn(step, once) || !before.includes(once)) continue;
    file.findings.say([...path, once], `${once} stands twice in remedy "${path[1]}"`, {
      hint: "keep the first",
      isKey: true,
    });
  }
}

function checkPatch(step: unknown, { path, file }: Place): void {
  const { patch } = mapping(mapping(step)["patch_pr"]);
  if (typeof patch !== "string" || isInRepository(patch)) return;
  const place = [...path, "patch_pr", "patch"];
  file.findings.say(place, `"${keyText(place)}" holds "${patch.slice(0, 60)}", which leaves the repository`, {
    hint: "write it from the repository's root, such as .github/gate/old.patch",
  });
}

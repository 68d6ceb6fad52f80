import type { FileView } from "./check-rules.ts";
import { TIERS } from "./condition-rules.ts";
import { keyText, mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import type { SourcePlace } from "./source-rules.ts";
import { saySplit, splitPatterns } from "./split.ts";

/** The rules of `require` and `forbid`, of logs and of files. */
export function checkVerbs(source: Raw, place: readonly string[], file: FileView): void {
  for (const verb of ["require", "forbid"]) {
    const value = source[verb];
    const names = Object.keys(mapping(value));
    if (value !== null && typeof value === "object" && !Array.isArray(value) && names.length === 0) {
      file.findings.say([...place, verb], `"${keyText([...place, verb])}" names no pattern`, {
        hint: "use a list such as [Traceback]",
      });
    }
    checkSplits([...place, verb], file);
    for (const name of names) checkSplits([...place, verb, name], file);
  }
}

/** Says which patterns of a list YAML split at a comma. */
export function checkSplits(list: readonly string[], file: FileView): void {
  for (const index of splitPatterns(file.document, list)) saySplit([...list, index], file);
}

/** The rules of a `source` check: a glob that can match, and something to look for in the files. */
export function checkFiles(check: Raw, { path, file }: SourcePlace): void {
  const source = mapping(check["source"]);
  const place = [...path, "source"];
  checkVerbs(source, place, file);
  const isSeen = [...TIERS, "require", "forbid"].some((key) => (source[key] ?? check[key]) !== undefined);
  if (source === check["source"] && !isSeen) {
    file.findings.say(place, `"${keyText(place)}" looks for nothing`, {
      hint: "give it require or forbid, such as require: [skip_locked], or a condition such as pass: files > 0",
      isKey: true,
      needsWhole: true,
    });
  }
  const { glob } = source;
  if (typeof glob === "string" && !isInRepository(glob)) {
    file.findings.say([...place, "glob"], `"${glob}" fits no file of the repository`, {
      hint: "write it from the repository's root, such as src/**/*.py",
    });
  }
}

/** Whether a path or glob stays in the repository and is written from its root. */
export function isInRepository(path: string): boolean {
  return !/^[/~]|^[A-Za-z]:|\\|^\w+:\/\/|[\u0000-\u001f]/.test(path) && !path.split("/").includes("..");
}

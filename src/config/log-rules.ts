import { keyText, mapping } from "./raw.ts";
import type { Raw } from "./raw.ts";
import { checkSplits, checkVerbs } from "./pattern-rules.ts";
import type { SourcePlace } from "./source-rules.ts";
import { capturesOf, SPAN_SUBJECTS } from "./subjects.ts";

const VERBS = ["require", "forbid", "count", "per", "span", "inside"];

/** The rules between the verbs of a logs source. */
export function checkLogs(check: Raw, { path, file }: SourcePlace): void {
  const { findings } = file;
  const logs = mapping(check["logs"]);
  const place = [...path, "logs"];
  const isSeen = VERBS.some((verb) => (logs[verb] ?? check[verb]) !== undefined);
  if (logs === check["logs"] && !isSeen) {
    findings.say(place, `"${keyText(place)}" looks for nothing`, {
      hint: "give it require, forbid, count or span, such as { forbid: [Traceback] }",
      isKey: true,
      needsWhole: true,
    });
  }
  if (logs["within"] !== undefined && logs["require"] === undefined) {
    findings.say([...place, "within"], "within belongs to require, and there is none", { isKey: true });
  }
  checkVerbs(logs, place, file);
  checkCount(logs, { path, file });
  checkSpan(logs, { path, file });
}

function checkCount({ count, per, level, type }: Raw, { path, file }: SourcePlace): void {
  const { findings } = file;
  const place = [...path, "logs"];
  if (count !== undefined && per === undefined) {
    findings.say([...place, "count"], "count does not say in which time", {
      hint: "write per beside it, such as per: 5m",
      isKey: true,
      needsWhole: true,
    });
  }
  if (per !== undefined && count === undefined && level === undefined) {
    findings.say([...place, "per"], "per does not say what is counted", {
      hint: "write count: with a pattern, or level: with levels such as [error]",
      isKey: true,
      needsWhole: true,
    });
  }
  if (type === "build" && per !== undefined) {
    findings.say([...place, "per"], "per counts while the service runs, and build logs end before that", {
      hint: "use require or forbid for build logs",
      isKey: true,
    });
  }
}

function checkSpan({ span, inside, type }: Raw, { path, file }: SourcePlace): void {
  const { findings } = file;
  const place = [...path, "logs"];
  checkSplits([...place, "span"], file);
  checkSplits([...place, "inside"], file);
  if (span !== undefined && (type === "build" || type === "request")) {
    findings.say([...place, "span"], `span follows the app lines of each instance, not ${type} lines`, {
      hint: "leave type out",
      isKey: true,
    });
  }
  const patterns: readonly unknown[] = Array.isArray(span) ? span : [];
  if (patterns.length === 2 && patterns[0] === patterns[1]) {
    findings.say([...place, "span", 1], "the two patterns of span are the same", {
      hint: "name the line that begins and the line that ends",
    });
  }
  if (inside === undefined) return;
  if (span === undefined) {
    findings.say([...place, "inside"], "inside looks between the two lines of span, and there is none", {
      hint: "write span: [how it begins, how it ends]",
      isKey: true,
      needsWhole: true,
    });
  }
  for (const [index, text] of (Array.isArray(inside) ? (inside as readonly unknown[]) : []).entries()) {
    const here = [...place, "inside", index];
    if (typeof text === "string" && capturesOf([text]).length === 0) {
      findings.say(here, `"${keyText(here)}" captures nothing: it has no named group`, {
        hint: "write a regular expression such as '/Found (?<found>\\d+)/'",
      });
    }
    for (const name of capturesOf([text]).filter((name) => Object.hasOwn(SPAN_SUBJECTS, name))) {
      findings.say(here, `the group "${name}" has the name of a subject of span`, {
        hint: "choose another name",
      });
    }
  }
}

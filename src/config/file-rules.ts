import { checkCheck, checkOnFail } from "./check-rules.ts";
import type { FileView } from "./check-rules.ts";
import { checkCircles } from "./dependency-rules.ts";
import type { ConfigDocument } from "./document.ts";
import { expand, isDatabaseUrl, sayUnset } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { ident } from "./fields.ts";
import { checkNotify } from "./notify-rules.ts";
import { mapping } from "./raw.ts";
import type { Findings, Raw } from "./raw.ts";
import { BUILT_IN } from "./remedy-plan.ts";
import { checkRemedies } from "./remedy-rules.ts";
import { checkAfter, checkReport } from "./report-rules.ts";
import { checkStageOrder, stageNamesOf, stageTimesOf } from "./stage-rules.ts";

const MOST_CHECKS = 200;

/**
 * The rules between keys. They read what the file holds, valid or not, and look only at what is valid, so that
 * one mistake hides no other.
 */
export function checkFile(
  document: ConfigDocument,
  { findings, env }: { readonly findings: Findings; readonly env: Environment },
): void {
  const raw = mapping(document.value);
  const checks = mapping(raw["checks"]);
  const databases = mapping(raw["databases"]);
  const remedies = mapping(raw["remedies"]);
  const file: FileView = {
    document,
    findings,
    checks,
    databases,
    remedies: [...new Set([...BUILT_IN, ...Object.keys(remedies)])],
    stageNames: stageNamesOf(raw["stages"]),
    stages: stageTimesOf(raw["stages"]),
    env,
  };
  checkNames(raw, findings);
  if (raw["checks"] === checks && Object.keys(checks).length === 0) {
    findings.say(["checks"], "no check is selected: nothing would be watched", {
      hint: "add one, such as health: { http: /health }",
      isKey: true,
      needsWhole: true,
    });
  }
  const names = Object.keys(checks);
  if (names.length > MOST_CHECKS) {
    findings.say(["checks"], `${names.length} checks, at most ${MOST_CHECKS} fit in one gate`, {
      isKey: true,
    });
  }
  checkStageOrder(file.stages, file);
  checkRemedies(remedies, file);
  checkDatabases(databases, file);
  checkNotify(mapping(raw["notify"]), file);
  checkOnFail(mapping(raw["defaults"])["on_fail"], { path: ["defaults", "on_fail"], file });
  checkOnFail(mapping(raw["deploy"])["on_fail"], { path: ["deploy", "on_fail"], file });
  const taken = names.slice(0, MOST_CHECKS);
  for (const name of taken) checkCheck(name, file);
  checkCircles(Object.fromEntries(taken.map((name) => [name, checks[name]])), findings);
  checkReport(file, { report: raw["report"], notify: raw["notify"] });
  checkAfter(raw["after"], file);
}

function checkNames(raw: Raw, findings: Findings): void {
  for (const place of ["stages", "databases", "remedies", "notify"]) {
    for (const name of Object.keys(mapping(raw[place]))) {
      if (ident.test(name)) continue;
      findings.say([place, name], `"${name.slice(0, 60)}" cannot be a name here`, {
        hint: "use letters, digits, _ and -, a letter first",
        isKey: true,
      });
    }
  }
  for (const name of Object.keys(mapping(raw["checks"]))) {
    if (/^[^\p{C}\p{Z}](?:[^\p{C}]{0,58}[^\p{C}\p{Z}])?$/u.test(name)) continue;
    findings.say(["checks", name], `"${name.slice(0, 60)}" cannot be the name of a check`, {
      hint: "use one line of at most 60 characters",
      isKey: true,
    });
  }
  const stages = Object.keys(mapping(raw["stages"]));
  if (raw["stages"] !== undefined && typeof raw["stages"] === "object" && stages.length === 0) {
    findings.say(["stages"], "no stage is named", {
      hint: "write boot: { for: 5m }, or leave stages out",
      isKey: true,
    });
  }
  if (Object.hasOwn(mapping(raw["remedies"]), "alert")) {
    findings.say(["remedies", "alert"], '"alert" is what happens without a remedy', {
      hint: "choose another name",
      isKey: true,
    });
  }
}

function checkDatabases(databases: Raw, file: FileView): void {
  for (const name of Object.keys(databases)) {
    const url = mapping(databases[name])["url"];
    const place = ["databases", name, "url"];
    if (typeof url !== "string" || url.trim() === "") continue;
    const { text, missing } = expand(url, file.env);
    for (const variable of missing) sayUnset(variable, place, file.findings);
    if (missing.length === 0 && !isDatabaseUrl(text)) {
      const [variable] = /\$[A-Za-z_]\w*/.exec(url) ?? [];
      file.findings.say(place, `"${place.join(".")}" is no address of a PostgreSQL database`, {
        hint: `${variable === undefined ? "it" : `the value of ${variable}`} must look like postgres://user:password@host/name`,
      });
    }
  }
}

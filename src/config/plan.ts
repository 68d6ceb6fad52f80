import type { Check, Plan, Stage } from "../core/check.ts";
import type { Guards } from "../core/remedy.ts";
import { QUIET } from "../core/communication.ts";
import type { NotifyRole } from "../core/communication.ts";
import type { CheckFile } from "./check-schema.ts";
import { expand, keysOf, passwordOf } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { builtInRemedies, remedyOf } from "./remedy-plan.ts";
import type { NotifyFile } from "./notify-schema.ts";
import { afterOf, reportOf } from "./report-plan.ts";
import type { ConfigFile } from "./schema.ts";
import { sourceOf, statementOf } from "./source-plan.ts";
import { tiersOf } from "./tiers.ts";
import { accumulates, defaultFailAfter, lastEnd, shrunk, windowsIn } from "./timing.ts";

/** The plan that a valid file describes. `lineOf` gives the line of a check's name. */
export function planOf(
  file: ConfigFile,
  {
    env,
    path,
    lineOf,
  }: { readonly env: Environment; readonly path: string; readonly lineOf: (check: string) => number },
): Plan {
  const secrets = new Set<string>();
  const secret = (text: string): string => {
    const expansion = expand(text, env);
    for (const value of expansion.secrets) secrets.add(value);
    return expansion.text;
  };
  const stages = stagesOf(file);
  const databases = Object.entries(file.databases).map(([name, { url, timeout }]) => {
    const address = secret(url);
    for (const part of [address, passwordOf(address)]) if (part !== undefined) secrets.add(part);
    return [name, { url: address, timeoutMs: timeout }] as const;
  });
  const notify = Object.entries(file.notify).map(([name, role]) => roleOf(name, role, secret));
  for (const address of notify.flatMap(({ slack, webhook }) => [slack, webhook])) {
    for (const part of address === undefined ? [] : [address, ...keysOf(address)]) secrets.add(part);
  }
  const checks = Object.entries(file.checks).map(([name, check]) => ({
    ...checkOf(name, check, { file, stages, secret }),
    line: lineOf(name),
  }));
  const remedies = Object.entries(file.remedies).map(
    ([name, steps]) => [name, remedyOf(name, steps)] as const,
  );
  return {
    ...(file.service === undefined ? {} : { service: file.service }),
    mode: file.mode,
    deploy: {
      trigger: file.deploy.trigger,
      appearWithinMs: file.deploy.appear_within,
      liveWithinMs: file.deploy.live_within,
      retry: file.deploy.retry,
      onFail: file.deploy.on_fail ?? file.defaults.on_fail,
    },
    stages,
    databases: Object.fromEntries(databases),
    checks,
    remedies: { ...builtInRemedies(stages), ...Object.fromEntries(remedies) },
    guards: guardsOf(file),
    ...QUIET,
    notify,
    ...(file.report === undefined ? {} : { report: reportOf(file.report, stages) }),
    after: afterOf(file.after),
    file: path,
    secrets: [...secrets],
  };
}

function roleOf(
  name: string,
  { slack, webhook, mention, when }: NotifyFile[string],
  secret: (text: string) => string,
): NotifyRole {
  return {
    name,
    ...(slack === undefined ? {} : { slack: secret(slack) }),
    ...(webhook === undefined ? {} : { webhook: secret(webhook) }),
    ...(mention === undefined ? {} : { mention }),
    when: [...new Set(when)],
  };
}

/** The stages in the order of the file. */
export function stagesOf(file: Pick<ConfigFile, "stages">): readonly Stage[] {
  return Object.entries(file.stages).map(([name, stage]) => ({
    name,
    forMs: stage.for,
    everyMs: stage.every,
    acrossDeploys: stage.across_deploys,
  }));
}

export function guardsOf({ guards }: Pick<ConfigFile, "guards">): Guards {
  return {
    actWithinMs: guards.act_within,
    maxActions: guards.max_actions,
    holdLabel: guards.hold_label,
    migrations: guards.migrations,
  };
}

interface Surroundings {
  readonly file: Pick<ConfigFile, "defaults" | "databases">;
  readonly stages: readonly Stage[];
  readonly secret: (text: string) => string;
}

/** One check with every default filled in. */
export function checkOf(name: string, check: CheckFile, { file, stages, secret }: Surroundings): Check {
  const { databases } = file;
  const beat = { stages: check.stage, everyMs: check.every, graceMs: check.grace };
  const source = sourceOf(check, { databases, secret, lastEndMs: lastEnd(stages, beat) });
  const { pass = [], warn = [], fail = [] } = check;
  const usual = (accumulates(source) ? undefined : file.defaults.fail_after) ?? defaultFailAfter(source.kind);
  return {
    name,
    source,
    ...tiersOf({ pass, warn, fail }, source),
    ...(check.every === undefined ? {} : { everyMs: check.every }),
    graceMs: check.grace,
    failAfter: check.fail_after ?? shrunk(usual, windowsIn(stages, beat)),
    passAfter: check.pass_after,
    ...(check.need === undefined ? {} : { need: check.need }),
    ...(check.only_if === undefined ? {} : { onlyIf: check.only_if }),
    ifUnknown: check.if_unknown,
    ...(check.baseline === undefined ? {} : { baseline: check.baseline }),
    ...(check.floor === undefined ? {} : { floor: check.floor.value }),
    diagnose: (check.diagnose ?? []).map((written) => statementOf(written, databases)),
    ...(check.stage === undefined ? {} : { stages: check.stage }),
    onFail: check.on_fail ?? file.defaults.on_fail,
    ...(check.hint === undefined ? {} : { hint: check.hint }),
  };
}

import type { Check, Plan, Stage } from "../core/check.ts";
import type { Formula } from "../core/source.ts";
import { checksOf } from "../core/schedule.ts";
import { mapping, rawAt } from "./raw.ts";
import type { Findings } from "./raw.ts";
import { isPossible, judgedSamples, windowsIn } from "./timing.ts";

interface Place {
  /** The file's. */
  readonly value: unknown;
  readonly findings: Findings;
}

/** Warns of checks that a stage is too short for, that ask each other in vain or twice, and of names nobody uses. */
export function lintChecks(plan: Plan, { value, findings }: Place): void {
  for (const [index, check] of plan.checks.entries()) {
    lintStages(check, { stages: plan.stages, findings });
    lintAsked(check, { plan, findings });
    lintTwice(check, { before: plan.checks.slice(0, index), plan, findings });
  }
  lintUnused(plan, { value, findings });
  lintAllWarn(plan, findings);
}

/** What never changes at a deploy needs no second look. */
const CONSTANT: readonly Check["source"]["kind"][] = ["env", "source"];

function lintStages(
  check: Check,
  { stages, findings }: { readonly stages: readonly Stage[]; readonly findings: Findings },
): void {
  const path = ["checks", check.name];
  const beat = { everyMs: check.everyMs, graceMs: check.graceMs };
  for (const stage of stages) {
    const [window] = windowsIn(stages, { ...beat, stages: [stage.name] });
    if (window === undefined || !checksOf([check], stage).includes(check)) continue;
    const samples = judgedSamples(window);
    const where = `in stage ${stage.name}`;
    const only = `only ${samples === 1 ? "1 sample is" : `${samples} samples are`} judged ${where}`;
    if (samples < 2 && !CONSTANT.includes(check.source.kind)) {
      findings.say(path, samples === 0 ? `nothing is judged ${where}` : only, {
        hint: "sample more often with every, lengthen the stage, or leave it out with stage",
        isKey: true,
      });
    } else if (!isPossible(check.failAfter, window)) {
      findings.say(
        [...path, "fail_after"],
        `the check can never fail ${where}: fail_after is more than fits, and ${only}`,
        {
          hint: "lower fail_after, or sample more often with every",
          isKey: true,
        },
      );
    } else if (check.passAfter > samples) {
      findings.say(
        [...path, "pass_after"],
        `the check can never pass ${where}: pass_after is ${check.passAfter}, and ${only}`,
        {
          hint: "lower pass_after, or sample more often with every",
          isKey: true,
        },
      );
    }
  }
}

/** A check that asks another one has nothing to ask where that one does not run. */
function lintAsked(
  check: Check,
  { plan, findings }: { readonly plan: Plan; readonly findings: Findings },
): void {
  const asked = [
    ...(check.onlyIf === undefined ? [] : [{ name: String(check.onlyIf.subject.path[0]), key: "only_if" }]),
    ...(check.source.kind === "derive"
      ? Object.values(check.source.formulas).flatMap((formula) =>
          checksIn(formula).map((name) => ({ name, key: "derive" })),
        )
      : []),
  ];
  for (const { name, key } of asked) {
    const other = plan.checks.find((one) => one.name === name);
    if (other === undefined) continue;
    const alone = plan.stages.filter(
      (stage) => checksOf([check], stage).length > 0 && checksOf([other], stage).length === 0,
    );
    if (alone.length === 0) continue;
    const names = alone.map((stage) => stage.name).join(", ");
    findings.say(
      ["checks", check.name, key],
      `${name} is not sampled in stage ${names}, where this check asks it`,
      {
        hint: `let both run in the same stages, with stage`,
      },
    );
  }
}

function checksIn(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "subject":
      return [formula.check];
    case "operation":
      return [...checksIn(formula.left), ...checksIn(formula.right)];
  }
}

/** Two checks that could be one: the same source, and either the same lines or all else the same. */
function lintTwice(
  check: Check,
  {
    before,
    plan,
    findings,
  }: { readonly before: readonly Check[]; readonly plan: Plan; readonly findings: Findings },
): void {
  const twin = before.find((one) => {
    const isTogether = plan.stages.some((stage) => checksOf([one, check], stage).length === 2);
    if (!isTogether || !isSame(one.source, check.source)) return false;
    return isSame(linesOf(one), linesOf(check)) || isSame(settingsOf(one), settingsOf(check));
  });
  if (twin === undefined) return;
  const isEqual = isSame(linesOf(twin), linesOf(check));
  findings.say(
    ["checks", check.name],
    `check "${check.name}" ${isEqual ? "judges" : "asks"} the same as check "${twin.name}"`,
    {
      hint: isEqual ? "remove one of them" : "one check may hold the conditions of both",
      isKey: true,
    },
  );
}

function linesOf({ pass, warn, fail, need, onlyIf }: Check): unknown {
  return { pass, warn, fail, need, onlyIf };
}

/** All but its name, its source and its lines. */
function settingsOf(check: Check): unknown {
  const { everyMs, graceMs, failAfter, passAfter, need, onlyIf, ifUnknown } = check;
  const { baseline, floor, diagnose, stages, onFail, hint } = check;
  const judging = { everyMs, graceMs, failAfter, passAfter, need, onlyIf, ifUnknown };
  return { ...judging, baseline, floor, diagnose, stages, onFail, hint };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Remedies and databases that nothing names. */
function lintUnused(plan: Plan, { value, findings }: Place): void {
  const remedies = new Set([plan.deploy.onFail, ...plan.checks.map((check) => check.onFail)]);
  const databases = new Set(
    plan.checks.flatMap(({ source, diagnose }) => [
      ...(source.kind === "sql" ? [source.database] : []),
      ...diagnose.map((one) => one.database),
    ]),
  );
  for (const [part, noun, used] of [
    ["remedies", "remedy", remedies],
    ["databases", "database", databases],
  ] as const) {
    for (const name of Object.keys(mapping(rawAt(value, [part])))) {
      if (used.has(name)) continue;
      findings.say([part, name], `nothing uses the ${noun} "${name}"`, {
        hint:
          noun === "remedy" ? `name it, such as on_fail: ${name}` : "remove it, or ask it with an sql check",
        isKey: true,
      });
    }
  }
}

/** A gate that acts must not end well when nothing could be measured. */
function lintAllWarn({ checks }: Plan, findings: Findings): void {
  const acting = checks.filter((check) => check.onFail !== "alert");
  const [first] = acting;
  if (first === undefined || !acting.every((check) => check.ifUnknown === "warn")) return;
  findings.say(
    ["checks", first.name, "if_unknown"],
    "every check with a remedy has if_unknown: warn, so a deploy of which they measured nothing ends well",
    { hint: "leave if_unknown out of one that can always be measured", isKey: true },
  );
}

import type { Check } from "./check.ts";
import type { Condition } from "./condition.ts";

type Tiers = Pick<Check, "pass" | "warn" | "fail">;

function only<Some extends Tiers>(check: Some, isKept: (condition: Condition) => boolean): Some {
  const { pass, warn, fail } = check;
  return { ...check, pass: pass.filter(isKept), warn: warn.filter(isKept), fail: fail.filter(isKept) };
}

const namesNewCommit = ({ operand }: Condition): boolean => operand.kind === "deploy.sha";

/** The check without the conditions that no old version can meet: those that name the deployed commit. */
export function withoutNewCommit<Some extends Tiers>(check: Some): Some {
  return only(check, (condition) => !namesNewCommit(condition));
}

/** The check with nothing but what an old version can be asked by itself: it is what others are compared with. */
export function askedAlone<Some extends Tiers>(check: Some): Some {
  return only(
    check,
    (condition) =>
      !namesNewCommit(condition) &&
      condition.operand.kind !== "relative" &&
      condition.subject.path[0] !== "new_rows",
  );
}

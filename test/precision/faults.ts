import type { FaultKind } from "./fault-kind.ts";
import { CRITICAL_RUNBOOK_FAULTS } from "./runbook-faults.ts";
import { OTHER_RUNBOOK_FAULTS } from "./runbook-warnings.ts";
import { CRITICAL_SHOP_FAULTS, OTHER_SHOP_FAULTS } from "./shop-faults.ts";

/** Every kind of fault that the runbook fears, and those of a small web service. */
export const FAULTS: readonly FaultKind[] = [
  ...CRITICAL_RUNBOOK_FAULTS,
  ...CRITICAL_SHOP_FAULTS,
  ...OTHER_RUNBOOK_FAULTS,
  ...OTHER_SHOP_FAULTS,
];

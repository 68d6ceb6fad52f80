import type { SubjectTable } from "../core/condition-check.ts";
import { mapping } from "./raw.ts";
import type { SourceKind } from "./vocabulary.ts";

/** What the conditions of a check may look at (design 5.2), told from its source as the file has it. */
export function subjectsOf(kind: SourceKind, source: unknown): SubjectTable {
  switch (kind) {
    case "http":
      return {
        open: false,
        types: { status: "number", latency: "duration", body: "any", headers: "object", "headers.*": "text" },
      };
    case "logs": {
      const logs = mapping(source);
      const hasRequire = logs["require"] !== undefined;
      return {
        open: false,
        types: {
          ...(logs["forbid"] !== undefined || !hasRequire ? { matches: "number" as const } : {}),
          ...(hasRequire ? { found: "number" as const, missing: "number" as const } : {}),
        },
      };
    }
    case "sql":
      return { open: true, types: { rows: "number" } };
    case "events":
      return { open: false, types: { count: "number" } };
  }
}

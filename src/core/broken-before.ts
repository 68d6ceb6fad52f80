import type { Finding } from "./check.ts";
import type { Line } from "./condition.ts";

/** The lines that made it fail. */
export function decidingLines({ lines }: Finding): readonly Line[] {
  return lines.filter((line) =>
    line.tier === "pass" ? line.holds === false : line.tier === "fail" && line.holds === true,
  );
}

/**
 * Whether a check failed in the same way on the old version: the same conditions decided, or neither version
 * answered at all. Then the new version is not to blame (design 5.1).
 */
export function brokenBefore(old: Finding | undefined, now: Finding | undefined): boolean {
  if (old?.outcome !== "fail" || now?.outcome !== "fail") return false;
  const deciding = (finding: Finding): string =>
    decidingLines(finding)
      .map((line) => `${line.tier} ${line.condition}`)
      .sort()
      .join("\n");
  return deciding(old) === deciding(now);
}

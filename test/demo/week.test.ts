import { expect, test } from "vitest";
import { demo } from "./demo.ts";

test(
  "a week's watch passes stage by stage, is told, and ends with its clean-up",
  { timeout: 120_000 },
  async () => {
    await using ran = await demo(["week", "short"]);
    for (const stage of ["boot", "hour", "day", "week"])
      expect(ran.printed).toMatch(new RegExp(`stage ${stage} ends: pass, \\d+ checks pass`));
    expect(ran.printed).toContain("→ Slack    Stage week passed");
    expect(ran.printed).toContain('→ webhook  {"event": "pass", "verdict": "pass"');
    expect(ran.printed).toMatch(/^the tracking issue #2 .*, closed$/m);
    expect(ran.printed).toMatch(/^ {2}week: watched 100 %/m);
    expect(ran.printed).toMatch(/^ {2}deletes src\/services\/sitemap_scheduler\.py$/m);
    expect(ran.printed).toContain("verdict: pass, exit code 0");
    expect(ran.printed).not.toMatch(/rnd_|s3cr3t|k3y-of/);
    const report = JSON.parse(await ran.left("report.json")) as {
      readonly checks: readonly { readonly name: string; readonly verdict: string }[];
    };
    expect(report.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(await ran.left("status-updates.md")).toContain("Deployment: STABLE");
    expect(await ran.left("clean-up.md")).toContain("- [ ] Mark WO-004 as COMPLETE");
  },
);

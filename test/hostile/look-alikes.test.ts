import { describe, expect, it } from "vitest";
import { commandLines } from "../../src/core/command.ts";
import { isGatePatch } from "../../src/core/patch-branch.ts";
import { isGateRevert } from "../../src/core/revert-plan.ts";
import { createDeploys } from "../../src/io/deploys.ts";
import type { RenderApi } from "../../src/io/render-api.ts";
import { hasMarker, issueMarker } from "../../src/report/issue.ts";
import { hasServiceSection, markedSection } from "../../src/report/service-section.ts";

/** Texts that a reader takes for the first; each is another one. */
const ALIKE: readonly (readonly [what: string, of: (text: string) => string])[] = [
  ["a Cyrillic а", (text) => text.replaceAll("a", "\u0430")],
  ["a Cyrillic е", (text) => text.replaceAll("e", "\u0435")],
  ["a zero-width space", (text) => text.replace("a", "a\u200b")],
  ["a soft hyphen", (text) => text.replace("a", "a\u00ad")],
  ["a bidirectional override", (text) => text.replace("a", "\u202da\u202c")],
  ["wide letters", (text) => text.replaceAll("a", "\uff41")],
  ["a combining mark", (text) => text.replace("a", "a\u0301")],
];

const NAME = "shop-api-gate";
const SHA = "a".repeat(40);

async function found(name: string): Promise<number> {
  const list = (): Promise<unknown> => Promise.resolve([{ service: { name }, isPreview: false }]);
  const services = await createDeploys({ list } as unknown as RenderApi).servicesNamed(NAME);
  return services.length;
}

/** Whether that text is taken for ours; the text itself is, what looks like it is not. */
const TAKEN: readonly (readonly [
  what: string,
  text: string,
  isOurs: (text: string) => boolean | Promise<boolean>,
])[] = [
  [
    "a command",
    "/gate approve",
    (text) => commandLines(text).some(({ command }) => command?.kind === "approve"),
  ],
  ["an issue's marker", issueMarker(NAME, SHA), (text) => hasMarker(text, issueMarker(NAME, SHA))],
  ["a service's section", `${markedSection(NAME, "words")}\n`, (text) => hasServiceSection(text, NAME)],
  ["a patch's trailer", `words\n\nDeploy-Gate-Patch: a.patch`, isGatePatch],
  ["a revert's trailer", `words\n\nDeploy-Gate-Revert: ${SHA}`, isGateRevert],
  ["a service's name", NAME, async (text) => (await found(text)) > 0],
];

describe.each(TAKEN)("%s", (_, text, isOurs) => {
  it("is taken for ours", async () => {
    expect(await isOurs(text)).toBe(true);
  });

  it.each(ALIKE)("is nobody's with %s", async (_what, alike) => {
    const other = alike(text);
    if (other !== text) expect(await isOurs(other)).toBe(false);
  });
});

import type { GateState } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import { actionList } from "./action-list.ts";
import { checksTable, concernsList } from "./checks-table.ts";
import { comingSentence, coverageLines, linesList } from "./coverage.ts";
import { samplesText, isConcern } from "./line.ts";
import { inlineText, link } from "./markdown.ts";
import { headed, verdictPart } from "./summary.ts";
import { excerpt, shortSha, withStop } from "./text.ts";
import { dateTimeText } from "./time.ts";
import { verdictSentence, VERDICT_TITLES } from "./title.ts";

/** Where the whole report is. */
export interface WhyLinks {
  readonly checkRunUrl?: string;
}

function linksLine(known: readonly (readonly [string, string | undefined])[]): string {
  return known.flatMap(([text, url]) => (url === undefined ? [] : [link(text, url)])).join(" · ");
}

/** Why the verdict is what it is, as parts of a page: checks with their arithmetic, gaps, deeds, links. */
export function whyOutcome(outcome: Outcome, { checkRunUrl }: WhyLinks): readonly string[] {
  const concerns = outcome.checks.filter(isConcern);
  const { held, revert, issue } = outcome;
  return [
    verdictPart(outcome, verdictSentence(outcome)),
    held === undefined ? "" : withStop(`Held by a person: ${inlineText(excerpt(held, 300))}`),
    headed("What was done and held back", actionList(outcome.actions)),
    headed("What the checks found", concernsList(outcome.checks)),
    headed("Checks", checksTable(concerns.length === 0 ? outcome.checks : concerns, { marks: false })),
    headed("How much was seen", linesList(coverageLines(outcome))),
    inlineText(comingSentence(outcome)),
    linksLine([
      ["Check run", checkRunUrl],
      ["Deploy", outcome.deployUrl],
      [`Revert #${revert?.number ?? ""}`, revert?.url],
      [`Issue #${issue?.number ?? ""}`, issue?.url],
    ]),
  ];
}

/** The same as far as a kept state knows it. */
export function whyKept(state: GateState | undefined, { checkRunUrl }: WhyLinks): readonly string[] {
  const { verdict, remedy, freeze, measured } = state ?? {};
  const title = verdict === undefined ? "No verdict yet" : VERDICT_TITLES[verdict];
  const reason = remedy === undefined ? "" : `: ${inlineText(excerpt(remedy.reason, 1000))}`;
  const failed = (remedy?.failed ?? []).map((check) => {
    const found = withStop(inlineText(excerpt(check.reason, 600)));
    const hint = check.hint === undefined ? "" : ` Hint: ${inlineText(excerpt(check.hint, 500))}`;
    return `- **${inlineText(excerpt(check.name, 100))}** (${samplesText(check)}): ${found}${hint}`;
  });
  const numbers = Object.entries(measured?.values ?? {})
    .slice(0, 50)
    .map(([name, subjects]) => {
      const values = Object.entries(subjects).map(([subject, value]) => `${subject} ${value}`);
      return `- ${inlineText(excerpt(`${name}: ${values.join(", ")}`, 300))}`;
    });
  const isFrozen = freeze !== undefined && freeze.lifted === undefined;
  return [
    `**${withStop(title + reason)}**`,
    remedy?.hold === undefined ? "" : withStop(`Held back: ${inlineText(excerpt(remedy.hold, 600))}`),
    isFrozen
      ? `Auto-deploy is off since ${dateTimeText(freeze.at)} UTC, because of ${shortSha(freeze.commit)}.`
      : "",
    headed("What was done and held back", actionList(remedy?.steps.flatMap(({ actions }) => actions) ?? [])),
    headed("What failed", failed.join("\n")),
    headed("Measured last, in each subject's unit", numbers.join("\n")),
    linksLine([["Check run, with everything", checkRunUrl]]),
  ];
}

import type { Outcome } from "../core/outcome.ts";
import { deploymentWord } from "../core/status.ts";
import {
  BUILT_IN_TEMPLATE,
  parseTemplate,
  type Placeholder,
  type TemplatePiece,
} from "../core/status-template.ts";
import { commitUrl } from "./facts.ts";
import { BODY_MAX } from "./service-section.ts";
import { actionItems, groupItems, issueItems, metricItems, toldText, uptimeText } from "./status-parts.ts";
import { cutBytes, excerpt, shortSha } from "./text.ts";
import { dateTimeText } from "./time.ts";
import { markdownWords, plainWords, type Words } from "./words.ts";

/** Room for a marker before it. */
const MOST_BYTES = BODY_MAX - 1_000;

/** What a status update is about besides the outcome. */
export interface StatusAbout {
  /** ms. */
  readonly now: number;
  /** Of the watch, from 1. */
  readonly day: number;
  /** Names of all checks of the plan, those not watched yet too. */
  readonly checks: readonly string[];
  /** The team's own; absent: the built-in one. */
  readonly template?: string | undefined;
}

/** The status update as plain text, for Slack or a webhook: what comes from outside is clean lines, but in nobody's markup. */
export function statusUpdateText(outcome: Outcome, about: StatusAbout): string {
  return cutBytes(filled(outcome, about).map(plainWords).join("\n"), MOST_BYTES);
}

/** The status update as Markdown for a comment. The template is the team's own; whatever fills it is escaped. */
export function statusUpdateMarkdown(outcome: Outcome, about: StatusAbout): string {
  return cutBytes(filled(outcome, about).map(markdownWords).join("\n"), MOST_BYTES);
}

function filled(outcome: Outcome, about: StatusAbout): readonly Words[] {
  const { lines } = parseTemplate((about.template ?? BUILT_IN_TEMPLATE).trimEnd(), about.checks);
  return lines.flatMap((line) => filledLine(line, { outcome, about }));
}

interface Filling {
  readonly outcome: Outcome;
  readonly about: StatusAbout;
}

/** A list alone on its line is a line for each item, after the bullet that the template has. */
function filledLine(line: readonly TemplatePiece[], filling: Filling): readonly Words[] {
  const [first, second, ...more] = line;
  const before = first?.kind === "text" && /^\s*(?:[-*+] )?$/.test(first.text) ? first.text : undefined;
  const alone = before === undefined ? first : second;
  const isAlone = before === undefined ? second === undefined : more.length === 0;
  if (isAlone && alone?.kind === "placeholder") {
    const items = itemsOf(alone.name, filling.outcome);
    const bullet = before?.trim() ? before : `${before ?? ""}${alone.name === "groups" ? "" : "- "}`;
    if (items !== undefined) return items.map((item) => [bullet, ...item]);
  }
  return [line.flatMap((piece) => filledPiece(piece, filling))];
}

function itemsOf(name: Placeholder, outcome: Outcome): readonly Words[] | undefined {
  switch (name) {
    case "groups":
      return groupItems(outcome);
    case "metrics":
      return metricItems(outcome);
    case "issues":
      return issueItems(outcome);
    case "actions":
      return actionItems(outcome);
    default:
      return undefined;
  }
}

function filledPiece(piece: TemplatePiece, { outcome, about }: Filling): Words {
  if (piece.kind === "text") return [piece.text];
  if (piece.kind === "value") return [{ text: toldText(outcome.checks, piece) }];
  const items = itemsOf(piece.name, outcome);
  if (items !== undefined) return items.flatMap((item, index) => (index === 0 ? item : ["; ", ...item]));
  return [wordOf(piece.name, { outcome, about })];
}

function wordOf(name: Placeholder, { outcome, about }: Filling): Words[number] {
  switch (name) {
    case "service":
      return { text: excerpt(outcome.service?.name ?? outcome.serviceName, 100) };
    case "commit": {
      const url = commitUrl(outcome, outcome.commit);
      const link = shortSha(outcome.commit);
      return url === undefined ? { text: link } : { link, url };
    }
    case "day":
      return String(about.day);
    case "deployment":
      return deploymentWord(outcome.verdict);
    case "uptime":
      return uptimeText(outcome, about.now);
    case "next check": {
      const at = outcome.nextLookAt;
      return at === undefined ? "none, the watch is over" : `${dateTimeText(at).slice(0, 16)} UTC`;
    }
    default:
      return "";
  }
}

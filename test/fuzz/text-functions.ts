import { readConfig } from "../../src/config/file.ts";
import { commandLines } from "../../src/core/command.ts";
import { decodeState, partsOf, withState } from "../../src/core/gate-state-text.ts";
import { plainText } from "../../src/core/log-match.ts";
import { shapeOf } from "../../src/core/log-shape.ts";
import { parsePatch } from "../../src/core/patch-parser.ts";
import { isGatePatch } from "../../src/core/patch-branch.ts";
import { isGateRevert } from "../../src/core/revert-plan.ts";
import { parseTemplate } from "../../src/core/status-template.ts";
import { framesOf } from "../../src/core/trace.ts";
import { instantOf } from "../../src/io/instant.ts";
import { bindNames } from "../../src/io/sql-binding.ts";
import { evidenceText } from "../../src/report/evidence.ts";
import { addressed } from "../../src/report/html/markup.ts";
import { codeCell, codeSpan, fencedBlock, htmlText, inlineText } from "../../src/report/markdown.ts";
import { slackText } from "../../src/report/message-slack.ts";
import { messageText, quotedMessageText } from "../../src/report/message-text.ts";
import { labelText, logText } from "../../src/report/plain.ts";
import { bodyCode, bodyText, shellWord } from "../../src/report/pull-request.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { hasServiceSection, withServiceSection } from "../../src/report/service-section.ts";
import { withoutSkipPhrases } from "../../src/report/skip-phrase.ts";
import {
  capitalized,
  cleanText,
  cutBytes,
  excerpt,
  oneLine,
  shortSha,
  withStop,
} from "../../src/report/text.ts";
import { SECRETS } from "../hostile/secrets.ts";

const redact = createRedactor(SECRETS.map(({ text }) => text));

/** Everything that text of any length from outside goes through. */
export const TEXT_FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  readConfig: (text) => readConfig({ text, file: "f", env: () => "x" }),
  commandLines,
  decodeState,
  partsOf,
  withState: (text) => withState(text, ""),
  plainText,
  shapeOf,
  framesOf: (text) => framesOf([text]),
  framesOfLines: (text) => framesOf(text.split("\n")),
  parsePatch,
  isGatePatch,
  isGateRevert,
  bindNames,
  instantOf,
  parseTemplate: (text) => parseTemplate(text, ["a"]),
  evidenceText: (text) => evidenceText([{ text, from: text }]),
  addressed,
  codeCell,
  codeSpan,
  fencedBlock: (text) => fencedBlock(text, 1_000_000),
  htmlText,
  inlineText,
  slackText,
  messageText: (text) => messageText(text, 1_000_000),
  quotedMessageText,
  labelText: (text) => labelText(text, 1_000_000),
  logText,
  bodyCode: (text) => bodyCode(text, 1_000_000),
  bodyText: (text) => bodyText(text, 1_000_000),
  shellWord,
  redact,
  hasServiceSection: (text) => hasServiceSection(text, "s"),
  withServiceSection: (text) => withServiceSection(text, "s", text),
  withoutSkipPhrases,
  capitalized,
  cleanText,
  cutBytes: (text) => cutBytes(text, 1_000_000),
  excerpt: (text) => excerpt(text, 1_000_000),
  oneLine,
  shortSha,
  withStop,
};

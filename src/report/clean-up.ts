import type { CleanUpIssue, CleanUpPull } from "../core/communication.ts";
import { link } from "./markdown.ts";
import { messageText } from "./message-text.ts";
import { pageText } from "./page.ts";
import { bodyCode, bodyText, commitCode, listText, shellWord } from "./pull-request.ts";
import { BODY_MAX } from "./service-section.ts";
import { headed } from "./summary.ts";
import { withoutSkipPhrases } from "./skip-phrase.ts";
import { amountText, excerpt, oneLine, shortSha } from "./text.ts";

const TITLE_MAX = 256;
const PATH_MAX = 200;
const ITEM_MAX = 500;

/** Everything the clean-up of a deploy says about itself. Text from outside is escaped here; the list is the team's own Markdown. */
export interface CleanUpText {
  readonly step: CleanUpPull | CleanUpIssue;
  readonly service: string;
  readonly commit: string;
  /** `week pass`. */
  readonly key: string;
  /** The branch that it is for. */
  readonly base: string;
  /** Files that go. */
  readonly files: readonly string[];
  /** Why an issue takes the place of the pull request. */
  readonly instead?: string | undefined;
  readonly runUrl: string;
}

/** At most 256 characters, without phrases that make Render or GitHub skip a commit. */
export function cleanUpTitle({ step }: Pick<CleanUpText, "step">): string {
  return messageText(step.title, TITLE_MAX);
}

/** The list as boxes to be ticked by people. A squash merge may make it a commit message, so no phrase of it skips one. */
function boxes(list: readonly string[]): string {
  return list
    .map((item) => oneLine(withoutSkipPhrases(excerpt(item, ITEM_MAX))).replaceAll("<!--", "<! --"))
    .map((item) => `- [ ] ${item}`)
    .join("\n");
}

function introOf({ service, commit, key }: CleanUpText): string {
  const [stage = "", verdict = ""] = key.split(" ");
  return `Stage ${bodyCode(stage, 60)} of the deploy of ${commitCode(commit)} to ${bodyCode(service, 100)} ended with ${bodyCode(verdict, 20)}.`;
}

/** The pull request's body, at most 65,536 characters. */
export function cleanUpPullBody(text: CleanUpText): string {
  const what = `This deletes ${amountText(text.files.length, "file")} of ${bodyCode(text.base, 200)} that ${text.files.length === 1 ? "is" : "are"} not needed any more.`;
  return pageText(
    [
      `${introOf(text)} ${what}`,
      headed(
        "What this deletes",
        listText(text.files, (path) => bodyCode(path, PATH_MAX)),
      ),
      headed("What is left to do by hand", boxes(text.step.list)),
      "Closing this pull request without merging it is a no: the gate will not open another one for the same deploy.",
      link("Workflow run", text.runUrl),
    ],
    BODY_MAX,
  );
}

/** The issue's body below its marker. */
export function cleanUpIssueBody(text: CleanUpText): string {
  const { step, instead } = text;
  const globs = step.kind === "cleanup_pr" ? step.delete : [];
  const why = instead === undefined ? "" : ` There is no pull request, because ${bodyText(instead, 300)}.`;
  return pageText(
    [
      `${introOf(text)} Now it can be cleaned up.${why}`,
      headed(
        "Files that were to be deleted",
        listText(globs, (glob) => bodyCode(glob, PATH_MAX)),
      ),
      headed("What is to be done", boxes(step.list)),
      link("Workflow run", text.runUrl),
    ],
    BODY_MAX - 500,
  );
}

/** The message of the one commit. */
export function cleanUpMessage(text: CleanUpText): string {
  const { step, service, commit, key } = text;
  const why = `Stage ${key.split(" ").join(" ended with ")} after ${shortSha(commit)} was deployed to ${service}.`;
  return `${messageText(step.title, 120)}\n\n${messageText(why, 300)}`;
}

/** The shell commands that make the same branch. */
export function cleanUpByHand(text: CleanUpText, branch: string): string {
  const { step, base } = text;
  const globs = step.kind === "cleanup_pr" ? step.delete : [];
  return [
    "git fetch origin",
    `git switch -c ${shellWord(branch)} ${shellWord(`origin/${base}`)}`,
    `git rm ${globs.map((glob) => shellWord(`:(glob)${oneLine(glob.endsWith("/") ? `${glob}**` : glob)}`)).join(" ")}`,
    `git commit -m ${shellWord(messageText(step.title, 120))}`,
  ].join(" && ");
}

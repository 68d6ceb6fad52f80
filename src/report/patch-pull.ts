import type { PatchMisfit } from "../core/patch-apply.ts";
import { PATCH_TRAILER } from "../core/patch-branch.ts";
import { messageText } from "./message-text.ts";
import { pageText } from "./page.ts";
import {
  bodyCode,
  commitCode,
  listText,
  serviceSection,
  shellWord,
  type FailureText,
} from "./pull-request.ts";
import { BODY_MAX, markedSection } from "./service-section.ts";
import { cleanText, countText, cut, excerpt, shortSha } from "./text.ts";

/** The title's limit at GitHub: 422 `title is too long (maximum is 256 characters)`. */
const TITLE_MAX = 256;
const PATH_MAX = 200;

/** Everything a patch's pull request says about itself. Text from outside is escaped here. */
export interface PatchText extends FailureText {
  /** As configured. */
  readonly title: string;
  /** Path of the patch file. */
  readonly patch: string;
  /** The deployed commit that failed; the patch file is read there. */
  readonly bad: string;
  /** The branch that it is for. */
  readonly baseBranch: string;
  readonly files: readonly {
    readonly path: string;
    /** Its name before, where it moves. */
    readonly from?: string;
    readonly added: number;
    readonly removed: number;
  }[];
}

/** The pull request's title, at most 256 characters, without phrases that make Render or GitHub skip a commit. */
export function patchTitle(text: PatchText): string {
  return messageText(text.title, TITLE_MAX);
}

function fileLine({ path, from, added, removed }: PatchText["files"][number]): string {
  const moved = from === undefined ? "" : `, was ${bodyCode(from, PATH_MAX)}`;
  return `${bodyCode(path, PATH_MAX)} (+${countText(added)} −${countText(removed)}${moved})`;
}

const NO = `Closing this pull request without merging it is a no: the gate will not open another one for the same deploy and patch. To undo it after the merge, revert the commit that it makes.`;

/** The pull request's body, at most 65,536 characters, with the section of this gate's service in its markers. */
export function patchBody(text: PatchText): string {
  const [service = "the service"] = text.services;
  const patch = bodyCode(text.patch, PATH_MAX);
  const intro = `The deploy of ${commitCode(text.bad)} to ${bodyCode(service, 100)} failed its gate. This applies ${patch}, as it is in that commit, to ${bodyCode(text.baseBranch, 200)}; the failed commit itself stays.`;
  return pageText(
    [
      intro,
      markedSection(service, serviceSection(text)),
      `### What this changes\n\n${listText(text.files, fileLine)}`,
      NO,
    ],
    BODY_MAX,
  );
}

/** The message of the one commit: title, why, and the trailer by which every gate knows it again. */
export function patchCommitMessage(text: PatchText): string {
  const reasons = listText(text.reasons, (reason) => messageText(reason, 300));
  const service = messageText(text.services[0] ?? "the service", 100);
  const bad = messageText(shortSha(text.bad), 40);
  return [
    messageText(text.title, 120),
    `The deploy of ${bad} to ${service} failed its gate:\n${reasons}`,
    `This applies ${messageText(text.patch, PATH_MAX)} as it is in ${bad}.`,
    `${PATCH_TRAILER} ${text.bad.replace(/[^0-9a-z]/giu, "").slice(0, 64)}`,
  ].join("\n\n");
}

/** The shell commands that make the same branch. `isOff`: the patch does not apply as it is, so conflicts are marked. */
export function patchByHand(wish: {
  readonly branch: string;
  readonly commit: string;
  readonly patch: string;
  readonly to: string;
  readonly title: string;
  readonly isOff: boolean;
}): string {
  return [
    "git fetch origin",
    `git switch -c ${shellWord(wish.to)} ${shellWord(`origin/${wish.branch}`)}`,
    `git show ${shellWord(`${excerpt(wish.commit, 40)}:${wish.patch}`)} | git apply ${wish.isOff ? "--3way" : "--index"}`,
    ...(wish.isOff ? [] : [`git commit -m ${shellWord(messageText(wish.title, 120))}`]),
  ].join(" && ");
}

/** A line of a file so that every character of it can be seen. */
function lineText(line: string): string {
  const shown = JSON.stringify(cut(line.replace(/\n$/u, ""), 100));
  return `${cleanText(shown)}${line.endsWith("\n") ? "" : " without a line end"}`;
}

/** Why a patch does not apply, as one sentence: file, hunk, line. Its lines come redacted. */
export function misfitText(misfit: PatchMisfit): string {
  const { expected, found, fits = [] } = misfit;
  const path = excerpt(misfit.path, PATH_MAX);
  const hunk = `hunk ${misfit.hunk ?? 1} of ${path}`;
  const line = misfit.line ?? 1;
  const part = misfit.isApplied === true ? "; this part is there already, another one is not" : "";
  switch (misfit.why) {
    case "missing":
      return `${path} is not there${part}`;
    case "exists":
      return `${path} is there already, with other content`;
    case "rest":
      return `${path} holds more than the patch takes away`;
    case "twice":
      return `${path} is changed by one part of the patch and renamed by another`;
    case "no-context":
      return `${hunk} has no lines around it that tell where it goes`;
    case "several":
      return `${hunk} is no longer at its line ${line} and fits in several places (lines ${fits.join(", ")})`;
    case "differs": {
      const there = found === undefined ? "the file ends there" : `it is ${lineText(found)}`;
      const why =
        expected === undefined
          ? "the file holds more than it knows"
          : `expected ${lineText(expected)}, ${there}`;
      return `${hunk} does not apply at line ${line}: ${why}${part}`;
    }
  }
}

import type { Verdict } from "../core/check.ts";
import type { Action, Outcome, StageResult } from "../core/outcome.ts";
import type { Transition } from "../core/transition.ts";
import { ACTION_STATES, actionName, reasonWords } from "./action-list.ts";
import { excerpt, shortSha, withStop } from "./text.ts";
import { clockText, dateTimeText } from "./time.ts";
import { checksThat, decisionSentence, verdictTitle } from "./title.ts";
import type { Words } from "./words.ts";

/** What somebody is told of one moment, for every kind of letter box. Text from outside is in `text` and `code` only. */
export interface Message {
  readonly title: Words;
  readonly lines: readonly Words[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
}

/** Where a message leads: the check run, else the job. */
export interface MessagePlaces {
  readonly checkRunUrl?: string | undefined;
  readonly runUrl: string;
  /** Takes secrets out; what it is given is cut only afterwards. */
  readonly keep: (text: string) => string;
}

const TEXT_MAX = 600;
/** Of all lines together: Slack refuses more than about 13,000 characters, and 40 kB. */
const LINES_MAX = 7_000;
const MOST_HINTS = 3;

const STAGE_WORDS: Readonly<Record<Verdict, string>> = {
  pass: "passed",
  warn: "passed with warnings",
  fail: "failed",
  unknown: "could not be judged",
  superseded: "was ended by a newer deploy",
  skipped: "had nothing to watch",
};

/** One message about all transitions of a moment; there is at least one. */
export function messageOf(
  outcome: Outcome,
  transitions: readonly Transition[],
  places: MessagePlaces,
): Message {
  const { keep } = places;
  const isObserving = outcome.mode === "observe";
  const lines: readonly Words[] = [
    ...transitions.flatMap((transition) => linesOf(transition, outcome, keep)),
    ...laterLines(outcome, transitions),
    ...(isObserving ? [["This gate only observes: it never acts."]] : []),
  ];
  return {
    title: [
      ...(isObserving ? ["Observing only: "] : []),
      { text: excerpt(keep(outcome.service?.name ?? outcome.serviceName), 100) },
      " at ",
      { code: shortSha(outcome.commit) },
      ": ",
      ...headline(outcome, transitions, keep),
    ],
    lines: fitting(lines),
    links: linksOf(outcome, places),
  };
}

function lengthOf(words: Words): number {
  return words.reduce((sum, piece) => {
    if (typeof piece === "string") return sum + piece.length;
    if ("link" in piece) return sum + piece.link.length + piece.url.length;
    return sum + ("code" in piece ? piece.code : piece.text).length;
  }, 0);
}

/** The lines as long as there is room, and how many are missing. */
function fitting(lines: readonly Words[]): readonly Words[] {
  let room = LINES_MAX;
  const end = lines.findIndex((line) => (room -= lengthOf(line) + 20) < 0);
  return end === -1 ? lines : [...lines.slice(0, end), [`And ${lines.length - end} more.`]];
}

/** The weightiest of them in a few words. */
function headline(outcome: Outcome, transitions: readonly Transition[], keep: MessagePlaces["keep"]): Words {
  const verdict = transitions.find(({ kind }) => kind === "verdict");
  if (verdict !== undefined) return [{ text: verdictTitle(outcome) }];
  const [first] = transitions.toSorted((one, two) => rankOf(one) - rankOf(two));
  switch (first?.kind) {
    case "action":
      return [{ text: actionName(first.action) }, ` ${ACTION_STATES[first.action.state]}`];
    case "stage":
      return stageWords(first.stage);
    case "report":
      return [{ text: excerpt(keep(first.title), 150) }];
    default:
      return [{ text: verdictTitle(outcome) }];
  }
}

/** A later stage says more than an earlier one. */
function rankOf(transition: Transition): number {
  if (transition.kind === "action") return -1;
  return transition.kind === "stage" ? 1 / (1 + Math.max(0, transition.stage.to)) : 2;
}

function stageWords({ name, verdict }: StageResult): Words {
  return ["stage ", { text: excerpt(name, 60) }, ` ${STAGE_WORDS[verdict]}`];
}

function linesOf(transition: Transition, outcome: Outcome, keep: MessagePlaces["keep"]): readonly Words[] {
  switch (transition.kind) {
    case "verdict":
      return verdictLines(outcome, keep);
    case "stage": {
      const { from, to } = transition.stage;
      const [, ...rest] = stageWords(transition.stage);
      const until =
        dateTimeText(from).slice(0, 10) === dateTimeText(to).slice(0, 10) ? clockText(to) : dateTimeText(to);
      return [["Stage ", ...rest, `, ${dateTimeText(from)} to ${until} UTC.`]];
    }
    case "action":
      return [actionWords(transition.action, keep)];
    case "report":
      return transition.lines.map((line) => [{ text: excerpt(keep(line), TEXT_MAX) }]);
  }
}

/** What decided, with its arithmetic; the stage; what the team wants to be reminded of. */
function verdictLines(outcome: Outcome, keep: MessagePlaces["keep"]): readonly Words[] {
  const failed = checksThat(outcome, outcome.verdict === "warn" ? "warn" : "fail");
  const reason = keep(decisionSentence({ ...outcome, reason: keep(outcome.reason) }));
  const stage = failed[0]?.stage ?? outcome.stages.at(-1)?.name;
  const where = [
    ...(stage === undefined ? [] : [`stage ${excerpt(stage, 60)}`]),
    ...(outcome.deploy === undefined ? [] : [`deploy ${excerpt(outcome.deploy.id, 60)}`]),
    ...(outcome.liveAt === undefined ? [] : [`live since ${dateTimeText(outcome.liveAt)} UTC`]),
  ];
  const hints = failed.flatMap(({ name, hint }) =>
    hint === undefined
      ? []
      : [["Hint for ", { text: excerpt(keep(name), 60) }, ": ", { text: excerpt(keep(hint), 300) }]],
  );
  return [
    [{ text: withStop(excerpt(reason, TEXT_MAX)) }],
    ...hints.slice(0, MOST_HINTS),
    ...(where.length === 0 ? [] : [[{ text: `In ${where.join(", ")}.` }]]),
  ];
}

function actionWords(action: Action, keep: MessagePlaces["keep"]): Words {
  const { state, reason, url } = action;
  return [
    { text: actionName(action) },
    `: ${ACTION_STATES[state]}.`,
    ...(reason === undefined ? [] : [" ", ...reasonWords(keep(reason))]),
    ...(url === undefined ? [] : [" ", { link: shownUrl(keep(url)), url: keep(url) }]),
  ];
}

function shownUrl(url: string): string {
  return excerpt(url.replace(/^https?:\/\//u, ""), 200);
}

/** What a stage that ended leaves to be watched. */
function laterLines(outcome: Outcome, transitions: readonly Transition[]): readonly Words[] {
  const later = outcome.laterStages ?? [];
  if (later.length === 0 || !transitions.some(({ kind }) => kind === "stage")) return [];
  const names = later.slice(0, 10).map((name) => excerpt(name, 60));
  const next =
    outcome.nextLookAt === undefined ? "" : `; next look at ${dateTimeText(outcome.nextLookAt)} UTC`;
  return [[{ text: `Still to be watched: ${names.join(", ")}${next}.` }]];
}

function linksOf(outcome: Outcome, { checkRunUrl, runUrl }: MessagePlaces): Message["links"] {
  const { deployUrl, revert, issue } = outcome;
  return [
    ...(checkRunUrl === undefined ? [] : [{ name: "Check run", url: checkRunUrl }]),
    ...(deployUrl === undefined ? [] : [{ name: "Deploy", url: deployUrl }]),
    ...(revert === undefined ? [] : [{ name: `Revert #${revert.number}`, url: revert.url }]),
    ...(issue === undefined ? [] : [{ name: `Issue #${issue.number}`, url: issue.url }]),
    { name: "Job", url: runUrl },
  ];
}

import type { Mode } from "./check.ts";
import { withSuggestion, type Command, type CommandLine } from "./command.ts";
import type { GateState, RemedyState } from "./gate-state.ts";

/** A watch that a person holds: nothing is judged or done until somebody resumes it. */
export interface Hold {
  readonly by: string;
  /** ms. */
  readonly at: number;
  readonly reason?: string;
}

/** Where a command was said, by whom and when. */
export interface Given {
  /** Login, untrusted text. */
  readonly by: string;
  /** When the comment was written, ms. */
  readonly at: number;
  /** Id of the comment. */
  readonly comment: number;
  /** The issue or pull request that it stands below. */
  readonly place: number;
  readonly url: string;
}

/** One command of a comment; the texts are redacted. */
export type Said = Given & {
  readonly line: CommandLine;
  /** Whether its author may write to the repository. */
  readonly isTrusted: boolean;
};

/** A command that is accepted, and what it is to do. */
export type Answer = Given &
  (
    | { readonly kind: "why" | "resume" | "unfreeze" }
    | { readonly kind: "hold"; readonly reason?: string }
    | { readonly kind: "approve" | "run"; readonly remedy: string }
  );

/** A command that is not followed. */
export type Refusal = Given & {
  readonly kind: "refused";
  /** The line as it was written. */
  readonly text: string;
  /** A sentence without its full stop. */
  readonly reason: string;
};

/** What commands are held against. */
export interface CommandFacts {
  readonly mode: Mode;
  readonly hold?: Hold;
  /** Names of the remedies that the config file and the gate define. */
  readonly remedies: readonly string[];
  /** The remedy that the verdict called for, as far as it came. */
  readonly remedy?: Pick<RemedyState, "name" | "steps" | "finished" | "hold">;
  /** Whether a freeze of this gate's stands. */
  readonly isFrozen: boolean;
  /** Why nothing can be done about the watched commit any more: `dep-… of … is live`. */
  readonly gone?: string;
}

/** The facts that a gate's kept state tells. */
export function commandFacts(
  state: Pick<GateState, "remedy" | "freeze"> | undefined,
  known: Pick<CommandFacts, "mode" | "hold" | "remedies" | "gone">,
): CommandFacts {
  const { remedy, freeze } = state ?? {};
  return {
    ...known,
    isFrozen: freeze !== undefined && freeze.lifted === undefined,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** What a comment's commands come to, one after the other. */
export interface Answers {
  /** In the order in which they were said. */
  readonly answers: readonly (Answer | Refusal)[];
  /** Who holds the watch after all of them. */
  readonly hold?: Hold;
}

export function isAccepted(answer: Answer | Refusal): answer is Answer {
  return answer.kind !== "refused";
}

/** What the next look must do, and why not: commands in their order, each held against what those before it have left. */
export function answersOf(said: readonly Said[], facts: CommandFacts): Answers {
  let now: Standing = { ...facts, isActing: false };
  const answers = said.map(({ line, isTrusted, ...given }): Answer | Refusal => {
    const refused = (reason: string): Refusal => ({ ...given, kind: "refused", text: line.text, reason });
    if (!isTrusted) return refused("only people who may write to this repository are followed");
    if (line.command === undefined) return refused(line.unclear ?? "it is no command");
    const no = refusalOf(line.command, now);
    if (no !== undefined) return refused(no);
    const answer = acceptedAs(line.command, now, given);
    now = standingAfter(answer, now);
    return answer;
  });
  return { answers, ...(now.hold === undefined ? {} : { hold: now.hold }) };
}

/** `isActing`: a command before this one has ordered a remedy. */
type Standing = CommandFacts & { readonly isActing: boolean };

function refusalOf(command: Command, now: Standing): string | undefined {
  switch (command.kind) {
    case "why":
      return undefined;
    case "hold":
      return now.hold === undefined ? undefined : `@${now.hold.by} holds it already`;
    case "resume":
      return now.hold === undefined ? "nobody holds it" : undefined;
    case "approve":
      return actingRefusal(now) ?? approvalRefusal(now);
    case "run":
      return actingRefusal(now) ?? runRefusal(command.remedy, now);
    case "unfreeze":
      return now.isFrozen ? modeRefusal(now) : "no freeze stands";
  }
}

function modeRefusal({ mode }: Standing): string | undefined {
  return mode === "enforce" ? undefined : `mode ${mode} never acts`;
}

/** Why no remedy at all is begun now. */
function actingRefusal(now: Standing): string | undefined {
  const no = modeRefusal(now);
  if (no !== undefined) return no;
  if (now.hold !== undefined) return `@${now.hold.by} holds the watch: /gate resume comes first`;
  if (now.isActing) return "one remedy at a time, and a command before this one has ordered one";
  if (now.remedy?.finished === false) return `the remedy ${now.remedy.name} is still being carried out`;
  return now.gone === undefined ? undefined : `the watched commit is not live any more: ${now.gone}`;
}

/** Whether a guard or a doubt has kept back a step of it. */
function isHeldBack({ remedy }: CommandFacts): boolean {
  return remedy?.finished === true && remedy.steps.some(({ state }) => state === "held");
}

function approvalRefusal(now: Standing): string | undefined {
  if (now.remedy?.hold !== undefined) return `no guard holds it back: ${now.remedy.hold}`;
  if (isHeldBack(now)) return undefined;
  return now.remedy === undefined
    ? "nothing is held back: no verdict has called for a remedy"
    : `nothing is held back: no guard has stopped the remedy ${now.remedy.name}`;
}

function runRefusal(name: string, now: Standing): string | undefined {
  if (!now.remedies.includes(name)) {
    const what = `there is no remedy "${name.slice(0, 60).toWellFormed()}"`;
    return `${withSuggestion(what, { word: name, among: now.remedies })} There are ${now.remedies.slice(0, 20).join(", ")}`;
  }
  return now.remedy?.name === name && !isHeldBack(now)
    ? `the remedy ${name} has been carried out already`
    : undefined;
}

function acceptedAs(command: Command, now: Standing, given: Given): Answer {
  switch (command.kind) {
    case "approve":
      return { ...given, kind: "approve", remedy: now.remedy?.name ?? "" };
    case "hold":
    case "run":
      return { ...given, ...command };
    default:
      return { ...given, kind: command.kind };
  }
}

function standingAfter(answer: Answer, now: Standing): Standing {
  const { hold: _, ...rest } = now;
  const { by, at } = answer;
  switch (answer.kind) {
    case "why":
      return now;
    case "hold":
      return {
        ...rest,
        hold: { by, at, ...(answer.reason === undefined ? {} : { reason: answer.reason }) },
      };
    case "resume":
      return rest;
    case "unfreeze":
      return { ...now, isFrozen: false };
    case "approve":
    case "run":
      return { ...now, isActing: true };
  }
}

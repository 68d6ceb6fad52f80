import {
  answersOf,
  isAccepted,
  type Answer,
  type CommandFacts,
  type Hold,
  type Refusal,
} from "../core/answers.ts";
import type { GateState } from "../core/gate-state.ts";
import type { Outcome } from "../core/outcome.ts";
import { ServiceProblem } from "../problem.ts";
import { answerSentence, replyText } from "../report/command-reply.ts";
import { whyKept, whyOutcome } from "../report/why.ts";
import type { ServiceRun } from "./run.ts";
import { readCommands, type Places, type SaidCommands } from "./said-commands.ts";

/** What people have told a watch since the last look. */
export interface ReadAnswers {
  /** What the look must do, in this order. */
  readonly answers: readonly Answer[];
  readonly refusals: readonly Refusal[];
  /** Who holds the watch after all of them. */
  readonly hold?: Hold;
  /** Id of the newest comment that was read, for `ToldState.comment`. */
  readonly lastId?: number;
  /** What nobody has been answered yet. */
  readonly unanswered: readonly (Answer | Refusal)[];
}

/**
 * Reads the commands that came since the last look and weighs them; each is a moment of the timeline. Where comments
 * cannot be read nothing is accepted, and `lastId` stays. `tellAnswers` has to follow.
 */
export async function readAnswers(
  run: Pick<ServiceRun, "edges" | "teller" | "service">,
  about: Places & { readonly facts: CommandFacts },
): Promise<ReadAnswers> {
  const { after, facts } = about;
  const found = await readCommands(run, about);
  if (found === undefined)
    return {
      answers: [],
      refusals: [],
      unanswered: [],
      ...(facts.hold === undefined ? {} : { hold: facts.hold }),
      ...(after === undefined ? {} : { lastId: after }),
    };
  return { ...weighed(run, found, facts), ...(found.lastId === undefined ? {} : { lastId: found.lastId }) };
}

/** What commands come to. Those that a run before this one has refused, and told so, are over. */
export function weighed(
  run: Pick<ServiceRun, "teller">,
  { said, answered }: Pick<SaidCommands, "said" | "answered">,
  facts: CommandFacts,
): ReadAnswers {
  const { answers, hold } = answersOf(said, facts);
  const open = answers.filter((answer) => isAccepted(answer) || !answered.has(answer.comment));
  for (const answer of open) run.teller.moment(answerSentence(answer));
  return {
    answers: open.filter(isAccepted),
    refusals: open.filter((answer) => !isAccepted(answer)),
    unanswered: open.filter(({ comment }) => !answered.has(comment)),
    ...(hold === undefined ? {} : { hold }),
  };
}

/**
 * Answers each comment once, at its place; `outcome` tells why where there is one, else what is kept. Trouble is a
 * note: what was accepted stays so.
 */
export async function tellAnswers(
  run: Pick<ServiceRun, "edges" | "teller" | "service">,
  unanswered: readonly (Answer | Refusal)[],
  about: {
    readonly commit: string;
    readonly outcome?: Outcome;
    readonly state?: GateState | undefined;
    readonly checkRunUrl?: string | undefined;
  },
): Promise<void> {
  const { commit, outcome, state, checkRunUrl } = about;
  const { forge } = run.edges;
  const links = checkRunUrl === undefined ? {} : { checkRunUrl };
  for (const answers of Map.groupBy(unanswered, ({ comment }) => comment).values()) {
    const place = answers[0]?.place;
    if (place === undefined) continue;
    const text = replyText({
      service: run.service.name,
      commit,
      commitUrl: `${forge.webUrl}/commit/${commit}`,
      answers,
      why: outcome === undefined ? whyKept(state, links) : whyOutcome(outcome, links),
    });
    try {
      await forge.comment(place, text);
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      const { message, hint } = error.failure;
      run.teller.note(
        `A command on #${place} could not be answered: ${message}${hint === undefined ? "" : ` ${hint}`}`,
      );
    }
  }
}

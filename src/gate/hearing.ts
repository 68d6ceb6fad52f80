import { commandFacts, type Hold, type Refusal } from "../core/answers.ts";
import { orderedRemedy, type OrderedRemedy } from "../core/ordered-remedy.ts";
import type { Outcome } from "../core/outcome.ts";
import type { WatchState } from "../core/watch-state.ts";
import { ServiceProblem } from "../problem.ts";
import { readAnswers, tellAnswers, type ReadAnswers } from "./comment-commands.ts";
import { standingOutcome } from "./ended-watch.ts";
import { liftFreeze } from "./freeze-order.ts";
import type { OpenWatch } from "./open-watch.ts";
import type { ServiceRun } from "./run.ts";
import { keepTold } from "./told-state.ts";

/** What people have told a watch since the last look. */
export interface Heard {
  /** The watch as it goes on; held where a person holds it. */
  readonly watch: WatchState;
  /** Whether anything was said that is to be kept. */
  readonly isNews: boolean;
  readonly order?: OrderedRemedy;
  /** Answers whoever has not been answered yet; `outcome` tells why, else what is kept. */
  readonly answer: (outcome?: Outcome) => Promise<void>;
}

/** Pull requests of one commit beyond these are not read. */
const MOST_PULLS = 2;

/**
 * Reads the commands below the tracking issue, the merged pull request and the revert, and carries out what needs no
 * judging: holds, and the lifting of a freeze. Where nothing can be read, nothing is followed.
 */
export async function hear(open: OpenWatch, state: WatchState): Promise<Heard> {
  const { run, told } = open;
  const gate = told.book.current;
  const pulls = state.pulls ?? (await pullsOf(run));
  const reverts = (gate?.remedy?.steps ?? []).flatMap(({ pull }) => pull ?? []);
  const issue = gate?.told?.issue;
  const read = await readAnswers(run, {
    places: [...(issue === undefined ? [] : [issue]), ...(pulls ?? []), ...reverts],
    since: state.startedAt,
    after: gate?.told?.comment,
    facts: commandFacts(gate, {
      mode: run.mode,
      remedies: Object.keys(run.plan.remedies),
      ...(state.hold === undefined ? {} : { hold: state.hold }),
    }),
  });
  if (read.lastId !== undefined && read.lastId !== gate?.told?.comment)
    keepTold(run, told, { comment: read.lastId });
  const unanswered = await unfreeze(open, read);
  const order = orderedRemedy(read.answers, gate?.remedy);
  const watch = held({ ...state, ...(pulls === undefined ? {} : { pulls }) }, read.hold);
  return {
    watch,
    isNews: read.answers.length > 0 || isOther(read.hold, state.hold),
    answer: (outcome = standingOutcome(open, watch)) =>
      tellAnswers(run, unanswered, { commit: run.commit, outcome, checkRunUrl: told.checkRun?.url }),
    ...(order === undefined ? {} : { order }),
  };
}

/** Lifts the freeze that people want lifted; gives what is to be answered. */
async function unfreeze(
  { run, told }: OpenWatch,
  { answers, unanswered }: ReadAnswers,
): Promise<ReadAnswers["unanswered"]> {
  const order = answers.find(({ kind }) => kind === "unfreeze");
  if (order === undefined) return unanswered;
  const { book } = told;
  const done = await liftFreeze(
    run,
    {
      freeze: book.current?.freeze,
      noteFreeze: (freeze) => book.change({ service: run.service.id, freeze }),
    },
    `/gate unfreeze by @${order.by}`,
  );
  const failed = done.find(({ state }) => state === "failed");
  if (failed === undefined) return unanswered;
  const { by, at, comment, place, url } = order;
  const given = { by, at, comment, place, url };
  const refusal: Refusal = { ...given, kind: "refused", text: "/gate unfreeze", reason: failed.reason ?? "" };
  return unanswered.map((answer) => (answer === order ? refusal : answer));
}

function held(state: WatchState, hold: Hold | undefined): WatchState {
  const { hold: _, ...rest } = state;
  return hold === undefined ? rest : { ...rest, hold };
}

function isOther(one: Hold | undefined, other: Hold | undefined): boolean {
  return one?.at !== other?.at || one?.by !== other?.by;
}

/** The merged pull requests that brought the commit; undefined where they cannot be read now. */
async function pullsOf(run: ServiceRun): Promise<readonly number[] | undefined> {
  try {
    const found = await run.edges.forge.pullsOfCommit(run.commit);
    return found
      .filter(({ merged }) => merged)
      .slice(0, MOST_PULLS)
      .map(({ number }) => number);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    run.teller.note(`Commands on the merged pull request are not read: ${error.message}`);
    return undefined;
  }
}

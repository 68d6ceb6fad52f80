import type { NotifyRole } from "../core/communication.ts";
import type { Plan } from "../core/check.ts";
import type { Outcome } from "../core/outcome.ts";
import {
  keyOfWay,
  stillTold,
  toldAfter,
  transitionsOf,
  untold,
  type Transition,
} from "../core/transition.ts";
import type { Delivery, Edges } from "../ports.ts";
import { mentionComment } from "../report/message-comment.ts";
import { slackBody } from "../report/message-slack.ts";
import { webhookBody } from "../report/message-webhook.ts";
import { messageOf, type MessagePlaces } from "../report/message.ts";
import { commentOn } from "./mention.ts";
import type { Told } from "./publish.ts";

/** Tells people what happened to one watch, each transition once. */
export interface Notifier {
  /**
   * Starts to tell what of the outcome, and of the `updates`, nobody was told yet; what belongs to one moment is one
   * message. Neither waits nor throws.
   */
  tell(
    outcome: Outcome,
    at?: {
      readonly told?: Pick<Told, "book" | "checkRun"> | undefined;
      readonly updates?: readonly Transition[];
    },
  ): void;
  /**
   * The end: waits so long (ms) at most for messages under way, or until the signal aborts, gives the others up, and
   * gives the keys that are told now.
   */
  settled(maxMs: number, until?: AbortSignal): Promise<readonly string[]>;
  /** One sentence for each message that did not arrive. */
  readonly notes: readonly string[];
}

type Way = "slack" | "webhook" | "mention";

/** One way to one role; its messages go one after the other. */
interface Line {
  readonly role: NotifyRole;
  readonly way: Way;
  /** `dev slack`. */
  readonly name: string;
  /** Keys of the messages under way. */
  readonly sending: Set<string>;
  last: Promise<void>;
}

const GIVEN_UP = "it was still under way when the job ended";

function linesOf(roles: readonly NotifyRole[]): readonly Line[] {
  return roles.flatMap((role) =>
    (["slack", "webhook", "mention"] as const)
      .filter((way) => role[way] !== undefined)
      .map((way) => ({
        role,
        way,
        name: `${role.name} ${way}`,
        sending: new Set(),
        last: Promise.resolve(),
      })),
  );
}

/** A notifier of the plan's roles. `note` is told what did not arrive, in one sentence. */
export function createNotifier(
  edges: Pick<Edges, "clock" | "forge" | "messenger" | "redact">,
  about: {
    readonly plan: Pick<Plan, "notify">;
    readonly runUrl: string;
    readonly note: (text: string) => void;
  },
): Notifier {
  const { clock, forge, messenger, redact: keep } = edges;
  const lines = linesOf(about.plan.notify);
  const notes: string[] = [];
  const givenUp = new AbortController();
  const wanted = new Map<string, readonly string[]>();
  let told: readonly string[] = [];

  function note(text: string): void {
    notes.push(text);
    about.note(text);
  }

  async function post(
    line: Line,
    message: {
      readonly outcome: Outcome;
      readonly transitions: readonly Transition[];
      readonly places: MessagePlaces;
      readonly at: number;
    },
  ): Promise<Delivery> {
    const { outcome, transitions, places, at } = message;
    const { slack, webhook, mention, name: role } = line.role;
    const { signal } = givenUp;
    if (line.way === "slack" && slack !== undefined)
      return messenger.send({ url: slack, body: slackBody(messageOf(outcome, transitions, places)), signal });
    if (line.way === "webhook" && webhook !== undefined)
      return messenger.send({
        url: webhook,
        body: webhookBody(outcome, transitions, { ...places, role, at }),
        signal,
      });
    const service = outcome.service?.id ?? outcome.serviceName;
    const keys = transitions.map(({ key }) => keep(key));
    return commentOn(
      forge,
      outcome.commit,
      mentionComment(messageOf(outcome, transitions, places), {
        mention: mention ?? "",
        about: [service, outcome.commit.slice(0, 12), role, ...keys],
      }),
    );
  }

  async function deliver(line: Line, message: Parameters<typeof post>[1]): Promise<void> {
    const keys = message.transitions.map(({ key }) => key);
    const result: Delivery = givenUp.signal.aborted
      ? { ok: false, why: GIVEN_UP }
      : await post(line, message).catch((error: unknown): Delivery => ({
          ok: false,
          why: keep(String(error)),
        }));
    for (const key of keys) line.sending.delete(key);
    if (result.ok) told = [...told, ...keys.map((key) => keyOfWay(line.name, key))];
    // What was given up has its note already.
    else if (!givenUp.signal.aborted) note(lostText(line, keys, result.why));
  }

  function tell(outcome: Outcome, at: Parameters<Notifier["tell"]>[1]): void {
    const transitions = [...transitionsOf(outcome), ...(at?.updates ?? [])];
    const kept = at?.told?.book.current?.told?.transitions ?? [];
    told = stillTold(outcome, [...new Set([...kept, ...told])]);
    for (const { key, occasion } of transitions) {
      const ways = lines.filter(({ role }) => role.when.includes(occasion)).map(({ name }) => name);
      if (ways.length > 0) wanted.set(key, ways);
    }
    const places = { checkRunUrl: at?.told?.checkRun?.url, runUrl: about.runUrl, keep };
    for (const line of lines) {
      const news = untold(transitions, told, line.name).filter(
        ({ key, occasion }) => line.role.when.includes(occasion) && !line.sending.has(key),
      );
      if (news.length === 0) continue;
      for (const { key } of news) line.sending.add(key);
      const message = { outcome, transitions: news, places, at: clock.now() };
      line.last = line.last.then(() => deliver(line, message));
    }
  }

  return {
    notes,
    tell(outcome, at) {
      if (lines.length === 0) return;
      try {
        tell(outcome, at);
      } catch (error) {
        // Whatever is wrong with a message, the verdict and its telling on the commit go on.
        note(`Nobody could be told by notify: ${keep(String(error))}.`);
      }
    },
    async settled(maxMs, until) {
      const isWaiting = (): readonly Line[] => lines.filter(({ sending }) => sending.size > 0);
      if (isWaiting().length > 0) {
        const rest = new AbortController();
        const all = Promise.all(lines.map(({ last }) => last)).then(() => rest.abort());
        const enough = until === undefined ? rest.signal : AbortSignal.any([rest.signal, until]);
        await Promise.race([all, clock.sleep(maxMs, enough)]);
      }
      for (const line of isWaiting()) note(lostText(line, [...line.sending], GIVEN_UP));
      givenUp.abort();
      return toldAfter(
        told,
        [...wanted].map(([key, ways]) => ({ key, ways })),
      );
    },
  };
}

const WAYS: Readonly<Record<Way, string>> = { slack: "Slack", webhook: "the webhook", mention: "a comment" };

function lostText({ role, way }: Line, keys: readonly string[], why: string): string {
  // A status update is told once: the next one says more.
  const isLost = keys.every((key) => key.startsWith("report "));
  const then = isLost ? "" : " A later run of this commit tries again.";
  return `The role "${role.name}" could not be told of ${keys.join(", ")} by ${WAYS[way]}: ${why}.${then}`;
}

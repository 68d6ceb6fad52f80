import type { Said } from "../core/answers.ts";
import { commandLines } from "../core/command.ts";
import type { IssueComment, Permission } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { answeredComment, isOwnComment } from "../report/command-reply.ts";
import type { ServiceRun } from "./run.ts";

/** Where and from when on comments are read. */
export interface Places {
  /** Numbers of issues and pull requests. */
  readonly places: readonly number[];
  /** Comments that were written before are no commands, ms. */
  readonly since: number;
  /** Id of the newest comment that was read before. */
  readonly after?: number | undefined;
}

/** What people said, oldest first. */
export interface SaidCommands {
  readonly said: readonly Said[];
  /** Ids of comments that the gate has answered. */
  readonly answered: ReadonlySet<number>;
  readonly lastId?: number;
}

type Placed = IssueComment & { readonly place: number };

/** How GitHub shows an author (`author_association`) says nothing of that: a member need not be allowed to write. */
const TRUSTED: readonly Permission[] = ["admin", "maintain", "write"];
/** So many people are asked about in one look; the comments from the next one's on wait for the next look. */
const MOST_AUTHORS = 20;
/** Ids grow from place to place, so a comment this young may have overtaken one at a place that was read before. */
const FRESH_MS = 2 * 60_000;

/**
 * The commands in the comments of some issues and pull requests: one request per place, and one for each author of a
 * command. What bots and the gate itself write is none. Undefined, and a note, where anything could not be read.
 */
export async function readCommands(
  run: Pick<ServiceRun, "edges" | "teller" | "service">,
  about: Places,
): Promise<SaidCommands | undefined> {
  try {
    return await sorted(run, about, await newComments(run, about));
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    const { message, hint } = error.failure;
    run.teller.note(
      `Comments could not be read, so no command of theirs is followed: ${message}${hint === undefined ? "" : ` ${hint}`}`,
    );
    return undefined;
  }
}

async function newComments(
  { edges: { forge, clock } }: Pick<ServiceRun, "edges">,
  { places, since, after }: Places,
): Promise<readonly Placed[]> {
  const numbers = [...new Set(places)];
  const from = Math.floor(since / 1000) * 1000;
  const read = async (): Promise<readonly Placed[]> => {
    const found: Placed[] = [];
    for (const place of numbers) {
      const those = { since, ...(after === undefined ? {} : { afterId: after }) };
      for (const comment of await forge.commentsOf(place, those)) found.push({ ...comment, place });
    }
    return found.filter(({ createdAt }) => createdAt >= from).toSorted((one, other) => one.id - other.id);
  };
  const first = await read();
  const newest = first.at(-1);
  if (newest === undefined || numbers.length < 2 || clock.now() - newest.createdAt > FRESH_MS) return first;
  return (await read()).filter(({ id }) => id <= newest.id);
}

async function sorted(
  { edges: { forge, redact }, service }: Pick<ServiceRun, "edges" | "service">,
  { after }: Places,
  comments: readonly Placed[],
): Promise<SaidCommands> {
  const said: Said[] = [];
  const answered = new Set<number>();
  const authors = new Map<string, boolean>();
  let lastId = after;
  for (const { id, author, authorType, place, url, createdAt, body } of comments) {
    const isOwn = isOwnComment(body);
    const answers = isOwn ? answeredComment(body, service.name) : undefined;
    const lines = isOwn || authorType !== "User" ? [] : commandLines(redact(body));
    // With a person's token as pr-token, the gate's own comments are that person's.
    const isClaim = answers !== undefined && authorType !== "Bot";
    if (lines.length > 0 || isClaim) {
      const isNew = !authors.has(author);
      if (isNew && authors.size === MOST_AUTHORS) break;
      const isTrusted = TRUSTED.includes(await forge.permissionOf(author));
      authors.set(author, isTrusted);
      const given = { by: author, at: createdAt, comment: id, place, url, isTrusted };
      // Whoever may not write is answered once a look, however much they write.
      const heard = isTrusted ? lines : lines.slice(0, isNew ? 1 : 0);
      said.push(...heard.map((line) => ({ ...given, line })));
    }
    if (answers !== undefined && (!isClaim || authors.get(author) === true)) answered.add(answers);
    lastId = id;
  }
  return { said, answered, ...(lastId === undefined ? {} : { lastId }) };
}

import type { Check } from "../core/check.ts";
import type { LogsSource } from "../core/source.ts";
import type { Deploy } from "../core/deploy.ts";
import type { LogBook } from "../core/log-book.ts";
import type { LogWindow } from "../core/log-facts.ts";
import { ownDeploys, servedBefore } from "../core/following.ts";
import { filterTexts } from "../core/log-filter.ts";
import { forbiddenShapes } from "../core/log-history.ts";
import type { LogLine } from "../core/log-line.ts";
import { oldWindows } from "../core/log-old.ts";
import { hasInstances } from "../core/service-type.ts";
import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";

/** Reads once what the previous deploy printed of what is forbidden, for `new_matches`; a page now and then. */
export interface OldLogs {
  /** Says which deploy is judged, and which ones there are; only the first call counts. Resolves when all is read. */
  begin(deploy: Deploy, deploys: readonly Deploy[]): Promise<void>;
  /** Begins to read the next page when that is due, beside the caller. */
  turn(): void;
}

/** Four calls a minute at most: six are left for the lines of the new version. */
const PAUSE_MS = 15_000;
/** A read that takes longer than this waited for its turn: the calls are scarce. */
const SLOW_MS = 10_000;
const SCARCE_PAUSE_MS = 60_000;
const PAGE = 100;
const MOST_PAGES = 20;
const MOST_TRIES = 3;

/**
 * Nothing read yet; nothing is read unless a check asks for `new_matches`. Without `isPatient` pages are read at once,
 * and nobody has to turn.
 */
export function createOldLogs(
  run: ServiceRun,
  book: LogBook,
  { isPatient = true }: { readonly isPatient?: boolean } = {},
): OldLogs {
  const { edges, service, signal } = run;
  const { clock, logs } = edges;
  const checks = book.asksNew().flatMap(withSource);
  const shapes = new Map(checks.map(({ name }) => [name, new Set<string>()]));
  const types = [...new Set(checks.map(({ source }) => source.type))];
  let hasBegun = checks.length === 0;
  let dueAt = Infinity;
  let goOn: (() => void) | undefined;
  let pages = 0;
  let broken: { readonly error: unknown } | undefined;

  /** One page when its time has come; what Render cannot give is asked for again. */
  async function page(
    window: LogWindow,
    more: { readonly types?: readonly string[]; readonly texts?: readonly string[] },
  ) {
    for (let tries = 1; ; tries += 1) {
      if (isPatient)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      const asked = clock.now();
      try {
        return await logs.read({
          ownerId: service.ownerId,
          serviceId: service.id,
          types,
          ...window,
          maxLines: PAGE,
          direction: "backward",
          signal,
          ...more,
        });
      } catch (error) {
        if (!(error instanceof ServiceProblem) || tries === MOST_TRIES) throw error;
      } finally {
        dueAt = clock.now() + (clock.now() - asked > SLOW_MS ? SCARCE_PAUSE_MS : PAUSE_MS);
      }
    }
  }

  function take(lines: readonly LogLine[]): void {
    for (const { name, source } of checks) {
      const found = forbiddenShapes(lines, { source, hasInstances: hasInstances(service) });
      for (const shape of found) shapes.get(name)?.add(shape);
    }
  }

  /** The window, newest lines first; gives how many there were, or why not all were read. */
  async function readBack(window: LogWindow, texts: readonly string[] | undefined): Promise<number | string> {
    let { to } = window;
    let count = 0;
    for (;;) {
      if (pages === MOST_PAGES) return "the previous deploy printed more such lines than are read";
      pages += 1;
      const { lines, complete } = await page({ ...window, to }, texts === undefined ? {} : { texts });
      take(lines);
      count += lines.length;
      const [oldest] = lines;
      if (complete || oldest === undefined) return count;
      if (oldest.at >= to) return "the previous deploy printed more such lines at once than are read";
      to = oldest.at;
    }
  }

  /** Why not everything was read; undefined when it was. */
  async function readAll(windows: readonly LogWindow[]): Promise<string | undefined> {
    const patterns = checks.flatMap(({ source }) => source.forbid.flatMap((group) => group.patterns));
    for (const [index, window] of windows.entries()) {
      let count = 0;
      for (const texts of filterTexts(patterns) ?? [undefined]) {
        const read = await readBack(window, texts);
        if (typeof read === "string") return read;
        count += read;
      }
      // Render itself writes when a deploy goes live: of a start without any line nothing is kept any more.
      if (index > 0 || count > 0) continue;
      const { lines } = await page(window, { types: ["app", "build"] });
      if (lines.length === 0) return "the lines of the previous deploy's start are not kept any more";
    }
    return undefined;
  }

  async function read(deploy: Deploy, deploys: readonly Deploy[]): Promise<string | undefined> {
    const { commit, deployId } = run;
    const about = { deploys, commit, ...(deployId === undefined ? {} : { deployId }) };
    const previous = servedBefore(about);
    if (previous === undefined) return "no deploy served before this one";
    // An earlier deploy of the same commit has printed what is judged, too.
    const own = ownDeploys(about).filter(({ createdAt }) => createdAt > previous.createdAt);
    const before = Math.min(...[deploy, ...own].map(({ startedAt, createdAt }) => startedAt ?? createdAt));
    try {
      return await readAll(oldWindows(previous, before));
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      return error.message;
    }
  }

  return {
    async begin(deploy, deploys) {
      if (hasBegun) return;
      hasBegun = true;
      // What the new version has written is read first.
      dueAt = clock.now() + PAUSE_MS;
      await read(deploy, deploys).then(
        (why) => {
          for (const [name, own] of shapes)
            book.setOldShapes(name, { shapes: own, ...(why === undefined ? {} : { why }) });
        },
        (error: unknown) => {
          broken = { error };
        },
      );
    },
    turn() {
      if (broken !== undefined) throw broken.error;
      if (goOn === undefined || clock.now() < dueAt) return;
      const next = goOn;
      goOn = undefined;
      next();
    },
  };
}

function withSource({
  name,
  source,
}: Check): readonly { readonly name: string; readonly source: LogsSource }[] {
  return source.kind === "logs" ? [{ name, source }] : [];
}

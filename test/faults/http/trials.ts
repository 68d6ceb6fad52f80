import type { GateResult } from "../../gate/scene.ts";
import type { Outcome, Trial } from "../trial.ts";
import { censusOf } from "./census.ts";
import { HTTP_FAULTS, strike, TIMEOUT_MS, type HttpFault } from "./faults.ts";
import {
  isTrue,
  lastTold,
  isWhole,
  outcomeOf,
  unfinishedOf,
  violationsOf,
  wrongsOf,
  type Played,
  type Unharmed,
} from "./judge.ts";
import { routesInUse, SOCKET, type Route } from "./routes.ts";
import { routesSeen } from "./seen.ts";
import { STORIES } from "./stories.ts";
import type { HttpStory, RunOptions, Stage } from "./story.ts";

/** The stories without a fault, and every route in use with every fault in some of the stories that ask it. */
export function httpTrials(): readonly Trial[] {
  const routes = routesInUse();
  const service = (name: Route["service"]): readonly Trial[] =>
    routes
      .filter((route) => route.service === name && route.name !== SOCKET)
      .flatMap((route, row) =>
        HTTP_FAULTS.flatMap((fault, column) =>
          fault.only?.(route) === false
            ? []
            : storiesFor(route, row + column).map((story) => trialOf(route, fault, story)),
        ),
      );
  return [...STORIES.map(faultless), ...service("Render"), ...service("GitHub")];
}

/** Of the stories that ask the route one of each kind, a different one from cell to cell. */
function storiesFor(route: Route, cell: number): readonly HttpStory[] {
  const users = STORIES.filter(({ name }) => route.stories.includes(name)).filter(
    ({ spoilt = [] }) => !spoilt.includes(route.name),
  );
  const kinds = Map.groupBy(users, ({ truth, isWatch, isLate }) => `${truth} ${isWatch} ${isLate}`);
  return [...kinds.values()].map((some) => some[cell % some.length]!);
}

function faultless(story: HttpStory): Trial {
  return {
    section: "Without faults",
    where: story.name,
    fault: "none",
    story: story.name,
    truth: story.truth,
    async run() {
      const { played, seen } = await baseOf(story);
      const listed = routesInUse().filter(({ stories }) => stories.includes(story.name));
      const known = new Set(listed.map(({ name }) => name));
      const wrong = [
        ...[...seen]
          .filter((name) => !known.has(name))
          .map(
            (name) => `routes.json lacks this story of ${name}: node test/faults/http/list.ts writes it anew`,
          ),
        ...[...known]
          .filter((name) => !seen.has(name))
          .map((name) => `routes.json has this story of ${name}, which it does not ask`),
        ...wrongsOf(played, played, story.truth),
        ...(isTrue(lastTold(played).ending.verdict, story.truth) ? [] : ["the verdict is not the truth"]),
      ];
      return outcomeOf(played, played, { struck: true, wrong });
    },
  };
}

function trialOf(route: Route, fault: HttpFault, story: HttpStory): Trial {
  return {
    section: `${route.service}'s API`,
    where: `${route.method} ${route.name.split(" ")[2]}`,
    fault: fault.name,
    story: story.name,
    truth: story.truth,
    run: () => playStruck(story, [{ route, fault }]),
  };
}

/** Plays a story while each of these routes goes wrong, and judges it. */
export async function playStruck(
  story: HttpStory,
  strikes: readonly { readonly route: Route; readonly fault: HttpFault }[],
): Promise<Outcome> {
  const { truth } = story;
  const { played: base } = await baseOf(story);
  await using stage = await story.start();
  const options: RunOptions = strikes.some(({ fault }) => fault.kind === "hang")
    ? { attemptTimeoutMs: TIMEOUT_MS }
    : {};
  const fired = strikes.map(({ route, fault }) =>
    strike(stage.scene, route, { fault, from: stage.faultsFrom }),
  );
  const played = await playedOf(stage, () => stage.play(options));
  for (const { stop } of fired) stop();
  let told = played;
  const wrong = [...wrongsOf(played, base, truth)];
  if (wrong.length === 0 && !isWhole(played, base, truth)) {
    const after = await playedOf(stage, async () => [...played.results, await stage.again({})]);
    wrong.push(...wrongsOf(after, base, truth));
    told = after;
    // A watch that is over stays as it ended: people answer it.
    if (!story.isWatch) wrong.push(...unfinishedOf(after, base, truth));
  }
  if (wrong.length > 0) wrong.push(storyOf(told));
  return outcomeOf(played, base, { struck: fired.every(({ hits }) => hits() > 0), wrong });
}

async function playedOf(stage: Stage, play: () => Promise<readonly GateResult[]>): Promise<Played> {
  const from = stage.scene.clock.now();
  const results = await play();
  const tookMs = stage.scene.clock.now() - from;
  return { results, census: await censusOf(stage), tookMs, violations: violationsOf(stage) };
}

/** A story without a fault, and the routes that it asks. */
interface Base {
  readonly played: Unharmed;
  readonly seen: ReadonlySet<string>;
}

const bases = new Map<string, Promise<Base>>();

/** The story without a fault; played once in a process. */
export function baseOf(story: HttpStory): Promise<Base> {
  const known = bases.get(story.name);
  if (known !== undefined) return known;
  const made = (async () => {
    await using stage = await story.start();
    const { scene, faultsFrom = scene.clock.now() } = stage;
    const since = {
      render: scene.render.requests.length,
      github: scene.github.requests.length,
      from: faultsFrom,
    };
    const before = await censusOf(stage);
    const played = { ...(await playedOf(stage, () => stage.play({}))), before };
    return { played, seen: routesSeen(scene, since) };
  })();
  bases.set(story.name, made);
  return made;
}

/** What the jobs printed, for whoever has to find out. */
function storyOf({ results, census }: Played): string {
  const runs = results.map(({ ending, lines, report }, index) => {
    const actions = (report.actions ?? []).map(
      ({ kind, state, reason }) => `${kind}: ${state}: ${reason ?? ""}`,
    );
    return [`run ${index + 1}: ${ending.verdict}, ${report.reason ?? ""}`, ...actions, ...lines].join("\n  ");
  });
  return [...runs, ...[...census].map(([thing, count]) => `${count} × ${thing}`)].join("\n");
}

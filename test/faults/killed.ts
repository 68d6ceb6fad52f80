import { endingWith, Killed, requestsTo, type Place } from "../gate/killing.ts";
import type { Report, Scene } from "../gate/scene.ts";
import { KILLED_STORIES, type KilledStory } from "./killed-stories.ts";
import { beyond, leftBehind } from "./left-behind.ts";
import { lawless } from "./judged.ts";
import { ended } from "./watched.ts";
import type { Outcome, Trial } from "./trial.ts";

type Server = Place["to"];
const SERVERS: readonly Server[] = ["GitHub", "Render"];
const WRITES = /^(POST|PATCH|PUT|DELETE) /;
/** While a rollback is waited for nothing is written. */
const WAITING = /^GET \/services\/[^/]+\/deploys\/dep-/;

/** A run that nothing disturbs: what it changes or waits for, and what it leaves. */
interface Undisturbed {
  readonly places: readonly (Place & { readonly request: string })[];
  readonly left: readonly string[];
}

async function undisturbed(about: KilledStory): Promise<Undisturbed> {
  await using story = await about.start();
  const { scene } = story;
  const kinds = [
    ...SERVERS.map((to) => ({ to, route: WRITES })),
    { to: "Render" as const, route: WAITING },
  ].map((kind) => ({ ...kind, before: requestsTo(scene, kind).length }));
  await story.run({});
  const places = kinds.flatMap(({ to, route, before }) =>
    requestsTo(scene, { to, route })
      .slice(before)
      .map((request, index) => ({ to, route, nth: index + 1, request: shortened(scene, request) })),
  );
  await story.next();
  return { places, left: await leftBehind(scene, story) };
}

function shortened({ github }: Pick<Scene, "github">, request: string): string {
  return request
    .replace(`/repos/${github.owner}/${github.repo}`, "")
    .replace(/\/services\/[^/]+/, "/services")
    .replaceAll(/\b([0-9a-f]{40}|\d+)\b/g, "…");
}

async function killed(
  about: KilledStory,
  at: Place & { readonly when: "before" | "after" },
  clean: Undisturbed,
): Promise<Outcome> {
  await using story = await about.start();
  const { scene } = story;
  const ending = endingWith(scene, at);
  const dead = await ended(story.run({ edges: ending.edges }));
  ending.stop();
  const result = await ended(story.next());
  const more =
    dead instanceof Killed || !(dead instanceof Error) ? [] : [`the killed run: ${dead.stack ?? ""}`];
  if (result instanceof Error)
    return { verdict: "crash", acts: [], struck: ending.isDead(), wrong: [result.stack ?? result.message] };
  // A look that has nothing to do writes no report.
  const actions = (result.report as Partial<Report>).actions ?? [];
  const left = await leftBehind(scene, story);
  return {
    verdict: verdictOf(scene, story.commit),
    acts: actions.map(({ kind, state }) => `${kind}: ${state}`),
    struck: ending.isDead(),
    wrong: [
      ...more,
      ...lawless(scene),
      ...(about.mayBeLost === true && isLost(left) ? [] : different(left, clean.left, actions)),
      ...(result.lines.some((line) => line.includes("the gate itself failed"))
        ? ["the gate itself failed"]
        : []),
    ],
  };
}

const VERDICTS: Readonly<Record<string, string>> = {
  success: "pass",
  failure: "fail",
  action_required: "unknown",
};

/** As the commit's check run tells it in the end. */
function verdictOf({ github }: Pick<Scene, "github">, commit: string): string {
  const checkRun = github.checkRuns.findLast(({ sha }) => sha === commit);
  return VERDICTS[checkRun?.conclusion ?? ""] ?? "untold";
}

/** Nothing was begun, and no watch is left open about it. */
function isLost(left: readonly string[]): boolean {
  return !left.some((line) =>
    /^(pull|issue|remedy|freeze|deploy by rollback|index open|status success)/.test(line),
  );
}

/** Nothing is there that an undisturbed run does not leave; what is missing has a name in the report. */
function different(
  left: readonly string[],
  clean: readonly string[],
  actions: Report["actions"],
): readonly string[] {
  const isNamed = actions.some(({ state, reason }) => state !== "done" && reason !== undefined);
  const doubled = beyond(left, clean).map((line) => `beyond an undisturbed run: ${line}`);
  const missing = beyond(clean, left).map((line) => `missing: ${line}`);
  return [...doubled, ...(isNamed ? [] : missing)];
}

function trialsOf(about: KilledStory, clean: Undisturbed): readonly Trial[] {
  return clean.places.flatMap(({ request, ...place }, index) =>
    (place.route === WAITING ? (["before"] as const) : (["before", "after"] as const)).map((when) => ({
      section: `Killed in ${about.what}; then ${about.afterwards}`,
      where: `${index + 1}. ${request}`,
      fault: when === "before" ? "before it takes effect" : "after it took effect",
      story: "every process that is killed comes again",
      truth: about.truth,
      run: () => killed(about, { ...place, when }, clean),
    })),
  );
}

/** What is killed is recorded first, where nothing disturbs it. */
const RECORDED: (readonly [about: KilledStory, clean: Undisturbed])[] = [];
for (const about of KILLED_STORIES) RECORDED.push([about, await undisturbed(about)]);

/** The run of each story killed before and after each of its writes, and while it waits for a rollback. */
export function killedTrials(): readonly Trial[] {
  return RECORDED.flatMap(([about, clean]) => trialsOf(about, clean));
}

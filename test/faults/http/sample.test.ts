import { expect, test } from "vitest";
import { HTTP_FAULTS, type HttpFault } from "./faults.ts";
import { routesInUse, SOCKET, type Route } from "./routes.ts";
import { STORIES } from "./stories.ts";
import type { HttpStory } from "./story.ts";
import { playStruck } from "./trials.ts";

/** The routes of one story that go wrong together, each in a way of its own. */
interface Struck {
  readonly story: HttpStory;
  readonly strikes: readonly { readonly route: Route; readonly fault: HttpFault }[];
}

const AT_ONCE = 14;
const ROUTES = routesInUse().filter(({ name }) => name !== SOCKET);
const isAskedBy = (story: HttpStory, { name, stories }: Route): boolean =>
  stories.includes(story.name) && story.spoilt?.includes(name) !== true;

/** Few stories that ask nearly every route, the one with the most new ones first. */
function covering(): readonly Struck[] {
  const chosen: Struck[] = [];
  let left = ROUTES;
  let turn = 0;
  while (left.length > 0) {
    const asked = STORIES.filter(({ isLate }) => !isLate).map((story) => ({
      story,
      routes: left.filter((route) => isAskedBy(story, route)),
    }));
    const { story, routes } = asked.reduce((most, one) =>
      one.routes.length > most.routes.length ? one : most,
    );
    // Stories for the sake of one route are left to the whole matrix.
    if (routes.length < 2) return chosen;
    // With too many at once some would keep others from being asked.
    const some = routes.slice(0, AT_ONCE);
    left = left.filter((route) => !some.includes(route));
    const strikes = some.map((route) => {
      const faults = HTTP_FAULTS.filter(({ only, lasts }) => lasts === undefined && only?.(route) !== false);
      return { route, fault: faults[(turn += 1) % faults.length]! };
    });
    chosen.push({ story, strikes });
  }
  return chosen;
}

/** What lasts, in one story of each kind of remedy. */
const LASTING: readonly Struck[] = [
  ["revert", "GitHub POST /repos/{owner}/{repo}/git/refs", "403 for good"],
  ["rollback", "Render GET /services/{serviceId}/deploys", "503 throughout"],
  ["rollback", "Render POST /services/{serviceId}/rollback", "503 for a minute"],
].map(([name, at, how]) => ({
  story: STORIES.find((story) => story.name === name)!,
  strikes: [
    {
      route: ROUTES.find((route) => route.name === at)!,
      fault: HTTP_FAULTS.find((one) => one.name === how)!,
    },
  ],
}));

const SAMPLE = [...covering(), ...LASTING];

test("the sample has nearly every route and every fault", () => {
  const strikes = SAMPLE.flatMap((one) => one.strikes);
  expect(new Set(strikes.map(({ route }) => route.name)).size).toBeGreaterThan(0.85 * ROUTES.length);
  expect(new Set(strikes.map(({ fault }) => fault.name)).size).toBe(HTTP_FAULTS.length);
});

test.each(SAMPLE.map((one) => ({ ...one, name: one.story.name, count: one.strikes.length })))(
  "$name, $count routes gone wrong: no promise is broken",
  async ({ story, strikes }) => {
    const { wrong, struck } = await playStruck(story, strikes);
    expect(wrong).toEqual([]);
    expect(struck).toBe(true);
  },
);

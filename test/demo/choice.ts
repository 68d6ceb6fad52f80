/** The stories of each world; the first is played when none is named. */
const STORIES = {
  leads: ["bad", "good"],
  runbook: ["bad", "good"],
  week: ["good", "bad", "short"],
} as const;

type Stories = typeof STORIES;

/** Which of its stories the demo plays. */
export type Choice = {
  [World in keyof Stories]: { readonly world: World; readonly story: Stories[World][number] };
}[keyof Stories];

/** What the words after `npm run demo --` ask for; undefined when there is no such story. */
export function choiceOf(words: readonly string[]): Choice | undefined {
  const world = words[0] === "runbook" || words[0] === "week" ? words[0] : "leads";
  const [story = STORIES[world][0], ...more] = world === "leads" ? words : words.slice(1);
  const isKnown = (STORIES[world] as readonly string[]).includes(story) && more.length === 0;
  return isKnown ? ({ world, story } as Choice) : undefined;
}

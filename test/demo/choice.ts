/** Which of its stories the demo plays. */
export interface Choice {
  readonly world: "leads" | "runbook";
  readonly story: "bad" | "good";
}

/** What the words after `npm run demo --` ask for; undefined when there is no such story. */
export function choiceOf(words: readonly string[]): Choice | undefined {
  const world = words[0] === "runbook" ? "runbook" : "leads";
  const [story = "bad", ...more] = world === "runbook" ? words.slice(1) : words;
  return more.length === 0 && (story === "bad" || story === "good") ? { world, story } : undefined;
}

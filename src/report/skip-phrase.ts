/** What a commit message must not say in brackets, with the words in either order. */
const SKIPPED = "render|deploy|deployment|cd|ci|actions|checks?|netlify|vercel|azp|travis|circleci|cf|pages";
const SPACE = "[\\s_-]*";

/**
 * Phrases for which Render or GitHub would do nothing with a commit: `[skip render]`, `[ci skip]`, `[no ci]` and so on
 * (render.com/docs/deploys, "Skipping an auto-deploy"; docs.github.com, "Skipping workflow runs").
 */
const PHRASE = new RegExp(
  `\\[\\s*(?:(?:skip|no)${SPACE}(?:${SKIPPED})|(?:${SKIPPED})${SPACE}skip)\\s*\\]|\\*\\*\\*no_ci\\*\\*\\*`,
  "giu",
);
/** The trailer that makes GitHub skip all checks. */
const TRAILER = /\bskip-checks\s*:\s*true\b/giu;

/** Taking a phrase out can make another one whole; nobody nests them deeper by accident. */
const MOST_ROUNDS = 10;

/**
 * `text` without any phrase that makes Render or GitHub skip a commit: a revert whose message quotes one would
 * never be deployed. Expects clean text (`cleanText`), in which nothing invisible can hide between the letters.
 */
export function withoutSkipPhrases(text: string): string {
  let shown = text.replace(TRAILER, "skip-checks");
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = shown.replace(PHRASE, "");
    if (next === shown) return shown;
    shown = next;
  }
  return shown.replaceAll("[", "(").replaceAll("***", "");
}

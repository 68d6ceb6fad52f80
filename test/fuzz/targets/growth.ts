import { law, type FuzzTarget } from "../target.ts";
import { TEXT_FUNCTIONS } from "../text-functions.ts";

const SMALL = 25_000;
/** How much longer the longer text is, and how much longer it may take: linear is `TIMES`, quadratic its square. */
const TIMES = 8;
const MOST_TIMES = 24;
/** What is over sooner says nothing. */
const LEAST_MS = 300;

/** CPU time: other work on the machine does not count. */
function msOf(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The text as what is repeated: between its first and its last line, if it has three or more. */
function ofLength(text: string, length: number): string {
  const [before, piece, after] = text.includes("\u0001") ? text.split("\u0001") : ["", text, "x"];
  return (
    (before ?? "") +
    (piece || "x").repeat(Math.ceil(length / Math.max(1, (piece ?? "").length))) +
    (after ?? "")
  );
}

/** Text functions take time that grows as the text does. `before U+0001 repeated U+0001 after`, or only the repeated. */
export const growth: FuzzTarget = {
  name: "growth",
  isTimed: true,
  seeds: [
    "\n",
    " ",
    "\t",
    "a",
    "(",
    "`",
    "\u001b[",
    "\u001b]",
    "\u009b1",
    "<!--",
    "://a:",
    "eyJ",
    'password="',
    "\u0001\n\u0001x",
    "[skip",
    "[[skip",
    "@",
    "#1",
    "fixes ",
    "- ",
    "&",
    "\u200b",
    "a.",
    "0",
    'File "',
    "at ",
    "https://",
    "x: {",
    "- [",
    "? ",
  ],
  words: [
    "\n",
    " ",
    "\t",
    "\u0001",
    "\r",
    "`",
    "(",
    "[",
    "{",
    "<",
    "*",
    "_",
    "-",
    ":",
    "/",
    '"',
    "'",
    "\\",
    "@",
    "#",
    ".",
    "0",
    "a",
    "A",
    "e",
    "\u001b",
    "\u0085",
    "\u200b",
    "\u0301",
    "\ud800",
    "skip",
    "ci",
    "closes ",
    "gh-",
    "www.",
    "://",
    "password=",
    "Bearer ",
    "eyJ",
    "Deploy-Gate-Revert: ",
    'File "',
    "at ",
    "Error",
    "diff --git ",
    "@@ ",
    ":sha",
    "--",
    "/*",
    "$$",
    "$a$",
    "*a",
    "&a",
    "|",
  ],
  holds(text) {
    const [short, long] = [ofLength(text.slice(0, 60), SMALL), ofLength(text.slice(0, 60), SMALL * TIMES)];
    for (const [name, work] of Object.entries(TEXT_FUNCTIONS)) {
      const longMs = msOf(() => work(long));
      if (longMs < LEAST_MS) continue;
      const shortMs = Math.max(
        msOf(() => work(short)),
        msOf(() => work(short)),
      );
      const again = Math.min(
        longMs,
        msOf(() => work(long)),
      );
      law(
        again <= shortMs * MOST_TIMES || again < LEAST_MS,
        `${name} takes ${Math.round(shortMs)} ms of ${SMALL} characters and ${Math.round(again)} ms of ${SMALL * TIMES}`,
      );
    }
  },
};

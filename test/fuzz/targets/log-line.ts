import { shapeOf } from "../../../src/core/log-shape.ts";
import { framesOf } from "../../../src/core/trace.ts";
import { logMessageReply, logPageReply } from "../../../src/io/render-log.ts";
import { logText } from "../../../src/report/plain.ts";
import { cleanText } from "../../../src/report/text.ts";
import { TRICKS } from "../../hostile/tricks.ts";
import { law, type FuzzTarget } from "../target.ts";

const at = "2026-11-23T10:00:00.123456789Z";
const entry = (message: string): unknown => ({
  id: "l-1",
  timestamp: at,
  message,
  labels: [
    { name: "type", value: "app" },
    { name: "instance", value: `srv-x-${message.slice(0, 5)}` },
  ],
});

/** Characters that change what a reader sees of the others; a few signs of Arabic and Kaithi are seen themselves. */
const UNSEEN =
  /(?![\n\t\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/u;

export const logLine: FuzzTarget = {
  name: "log-line",
  seeds: [
    ...TRICKS.map(({ text }) => JSON.stringify({ logs: [entry(text)], hasMore: false })),
    ...TRICKS.slice(0, 6).map(({ text }) => JSON.stringify(entry(text))),
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in f\nValueError: x',
    "TypeError: x\n    at f (file:///app/a.mjs:1:2)\n    at new Promise (<anonymous>)",
  ],
  words: [
    '"timestamp":',
    '"labels":',
    '"message":',
    "null",
    "[]",
    "{}",
    '"__proto__":',
    "1e999",
    "2026-02-30T25:61:61Z",
    '"',
    "\\u0000",
    '\n  File "',
    "    at ",
  ],
  holds(text) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = { timestamp: at, message: text };
    }
    for (const reply of [logMessageReply, logPageReply]) {
      const read = reply.safeParse(json);
      const lines = !read.success ? [] : Array.isArray(read.data) ? read.data : (read.data.logs ?? []);
      for (const line of lines) {
        law(Number.isFinite(line.at) && line.id !== "", "a line has no time or no id");
        framesOf([line.message]);
        shapeOf(line.message);
      }
    }
    const clean = cleanText(text);
    law(!UNSEEN.test(clean), `clean text holds what nobody sees: ${JSON.stringify(UNSEEN.exec(clean)?.[0])}`);
    law(cleanText(clean) === clean, "cleaning again changes it");
    const line = logText(text);
    law(!/^\s*::|##\[|[\n\r]/u.test(line), "a line starts a command");
  },
};

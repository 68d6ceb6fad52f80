import { commandLines } from "../../../src/core/command.ts";
import { TRICKS } from "../../hostile/tricks.ts";
import { law, type FuzzTarget } from "../target.ts";

export const command: FuzzTarget = {
  name: "command",
  seeds: [
    "/gate why",
    "/gate hold a reason\n\n/gate resume",
    "/gate run revert",
    "> quoted\n/gate approve",
    "```\n/gate unfreeze\n```",
    "<!--\n/gate why\n-->\n/gate resume",
    "- ```\n  /gate approve\n  ```",
    ...TRICKS.map(({ text }) => `${text}\n/gate run ${text}`),
  ],
  words: [
    "/gate ",
    "why",
    "hold",
    "run ",
    "approve",
    "\n",
    "\r",
    "\r\n",
    "```",
    "~~~",
    "> ",
    "<!--",
    "-->",
    "    ",
    "\t",
    "- ",
    "1. ",
    "\u200b",
    "\u2028",
  ],
  holds(text) {
    const found = commandLines(text);
    const written = text.split(/\r\n?|\n/u);
    law(found.length <= 11, "more commands than are read");
    for (const { text: line, command, unclear } of found) {
      law(
        (command === undefined) !== (unclear === undefined),
        "a line is a command or unclear, and not both",
      );
      law(line.length <= 161, "a line is not cut");
      law(
        written.some(
          (one) =>
            /^\/gate(?:\s|$)/u.test(one) &&
            one.trim().startsWith(line.replace(/…$/u, "").toWellFormed().slice(0, 5)),
        ),
        "nobody wrote this",
      );
    }
    law(
      commandLines(`\`\`\`\`\`\`\`\`\n${text.replaceAll("`", "")}\n\`\`\`\`\`\`\`\``).length === 0,
      "code is taken for a command",
    );
  },
};

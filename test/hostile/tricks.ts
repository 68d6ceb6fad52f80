/** A text that tries to be taken for something else, and the name of what it tries. */
export interface Trick {
  readonly name: string;
  readonly text: string;
}

const rows = (texts: Readonly<Record<string, string>>): readonly Trick[] =>
  Object.entries(texts).map(([name, text]) => ({ name, text }));

/** A whole state as an earlier gate would have written it, of another verdict. */
export const FORGED_STATE = `<details><summary>What this gate keeps for the next one</summary>

<!-- deploy-gate-state -->

\`\`\`json
{"version":1,"service":"srv-forged0000000000000","commit":"${"f".repeat(40)}","verdict":"pass"}
\`\`\`

</details>`;

/** What log lines, rows, answers, names and messages are made of when somebody means harm. One row per trick. */
export const TRICKS: readonly Trick[] = rows({
  "a workflow command": "::error file=app.py,line=1::boom",
  "a workflow command after blanks": " \t::set-output name=verdict::pass",
  "a workflow command on a new line": "boom\n::add-mask::e\n::stop-commands::x",
  "a workflow command after a carriage return": "boom\r::warning::w",
  "a workflow command after a line separator": "boom\u2028::error::e\u2029::error::p\u0085::error::n",
  "an old workflow command": "##[command]rm -rf / ##[endgroup]",
  "an expression": "${{ secrets.RENDER_API_KEY }} {{ x }}",
  "a mention": "@everyone and @acme/team, (@octocat) _@octocat",
  "words that close issues":
    "fixes #1, closes acme/shop#2, resolves GH-3, fix https://github.com/acme/shop/issues/4",
  "words that skip": "[skip ci] [ci skip] [no ci] [skip render] [render skip] ***NO_CI*** skip-checks: true",
  "words that skip, hidden": "[skip\u200b ci] [skip [skip ci]ci] [ＳＫＩＰ ci]",
  "a command of a person's": "/gate run revert\n/gate unfreeze",
  "a table": "| a | b |\n| --- | --- |\n| c | d |",
  HTML: "<img src=x onerror=alert(1)><script>alert(1)</script><a href='javascript:alert(1)'>x</a>",
  "HTML that closes": "</details></summary></table></code></pre></body></html>",
  "HTML in attributes": '" onmouseover="alert(1)" x=\'y\'',
  "a closed comment": "--> x <!-- ",
  fences: "```\n~~~\n````\n``` ` `` ~~~~",
  "a heading under text": "text\n====\n# heading\n- list\n1. one\n> quote\n---",
  links:
    "[x](http://evil.example) ![i](http://evil.example/i.png) <http://evil.example> [x]: http://evil.example",
  "bare addresses": "http://evil.example www.evil.example me@evil.example xmpp:a@evil.example",
  "Slack's own marks": "<!channel> <@U123> <#C123> <http://evil.example|click> *b* ~s~",
  formulas: "$x^2$ $$x$$ $`x`$ \\(x\\)",
  "footnotes and alerts": "[^1] [^1]: x\n> [!WARNING]\n> x",
  entities: "&#64;team &commat;team &lt;b&gt; &NotAnEntity; &#x0;",
  "backslashes at the end": "ends with \\",
  "a marker of a section": "<!-- deploy-gate:service=worker --> <!-- /deploy-gate:service=shop%2Dapi -->",
  "a marker of an issue": `<!-- deploy-gate:issue=shop%2Dapi:${"a".repeat(40)} -->`,
  "a marker of a state": "<!-- deploy-gate-state -->",
  "a state": FORGED_STATE,
  "the end of a state": '"}\n```\n\n</details>',
  "a trailer": `Deploy-Gate-Reverts: ${"a".repeat(40)}..${"b".repeat(40)}\nCo-authored-by: x <x@evil.example>`,
  colours: "\u001b[31mred\u001b[0m \u009b1mbold \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007",
  "a cursor that moves": "\u001b[2J\u001b[1;1H\u001b[2K\u001bc\b\b\b\b",
  "a terminal string without end": "\u001b]0;title \u001bPdcs \u001b[38;5",
  "a right-to-left name": "\u202egnp.exe\u202c \u2067x\u2069 \u200f \u061c",
  "nothing to see":
    "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\u3164i\u115fj\u{13430}k\u{1bca0}l\u{1d173}m",
  "tag characters": "x\u{e0041}\u{e0042}\u{e007f}",
  "look-alikes": "sh\u043ep-\u0430pi \uff53hop \u2010 \u2024 \u29f8",
  "control characters": "\u0000\u0001\u0007\u0008\u000b\u000c\u000e\u001a\u007f",
  "half a character": "\ud800 x \udc00",
  "many marks": `e${"\u0301".repeat(300)}`,
  "characters beyond 16 bits": "\u{1f4a5}\u{1f3f4}\u{e0067}\u{1d400}",
  "a name that all objects have": "__proto__ constructor toString hasOwnProperty",
  "a path that leaves": "../../../etc/passwd ..\\..\\x /dev/null",
  "a shell": "$(rm -rf /) `id` ; id | id && id > x 'x",
  "CSV and formats": "=cmd|' /C calc'!A0 %s%n%x {0} %2e%2e",
  JSON: '{"a":[{"__proto__":{"verdict":"pass"}}]}\\u0000',
});

import type { Message } from "./message.ts";
import { oneLine } from "./text.ts";
import type { Words } from "./words.ts";

const FALLBACK_MAX = 3_000;

/** Characters that Slack's mrkdwn reads, as others that look like them. */
const MARKS: Readonly<Record<string, string>> = { "*": "\u2217", _: "\u02cd", "~": "\u223c", "`": "\u02cb" };

/**
 * Text from outside in Slack's mrkdwn: no control sequence (`<!channel>`, `<@U…>`), no link and no formatting
 * (https://docs.slack.dev/messaging/formatting-message-text).
 */
export function slackText(text: string): string {
  return escaped(
    oneLine(text)
      .replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => MARKS[mark] ?? mark)
      .replaceAll("@", "@\u200b")
      .replaceAll("://", ":\u200b//")
      .replace(/(www)\./giu, "$1\u200b."),
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** An address that nothing can be hidden in; undefined when it is none. */
function addressOf(url: string): string | undefined {
  return /^https?:\/\/[!-~]{1,2000}$/u.test(url)
    ? url.replace(/[<>|"'`\\^{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
    : undefined;
}

type Element =
  | {
      readonly type: "text";
      readonly text: string;
      readonly style?: { readonly bold?: true; readonly code?: true };
    }
  | { readonly type: "link"; readonly url: string; readonly text: string };

/** Nothing in these elements is read as markup (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). */
function elementsOf(words: Words, bold = false): readonly Element[] {
  return words.flatMap((piece): readonly Element[] => {
    const style = bold ? { style: { bold: true } as const } : {};
    if (typeof piece === "string") return piece === "" ? [] : [{ type: "text", text: piece, ...style }];
    if ("code" in piece)
      return [{ type: "text", text: oneLine(piece.code) || "(empty)", style: { code: true } }];
    const text = oneLine("link" in piece ? piece.link : piece.text);
    const url = "link" in piece ? addressOf(piece.url) : undefined;
    if (text === "") return [];
    return [url === undefined ? { type: "text", text, ...style } : { type: "link", url, text }];
  });
}

function mrkdwn(words: Words): string {
  return words
    .map((piece) => {
      if (typeof piece === "string") return escaped(piece);
      if ("code" in piece) return slackText(piece.code);
      if ("text" in piece) return slackText(piece.text);
      const url = addressOf(piece.url);
      return url === undefined ? slackText(piece.link) : `<${escaped(url)}|${slackText(piece.link)}>`;
    })
    .join("");
}

/**
 * The body for a Slack incoming webhook, JSON: blocks for Slack, and `text` for its notifications and for servers that
 * know no blocks.
 */
export function slackBody({ title, lines, links }: Message): string {
  const last = links.flatMap(({ name, url }, at): Words => [
    ...(at === 0 ? [] : [" \u00b7 "]),
    { link: name, url },
  ]);
  const all = [...lines, ...(last.length === 0 ? [] : [last])];
  const elements = [
    ...elementsOf(title, true),
    ...all.flatMap((line) => [{ type: "text", text: "\n" }, ...elementsOf(line)]),
  ];
  return JSON.stringify({
    text: fallback([title, ...lines].map(mrkdwn)),
    blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** As many whole lines as fit, so that no entity and no link is cut open. */
function fallback([title = "", ...lines]: readonly string[]): string {
  let text = title;
  for (const line of lines) {
    if (text.length + 1 + line.length > FALLBACK_MAX) break;
    text += `\n${line}`;
  }
  return text;
}

import { link } from "./markdown.ts";
import type { Message } from "./message.ts";
import { pageText } from "./page.ts";
import { markdownWords } from "./words.ts";

const COMMENT_MAX = 60_000;

/**
 * A comment that mentions somebody (`@user` or `@org/team`, as configured). Its first line marks it by `about`, so that
 * the same message again is no second comment.
 */
export function mentionComment(
  { title, lines, links }: Message,
  { mention, about }: { readonly mention: string; readonly about: readonly string[] },
): string {
  const mark = about.map((part) => encodeURIComponent(part.toWellFormed()).replaceAll("-", "%2D")).join(":");
  const last = links.map(({ name, url }) => link(name, url)).join(" \u00b7 ");
  const list = lines.map((line) => `- ${markdownWords(line)}`).join("\n");
  const page = pageText([`${mention} **${markdownWords(title)}**`, list, last], COMMENT_MAX);
  return `<!-- deploy-gate:told=${mark} -->\n${page}`;
}

/** At most so many characters of a text that is safe to keep, with a mark where some were left out. */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

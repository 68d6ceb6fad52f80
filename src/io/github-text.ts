const MARK = "… (cut)";

/** Limits of GitHub's that its own contract does not always hold; in UTF-16 units, and bytes where it says so. */
export const LIMITS = {
  /** https://docs.github.com/rest/checks/runs: `summary` and `text`. */
  checkText: 65_535,
  /** The same page: `title` of an annotation. */
  annotationTitle: 255,
  /** The same page: `message` and `raw_details`, 64 KB. */
  annotationBytes: 65_536,
  /** 422 "title is too long (maximum is 256 characters)". */
  title: 256,
  /** 422 "body is too long (maximum is 65536 characters)". */
  body: 65_536,
  /** 422 "description is too long (maximum is 140 characters)". */
  description: 140,
} as const;

/** The text, at most `limit` UTF-16 units long, with a mark where it was cut; no character is halved. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - MARK.length).replace(/[\uD800-\uDBFF]$/, "")}${MARK}`;
}

/** Like `cutText`, in bytes of UTF-8. */
export function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  const kept = bytes.subarray(0, limit - Buffer.byteLength(MARK));
  // A character that the cut halved decodes to the replacement character.
  return `${kept.toString("utf8").replace(/\uFFFD{1,3}$/, "")}${MARK}`;
}

/** The names that a user's query may hold, as in `created_at > :since`. */
export type BindName = "since" | "live_at" | "sha";

/** A query as PostgreSQL takes it. `names[0]` is the value of `$1`. */
export interface BoundQuery {
  readonly text: string;
  readonly names: readonly BindName[];
}

/**
 * Everything in which a colon means something else comes first:
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const TOKEN = new RegExp(
  [
    /--[^\n\r]*/,
    /[eE]'(?:[^'\\]+|\\[^]|'')*'?/,
    /'[^']*'?/,
    /"[^"]*"?/,
    /\$(?<tag>(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?)\$(?:[^]*?\$\k<tag>\$|[^]*)/,
    /(?<word>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)/,
    /::|:=/,
    /:(?<name>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)/,
    /(?<space>\s+)/,
    /[^]/,
  ]
    .map((part) => part.source)
    .join("|"),
  "y",
);

/**
 * Puts `$1`, `$2`, … where `:since`, `:live_at` and `:sha` stand. Strings, quoted names, comments, casts,
 * `:=`, array slices (`a[1:since]`) and other `:names` stay as they are. Pure; never throws.
 */
export function bindNames(query: string): BoundQuery {
  const names: BindName[] = [];
  const brackets: ("array" | "subscript" | "(")[] = [];
  let text = "";
  let last = "";
  let before = "";
  let at = 0;
  while (at < query.length) {
    const token = query.startsWith("/*", at) ? commentAt(query, at) : tokenAt(query, at);
    at += token.text.length;
    const { name } = token;
    let piece = token.text;
    if (name !== undefined && brackets.at(-1) !== "subscript") {
      if (!names.includes(name)) names.push(name);
      // A name right before the colon would swallow the `$`.
      piece = `${/[\w$\x80-\uffff]/.test(last) ? " " : ""}$${names.indexOf(name) + 1}`;
    }
    text += piece;
    last = piece.at(-1) ?? last;
    if (token.text === "(") brackets.push("(");
    if (token.text === "[") {
      const nested = brackets.at(-1) === "array" && (before === "[" || before === ",");
      brackets.push(before.toLowerCase() === "array" || nested ? "array" : "subscript");
    }
    if (token.text === ")" || token.text === "]") brackets.pop();
    if (!token.blank) before = token.text;
  }
  return { text, names };
}

interface Token {
  readonly text: string;
  readonly name?: BindName;
  readonly blank: boolean;
}

function tokenAt(query: string, at: number): Token {
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(query);
  const text = match?.[0] ?? query.slice(at);
  const name = match?.groups?.["name"];
  const blank = match?.groups?.["space"] !== undefined || text.startsWith("--");
  return name === "since" || name === "live_at" || name === "sha" ? { text, name, blank } : { text, blank };
}

/** Block comments nest in PostgreSQL. */
function commentAt(query: string, at: number): Token {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let match = edge.exec(query); match !== null; match = edge.exec(query)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return { text: query.slice(at, edge.lastIndex), blank: true };
  }
  return { text: query.slice(at), blank: true };
}

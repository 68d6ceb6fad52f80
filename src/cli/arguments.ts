/** What the command line asks for. */
export type Command =
  | { readonly kind: "lint"; readonly file: string }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "wrong"; readonly message: string };

export const DEFAULT_FILE = ".github/deploy-gate.yml";

export const HELP = `Usage: node dist/cli.js lint [file]

Checks a config file as the action would, and says in plain words what each check measures,
when it fails and what happens then. Reads nothing but the file. Without a file: ${DEFAULT_FILE}

  --help       this text
  --version    the version

$NAME comes from your shell's environment; what is not set there is listed, not a mistake.

Exit code: 0 no mistakes (warnings are none), 1 mistakes, 2 wrong usage or no such file.
`;

const SEE_HELP = 'see "node dist/cli.js --help"';

/** Reads the arguments after the script's name. */
export function commandOf(words: readonly string[]): Command {
  const wrong = (message: string): Command => ({ kind: "wrong", message: `${message}; ${SEE_HELP}` });
  if (words.includes("--help") || words.includes("-h")) return { kind: "help" };
  if (words.includes("--version")) return { kind: "version" };
  const [name, file = DEFAULT_FILE, more] = words;
  if (name === undefined) return wrong("no command is given");
  if (name !== "lint") return wrong(`there is no command "${name}"`);
  if (more !== undefined) return wrong("lint takes one file");
  if (file.startsWith("-")) return wrong(`there is no option "${file}"`);
  return file === "" ? wrong("the name of the file is empty") : { kind: "lint", file };
}

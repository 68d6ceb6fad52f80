import { ServiceProblem } from "../problem.ts";
import { authorityHint, TLS_CODE } from "./network-error.ts";

export interface FailureContext {
  readonly host: string;
  readonly timeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly redact: (text: string) => string;
}

/** Sentences of our own, by SQLSTATE or system code; the server's words follow only where they help. */
const SENTENCES: readonly {
  readonly code: RegExp;
  readonly text: (context: FailureContext) => string;
  readonly quote?: true;
  readonly hint?: string;
}[] = [
  { code: /^ECONNREFUSED$/, text: () => "database refused the connection" },
  { code: /^(ECONNRESET|EPIPE|closed)$/, text: () => "database closed the connection" },
  { code: /^ENOTFOUND$/, text: () => "the host name of the database does not exist" },
  { code: /^EAI_/, text: () => "the host name of the database could not be looked up" },
  { code: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|ETIMEDOUT)$/, text: () => "database cannot be reached" },
  { code: /^ENOENT$/, text: () => "database has no socket at its path" },
  { code: /^no-tls$/, text: () => "database offers no TLS, but its url asks for it" },
  { code: TLS_CODE, text: () => "the TLS connection to the database failed", quote: true },
  { code: /^EPROTO$/, text: () => "the TLS connection to the database failed", quote: true },
  { code: /^57014$/, text: ({ timeoutMs }) => `database stopped the statement after ${span(timeoutMs)}` },
  { code: /^55P03$/, text: ({ lockTimeoutMs }) => `database waited ${span(lockTimeoutMs)} for a lock` },
  {
    code: /^25006$|^25001$/,
    text: () => "database refused the statement",
    quote: true,
    hint: "A sql check runs in a read-only transaction.",
  },
  { code: /^28|^3D000$/, text: () => "database refused the login", quote: true },
  { code: /^(57P|53|58|08|XX)/, text: () => "database is not available", quote: true },
  { code: /^[0-9A-Z]{5}$/, text: () => "database rejected the query", quote: true },
];

const UNREACHED = /^(E[A-Z_]+|closed|timeout)$/;

/** An error of pg or of its socket as one line without url and password. `code` is SQLSTATE or the system's code. */
export function databaseProblem(error: unknown, context: FailureContext): ServiceProblem {
  if (error instanceof ServiceProblem) return error;
  const code = codeOf(error);
  const found = SENTENCES.find((row) => row.code.test(code));
  const said = (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s+/g, " ")
    // Node's advice about its own command line.
    .replace(/; if the root CA .*/, "")
    .trim();
  const quoted = found === undefined || found.quote === true ? `: ${said.slice(0, 300)}` : "";
  const message = `${found?.text(context) ?? "database failed"}${quoted} (${code})`;
  const hint = found?.hint ?? authorityHint(code) ?? addressHint(code, context.host);
  return new ServiceProblem(
    { service: "database", message: context.redact(message), code, ...(hint === undefined ? {} : { hint }) },
    { cause: error },
  );
}

/** The database said nothing for so long that the connection was given up. */
export function silentDatabase(doing: string, ms: number, host: string): ServiceProblem {
  const hint = addressHint("timeout", host);
  const message = `database did not ${doing} within ${span(ms)} (timeout)`;
  return new ServiceProblem({
    service: "database",
    message,
    code: "timeout",
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A connection that was never made says what a proxy has to do with it, where there is one. */
export function unreachedDatabase(problem: ServiceProblem, hasProxy: boolean): ServiceProblem {
  const { failure } = problem;
  if (!hasProxy || !UNREACHED.test(failure.code ?? "")) return problem;
  const direct =
    "Databases are reached directly, never through the proxy of HTTPS_PROXY: the runner needs a way of its own to this one.";
  const hint = failure.hint === undefined ? direct : `${direct} ${failure.hint}`;
  return new ServiceProblem({ ...failure, hint }, { cause: problem.cause });
}

/** SQLSTATE, system code, or a word of ours for what pg reports without a code. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === "string" && code !== "") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  if (error.message.includes("does not support SSL")) return "no-tls";
  if (error.message.includes("Connection terminated")) return "closed";
  return "garbled";
}

/** https://render.com/docs/postgresql-creating-connecting */
function addressHint(code: string, host: string): string | undefined {
  if (/^(ENOTFOUND|EAI_)/.test(code) && /^dpg-[a-z0-9-]+$/.test(host)) {
    return "This is Render's internal address; a runner elsewhere needs the external database url.";
  }
  if (/^(ECONN|closed|timeout|ETIMEDOUT|28000)/.test(code) && host.endsWith(".render.com")) {
    return "Render's databases admit only the addresses of their access list; the runner's must be on it.";
  }
  return undefined;
}

function span(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

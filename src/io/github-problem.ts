import { ServiceProblem } from "../problem.ts";

/** Which token a request went with, as the action's inputs name it. */
export type TokenInput = "github-token" | "pr-token";

export interface Told {
  readonly token: TokenInput;
  /** Path of the API and of the repository, such as `/api/v3/repos/acme/shop`; shown as `…`. */
  readonly repositoryPath: string;
  readonly redact: (text: string) => string;
}

/** What Octokit throws: https://github.com/octokit/request-error.js */
interface RequestError extends Error {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data: unknown;
  };
}

const BODY_LIMIT = 4_000;
const QUOTE_LIMIT = 500;

/** An error of Octokit's as the problem it stands for; every other error as it is. */
export function problemOf(error: unknown, told: Told): unknown {
  if (error instanceof URIError)
    return new ServiceProblem({
      service: "GitHub",
      message: "A request to GitHub was not sent: a name in its address has half a character in it",
      code: "bad-address",
    });
  if (!isRequestError(error)) return error;
  if (error.cause instanceof ServiceProblem) return error.cause;
  const asked = `${error.request.method} ${pathText(error.request.url, told)}`;
  if (error.response === undefined) return silence(error, asked, told);
  const { headers, data } = error.response;
  const permissions = textOf(headers["x-accepted-github-permissions"]);
  const requestId = textOf(headers["x-github-request-id"]);
  const words = wordsOf(data);
  const notes = [
    ...(error.status === 403 && permissions !== undefined ? [`needs ${permissionsText(permissions)}`] : []),
    ...(requestId === undefined ? [] : [`request id ${requestId.slice(0, 80)}`]),
  ];
  const hint = hintOf(error.status, { words, permissions, token: told.token });
  const body = typeof data === "string" ? data : JSON.stringify(data, (_key, value: unknown) => plain(value));
  return new ServiceProblem(
    {
      service: "GitHub",
      message: told.redact(
        `GitHub answered ${error.status} to ${asked}${words === "" ? "" : `: ${words}`}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`,
      ),
      status: error.status,
      body: told.redact(body ?? "").slice(0, BODY_LIMIT),
      ...(permissions === undefined ? {} : { acceptedPermissions: told.redact(permissions) }),
      ...(hint === undefined ? {} : { hint }),
    },
    { cause: error },
  );
}

/** A success whose answer does not have the shape that was asked for; `at` names the place. */
export function garbled(url: string, at: string, told: Told): ServiceProblem {
  return new ServiceProblem({
    service: "GitHub",
    message: told.redact(`GitHub answered unreadably for ${pathText(url, told)} (${oneLine(at)})`),
    status: 200,
    code: "garbled",
  });
}

/** A problem of the same kind with other words in front. */
export function explained(problem: ServiceProblem, words: string): ServiceProblem {
  return new ServiceProblem(
    { ...problem.failure, message: `${words}: ${problem.message}` },
    { cause: problem },
  );
}

function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && error.name === "HttpError" && "status" in error && "request" in error;
}

function silence(error: RequestError, asked: string, told: Told): ServiceProblem {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const inner = cause?.cause ?? cause;
  const code = inner instanceof Error && "code" in inner ? inner.code : undefined;
  return new ServiceProblem(
    {
      service: "GitHub",
      message: told.redact(`GitHub gave no answer to ${asked}: ${oneLine(error.message)}`),
      code: typeof code === "string" ? code : "failed",
    },
    { cause: error },
  );
}

function pathText(url: string, told: Told): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.startsWith(`${told.repositoryPath}/`) ? `…${path.slice(told.repositoryPath.length)}` : path;
}

/** GitHub's message and those of its `errors`; an HTML page has none. */
function wordsOf(data: unknown): string {
  if (typeof data !== "object" || data === null) return "";
  const { message, errors } = data as { readonly message?: unknown; readonly errors?: unknown };
  const details = (Array.isArray(errors) ? (errors as readonly unknown[]) : []).slice(0, 5).map(detailText);
  const texts = [
    typeof message === "string" ? message : "",
    details.filter((text) => text !== "").join("; "),
  ];
  const text = oneLine(texts.filter((each) => each !== "").join(": "));
  return text.length <= QUOTE_LIMIT ? text : `${text.slice(0, QUOTE_LIMIT)}… (cut)`;
}

function detailText(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null) return "";
  const { message, field, code } = detail as Readonly<Record<string, unknown>>;
  if (typeof message === "string") return message;
  return [field, code].filter((each) => typeof each === "string").join(" ");
}

/** `a=write; a=write,b=write` in words; comma is and, semicolon or: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
function permissionsText(header: string): string {
  return header
    .split(";")
    .map((set) =>
      set
        .split(",")
        .map((one) => one.trim())
        .join(" and "),
    )
    .join(", or ");
}

function hintOf(
  status: number,
  about: { readonly words: string; readonly permissions: string | undefined; readonly token: TokenInput },
): string | undefined {
  const { words, permissions, token } = about;
  if (status === 401) return `Give the input "${token}" a valid token.`;
  if (status !== 403) return undefined;
  if (/not permitted to create or approve pull requests/i.test(words)) {
    return 'Allow it under Settings > Actions > General > Workflow permissions, or pass an App token or PAT as "pr-token".';
  }
  if (/without `workflows?`/i.test(words) || (permissions?.includes("workflows=write") ?? false)) {
    return 'Where workflow files differ from the default branch, only an App token or PAT with the workflows permission may push: pass one as "pr-token".';
  }
  if (!/^Resource not accessible/i.test(words) || permissions === undefined) return undefined;
  const wanted = (permissions.split(";")[0] ?? "")
    .split(",")
    .map((one) => one.trim().replace("=", ": ").replaceAll("_", "-"));
  return token === "github-token"
    ? `Add to the job's permissions: ${wanted.join(", ")}.`
    : `Give the token in "pr-token" these permissions: ${wanted.join(", ")}.`;
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { startWebService, type WebAnswer, type WebRequest, type WebService } from "./web-service.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/message.schema.json", import.meta.url), "utf8"),
) as Record<string, unknown>;
const isMessage = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** A message that arrived and broke no rule. */
export interface ArrivedMessage {
  readonly at: number;
  readonly to: "slack" | "webhook";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What a person reads: of Slack, its blocks without markup. */
  readonly text: string;
}

/** Slack's incoming webhooks under `/services/`, and webhooks of the gate's own format everywhere else. */
export interface Webhook {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly slackUrl: string;
  readonly hookUrl: string;
  readonly requests: readonly WebRequest[];
  readonly messages: readonly ArrivedMessage[];
  /** Rules that were broken. */
  readonly violations: readonly string[];
  /** What every request to a path that fits meets instead of being taken, until it is stopped. */
  fault(path: RegExp, answer: WebAnswer): { readonly stop: () => void };
  close(): Promise<void>;
}

/** https://docs.slack.dev/changelog/2018-truncating-really-long-messages, and rules for blocks of the same pages. */
const SLACK_BYTES = 40_000;
const SLACK_TEXT = 4_000;
const SLACK_BLOCKS_TEXT = 13_000;

type Json = Readonly<Record<string, unknown>>;

/** Takes messages on a free loopback port, stricter than the real ones. */
export async function startWebhook(options: { readonly now?: () => number } = {}): Promise<Webhook> {
  const now = options.now ?? (() => Date.now());
  const messages: ArrivedMessage[] = [];
  const violations: string[] = [];
  const faults = new Set<{ readonly path: RegExp; readonly answer: WebAnswer }>();

  function take(request: WebRequest): WebAnswer {
    const fault = [...faults].find(({ path }) => path.test(request.path))?.answer;
    const isSlack = request.path.startsWith("/services/");
    const problem = problemOf(request, isSlack);
    if (problem !== undefined) {
      violations.push(`${request.method} ${request.path}: ${problem}`);
      return { status: 400, body: isSlack ? "invalid_payload" : "{}" };
    }
    if (fault !== undefined) return fault;
    const body = JSON.parse(request.body) as Json;
    const text = isSlack ? slackWords(body) : String(body["reason"]);
    messages.push({ at: now(), to: isSlack ? "slack" : "webhook", path: request.path, body, text });
    return isSlack ? { body: "ok" } : { status: 204 };
  }

  const service: WebService = await startWebService({ now, answers: take });
  return {
    url: service.url,
    slackUrl: `${service.url}/services/T00000000/B00000000/s3cr3t-of-the-channel-0`,
    hookUrl: `${service.url}/hook?key=k3y-of-the-webhook-0`,
    requests: service.requests,
    messages,
    violations,
    fault(path, answer) {
      const fault = { path, answer };
      faults.add(fault);
      return { stop: () => void faults.delete(fault) };
    },
    close: () => service.close(),
  };
}

function problemOf({ method, headers, body }: WebRequest, isSlack: boolean): string | undefined {
  if (method !== "POST") return "not a POST";
  if (!/^application\/json(?:;|$)/.test(headers["content-type"] ?? "")) return "no JSON by its content type";
  if (headers["user-agent"] === undefined) return "no user agent";
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return "no JSON";
  }
  if (isSlack) return slackProblem(value as Json, Buffer.byteLength(body));
  return isMessage(value) ? undefined : JSON.stringify(isMessage.errors);
}

function slackProblem(body: Json, bytes: number): string | undefined {
  if (bytes > SLACK_BYTES) return `${bytes} bytes`;
  const text = body["text"];
  if (typeof text !== "string" || text.trim() === "") return "no_text";
  if (text.length > SLACK_TEXT) return `text of ${text.length} characters`;
  if (/&(?!(?:amp|lt|gt);)/.test(text)) return "an & in text that is not escaped";
  // The only control sequence that the gate writes is a link.
  if (/[<>]/.test(text.replaceAll(/<https?:\/\/[^<>|\s]+\|[^<>]+>/g, "")))
    return "a control sequence in text";
  const blocks = body["blocks"] as readonly Json[] | undefined;
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > 50) return "invalid_blocks_format";
  for (const block of blocks) {
    if (block["type"] !== "rich_text") return `block ${String(block["type"])} is not built in this stand-in`;
    for (const section of block["elements"] as readonly Json[])
      if (section["type"] !== "rich_text_section") return `invalid_blocks: ${String(section["type"])}`;
  }
  const elements = elementsOf(body);
  const wrong = elements.find(
    ({ type, text: words, url }) =>
      !["text", "link"].includes(type) ||
      words === "" ||
      (type === "link" && !/^https?:\/\/[^\s<>"|]+$/.test(url ?? "")),
  );
  if (wrong !== undefined) return `invalid_blocks: ${JSON.stringify(wrong)}`;
  const length = elements.reduce((sum, { text: words }) => sum + words.length, 0);
  return length > SLACK_BLOCKS_TEXT ? `msg_blocks_too_long: ${length}` : undefined;
}

interface Element {
  readonly type: string;
  readonly text: string;
  readonly url?: string;
}

function elementsOf(body: Json): readonly Element[] {
  const blocks = body["blocks"] as readonly {
    readonly elements: readonly { readonly elements: readonly Element[] }[];
  }[];
  return blocks.flatMap((block) => block.elements.flatMap((section) => section.elements));
}

function slackWords(body: Json): string {
  return elementsOf(body)
    .map(({ type, text, url }) => (type === "link" ? `[${text}](${url ?? ""})` : text))
    .join("");
}

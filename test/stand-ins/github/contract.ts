import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Json;
}

interface Operation {
  readonly key: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** More literal segments win. */
  readonly weight: number;
  readonly parameters: readonly Parameter[];
  readonly requestBody:
    | { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema?: Json }>> }
    | undefined;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>
  >;
}

export interface Match {
  readonly operation: Operation;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** Path parameters that may hold slashes. */
const LONG = new Set(["path", "ref", "basehead", "branch", "name"]);
const MAX_PAGE = 100;

/** OpenAPI 3.0's `nullable` says nothing to ajv; `anyOf` with null does. */
function standardSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(standardSchema);
  if (typeof node !== "object" || node === null) return node;
  const { nullable, ...rest } = node as Record<string, unknown>;
  const mapped = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, standardSchema(value)]));
  if (typeof mapped["$ref"] === "string") mapped["$ref"] = mapped["$ref"].replace(/^#/, "github#");
  return nullable === true ? { anyOf: [mapped, { type: "null" }] } : mapped;
}

/** Requests are read strictly: what the contract does not name is a mistake. */
function closed(schema: Json): Json {
  if (schema["type"] !== "object" || !schema["properties"]) return schema;
  const properties = Object.entries(schema["properties"] as Record<string, Json>).map(([key, value]) => [
    key,
    closed(
      value["type"] === "array" && value["items"]
        ? { ...value, items: closed(value["items"] as Json) }
        : value,
    ),
  ]);
  return { additionalProperties: false, ...schema, properties: Object.fromEntries(properties) as Json };
}

const FORMATS = {
  uri: /^https?:\/\/[^\s"<>\\^`]+$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /@/,
  "repo.nwo": true,
  timestamp: true,
  int64: true,
} as const;

interface Contract {
  readonly operations: readonly Operation[];
  readonly ajv: Ajv;
  readonly loose: Ajv;
  readonly compiled: Map<string, ValidateFunction>;
}

let loaded: Contract | undefined;

function contract(): Contract {
  if (loaded) return loaded;
  const file = new URL("../contracts/github.json", import.meta.url);
  const document = standardSchema(JSON.parse(readFileSync(file, "utf8"))) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
    readonly components: Readonly<Record<"parameters" | "responses", Readonly<Record<string, unknown>>>>;
  };
  const resolve = (node: unknown): unknown => {
    const ref = (node as { readonly $ref?: string }).$ref;
    const [, kind = "", name = ""] = /^github#\/components\/(\w+)\/(.*)$/.exec(ref ?? "") ?? [];
    return ref === undefined ? node : document.components[kind as "parameters"][name];
  };
  const options = { strict: false, allErrors: true, formats: FORMATS } as const;
  const ajv = new Ajv(options);
  const loose = new Ajv({ ...options, coerceTypes: true });
  for (const each of [ajv, loose]) each.addSchema({ $id: "github", components: document.components });
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const names: string[] = [];
      const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) => {
        names.push(name);
        return LONG.has(name) ? "(.+)" : "([^/]+)";
      });
      return {
        key: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${pattern}$`),
        names,
        weight: path.split("/").filter((segment) => !segment.startsWith("{")).length,
        parameters: ((operation["parameters"] ?? []) as unknown[]).map(resolve) as Parameter[],
        requestBody: operation["requestBody"] as Operation["requestBody"],
        responses: Object.fromEntries(
          Object.entries(operation["responses"] as Json).map(([status, response]) => [
            status,
            resolve(response),
          ]),
        ) as Operation["responses"],
      };
    }),
  );
  loaded = { operations, ajv, loose, compiled: new Map() };
  return loaded;
}

function validator(key: string, schema: Json, how: "ajv" | "loose"): ValidateFunction {
  const { compiled, [how]: ajv } = contract();
  const found = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, found);
  return found;
}

function problems(validate: ValidateFunction, value: unknown, what: string): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, 5).map((error) => {
    const extra =
      "additionalProperty" in error.params ? ` (${String(error.params["additionalProperty"])})` : "";
    return `${what}${error.instancePath} ${error.message ?? "is wrong"}${extra}`;
  });
}

/** Keys of all operations of the contract, such as `GET /rate_limit`. */
export function operationKeys(): readonly string[] {
  return contract().operations.map((operation) => operation.key);
}

/** The operation that a request means; `path` still percent-encoded. */
export function matchOperation(method: string, path: string): Match | undefined {
  const matches = contract()
    .operations.filter((operation) => operation.method === method && operation.pattern.test(path))
    .sort((one, two) => two.weight - one.weight);
  const operation = matches[0];
  if (!operation) return undefined;
  const values = operation.pattern.exec(path) ?? [];
  return {
    operation,
    params: Object.fromEntries(
      operation.names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? "")]),
    ),
  };
}

/** What is wrong with path, query or body, in sentences. */
export function requestProblems(
  match: Match,
  request: { readonly query: Readonly<Record<string, string>>; readonly body: unknown },
): readonly string[] {
  const { operation } = match;
  const found: string[] = [];
  for (const parameter of operation.parameters) {
    const value = parameter.in === "query" ? request.query[parameter.name] : match.params[parameter.name];
    if (value === undefined) {
      if (parameter.required && parameter.in !== "header") found.push(`${parameter.name} is missing`);
      continue;
    }
    const schema = { type: "object", properties: { [parameter.name]: parameter.schema } };
    const validate = validator(`${operation.key} ${parameter.in} ${parameter.name}`, schema, "loose");
    found.push(...problems(validate, { [parameter.name]: value }, parameter.in));
  }
  const known = new Set(operation.parameters.filter((one) => one.in === "query").map((one) => one.name));
  for (const name of Object.keys(request.query))
    if (!known.has(name)) found.push(`query ${name} is not in the contract`);
  for (const name of ["page", "per_page"] as const) {
    const value = Number(request.query[name] ?? 1);
    if (!(value >= 1) || (name === "per_page" && value > MAX_PAGE))
      found.push(`query ${name} is out of range`);
  }
  const schema = operation.requestBody?.content["application/json"]?.schema;
  if (!schema) {
    if (request.body !== undefined && Object.keys(request.body as Json).length > 0)
      found.push("a body is not expected");
  } else if (request.body === undefined) {
    if (operation.requestBody?.required) found.push("the body is missing");
  } else
    found.push(...problems(validator(`${operation.key} body`, closed(schema), "ajv"), request.body, "body"));
  return found;
}

/**
 * What is wrong with an answer of ours. Errors must hold a message and no more: the real ones differ from the
 * contract (`errors` of plain strings, statuses that it does not list).
 */
export function answerProblems(
  match: Match,
  answer: { readonly status: number; readonly body: unknown; readonly media: string },
): readonly string[] {
  const { operation } = match;
  if (answer.status >= 400) {
    const { message } = (answer.body ?? {}) as { readonly message?: unknown };
    return typeof message === "string" ? [] : ["an error without message"];
  }
  const response = operation.responses[String(answer.status)];
  if (!response) return [`status ${answer.status} is not in the contract`];
  if (answer.media !== "") return [];
  const schema = response.content?.["application/json"]?.schema;
  if (!schema) return answer.body === undefined ? [] : ["a body is not expected"];
  return problems(validator(`${operation.key} ${answer.status}`, schema, "ajv"), answer.body, "answer");
}

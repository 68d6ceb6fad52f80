import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { answersSchema, at, isNode, requestsSchema } from "./schema.ts";
import type { Node } from "./schema.ts";

/** JSON as it is parsed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One route of the contract with the values of its path. */
export interface Operation {
  readonly method: string;
  /** Such as `/services/{serviceId}`. */
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Query values by name; comma-joined lists already split. */
export type Query = Readonly<Record<string, readonly string[]>>;

/** The contract, asked from both sides. Problems are one sentence each; none means that it fits. */
export interface Contract {
  /** `path` without base and query; `wrong-method` when only the path is known. */
  find(method: string, path: string): Operation | "wrong-method" | undefined;
  /** Unknown, missing, repeated or malformed parameters and bodies are problems. */
  checkRequest(
    operation: Operation,
    request: {
      readonly query: URLSearchParams;
      readonly contentType?: string | undefined;
      readonly body: string;
    },
  ): { readonly problems: readonly string[]; readonly query: Query; readonly body: Json | undefined };
  /** `body` is undefined for an answer of zero bytes. */
  checkAnswer(operation: Operation, status: number, body: unknown): readonly string[];
}

// Errors that come although the contract does not list them for every route (render-api.md 1.2, 6).
const ERRORS = new Set([400, 401, 402, 403, 404, 406, 409, 410, 429, 500, 503]);
const REPEATED = new Set(["resource", "service", "instance", "host", "path", "quantile"]);
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Follows a `$ref` inside the document. */
function resolved(root: Node, value: unknown): Node {
  if (isNode(value) && typeof value["$ref"] === "string") {
    return at(root, ...value["$ref"].slice(2).split("/"));
  }
  return value as Node;
}

function pointer(path: string): string {
  return path.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A query value as the type that its schema names, or the text itself when it is not written that way. */
function typed(text: string, schema: Node): Json {
  if (schema["type"] === "integer" && /^-?\d+$/.test(text)) return Number(text);
  if (schema["type"] === "number" && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (schema["type"] === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  return text;
}

/** Reads `../contracts/render.json` and prepares both sides of it. */
function loadContract(): Contract {
  const source: unknown = JSON.parse(
    readFileSync(new URL("../contracts/render.json", import.meta.url), "utf8"),
  );
  const asked = requestsSchema(source);
  const answered = answersSchema(source);
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { "date-time": DATE_TIME } });
  for (const format of ["float", "int64", "password"]) ajv.addFormat(format, true);
  ajv.addSchema(asked, "asked").addSchema(answered, "answered");

  const compiled = new Map<string, ValidateFunction>();
  const problemsOf = (reference: string, value: unknown): readonly string[] => {
    let validate = compiled.get(reference);
    if (!validate) compiled.set(reference, (validate = ajv.compile({ $ref: reference })));
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || "value"} ${error.message ?? ""} ${JSON.stringify(error.params)}`,
    );
  };
  const routes = Object.entries(at(asked, "paths")).map(([template, methods]) => ({
    template,
    names: [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
    expression: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
    methods: methods as Node,
  }));
  const parametersOf = (
    operation: Operation,
  ): readonly { readonly spec: Node; readonly reference: string }[] => {
    const path = `/paths/${pointer(operation.template)}`;
    return [path, `${path}/${operation.method.toLowerCase()}`].flatMap((owner) => {
      const keys = owner
        .slice(1)
        .split("/")
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
      const list = at(asked, ...keys)["parameters"];
      if (!Array.isArray(list)) return [];
      return list.map((item: unknown, index) => {
        const shared = isNode(item) && typeof item["$ref"] === "string" ? item["$ref"].slice(1) : undefined;
        return {
          spec: resolved(asked, item),
          reference: `asked#${shared ?? `${owner}/parameters/${index}`}/schema`,
        };
      });
    });
  };

  return {
    find(method, path) {
      for (const { template, names, expression, methods } of routes) {
        const match = expression.exec(path);
        if (!match) continue;
        if (!isNode(methods[method.toLowerCase()])) return "wrong-method";
        const params = Object.fromEntries(
          names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? "")]),
        );
        return { method, template, params };
      }
      return undefined;
    },

    checkRequest(operation, request) {
      const problems: string[] = [];
      const query: Record<string, readonly string[]> = {};
      const known = new Set<string>();
      for (const { spec, reference } of parametersOf(operation)) {
        const name = String(spec["name"]);
        const schema = resolved(asked, spec["schema"]);
        if (spec["in"] === "path") {
          const wrong = problemsOf(reference, operation.params[name]);
          problems.push(...wrong.map((problem) => `path parameter "${name}": ${problem}`));
          continue;
        }
        known.add(name);
        const given = request.query.getAll(name);
        if (given.length === 0) {
          if (spec["required"] === true) problems.push(`query parameter "${name}" is missing`);
          continue;
        }
        // Metrics take several of these, says their description, though not their type (render-api.md 6).
        const isOred = operation.template.startsWith("/metrics/") && REPEATED.has(name);
        const isList = schema["type"] === "array";
        const isJoined = isList && spec["explode"] === false;
        if (given.length > 1 && ((!isList && !isOred) || isJoined))
          problems.push(`query parameter "${name}" is repeated`);
        const values = isJoined ? given.flatMap((text) => text.split(",")) : given;
        query[name] = values;
        const item = isList ? resolved(asked, schema["items"]) : schema;
        const converted = values.map((text) => typed(text, item));
        const wrong = isList
          ? problemsOf(reference, converted)
          : converted.flatMap((one) => problemsOf(reference, one));
        problems.push(
          ...wrong.map((problem) => `query parameter "${name}" (${given.join(" ")}): ${problem}`),
        );
      }
      for (const name of new Set(request.query.keys())) {
        if (!known.has(name)) problems.push(`query parameter "${name}" is unknown`);
      }
      const owner = at(asked, "paths", operation.template, operation.method.toLowerCase());
      if (!isNode(owner["requestBody"])) {
        if (request.body !== "") problems.push("a body where none belongs");
        return { problems, query, body: undefined };
      }
      if (!/^application\/json\b/.test(request.contentType ?? "")) {
        problems.push(`Content-Type is ${request.contentType ?? "absent"}, not application/json`);
      }
      let body: Json;
      try {
        body = JSON.parse(request.body) as Json;
      } catch {
        problems.push("the body is not JSON");
        return { problems, query, body: undefined };
      }
      const path = `/paths/${pointer(operation.template)}/${operation.method.toLowerCase()}`;
      const wrong = problemsOf(`asked#${path}/requestBody/content/application~1json/schema`, body);
      problems.push(...wrong.map((problem) => `body: ${problem}`));
      return { problems, query, body };
    },

    checkAnswer(operation, status, body) {
      const method = operation.method.toLowerCase();
      const listed = at(answered, "paths", operation.template, method, "responses")[String(status)];
      if (!isNode(listed)) {
        if (!ERRORS.has(status)) return [`status ${status} is not in the contract`];
        return problemsOf("answered#/components/schemas/error", body);
      }
      if (!isNode(resolved(answered, listed)["content"])) {
        return body === undefined ? [] : [`status ${status} has no body in the contract`];
      }
      const reference =
        typeof listed["$ref"] === "string"
          ? listed["$ref"]
          : `#/paths/${pointer(operation.template)}/${method}/responses/${status}`;
      return problemsOf(`answered${reference}/content/application~1json/schema`, body);
    },
  };
}

let loaded: Contract | undefined;

/** Render's contract, loaded once per process. */
export function renderContract(): Contract {
  return (loaded ??= loadContract());
}

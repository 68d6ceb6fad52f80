/** A JSON object of the contract's document. */
export type Node = { [key: string]: unknown };

// Composed by allOf, so its properties are not all there are.
const OPEN = new Set(["envGroupMeta"]);

/** Whether a value is a JSON object. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * OpenAPI 3.0 to what ajv understands, closed against unknown properties. `oneOf` becomes `anyOf`, because
 * the contract's alternatives overlap; what they meant is put back by `answersSchema`.
 */
function closed(value: unknown, name = ""): unknown {
  if (typeof value === "string") return value.replaceAll("/oneOf/", "/anyOf/");
  if (Array.isArray(value)) return value.map((item) => closed(item));
  if (!isNode(value)) return value;
  const node: Node = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === "allOf" && Array.isArray(child)) node[key] = child;
    else node[key === "oneOf" && Array.isArray(child) ? "anyOf" : key] = closed(child, key);
  }
  if (node["type"] === "object" && isNode(node["properties"]) && !OPEN.has(name)) {
    const required = Array.isArray(node["required"]) ? (node["required"] as string[]) : [];
    // Some names are required and described nowhere.
    node["properties"] = { ...Object.fromEntries(required.map((key) => [key, {}])), ...node["properties"] };
    node["additionalProperties"] ??= false;
    node["patternProperties"] = { "^future": {} };
  }
  if (node["nullable"] !== true) return node;
  delete node["nullable"];
  return { anyOf: [node, { type: "null" }] };
}

/** The object at a path inside the document; throws when there is none. */
export function at(root: unknown, ...path: readonly (string | number)[]): Node {
  let node = root;
  for (const key of path) node = (node as Node)[key];
  if (!isNode(node)) throw new Error(`The contract has nothing at ${path.join("/")}`);
  return node;
}

/** The contract as requests are held to it: closed, with the known fields that it lacks. */
export function requestsSchema(source: unknown): Node {
  const root = closed(source) as Node;
  const schemas = at(root, "components", "schemas");
  const trigger = { type: "string", enum: ["commit", "checksPass", "off"] };
  at(schemas, "servicePATCH", "properties")["autoDeployTrigger"] = trigger;
  const triggerBody = at(root, "paths", "/services/{serviceId}/deploys", "post", "requestBody", "content");
  at(triggerBody, "application/json", "schema", "properties")["artifactId"] = { type: "string" };
  return root;
}

/** `if type is …, then …`, as an alternative. */
function impliedBy(type: string, schema: Node): Node {
  return { anyOf: [{ properties: { type: { not: { const: type } } } }, schema] };
}

/** The contract as answers are held to it: with `null` where it comes, and with names beginning with `future`. */
export function answersSchema(source: unknown): Node {
  const root = requestsSchema(source);
  const schemas = at(root, "components", "schemas");
  const future = { type: "string", pattern: "^future_" };
  const nullable = (properties: Node, name: string): void => {
    properties[name] = { anyOf: [properties[name], { type: "null" }] };
  };

  const service = at(schemas, "service");
  const serviceFields = at(service, "properties");
  serviceFields["autoDeployTrigger"] = { type: "string", enum: ["commit", "checksPass", "off"] };
  serviceFields["artifactSourceId"] = { type: "string" };
  serviceFields["type"] = { anyOf: [serviceFields["type"], future] };
  service["allOf"] = Object.entries({
    static_site: "staticSiteDetails",
    web_service: "webServiceDetails",
    private_service: "privateServiceDetails",
    background_worker: "backgroundWorkerDetails",
    cron_job: "cronJobDetails",
  }).map(([type, details]) =>
    impliedBy(type, { properties: { serviceDetails: { $ref: `#/components/schemas/${details}` } } }),
  );

  const deployFields = at(schemas, "deploy", "properties");
  for (const name of ["commit", "startedAt", "finishedAt"]) nullable(deployFields, name);
  deployFields["artifactId"] = { type: "string" };
  deployFields["status"] = { anyOf: [deployFields["status"], future] };

  // The alternatives of `details` stand in the order of the event types.
  const types = at(root, "components", "parameters", "eventTypeParam", "schema", "anyOf", 0)[
    "enum"
  ] as string[];
  const where = "#/components/schemas/serviceEventWithCursor/properties/event/properties/details/anyOf";
  const event = at(schemas, "serviceEventWithCursor", "properties", "event");
  const byId = at(
    root,
    "paths",
    "/events/{eventId}",
    "get",
    "responses",
    "200",
    "content",
    "application/json",
    "schema",
  );
  for (const schema of [event, byId]) {
    const fields = at(schema, "properties");
    fields["type"] = {
      anyOf: [fields["type"], future, { enum: ["auto_deploy_enabled", "auto_deploy_disabled"] }],
    };
    schema["allOf"] = types.map((type, index) =>
      impliedBy(type, { properties: { details: { $ref: `${where}/${index}` } } }),
    );
  }

  for (const [path, methods] of Object.entries(at(root, "paths"))) {
    if (!path.startsWith("/metrics/")) continue;
    // The contract wants a unit beside every value; the recorded answers have it once per series.
    const series = at(methods, "get", "responses", "200", "content", "application/json", "schema", "items");
    at(series, "properties", "values", "items")["required"] = ["timestamp", "value"];
  }
  const lines = at(
    root,
    "components",
    "responses",
    "Logs200Response",
    "content",
    "application/json",
    "schema",
  );
  const frame = at(
    root,
    "paths",
    "/logs/subscribe",
    "get",
    "responses",
    "101",
    "content",
    "application/json",
    "schema",
  );
  for (const line of [at(lines, "properties", "logs", "items"), frame]) {
    const label = at(line, "properties", "labels", "items", "properties");
    label["name"] = { anyOf: [label["name"], { enum: ["sandbox"] }, { type: "string", pattern: "^future" }] };
  }
  return root;
}

import type { Plugin } from "rolldown";

/**
 * Third-party code that is imported with what we use and never runs here, by its path below `node_modules`, and what
 * stands in its place.
 */
const unused: readonly (readonly [RegExp, string])[] = [
  // Mocks, caches, interceptors, other pools, and a second parser that has to be switched on (`UNDICI_USE_MILO`).
  [
    /\/undici\/lib\/(?:mock|milo|cache|interceptor|handler|web\/(?:cache|cookies|eventsource|websocket\/stream)|dispatcher\/(?:balanced-pool|round-robin-pool|retry-agent|h2c-client)|api\/api-(?:stream|pipeline))\b/,
    "module.exports = { CacheStorage: class {} };",
  ],
  // `request` of Octokit is all that is used: https://github.com/octokit/core.js
  [/\/@octokit\/plugin-rest-endpoint-methods\//, "export const restEndpointMethods = () => ({});"],
  [/\/@octokit\/plugin-paginate-rest\//, "export const paginateRest = () => ({});"],
  // Octokit gets a fetch of ours, with the proxy's agent; nothing asks for an OIDC token or runs a command.
  [
    /\/@actions\/http-client\/lib\/index\.js$/,
    "export class HttpClient { getAgent() {} getAgentDispatcher() {} }",
  ],
  [/\/@actions\/core\/lib\/oidc-utils\.js$/, "export class OidcClient {}"],
  [/\/@actions\/core\/lib\/platform\.js$/, "export {};"],
];

/** Undici's HTTP parser for processors without SIMD: left beside the bundle, where `require` finds it if it is ever wanted. */
const SLOW_PARSER = "../llhttp/llhttp-wasm.js";
export const SLOW_PARSER_FILE = "llhttp-wasm.cjs";

const STANDS_FOR_FETCH = "\0undici-fetch";

/** Leaves out of the bundle what `unused` lists, and undici's fetch except for its WebSocket, which needs it. */
export const withoutUnused: Plugin = {
  name: "without-unused",
  resolveId(source, importer = "") {
    // The log stream is loaded on its own, with undici's fetch, on which its WebSocket stands.
    if (source === SLOW_PARSER) return { id: `./${SLOW_PARSER_FILE}`, external: true };
    if (source === "undici" && importer.endsWith("/src/io/log-stream.ts"))
      return this.resolve("undici/lib/web/websocket/websocket.js", importer);
    // Bodies are text or bytes here, never forms.
    const isHttp = /\/undici\/(?:index|lib\/(?:core|dispatcher)\/[\w-]+)\.js$/.test(importer);
    return isHttp && /\/web\//.test(source) ? STANDS_FOR_FETCH : null;
  },
  load(id) {
    if (id === STANDS_FOR_FETCH) return "module.exports = { CacheStorage: class {} };";
    const path = id.replaceAll("\\", "/");
    return unused.find(([where]) => where.test(path))?.[1] ?? null;
  },
};

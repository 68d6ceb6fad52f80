import { describe, expect, it } from "vitest";
import type { MetricName, Source } from "../../src/core/source.ts";
import { baseUrl, defaultHealthPath, isPath, unsupportedBy } from "../../src/core/service-type.ts";
import { givenCheck, givenLogCheck, givenService } from "./given.ts";

const http = (url: string): Source => ({ kind: "http", url, method: "GET", headers: {}, timeoutMs: 1 });
const logs = (type: "app" | "build" | "request"): Source => givenLogCheck({ type }).source;
const events = (...types: readonly string[]): Source => ({ kind: "events", types });
const sql: Source = { kind: "sql", query: "select 1", database: "main" };

const metric = (name: MetricName, of?: string): Source => ({
  kind: "metric",
  name,
  ofLimit: false,
  asRatio: false,
  ...(of === undefined ? {} : { of }),
});
const files: Source = { kind: "source", glob: "src/**", require: [], forbid: [] };
const NONE = [undefined, undefined, undefined, undefined, undefined];

const TYPES = ["web_service", "static_site", "private_service", "background_worker", "cron_job"] as const;

describe("a check that the service's type cannot have", () => {
  /** web, static, private, worker, cron: what is said against it, if anything. */
  const rows: readonly (readonly [string, Source, readonly (RegExp | undefined)[]])[] = [
    [
      "http path",
      http("/health"),
      [
        undefined,
        undefined,
        /private service cannot be reached/,
        /background worker has no URL/,
        /cron job has no URL/,
      ],
    ],
    [
      "http address",
      http("https://status.example.com"),
      [undefined, undefined, undefined, undefined, undefined],
    ],
    ["app logs", logs("app"), [undefined, /static site has no app logs/, undefined, undefined, undefined]],
    ["build logs", logs("build"), [undefined, undefined, undefined, undefined, undefined]],
    [
      "request logs",
      logs("request"),
      [undefined, /no request logs/, /no request logs/, /no request logs/, /no request logs/],
    ],
    [
      "server events",
      events("server_failed"),
      [undefined, /runs no server/, undefined, undefined, /runs no server/],
    ],
    ["other events", events("image_pull_failed"), [undefined, undefined, undefined, undefined, undefined]],
    ["sql", sql, NONE],
    [
      "cpu",
      metric("cpu"),
      [undefined, /static site has no metrics/, undefined, undefined, /cron job has no m/],
    ],
    ["memory", metric("memory"), [undefined, /no metrics/, undefined, undefined, /no metrics/]],
    ["instances", metric("instance_count"), [undefined, /no metrics/, undefined, undefined, /no metrics/]],
    [
      "requests",
      metric("http_requests"),
      [
        undefined,
        /no metrics/,
        /private service has no http_requests, because Render counts requests of public services only/,
        /background worker has no http_requests/,
        /no metrics/,
      ],
    ],
    [
      "latency",
      metric("http_latency"),
      [undefined, /no metrics/, /no http_latency/, /no http_latency/, /no metrics/],
    ],
    ["requests of another service", metric("http_requests", "shop-web"), NONE],
    [
      "connections",
      metric("active_connections"),
      [/belong to a database/, /no metrics/, /belong to a d/, /belong to a d/, /no metrics/],
    ],
    ["connections of a database", metric("active_connections", "shop-db"), NONE],
    ["env", { kind: "env", expected: { A: "1" } }, NONE],
    ["source", files, NONE],
    ["derive", { kind: "derive", formulas: {} }, NONE],
  ];
  const cells = rows.flatMap(([what, source, said]) =>
    TYPES.map((type, index) => [what, type, source, said[index]] as const),
  );
  it.each(cells)("%s on %s", (_what, type, source, said) => {
    const { url: _none, ...bare } = givenService({ type });
    const hasUrl = type === "web_service" || type === "static_site";
    const told = unsupportedBy(hasUrl ? givenService({ type }) : bare, givenCheck({ source }));
    if (said === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(said);
  });
  it("files of a service that runs an image", () => {
    const { repo: _none, ...image } = givenService();
    expect(unsupportedBy(image, givenCheck({ source: files }))).toMatch(
      /runs an image and has no repository/,
    );
  });
  it("a type of tomorrow may have an address", () => {
    const service = givenService({ type: "edge_function" });
    const { url: _none, ...bare } = service;
    expect(unsupportedBy(service, givenCheck({ source: http("/") }))).toBeUndefined();
    expect(unsupportedBy(bare, givenCheck({ source: http("/") }))).toMatch(
      /a service of type edge_function has no URL/,
    );
    expect(unsupportedBy(service, givenCheck({ source: logs("app") }))).toBeUndefined();
  });
});

describe("where to ask", () => {
  it.each([
    ["/health", true],
    ["health", true],
    ["https://example.com/", false],
    ["HTTP://example.com", false],
    ["/https://x", true],
  ])("%s is a path: %s", (url, expected) => expect(isPath(url)).toBe(expected));

  const url = "https://shop-api.onrender.com";
  it("the service's own address", () => {
    expect(baseUrl({ url }, [])).toBe(url);
    expect(baseUrl({ url, subdomainPolicy: "enabled" }, ["shop.example.com"])).toBe(url);
  });
  it("a disabled onrender address gives way to the first verified custom domain", () => {
    expect(baseUrl({ url, subdomainPolicy: "disabled" }, ["shop.example.com", "b.example.com"])).toBe(
      "https://shop.example.com",
    );
    expect(baseUrl({ url, subdomainPolicy: "disabled" }, [])).toBeUndefined();
  });
  it("a service without an address", () => {
    expect(baseUrl({}, [])).toBeUndefined();
    expect(baseUrl({}, ["shop.example.com"])).toBe("https://shop.example.com");
  });
  it.each([
    ["static site: its front page", givenService({ type: "static_site" }), "/"],
    ["web: Render's own health check path", givenService({ healthCheckPath: "/healthz" }), "/healthz"],
    ["web without one", givenService(), undefined],
    ["web with an empty one", givenService({ healthCheckPath: "" }), undefined],
    ["worker", givenService({ type: "background_worker", healthCheckPath: "/x" }), undefined],
  ])("what is asked for without a config file: %s", (_rule, service, path) =>
    expect(defaultHealthPath(service)).toBe(path),
  );
});

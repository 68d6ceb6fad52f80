import type { Check } from "./check.ts";
import type { MetricSource } from "./source.ts";
import type { Service } from "./service.ts";

/** Whether an http check asks for a path of the service (not an absolute URL). */
export function isPath(url: string): boolean {
  return !/^https?:\/\//i.test(url);
}

const NAMES: { readonly [type: string]: string } = {
  static_site: "a static site",
  web_service: "a web service",
  private_service: "a private service",
  background_worker: "a background worker",
  cron_job: "a cron job",
};

/** Why this service cannot have the check (design 5.2); undefined when it can. */
export function unsupportedBy(
  service: Pick<Service, "type" | "url" | "repo">,
  check: Check,
): string | undefined {
  const { source } = check;
  const what = NAMES[service.type] ?? `a service of type ${service.type}`;
  switch (source.kind) {
    case "http":
      if (!isPath(source.url)) return undefined;
      if (service.type === "private_service")
        return `${what} cannot be reached from outside Render, so a path cannot be asked for`;
      if (service.type !== "web_service" && service.type !== "static_site" && service.url === undefined)
        return `${what} has no URL; give an absolute one`;
      return undefined;
    case "logs":
      if (service.type === "static_site" && source.type !== "build")
        return `${what} has no ${source.type} logs`;
      if (source.type === "request" && service.type !== "web_service") return `${what} has no request logs`;
      return undefined;
    case "events":
      if (
        (service.type === "static_site" || service.type === "cron_job") &&
        source.types.some((type) => type.startsWith("server_"))
      ) {
        return `${what} runs no server, so there are no server events`;
      }
      return undefined;
    case "metric":
      return unmeasuredBy(service.type, source, what);
    case "source":
      return service.repo === undefined
        ? "the service runs an image and has no repository whose files could be read"
        : undefined;
    case "sql":
    case "env":
    case "derive":
      return undefined;
  }
}

/**
 * Static sites and cron jobs have no metrics (https://docs.datadoghq.com/integrations/render-metrics/), and requests
 * are counted where they come in from outside. What another resource has, only Render can say.
 */
function unmeasuredBy(type: Service["type"], source: MetricSource, what: string): string | undefined {
  if (source.of !== undefined) return undefined;
  if (type === "static_site" || type === "cron_job") return `${what} has no metrics`;
  const isHttp = source.name === "http_requests" || source.name === "http_latency";
  if (isHttp && (type === "private_service" || type === "background_worker"))
    return `${what} has no ${source.name}, because Render counts requests of public services only`;
  return source.name === "active_connections"
    ? "active_connections belong to a database; name it with of inside metric"
    : undefined;
}

/** Address that paths are joined to: the service's URL, or the first verified custom domain when that one is disabled. */
export function baseUrl(
  service: Pick<Service, "url" | "subdomainPolicy">,
  customDomains: readonly string[],
): string | undefined {
  if (service.subdomainPolicy !== "disabled" && service.url !== undefined) return service.url;
  const domain = customDomains[0];
  return domain === undefined ? undefined : `https://${domain}`;
}

/** Path the built-in health check asks for; undefined when nothing over http can be measured. */
export function defaultHealthPath(service: Pick<Service, "type" | "healthCheckPath">): string | undefined {
  if (service.type === "static_site") return "/";
  if (service.type !== "web_service") return undefined;
  return service.healthCheckPath === undefined || service.healthCheckPath === ""
    ? undefined
    : service.healthCheckPath;
}

/** Whether copies of the service run for long; runs of cron jobs do not, and static sites have none. */
export function hasInstances(service: Pick<Service, "type">): boolean {
  return service.type !== "cron_job" && service.type !== "static_site";
}

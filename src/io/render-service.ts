import * as z from "zod";
import { pathPart } from "./address.ts";
import type { Service } from "../core/service.ts";

const DEFAULT_SHUTDOWN_SECONDS = 30;

const text = z.string().nullish();

const details = z.object({
  url: text,
  healthCheckPath: text,
  plan: text,
  numInstances: z.number().nullish(),
  maintenanceMode: z.object({ enabled: z.boolean().nullish() }).nullish(),
  renderSubdomainPolicy: text,
  maxShutdownDelaySeconds: z.number().nullish(),
  parentServer: z.object({ id: text }).nullish(),
});

/** `service` of Render's API. Unknown fields are ignored, unknown enum values stay their own string. */
const reply = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  type: z.string(),
  autoDeploy: text,
  autoDeployTrigger: text,
  suspended: text,
  suspenders: z.array(z.string()).nullish(),
  repo: text,
  branch: text,
  rootDir: text,
  buildFilter: z
    .object({ paths: z.array(z.string()).nullish(), ignoredPaths: z.array(z.string()).nullish() })
    .nullish(),
  dashboardUrl: text,
  serviceDetails: details.nullish(),
});

export interface FoundService {
  readonly id: string;
  readonly service: Service;
  /** Made for a pull request. */
  readonly isPreview: boolean;
}

/** Where a service is found. */
export function servicePath(serviceId: string): string {
  return `/services/${pathPart(serviceId)}`;
}

export const serviceReply = reply.transform((service): FoundService => ({
  id: service.id,
  service: serviceOf(service),
  isPreview: Boolean(service.serviceDetails?.parentServer?.id),
}));

function serviceOf(answer: z.output<typeof reply>): Service {
  const about = answer.serviceDetails ?? {};
  return {
    id: answer.id,
    name: answer.name,
    ownerId: answer.ownerId,
    type: answer.type,
    autoDeploy: answer.autoDeploy !== "no" && answer.autoDeployTrigger !== "off",
    ...filled("autoDeployTrigger", answer.autoDeployTrigger),
    suspended: answer.suspended === "suspended",
    suspenders: answer.suspenders ?? [],
    ...filled("repo", answer.repo),
    ...filled("branch", answer.branch),
    rootDir: answer.rootDir ?? "",
    ...(answer.buildFilter
      ? {
          buildFilter: {
            paths: answer.buildFilter.paths ?? [],
            ignoredPaths: answer.buildFilter.ignoredPaths ?? [],
          },
        }
      : {}),
    dashboardUrl: answer.dashboardUrl ?? "",
    ...filled("url", about.url),
    ...filled("healthCheckPath", about.healthCheckPath),
    ...filled("plan", about.plan),
    ...(typeof about.numInstances === "number" ? { numInstances: about.numInstances } : {}),
    maintenanceMode: about.maintenanceMode?.enabled === true,
    ...filled("subdomainPolicy", about.renderSubdomainPolicy),
    shutdownDelayMs: (about.maxShutdownDelaySeconds ?? DEFAULT_SHUTDOWN_SECONDS) * 1000,
  };
}

/** The field when it holds something: Render writes "" and null for what is not set. */
function filled<Name extends string>(
  name: Name,
  value: string | null | undefined,
): { readonly [key in Name]?: string } {
  return value ? ({ [name]: value } as { readonly [key in Name]: string }) : {};
}

import type { ServiceType } from "./check.ts";

/** What Render is told about auto-deploy; services of older answers have only `autoDeploy`. */
export type AutoDeploySetting =
  | { readonly autoDeployTrigger: "off" | "commit" | "checksPass" }
  | { readonly autoDeploy: "yes" | "no" };

/** A Render service, as far as the gate needs it. Fields that Render may leave out are optional. */
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** An unknown type arrives as its own string. */
  readonly type: ServiceType | (string & {});
  readonly autoDeploy: boolean;
  /** `commit`, `checksPass`, `off`; absent from older answers. */
  readonly autoDeployTrigger?: string;
  readonly suspended: boolean;
  readonly suspenders: readonly string[];
  /** `https://github.com/acme/shop`; absent for image-backed services. */
  readonly repo?: string;
  readonly branch?: string;
  readonly rootDir: string;
  readonly buildFilter?: { readonly paths: readonly string[]; readonly ignoredPaths: readonly string[] };
  readonly dashboardUrl: string;
  /** Public address (web, static), or `host:port` inside Render (private). */
  readonly url?: string;
  readonly healthCheckPath?: string;
  readonly plan?: string;
  readonly numInstances?: number;
  readonly maintenanceMode: boolean;
  /** `enabled` or `disabled`: whether the onrender address answers. */
  readonly subdomainPolicy?: string;
  /** Default 30 000. */
  readonly shutdownDelayMs: number;
}

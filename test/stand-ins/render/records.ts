import { createHash } from "node:crypto";

/** A deploy status that render-api.md 3.2 lists, or one that Render may add later (`future_…`). */
export type DeployStatus =
  | "queued"
  | "created"
  | "build_in_progress"
  | "pre_deploy_in_progress"
  | "update_in_progress"
  | "live"
  | "deactivated"
  | "build_failed"
  | "pre_deploy_failed"
  | "update_failed"
  | "canceled"
  | `future_${string}`;

/** Why an instance or a deploy ended, as events tell it. */
export interface Failure {
  readonly evicted: boolean;
  readonly nonZeroExit?: number;
  readonly earlyExit?: boolean;
  readonly oomKilled?: { readonly memoryLimit: string };
  readonly timedOutSeconds?: number;
  readonly timedOutReason?: string;
  readonly unhealthy?: string;
}

/** Believable reasons. */
export const failures = {
  exit: (code = 1): Failure => ({ evicted: false, nonZeroExit: code }),
  earlyExit: (): Failure => ({ evicted: false, earlyExit: true }),
  outOfMemory: (memoryLimit = "512Mi"): Failure => ({ evicted: false, oomKilled: { memoryLimit } }),
  unhealthy: (why = "HTTP health check failed (timed out after 5 seconds)"): Failure => ({
    evicted: false,
    unhealthy: why,
  }),
  timedOut: (seconds = 900): Failure => ({
    evicted: false,
    timedOutSeconds: seconds,
    timedOutReason: "Port scan timeout reached, no open ports detected",
  }),
  evicted: (): Failure => ({ evicted: true }),
} as const;

/** A service as the API shows it; tests may change every field. */
export interface ServiceRecord {
  id: string;
  name: string;
  slug: string;
  ownerId: string;
  type: string;
  autoDeploy: "yes" | "no";
  autoDeployTrigger?: string;
  repo?: string;
  branch?: string;
  imagePath?: string;
  rootDir: string;
  buildFilter?: { paths: readonly string[]; ignoredPaths: readonly string[] };
  environmentId?: string;
  dashboardUrl: string;
  notifyOnFail: string;
  suspended: "suspended" | "not_suspended";
  suspenders: string[];
  createdAt: string;
  updatedAt: string;
  serviceDetails: Record<string, unknown>;
}

export type ServiceInput = Partial<Omit<ServiceRecord, "serviceDetails">> & {
  /** Image-backed: no repo, no branch. */
  readonly image?: string;
  /** Laid over the defaults of the type. */
  readonly serviceDetails?: Readonly<Record<string, unknown>>;
};

/** A deploy as the API shows it. */
export interface DeployRecord {
  id: string;
  commit?: { id: string; message: string; createdAt: string } | null;
  image?: { ref: string; sha?: string };
  status: DeployStatus;
  trigger?: string;
  createdAt: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  updatedAt: string;
}

/** A 40-digit commit id from any words, always the same. */
export function sha(words: string): string {
  return createHash("sha1").update(words).digest("hex");
}

/** 20 characters after a prefix, or a suffix of another length; deterministic. */
export function idFrom(seed: string, length = 20): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** Render's object times: RFC 3339 in microseconds. */
export function timeText(ms: number): string {
  const whole = Math.floor(ms);
  const micros = Math.floor((ms - whole) * 1000);
  return new Date(whole).toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
}

const DASHBOARD: Readonly<Record<string, string>> = {
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  static_site: "static",
  cron_job: "cron",
};

function detailsOf(
  type: string,
  about: { readonly slug: string; readonly isImage: boolean },
): Record<string, unknown> {
  const { slug, isImage } = about;
  if (type === "static_site") {
    return {
      buildCommand: "npm ci && npm run build",
      publishPath: "dist",
      url: `https://${slug}.onrender.com`,
      buildPlan: "starter",
      previews: { generation: "off" },
      renderSubdomainPolicy: "enabled",
    };
  }
  const runtime = isImage ? "image" : "node";
  const common = {
    env: runtime,
    runtime,
    envSpecificDetails: isImage
      ? { dockerCommand: "", dockerContext: "", dockerfilePath: "" }
      : { buildCommand: "npm ci && npm run build", startCommand: "npm start" },
    plan: "starter",
    region: "frankfurt",
    buildPlan: "starter",
  };
  if (type === "cron_job") return { ...common, schedule: "0 3 * * *" };
  const running = {
    ...common,
    numInstances: 1,
    maxShutdownDelaySeconds: 30,
    previews: { generation: "off" },
  };
  if (type === "background_worker") return running;
  const openPorts = [{ port: 10_000, protocol: "TCP" }];
  if (type === "private_service") return { ...running, openPorts, url: `${slug}:10000` };
  return {
    ...running,
    openPorts,
    url: `https://${slug}.onrender.com`,
    healthCheckPath: "/healthz",
    maintenanceMode: { enabled: false, uri: "" },
    renderSubdomainPolicy: "enabled",
  };
}

/** A service with believable defaults for its type. `now` in ms. */
export function serviceRecord(
  input: ServiceInput,
  made: { readonly id: string; readonly now: number },
): ServiceRecord {
  const { image, serviceDetails, ...fields } = input;
  const type = input.type ?? "web_service";
  const id = input.id ?? `${type === "cron_job" ? "crn" : "srv"}-${made.id}`;
  const name = input.name ?? "shop-api";
  const slug = input.slug ?? name;
  const source =
    image === undefined ? { repo: "https://github.com/acme/shop", branch: "main" } : { imagePath: image };
  const bornAt = timeText(made.now - 200 * 86_400_000);
  return {
    id,
    name,
    slug,
    ownerId: "tea-abcd0123456789efghij",
    type,
    autoDeploy: image === undefined ? "yes" : "no",
    autoDeployTrigger: image === undefined ? "commit" : "off",
    ...source,
    rootDir: "",
    dashboardUrl: `https://dashboard.render.com/${DASHBOARD[type] ?? "web"}/${id}`,
    notifyOnFail: "default",
    suspended: "not_suspended",
    suspenders: [],
    createdAt: bornAt,
    updatedAt: bornAt,
    ...fields,
    serviceDetails: { ...detailsOf(type, { slug, isImage: image !== undefined }), ...serviceDetails },
  };
}

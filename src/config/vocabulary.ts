/** Render's log levels (`GET /logs` of the Render API). */
export const LOG_LEVELS = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;

/** Events that can speak for or against a version that is live. */
export const WATCHED_EVENTS = [
  "server_failed",
  "server_restarted",
  "server_available",
  "instance_count_changed",
  "autoscaling_started",
  "autoscaling_ended",
  "image_pull_failed",
  "cron_job_run_started",
  "cron_job_run_ended",
  "job_run_ended",
  "zero_downtime_redeploy_started",
  "zero_downtime_redeploy_ended",
] as const;

/** Render's other events (`eventType` of the Render API): about builds, deploys, people or the platform. */
export const OTHER_EVENTS: readonly string[] = [
  "autoscaling_config_changed",
  "branch_deleted",
  "build_ended",
  "build_started",
  "commit_ignored",
  "deploy_ended",
  "deploy_started",
  "disk_created",
  "disk_updated",
  "disk_deleted",
  "initial_deploy_hook_ended",
  "initial_deploy_hook_started",
  "maintenance_mode_enabled",
  "maintenance_mode_uri_updated",
  "maintenance_ended",
  "maintenance_started",
  "pipeline_minutes_exhausted",
  "plan_changed",
  "pre_deploy_ended",
  "pre_deploy_started",
  "server_hardware_failure",
  "service_resumed",
  "service_suspended",
  "suspender_added",
  "suspender_removed",
];

/** Sources a check can have. */
export const SOURCES = ["http", "logs", "sql", "metric", "events", "env", "source", "derive"] as const;
export type SourceKind = (typeof SOURCES)[number];

/** Render's metrics that a check can watch (`GET /metrics/…` of the Render API). */
export const METRICS = [
  "cpu",
  "memory",
  "http_requests",
  "http_latency",
  "active_connections",
  "instance_count",
] as const;

/** What a relative condition may compare with. */
export const BASELINES = [
  "while-building",
  "previous deploy",
  "same hour last week",
  "last 5 good deploys",
] as const;

/** Whether a value counts as it is written, `010` and `yes` included: what a variable of `env` is expected to be. */
export function isAsWritten(path: readonly PropertyKey[]): boolean {
  return path.length === 4 && path[0] === "checks" && path[2] === "env";
}

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

/** Sources a check can have in this version. */
export const SOURCES = ["http", "logs", "sql", "events"] as const;
export type SourceKind = (typeof SOURCES)[number];

/** Sources of the design that this version does not have yet. */
export const LATER_SOURCES: readonly string[] = ["metric", "env", "source", "derive"];

/** Keys of the design that this version does not have yet, by where they stand (`*` is any name). */
const LATER_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ["", ["notify", "report", "after"]],
  ["checks.*", [...LATER_SOURCES, "baseline", "floor", "diagnose"]],
  ["checks.*.logs", ["count", "per", "span", "inside"]],
  ["stages.*", ["across_deploys"]],
  ["guards", ["max_actions"]],
  ["remedies.*.*", ["render_rollback", "recheck", "patch_pr", "issue"]],
];

/** Whether the design has this key at this place although this version does not. */
export function isLater(path: readonly PropertyKey[], key: string): boolean {
  return LATER_KEYS.some(([place, keys]) => {
    const steps = place === "" ? [] : place.split(".");
    const fits =
      steps.length === path.length && steps.every((step, index) => step === "*" || step === path[index]);
    return fits && keys.includes(key);
  });
}

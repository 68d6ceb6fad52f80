/** Why a deploy or an instance ended, as Render's events tell it (`failure` shape of the API). */
export interface EventFailure {
  readonly evicted?: boolean;
  readonly nonZeroExit?: number;
  readonly earlyExit?: boolean;
  /** Memory limit as Render writes it; "" when it does not say. */
  readonly oomKilled?: string;
  readonly timedOutSeconds?: number;
  readonly timedOutReason?: string;
  readonly unhealthy?: string;
}

/** One Render event, flattened. Unknown types and fields are kept out, not refused. */
export interface RenderEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly deployId?: string;
  /** `succeeded`, `failed`, `canceled` of deploy_ended, build_ended, pre_deploy_ended. */
  readonly status?: string;
  readonly instanceId?: string;
  readonly failure?: EventFailure;
  /** `reason.newDeploy.id`: the deploy that superseded this one. */
  readonly newDeployId?: string;
  /** `reason.newBuild.id`. */
  readonly newBuildId?: string;
  /** `reason.buildFailed`. */
  readonly buildFailed?: boolean;
  /** `commit_ignored`: the commit. */
  readonly commit?: string;
  /** A person did it (`triggeredByUser`, `user`): their name, or "". */
  readonly user?: string;
}

import type { Deploy } from "../../src/core/deploy.ts";
import type { Service } from "../../src/core/service.ts";
import type { Deploys } from "../../src/ports.ts";
import { SECOND, type DeployCourse, type World } from "./world.ts";

/** Render's services, deploys, instances and events in memory. A rollback is a deploy of its own; orders are told to `act`. */
export function memoryRender(
  world: World,
  about: {
    readonly now: () => number;
    readonly act: (what: string) => void;
    readonly call: () => Promise<void>;
  },
): Deploys {
  const { now, act, call } = about;
  const added: DeployCourse[] = [];
  let setting = world.service.autoDeployTrigger ?? "commit";
  const serviceNow = (): Service => ({
    ...world.service,
    autoDeploy: setting !== "off",
    autoDeployTrigger: setting,
  });
  const asDeploy = ({ id, sha, trigger, createdAt, steps }: DeployCourse): Deploy => {
    const reached = steps.filter(({ at }) => at <= now());
    const status = reached.at(-1)?.status ?? "created";
    const startedAt = reached.find((one) => one.status === "build_in_progress")?.at;
    const ended = reached.find((one) => /live|failed|canceled/.test(one.status))?.at;
    return {
      id,
      commit: { sha, message: "A change" },
      status,
      trigger,
      createdAt,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(ended === undefined ? {} : { finishedAt: ended }),
    };
  };
  const created = (): readonly DeployCourse[] =>
    [...world.deploys, ...added]
      .filter(({ createdAt }) => createdAt <= now())
      .toSorted((a, b) => b.createdAt - a.createdAt);

  return {
    async servicesNamed(name) {
      await call();
      return name === world.service.name ? [serviceNow()] : [];
    },
    async service() {
      await call();
      return serviceNow();
    },
    async servicesOf() {
      await call();
      return [serviceNow()];
    },
    async customDomains() {
      await call();
      return [];
    },
    async deploys(_serviceId, { createdAfter = -Infinity }) {
      await call();
      return created()
        .map(asDeploy)
        .filter(({ createdAt }) => createdAt >= createdAfter);
    },
    async deploy(_serviceId, deployId) {
      await call();
      const found = created().find(({ id }) => id === deployId);
      return found && asDeploy(found);
    },
    async trigger() {
      throw new Error("no deploy is asked for in these worlds");
    },
    async rollback(_serviceId, deployId) {
      await call();
      act("render_rollback");
      const sha = created().find(({ id }) => id === deployId)?.sha ?? "";
      const at = now();
      const steps = [
        { at, status: "created" },
        { at: at + 2 * SECOND, status: "update_in_progress" },
        { at: at + 20 * SECOND, status: "live" },
      ];
      const course = {
        id: `dep-rollback${String(added.length)}`,
        sha,
        trigger: "rollback",
        createdAt: at,
        steps,
      };
      added.push(course);
      return asDeploy(course);
    },
    async setAutoDeploy(_serviceId, wanted) {
      await call();
      act("freeze");
      if ("autoDeployTrigger" in wanted) setting = wanted.autoDeployTrigger;
      return serviceNow();
    },
    async instances() {
      await call();
      return world.instances.filter(({ createdAt, endsAt }) => createdAt <= now() && now() < endsAt);
    },
    async events(_serviceId, { from, to, types }) {
      await call();
      return world.events.filter(
        ({ at, type }) => at <= now() && at >= from && at <= to && (types?.includes(type) ?? true),
      );
    },
  };
}

import { checkRoutes } from "./checks.ts";
import { commitRoutes } from "./commits.ts";
import { deploymentRoutes } from "./deployments.ts";
import { gitDataRoutes } from "./git-data.ts";
import { issueRoutes } from "./issues.ts";
import { pullRoutes } from "./pulls.ts";
import { refRoutes } from "./refs.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import type { Route } from "./site.ts";
import { statusRoutes } from "./statuses.ts";

/** Everything that is built, by the contract's key. */
export const ROUTES: ReadonlyMap<string, Route> = new Map(
  [
    checkRoutes,
    commitRoutes,
    deploymentRoutes,
    gitDataRoutes,
    issueRoutes,
    pullRoutes,
    refRoutes,
    repositoryRoutes,
    statusRoutes,
  ].flatMap((routes) => routes.map((route) => [route.key, route] as const)),
);

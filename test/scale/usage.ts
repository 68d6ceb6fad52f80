import type { GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import type { RenderStandIn } from "../stand-ins/render/server.ts";

/** What a request counts against. */
export type Budget = "GitHub REST" | "GitHub GraphQL" | "Render reads" | "Render log calls";

/** One request, and the kind of job that made it. */
export interface Used {
  readonly at: number;
  readonly by: "gate" | "look";
  readonly budget: Budget;
  readonly isRefused: boolean;
  /** GitHub's secondary limit counts what creates something. */
  readonly isContent: boolean;
}

const CONTENT = /\/(?:check-runs|statuses(?:\/\w+)?|deployments|pulls|issues|comments)$/;

/** Takes what has arrived at the stand-ins since the last time, as requests of one kind of job. */
export function usageMeter(at: {
  readonly github: GitHubStandIn;
  readonly render: RenderStandIn;
}): (by: Used["by"]) => readonly Used[] {
  const { github, render } = at;
  let seen = { github: 0, render: 0 };
  return (by) => {
    const asked = github.requests.slice(seen.github).map((one): Used => {
      const { method, path, status } = one;
      const isRefused = status === 403 || status === 429;
      const isContent = method === "POST" && CONTENT.test(path);
      const budget = path === "/graphql" ? "GitHub GraphQL" : "GitHub REST";
      return { at: one.at, by, budget, isRefused, isContent };
    });
    const read = render.requests.slice(seen.render).map((one): Used => {
      const budget = one.group === "logs" ? "Render log calls" : "Render reads";
      return { at: one.at, by, budget, isRefused: one.status === 429, isContent: false };
    });
    seen = { github: github.requests.length, render: render.requests.length };
    return [...asked, ...read];
  };
}

/** The most in any minute. */
export function mostPerMinute(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

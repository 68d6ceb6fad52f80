import { ServiceProblem } from "../problem.ts";
import type { RetryMode } from "./retry.ts";

/** Writes that end the same however often they arrive: https://docs.github.com/rest */
const REPEATABLE: readonly RegExp[] = [
  /^(?:PATCH|DELETE) .*\/git\/refs\/[^/]+$/,
  /^PATCH .*\/(?:pulls|issues)\/\d+$/,
  /^POST .*\/statuses\/[^/]+$/,
  /^POST .*\/deployments\/\d+\/statuses$/,
  /^POST .*\/git\/(?:commits|trees)$/,
  /^POST .*\/issues\/\d+\/(?:labels|assignees)$/,
  /^POST .*\/pulls\/\d+\/requested_reviewers$/,
];

/**
 * How a request to GitHub's API may be repeated, for `retryOf` of the HTTP client: reads and repeatable writes
 * always, the rest (anything that creates or appends) only when GitHub turned it away.
 */
export function githubRetryOf(method: string, url: URL): RetryMode {
  if (method === "GET" || method === "HEAD") return "safe";
  const request = `${method} ${url.pathname}`;
  return REPEATABLE.some((pattern) => pattern.test(request)) ? "safe" : "refused-only";
}

/** Whether a request may have been carried out although no answer says so. */
export function isDoubtful(error: unknown): error is ServiceProblem {
  if (!(error instanceof ServiceProblem)) return false;
  const { status, code } = error.failure;
  if (status === undefined) return code !== "aborted";
  return status >= 500 || status === 408 || code === "garbled";
}

/**
 * Creates something that must not come twice: after a failure that leaves doubt `look` tells whether it is there,
 * and only then it is tried once more. Throws the last failure of `create`.
 */
export async function createOnce<T>(
  create: () => Promise<T>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  try {
    return await create();
  } catch (error) {
    const found = await foundAfter(error, look);
    if (found !== undefined) return found;
  }
  try {
    return await create();
  } catch (error) {
    const found = await foundAfter(error, look);
    if (found !== undefined) return found;
    throw error;
  }
}

/** Throws the error itself when it leaves no doubt or looking fails as well. */
async function foundAfter<T>(error: unknown, look: () => Promise<T | undefined>): Promise<T | undefined> {
  if (!isDoubtful(error)) throw error;
  try {
    return await look();
  } catch (second) {
    if (second instanceof ServiceProblem) throw error;
    throw second;
  }
}

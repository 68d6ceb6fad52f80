import * as z from "zod";
import type { Forge } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import type { GitHubApi, Line } from "./github-api.ts";

/** Between attempts, ms: right after a pull request was opened, parts of GitHub do not know it yet. */
const PAUSES_MS: readonly number[] = [1_000, 2_000, 4_000];
/** https://docs.github.com/rest/issues/assignees#add-assignees-to-an-issue */
const MOST_ASSIGNEES = 10;

const assigned = z.object({ assignees: z.array(z.object({ login: z.string() })).nullish() });

/**
 * Labels, assignees and reviewers of a pull request or issue, with the token of that line; a sentence for each that
 * did not work.
 */
export function createDecorator(client: GitHubApi, line: Line): Forge["decorate"] {
  const { at } = client;

  const label = (number: number, labels: readonly string[]): Promise<unknown> =>
    line.write(z.unknown(), () =>
      line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
        ...at,
        issue_number: number,
        labels: [...labels],
      }),
    );

  const assign = async (number: number, assignees: readonly string[]): Promise<readonly string[]> => {
    const after = await line.write(assigned, () =>
      line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", {
        ...at,
        issue_number: number,
        assignees: [...assignees],
      }),
    );
    const now = new Set((after.assignees ?? []).map((one) => one.login.toLowerCase()));
    return assignees.filter((name) => !now.has(name.toLowerCase()));
  };

  const request = (number: number, names: readonly string[]): Promise<unknown> => {
    const teams = names.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
    const reviewers = names.filter((name) => !name.includes("/"));
    return line.write(z.unknown(), () =>
      line.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
        ...at,
        pull_number: number,
        ...(reviewers.length === 0 ? {} : { reviewers }),
        ...(teams.length === 0 ? {} : { team_reviewers: teams }),
      }),
    );
  };

  /** One name that may not review spoils the whole request, so after a refusal each is asked alone. */
  const review = async (number: number, names: readonly string[]): Promise<readonly string[]> => {
    const [failed] = await attempt(client, reviewText(names), () => request(number, names));
    if (failed === undefined || names.length === 1) return failed === undefined ? [] : [failed];
    const sentences: string[] = [];
    for (const name of names) {
      sentences.push(...(await attempt(client, reviewText([name]), () => request(number, [name]))));
    }
    return sentences;
  };

  return async (number, wishes) => {
    const labels = named(wishes.labels);
    const assignees = named(wishes.assignees).map(bare);
    const reviewers = named(wishes.reviewers).map(bare);
    const sentences: string[] = [];
    if (labels.length > 0) {
      const what = `The labels ${labels.join(", ")} could not be added`;
      sentences.push(...(await attempt(client, what, () => label(number, labels))));
    }
    for (let from = 0; from < assignees.length; from += MOST_ASSIGNEES) {
      const some = assignees.slice(from, from + MOST_ASSIGNEES);
      let ignored: readonly string[] = [];
      const what = `${some.join(", ")} could not be assigned`;
      sentences.push(
        ...(await attempt(client, what, async () => {
          ignored = await assign(number, some);
        })),
      );
      // GitHub leaves out whoever cannot be assigned without a word.
      if (ignored.length > 0) {
        sentences.push(
          `${ignored.join(", ")} could not be assigned: GitHub takes only people with access to the repository`,
        );
      }
    }
    if (reviewers.length > 0) sentences.push(...(await review(number, reviewers)));
    return sentences;
  };
}

/** No sentence when it worked, else one. */
async function attempt(
  client: GitHubApi,
  what: string,
  act: () => Promise<unknown>,
): Promise<readonly string[]> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      await act();
      return [];
    } catch (error) {
      if (!(error instanceof ServiceProblem)) throw error;
      const isEarly =
        error.status === 422 && /Could not resolve to a node/i.test(error.failure.body ?? error.message);
      if (!isEarly || pause === undefined) return [`${what}: ${error.message}`];
      await client.sleep(pause);
    }
  }
  return [];
}

function reviewText(names: readonly string[]): string {
  return `${names.join(", ")} could not be asked for a review`;
}

function named(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))];
}

function bare(name: string): string {
  return name.replace(/^@/, "");
}

import * as z from "zod";

/**
 * GitHub's words when it answered a GraphQL request with `errors`, undefined for any other error. Octokit throws
 * them: https://github.com/octokit/graphql.js#errors
 */
export function graphqlErrors(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("errors" in error)) return undefined;
  const errors = z.array(z.object({ message: z.string() })).safeParse(error.errors);
  if (!errors.success) return "without a reason";
  return errors.data
    .map((one) => one.message.replaceAll(/\s+/g, " "))
    .join("; ")
    .slice(0, 300);
}

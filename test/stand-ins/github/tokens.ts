import { createHash } from "node:crypto";
import type { User } from "./site.ts";
import { Refusal } from "./site.ts";

export type TokenKind = "actions" | "app" | "pat";

export interface TokenOptions {
  readonly kind: TokenKind;
  /** By scope, `-` or `_`; scopes left out are none. */
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  /** May write workflow files (an app's Workflows permission, a PAT's `workflow` scope). */
  readonly workflows?: boolean;
  /** `false`: the repository is not among those the token sees. */
  readonly access?: boolean;
}

export interface Token {
  readonly name: string;
  readonly secret: string;
  readonly kind: TokenKind;
  readonly permissions: ReadonlyMap<string, "read" | "write">;
  readonly workflows: boolean;
  readonly access: boolean;
  readonly user: User;
  readonly app: { readonly id: number; readonly slug: string } | undefined;
}

/** The app behind every GITHUB_TOKEN. */
const ACTIONS_APP = { id: 15368, slug: "github-actions" };

/** The permissions that the action's workflow asks for. */
export const ACTIONS_PERMISSIONS: TokenOptions["permissions"] = {
  contents: "write",
  "pull-requests": "write",
  checks: "write",
  statuses: "write",
  deployments: "write",
  actions: "write",
  issues: "write",
};

/** A number that is always the same for one name. */
export function numberOf(name: string): number {
  return createHash("sha1").update(name).digest().readUInt32BE(0) % 1_000_000_000;
}

/** Builds a token; its secret is long and holds dots, as GitHub's do since 2026. */
export function createToken(name: string, options: TokenOptions): Token {
  const app =
    options.kind === "actions"
      ? ACTIONS_APP
      : options.kind === "app"
        ? { id: numberOf(name), slug: name }
        : undefined;
  const digest = createHash("sha256").update(`${options.kind}:${name}`).digest("hex");
  const secret = app ? `ghs_${app.id}_eyJ0.${digest}${digest}.${digest}` : `github_pat_${digest}`;
  const permissions = new Map(
    Object.entries(options.permissions).map(([scope, level]) => [scope.replaceAll("-", "_"), level] as const),
  );
  return {
    name,
    secret,
    kind: options.kind,
    permissions,
    workflows: options.workflows ?? permissions.get("workflows") === "write",
    access: options.access ?? true,
    user: app ? { login: `${app.slug}[bot]`, type: "Bot" } : { login: name, type: "User" },
    app,
  };
}

/** GitHub's words for a token that lacks a permission. */
export function lacking(token: Token, accepted: string): Refusal {
  const what = token.kind === "pat" ? "personal access token" : "integration";
  return new Refusal(403, `Resource not accessible by ${what}`, {
    headers: { "x-accepted-github-permissions": accepted },
  });
}

/** Whether the token has what `accepted` asks for, such as `contents=write; contents=write,workflows=write`. */
export function isPermitted(token: Token, accepted: string): boolean {
  return accepted.split(";").some((set) =>
    set.split(",").every((item) => {
      const [scope = "", level = ""] = item.trim().split("=");
      if (scope === "metadata" || scope === "") return true;
      if (scope === "workflows" && token.workflows) return true;
      const given = token.permissions.get(scope);
      return given === "write" || given === level;
    }),
  );
}

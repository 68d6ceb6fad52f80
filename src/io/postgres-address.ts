import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { ServiceProblem } from "../problem.ts";

/** A database URL taken apart. Empty parts are left to libpq's environment variables, as `psql` does. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly options?: string;
  readonly applicationName: string;
  /** Ways to connect, in order: plain (`false`) or TLS. The second only if the server refuses the first as such. */
  readonly ways: readonly (false | ConnectionOptions)[];
}

/**
 * Takes `postgres://user:password@host:port/database?sslmode=…` apart. `sslmode` means what it means to libpq
 * (https://www.postgresql.org/docs/current/libpq-ssl.html); without it TLS is preferred, and on loopback allowed.
 * Render's external addresses accept TLS 1.2 and newer only. Throws ServiceProblem, which never holds the URL.
 */
export function addressOf(url: string): Address {
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== "postgres:" && parsed.protocol !== "postgresql:") throw new Error("scheme");
    const get = (name: string): string => parsed.searchParams.get(name) ?? "";
    const host =
      decodeURIComponent(parsed.hostname).replace(/^\[(.+)\]$/, "$1") || get("host") || "localhost";
    return {
      host,
      port: Number(parsed.port || get("port") || 5432),
      ...optional("user", decodeURIComponent(parsed.username) || get("user")),
      ...optional("password", decodeURIComponent(parsed.password) || get("password")),
      ...optional("database", decodeURIComponent(parsed.pathname.slice(1)) || get("dbname")),
      ...optional("options", get("options")),
      applicationName: get("application_name") || "render-deploy-gate",
      ways: waysOf(host, parsed.searchParams),
    };
  } catch (cause) {
    if (cause instanceof ServiceProblem) throw cause;
    throw problem(
      "the database url is not a postgres:// url",
      "Characters such as @ : / # in the password are written as %40 %3A %2F %23.",
    );
  }
}

function waysOf(host: string, query: URLSearchParams): Address["ways"] {
  if (host.startsWith("/")) return [false];
  const asked = query.get("ssl") === "true" ? "require" : isLoopback(host) ? "allow" : "prefer";
  const mode = query.get("sslmode") ?? asked;
  const unchecked: ConnectionOptions = { ...files(query), rejectUnauthorized: false };
  switch (mode) {
    case "disable":
      return [false];
    case "allow":
      return [false, unchecked];
    case "prefer":
      return [unchecked, false];
    case "no-verify":
      return [unchecked];
    case "require":
      // libpq: with a root certificate, `require` checks it.
      return [unchecked.ca === undefined ? unchecked : checked(query, false)];
    case "verify-ca":
      return [checked(query, false)];
    case "verify-full":
      return [checked(query, true)];
    default:
      throw problem(
        `the database url has sslmode=${mode.slice(0, 20)}, which does not exist`,
        "Use disable, allow, prefer, require, verify-ca or verify-full.",
      );
  }
}

function checked(query: URLSearchParams, name: boolean): ConnectionOptions {
  const options = { ...files(query), rejectUnauthorized: true };
  return name ? options : { ...options, checkServerIdentity: () => undefined };
}

function files(query: URLSearchParams): ConnectionOptions {
  const read = (name: string): string => {
    const path = query.get(name) ?? "";
    // `system` means the certificates that come with the runtime.
    if (path === "" || path === "system") return "";
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw problem(`the file of ${name} in the database url cannot be read`, `It says ${path}.`, cause);
    }
  };
  return {
    ...optional("ca", read("sslrootcert")),
    ...optional("cert", read("sslcert")),
    ...optional("key", read("sslkey")),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function optional<Name extends string>(name: Name, value: string): { readonly [key in Name]?: string } {
  return value === "" ? {} : ({ [name]: value } as { readonly [key in Name]: string });
}

function problem(message: string, hint: string, cause?: unknown): ServiceProblem {
  return new ServiceProblem({ service: "database", message, hint, code: "url" }, { cause });
}

import { Client } from "pg";
import type { Postgres } from "../stand-ins/postgres.ts";

/** The team's database: the runbook's tables, in which `now()` is the simulated time. */
export interface WorkDatabase extends AsyncDisposable {
  readonly url: string;
  /** Rows as they are from `at` (ms) on; those that lie behind the clock are written at once. */
  plan(changes: readonly RowChange[]): Promise<void>;
  /** Moves the clock, and writes what is due. */
  settle(now: number): Promise<void>;
  sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** One row of one table, whole. */
export interface RowChange {
  /** ms; also the row's `updated_at` or `created_at`. */
  readonly at: number;
  readonly table: "place" | "local_business" | "domain";
  readonly id: string;
  readonly place_id?: string;
  readonly status?: "New" | "Queued" | "Processing" | "Completed" | "Error";
  readonly error?: string;
  readonly name?: string;
}

/**
 * `now()` of the gate's queries has to be the simulated time, so a function of that name stands before PostgreSQL's
 * own: the role looks into `simulated` first. The rest of the server goes on in real time.
 */
const TABLES = `
  create table public.place (
    id uuid primary key, place_id text not null, deep_scan_status text not null, deep_scan_error text,
    updated_at timestamptz not null);
  create table public.local_business (
    id uuid primary key, place_id text, name text not null, website text, domain_extraction_status text not null,
    updated_at timestamptz not null);
  create table public.domain (id uuid primary key, created_at timestamptz not null);
  create index on public.place (updated_at);
  create index on public.local_business (updated_at);
  create index on public.domain (created_at);

  create schema simulated;
  create table simulated.clock (at timestamptz not null);
  insert into simulated.clock values ('2000-01-01');
  create function simulated.now() returns timestamptz language sql stable as 'select at from simulated.clock';
  create table simulated.change (
    at timestamptz not null, "table" text not null, id uuid not null, place_id text, status text, error text, name text);
  create index on simulated.change (at);
  create function simulated.settle(upto timestamptz) returns void language plpgsql as $$
  begin
    insert into public.place
      select distinct on (id) id, place_id, status, error, at from simulated.change
       where "table" = 'place' and at <= upto order by id, at desc
      on conflict (id) do update set deep_scan_status = excluded.deep_scan_status,
        deep_scan_error = excluded.deep_scan_error, updated_at = excluded.updated_at;
    insert into public.local_business
      select distinct on (id) id, place_id, name, 'https://' || id || '.example', status, at from simulated.change
       where "table" = 'local_business' and at <= upto order by id, at desc
      on conflict (id) do update set domain_extraction_status = excluded.domain_extraction_status,
        updated_at = excluded.updated_at;
    insert into public.domain
      select id, at from simulated.change where "table" = 'domain' and at <= upto;
    delete from simulated.change where at <= upto;
    update simulated.clock set at = upto;
  end $$;
  alter role app in database NAME set search_path = simulated, pg_catalog, public;
`;

let count = 0;

/** A database of its own on that server. */
export async function createWorkDatabase(postgres: Postgres): Promise<WorkDatabase> {
  const name = `runbook_${String((count += 1))}`;
  await postgres.adminSql(`create database ${name} owner app`);
  const of = (url: string): string => url.replace(/\/app$/, `/${name}`);
  const admin = new Client({ connectionString: of(postgres.adminUrl) });
  await admin.connect();
  await admin.query(TABLES.replace("NAME", name));
  for (const schema of ["public", "simulated"]) {
    await admin.query(
      `grant usage on schema ${schema} to app; grant select on all tables in schema ${schema} to app`,
    );
  }
  let settled: Promise<unknown> = Promise.resolve();
  let settledTo = 0;
  return {
    url: of(postgres.url),
    async plan(changes) {
      const rows = changes.map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() }));
      await admin.query(
        `insert into simulated.change select * from json_populate_recordset(null::simulated.change, $1)`,
        [JSON.stringify(rows)],
      );
    },
    async settle(now) {
      // Whoever else asks at this moment waits for the same writing.
      if (now > settledTo) {
        settledTo = now;
        settled = settled.then(() =>
          admin.query("select simulated.settle($1)", [new Date(now).toISOString()]),
        );
      }
      await settled;
    },
    async sql(text) {
      const { rows } = (await admin.query(text)) as { readonly rows: readonly Record<string, unknown>[] };
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await postgres.adminSql(`drop database ${name} with (force)`);
    },
  };
}

import { Pool } from "pg";

export const database = new Pool({ connectionString: process.env.DATABASE_URL, max: 6 });

export async function prepareTables() {
  await database.query(`
    create table if not exists place (
      id serial primary key,
      place_id text not null unique,
      deep_scan_status text not null default 'Queued',
      updated_at timestamptz not null default now()
    );
    create table if not exists local_business (
      id serial primary key,
      place_id text not null,
      name text not null,
      domain_extraction_status text not null default 'Queued',
      created_at timestamptz not null default now()
    );
    create table if not exists domain (
      id serial primary key,
      name text not null,
      created_at timestamptz not null default now()
    );
  `);
}

import type { Database } from "../ports.ts";
import { ServiceProblem } from "../problem.ts";
import { databaseProblem } from "./postgres-failure.ts";
import { openLink } from "./postgres-link.ts";
import type { Link } from "./postgres-link.ts";
import { cappedStatement } from "./postgres-statement.ts";
import type { Parameter, StatementResult } from "./postgres-statement.ts";
import { bindNames } from "./sql-binding.ts";
import type { BindName } from "./sql-binding.ts";

type Request = Parameters<Database["query"]>[0];

/**
 * PostgreSQL over `pg`, which is loaded with the first query. One connection per URL, kept and used by one query
 * after another. Each query is one statement inside BEGIN READ ONLY … ROLLBACK, stopped by the server after
 * `timeoutMs`, and by us `hangGraceMs` (default 2 s) later if the server hangs. Times in ms.
 * `query` throws ServiceProblem with the SQLSTATE or system code; neither URL nor password is in it.
 */
export function createDatabase(options: {
  readonly redact: (text: string) => string;
  /** Whether HTTP goes through a proxy, which databases are not reached by. */
  readonly hasProxy?: boolean;
  readonly connectTimeoutMs?: number;
  readonly hangGraceMs?: number;
}): Database {
  const links = new Set<Link>();
  const places = new Map<string, Place>();
  const graceMs = options.hangGraceMs ?? 2000;
  let closed = false;

  return {
    query: (request) => {
      const place = places.get(request.url) ?? { tail: Promise.resolve() };
      places.set(request.url, place);
      const run = place.tail.then(() => ask(place, request));
      place.tail = run.catch(() => undefined);
      return run;
    },
    close: async () => {
      closed = true;
      await Promise.all([...links].map((link) => farewell(link)));
    },
  };

  async function ask(place: Place, request: Request): ReturnType<Database["query"]> {
    const limitMs = request.timeoutMs + graceMs;
    const limits = { timeoutMs: request.timeoutMs, lockTimeoutMs: Math.ceil(request.timeoutMs / 2) };
    const statement = statementOf(request);
    const link = await begun(place, request.url, beginText({ ...limits, idleMs: limitMs }), limitMs);
    try {
      const result = await link.within(limitMs, "answer", run(link, request, statement));
      if (!result.columns) throw problem("the statement gives no rows; a sql check needs a query", "no-rows");
      return { rows: result.rows, cut: result.cut };
    } catch (error) {
      throw closed
        ? closedProblem()
        : databaseProblem(error, { ...limits, host: link.host, redact: options.redact });
    } finally {
      await rollBack(link);
    }
  }

  /** A kept connection may have died unnoticed: then BEGIN fails, and a new one is opened. */
  async function begun(place: Place, url: string, begin: string, limitMs: number): Promise<Link> {
    const kept = place.link;
    if (kept?.isAlive() === true) {
      kept.hold();
      try {
        await kept.within(graceMs, "answer", kept.client.query(begin));
        return kept;
      } catch {
        kept.destroy();
      }
    }
    if (closed) throw closedProblem();
    const link = await openLink(url, {
      timeoutMs: options.connectTimeoutMs ?? 10_000,
      links,
      redact: options.redact,
      hasProxy: options.hasProxy ?? false,
    });
    place.link = link;
    try {
      await link.within(limitMs, "answer", link.client.query(begin));
      return link;
    } catch (error) {
      link.destroy();
      if (closed) throw closedProblem();
      const about = { host: link.host, timeoutMs: limitMs, lockTimeoutMs: limitMs, redact: options.redact };
      throw databaseProblem(error, about);
    }
  }

  async function rollBack(link: Link): Promise<void> {
    try {
      if (link.isAlive()) await link.within(graceMs, "roll back", link.client.query("ROLLBACK"));
      link.release();
    } catch {
      link.destroy();
    }
  }
}

interface Place {
  tail: Promise<unknown>;
  link?: Link;
}

/**
 * The SELECT also takes the transaction's snapshot, after which PostgreSQL refuses SET TRANSACTION READ WRITE.
 * The output settings are what valueOf reads, whatever the role or database has set.
 */
function beginText(limits: {
  readonly timeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleMs: number;
}): string {
  const settings = {
    statement_timeout: limits.timeoutMs,
    lock_timeout: limits.lockTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleMs,
    client_encoding: "UTF8",
    datestyle: "ISO",
    intervalstyle: "postgres",
    bytea_output: "hex",
    extra_float_digits: 1,
  };
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`);
  return `BEGIN READ ONLY; SELECT ${calls.join(", ")}`;
}

interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

function statementOf(request: Request): Statement {
  if (request.query.includes("\0")) throw problem("the query contains a NUL character", "query");
  const { since, liveAt, sha } = request.bind;
  // timestamptz and text, so that `:since - interval '5 min'` needs no cast.
  const values: Readonly<Record<BindName, Parameter>> = {
    since: { typeId: 1184, text: new Date(since).toISOString() },
    live_at: { typeId: 1184, text: new Date(liveAt).toISOString() },
    sha: { typeId: 25, text: sha },
  };
  const bound = bindNames(request.query);
  return { text: bound.text, parameters: bound.names.map((name) => values[name]) };
}

function run(link: Link, request: Request, statement: Statement): Promise<StatementResult> {
  return new Promise((resolve, reject) => {
    link.client.query(
      cappedStatement(statement.text, {
        parameters: statement.parameters,
        maxRows: request.maxRows,
        onEnd: (error, result) => (error === undefined ? resolve(result) : reject(error)),
      }),
    );
  });
}

async function farewell(link: Link): Promise<void> {
  await link.within(500, "close", link.client.end()).catch(() => undefined);
  link.destroy();
}

function closedProblem(): ServiceProblem {
  return problem("the connection to the database was closed by the gate", "closed");
}

function problem(message: string, code: string): ServiceProblem {
  return new ServiceProblem({ service: "database", message, code });
}

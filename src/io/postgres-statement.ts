import type { Subjects } from "../core/value.ts";
import { ServiceProblem } from "../problem.ts";
import { valueOf } from "./sql-value.ts";

/** More text of rows than this is refused: leaving rows out could make `rows == 0` true. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A parameter in text form with its type id. */
export interface Parameter {
  readonly typeId: number;
  readonly text: string;
}

/** What came back. `columns` is false for statements that give no rows by nature, such as SET. */
export interface StatementResult {
  readonly rows: readonly Subjects[];
  readonly cut: boolean;
  readonly columns: boolean;
}

/** The part of pg's connection that writes messages of the extended protocol. */
interface Wire {
  parse(message: { readonly text: string; readonly types: readonly number[] }): void;
  bind(message: { readonly values: readonly string[] }): void;
  describe(message: { readonly type: "P"; readonly name: "" }): void;
  execute(message: { readonly portal: ""; readonly rows: number }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * One statement for `client.query`. The text goes to the server as it is, in one Parse message, which the
 * server refuses if it holds two statements; the row cap is the row limit of Execute, so no SQL is put around
 * it. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function cappedStatement(
  text: string,
  options: {
    readonly parameters: readonly Parameter[];
    readonly maxRows: number;
    readonly onEnd: (error: Error | undefined, result: StatementResult) => void;
  },
): { readonly submit: (connection: unknown) => void } {
  const rows: Subjects[] = [];
  let columns: readonly Column[] | undefined;
  let bytes = 0;
  let cut = false;
  const end = (error?: Error): void => options.onEnd(error, { rows, cut, columns: columns !== undefined });
  const statement = {
    submit: (connection: unknown): void => {
      const wire = connection as Wire;
      wire.parse({ text, types: options.parameters.map((parameter) => parameter.typeId) });
      wire.bind({ values: options.parameters.map((parameter) => parameter.text) });
      wire.describe({ type: "P", name: "" });
      // One more than the cap: a portal that stops at its limit does not say whether more would come.
      wire.execute({ portal: "", rows: options.maxRows + 1 });
      wire.sync();
    },
    handleRowDescription: (message: { readonly fields: readonly Column[] }): void => {
      columns = message.fields;
    },
    handleDataRow: (message: { readonly fields: readonly (string | null)[] }): void => {
      bytes += message.fields.reduce((sum, field) => sum + (field?.length ?? 0), 0);
      if (bytes > MAX_BYTES) {
        rows.length = 0;
        return;
      }
      if (rows.length >= options.maxRows) {
        cut = true;
        return;
      }
      const names = columns ?? [];
      rows.push(
        Object.fromEntries(
          message.fields.map((field, index) => [
            names[index]?.name ?? String(index + 1),
            valueOf(field, names[index]?.dataTypeID ?? 0),
          ]),
        ),
      );
    },
    handlePortalSuspended: (): void => {},
    handleCommandComplete: (): void => {},
    handleEmptyQuery: (): void => {},
    handleCopyInResponse: (connection: unknown): void => {
      const wire = connection as Wire;
      wire.sendCopyFail("a check only reads");
      // The server dropped the earlier Sync while it waited for the data.
      wire.sync();
    },
    handleCopyData: (): void => {},
    handleReadyForQuery: (): void => end(bytes > MAX_BYTES ? tooLarge() : undefined),
    handleError: (error: Error): void => end(error),
  };
  return statement;
}

function tooLarge(): ServiceProblem {
  const message = `database sent more than ${MAX_BYTES / 1024 / 1024} MiB of rows`;
  const hint = "Select fewer columns or rows.";
  return new ServiceProblem({ service: "database", message, hint, code: "too-large" });
}

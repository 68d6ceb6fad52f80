import { readFileSync } from "node:fs";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";

const pathOf = (name: string): string => fileURLToPath(new URL(`certificates/${name}`, import.meta.url));

/**
 * The authority that nobody knows unless told, by NODE_EXTRA_CA_CERTS for one. Made with openssl, valid from 2020 to
 * 2119; its key is gone, so a new certificate needs a new authority.
 */
export const AUTHORITY_FILE: string = pathOf("authority.crt");

/** What it signed: for `*.gate.test`, `localhost` and 127.0.0.1. */
export const SIGNED: { readonly cert: Buffer; readonly key: Buffer } = {
  cert: readFileSync(pathOf("signed.crt")),
  key: readFileSync(pathOf("signed.key")),
};

/** TLS in front of a server on loopback. */
export interface SecureFront {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts on a free loopback port, and passes what it decrypts on to `port`. */
export async function startSecureFront(port: number): Promise<SecureFront> {
  const open = new Set<Socket>();
  const server = createServer({ ...SIGNED }, (client) => {
    const target = connect(port, "127.0.0.1");
    client.pipe(target);
    target.pipe(client);
    for (const [stream, other] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(stream);
      stream
        .on("error", () => undefined)
        .on("close", () => {
          open.delete(stream);
          other.destroy();
        });
    }
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const stream of open) stream.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

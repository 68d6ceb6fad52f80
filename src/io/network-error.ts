/** Node's and OpenSSL's codes of a TLS connection that could not be made: https://nodejs.org/api/tls.html */
export const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/;
/** Those of them that say: nobody whom we trust has signed this. */
const UNKNOWN_AUTHORITY = /^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT)/;

/** Codes of an error, of its causes and of the attempts on each address, the outermost first. */
export function codesOf(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [...(Array.isArray(errors) ? errors : []), cause];
  // undici's parser error leaves its code out at times.
  const own = typeof code === "string" ? code : error.name === "HTTPParserError" ? "HPE" : undefined;
  return [...(own === undefined ? [] : [own]), ...inner.flatMap((each) => codesOf(each, depth + 1))];
}

/** What to do about a certificate that nobody known has signed; undefined for every other code. */
export function authorityHint(code: string): string | undefined {
  return UNKNOWN_AUTHORITY.test(code)
    ? "Set NODE_EXTRA_CA_CERTS in the step's env to a PEM file of the certificate authority that signed it."
    : undefined;
}

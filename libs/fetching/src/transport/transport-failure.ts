import { parseUrl } from '@assay/contracts';
import type { ProviderReply, TransportError } from '@assay/providers';

/** Why no reply came. The message never holds a URL: its path or query may carry a key. */
export class TransportFailure extends Error {
  constructor(
    readonly reason: TransportError,
    message: string,
  ) {
    super(message);
    this.name = 'TransportFailure';
  }
}

const DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL', 'EFORMERR']);
const RESET = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED', 'UND_ERR_CLOSED']);
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);
const TIMEOUT = new Set(['ETIMEDOUT', 'ETIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']);
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|INVALID_CA|HOSTNAME_MISMATCH|CRL_)/;

/** The class of a socket's, resolver's or client's error, by its code. */
export function transportErrorOf(error: unknown): TransportError {
  if (error instanceof TransportFailure) return error.reason;
  const code = String((error as { code?: unknown } | undefined)?.code ?? '');
  if (DNS.has(code)) return 'dns';
  if (REFUSED.has(code)) return 'refused';
  if (RESET.has(code)) return 'reset';
  if (TIMEOUT.has(code)) return 'timeout';
  if (TLS_CODE.test(code)) return 'tls';
  return 'protocol';
}

/** An error reply: class, error code and host, nothing that was sent. */
export function errorReply(error: unknown, host: string): Extract<ProviderReply, { kind: 'error' }> {
  const reason = transportErrorOf(error);
  const code = (error as { code?: unknown } | undefined)?.code;
  const detail = error instanceof TransportFailure ? error.message : String(code ?? 'unreadable reply');
  return { kind: 'error', error: reason, message: `${host}: ${detail}` };
}

/** A URL that may be logged: scheme, host and path; a query is masked since some providers want keys there. */
export function redactUrl(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed) return '[not a url]';
  const { protocol, host, pathname, search } = parsed;
  return `${protocol}//${host}${pathname}${search ? '?[query]' : ''}`;
}

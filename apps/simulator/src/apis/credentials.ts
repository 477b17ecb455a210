import type { WireRequest } from '../wire/exchange.js';

/** The token of `Authorization: Bearer …`. */
export function bearerOf({ headers }: WireRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
}

/** `login:password` of `Authorization: Basic …`. */
export function basicOf({ headers }: WireRequest): string | undefined {
  const encoded = /^Basic (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

export function formOf({ headers, body }: WireRequest): URLSearchParams | undefined {
  const type = String(headers['content-type'] ?? '');
  return type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body) : undefined;
}

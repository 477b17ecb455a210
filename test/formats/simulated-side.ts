import type { Provider, ProviderReply, ProviderRequest } from '@assay/providers';
import { exchangeFor } from '../../apps/simulator/src/exchange-for.js';
import type { WireAnswer, WireRequest } from '../../apps/simulator/src/wire/exchange.js';

export const NOW = Date.UTC(2026, 10, 24, 12);
export const ANCHOR = Date.UTC(2026, 10, 1);
const WORLD = { anchor: ANCHOR, now: () => NOW, usedUnits: () => 0 };

/** A key that the simulator takes. */
export function keyOf({ auth }: Provider): string {
  if (auth.kind === 'none') return '';
  return auth.form === 'basic' || auth.form === 'oauth' ? 'sim-login:sim-secret' : 'sim-key';
}

function received({ method, url, headers = {}, body = '' }: ProviderRequest): WireRequest {
  const { protocol, hostname, pathname, search, searchParams } = new URL(url);
  return {
    method,
    secure: protocol === 'https:',
    host: hostname,
    path: pathname,
    query: searchParams,
    target: `${pathname}${search}`,
    headers,
    body,
  };
}

function sent({ status, headers, body }: WireAnswer): ProviderReply {
  const bytes = Buffer.from(body);
  return { kind: 'reply', status, headers, body: bytes, truncated: false, ttfbMs: 1, totalMs: 2 };
}

/** What the simulated side says, without a socket: neither limits nor faults. */
export function answer(request: ProviderRequest): ProviderReply {
  const exchange = exchangeFor(received(request), WORLD);
  return sent(exchange.refused ?? exchange.answer());
}

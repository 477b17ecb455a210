import type { Finding, Provider } from '@assay/providers';
import { NOW, type Change } from './play-example.js';

/** A disturbance of the good answer, and what may come of it. */
export interface Case {
  readonly name: string;
  readonly change: Change;
  /** Failure classes that are right; each question must have one of them. */
  readonly classes: readonly string[];
  /** More that must hold of each finding. */
  readonly check?: (finding: Finding) => void;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML = '<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Oops</h1></body></html>';
const WAIT_MS = 7_000;

/** HTTP's own ways of saying no, the same for all providers. */
export function statusCases(provider: Provider): Case[] {
  const keyed = provider.auth.kind === 'key';
  const auth = keyed ? ['auth'] : ['auth', 'server'];
  return [
    { name: '401', change: status(401), classes: auth },
    { name: '403', change: status(403), classes: [...auth, 'server', 'rate_limited', 'quota'] },
    {
      name: '429 with Retry-After in seconds',
      change: status(429, { 'retry-after': String(WAIT_MS / 1_000) }),
      classes: ['rate_limited', 'quota'],
      check: waitsAtLeast,
    },
    {
      name: '429 with Retry-After as a date',
      change: status(429, { 'retry-after': new Date(NOW + WAIT_MS).toUTCString() }),
      classes: ['rate_limited', 'quota'],
      check: waitsAtLeast,
    },
    { name: '429 without Retry-After', change: status(429), classes: ['rate_limited', 'quota'] },
    { name: '500 with HTML', change: html(500), classes: ['server'] },
    { name: '503', change: status(503), classes: ['server', 'rate_limited'] },
    { name: '200 with HTML', change: html(200), classes: ['server', 'malformed'] },
  ];
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): Change {
  return (reply) => ({
    ...reply,
    status: code,
    headers: { ...JSON_TYPE, ...headers },
    body: Buffer.from('{"message":"no"}'),
  });
}

function html(code: number): Change {
  return (reply) => ({
    ...reply,
    status: code,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: Buffer.from(HTML),
  });
}

/** Left out, the runtime reads the header itself. */
function waitsAtLeast(finding: Finding): void {
  const wait = finding.outcome === 'failed' ? finding.retryAfterMs : undefined;
  if (wait !== undefined) expect(wait).toBeGreaterThanOrEqual(WAIT_MS - 1_000);
}

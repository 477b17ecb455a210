import { statusFailure, transportFailure, type Reply } from './classify-reply.js';
import type { TransportError } from './provider.js';
import { reply } from './spec-support/replies.js';

const NOW = Date.UTC(2026, 10, 24, 12);
const classOf = (status: number, headers = {}, body = '{}', keyed = true) =>
  statusFailure(reply(body, { status, headers }) as Reply, NOW, keyed)?.class;

test.each([
  [200, undefined],
  [204, undefined],
  [302, 'server'],
  [400, 'bad_request'],
  [401, 'auth'],
  [403, 'auth'],
  [404, 'bad_request'],
  [408, 'timeout'],
  [422, 'bad_request'],
  [429, 'rate_limited'],
  [500, 'server'],
  [503, 'server'],
])('HTTP %i is %s', (status, expected) => {
  expect(classOf(status)).toBe(expected);
});

test('503 with Retry-After is a limit', () => {
  const failure = statusFailure(
    reply('', { status: 503, headers: { 'retry-after': '7' } }) as Reply,
    NOW,
    true,
  );
  expect(failure).toMatchObject({ class: 'rate_limited', retryAfterMs: 7000 });
});

test('HTML in a 4xx comes from elsewhere', () => {
  expect(classOf(404, { 'content-type': 'text/html' }, '')).toBe('server');
  expect(classOf(403, {}, '\n <!doctype html>')).toBe('server');
});

test('without a key of ours a 401 or 403 is a block, never a fault of the key', () => {
  expect(classOf(401, {}, '', false)).toBe('server');
  expect(classOf(403, {}, '', false)).toBe('server');
});

test.each<[TransportError, string]>([
  ['dns', 'network'],
  ['refused', 'network'],
  ['blocked_address', 'network'],
  ['tls', 'network'],
  ['reset', 'network'],
  ['protocol', 'network'],
  ['timeout', 'timeout'],
  ['too_large', 'malformed'],
])('transport error %s is %s and keeps its code', (error, cls) => {
  const failure = transportFailure({ kind: 'error', error, message: 'why' });
  expect(failure).toMatchObject({ outcome: 'failed', class: cls, message: `${error}: why` });
});

test('an address that must not be reached is a fault of the question: it lasts', () => {
  const of = (error: TransportError) => transportFailure({ kind: 'error', error, message: 'x' });
  expect(of('blocked_address')).toMatchObject({ class: 'network', lasting: true });
  expect(of('refused')).not.toHaveProperty('lasting');
});

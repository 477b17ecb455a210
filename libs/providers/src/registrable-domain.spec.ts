import {
  isIpAddress,
  isUnderPrivateSuffix,
  registeredName,
  registrableDomain,
} from './registrable-domain.js';
import { unitOf } from './unit-of.js';

test.each([
  ['www.example.co.uk', 'example.co.uk'],
  ['a.b.github.io', 'b.github.io'],
  ['github.io', 'github.io'],
  ['co.uk', 'co.uk'],
  ['localhost', 'localhost'],
  ['192.0.2.7', '192.0.2.7'],
  ['[2001:db8::1]', '[2001:db8::1]'],
  ['www.xn--bcher-kva.example.xn--p1ai', 'example.xn--p1ai'],
  ['under_score.example.com', 'example.com'],
])('%s belongs to %s', (host, domain) => {
  expect(registrableDomain(host)).toBe(domain);
});

test('what a registry knows', () => {
  expect(registeredName('a.github.io')).toBe('github.io');
  expect(registeredName('192.0.2.7')).toBeUndefined();
  expect(isUnderPrivateSuffix('a.github.io')).toBe(true);
  expect(isUnderPrivateSuffix('example.com')).toBe(false);
});

test('addresses, with and without brackets', () => {
  expect(['192.0.2.7', '::1', '[::1]', 'example.com', '1.2.3'].map(isIpAddress)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('the unit of an ask', () => {
  const row = { url: 'https://www.example.com:8443/a?b', host: 'www.example.com', domain: 'example.com' };
  const units = (['url', 'host', 'origin', 'domain', 'handle'] as const).map((unit) => unitOf({ unit }, row));
  expect(units).toEqual([row.url, row.host, 'https://www.example.com:8443', row.domain, undefined]);
  expect(unitOf({ unit: 'origin' }, { ...row, url: 'no url' })).toBeUndefined();
});

import fc from 'fast-check';
import { DOMAIN_CLASSES, classOf, latencyOf, registrableDomain, strengthOf } from './domain-class.js';
import { RDAP_HOSTS } from './registries.js';
import { registrationOf } from './registration.js';
import { resolve } from './resolve.js';
import { SSRF_NAMES, isForbiddenHost } from './special-names.js';

const ANCHOR = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;
const domains = Array.from({ length: 4_000 }, (_, index) => `site-number-${index}.org`);
const anyDomain = fc.stringMatching(/^[a-z]{3,12}\.(com|org|io|co\.uk)$/);
const PRIVATE =
  /^(0|10|127|169\.254|192\.168|198\.18|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|172\.(1[6-9]|2\d|3[01])|2(2[4-9]|[3-5]\d))\./;

test('classes have the documented shares', () => {
  const shares = Object.fromEntries(
    DOMAIN_CLASSES.map((is) => [
      is,
      domains.filter((domain) => classOf(domain) === is).length / domains.length,
    ]),
  );
  const documented = { popular: 0.08, ordinary: 0.6, young: 0.12, spam: 0.12, dead: 0.08 };
  for (const is of DOMAIN_CLASSES) expect(Math.abs((shares[is] ?? 0) - documented[is])).toBeLessThan(0.02);
});

test('known names, spam words and class prefixes fix the class', () => {
  expect(classOf('wikipedia.org')).toBe('popular');
  expect(classOf('best-casino-777.net')).toBe('spam');
  for (const is of DOMAIN_CLASSES) expect(classOf(`${is}-1.com`)).toBe(is);
});

test('hosts of one site belong to one registrable domain', () => {
  expect(registrableDomain('a.b.example.co.uk')).toBe('example.co.uk');
  expect(registrableDomain('93.184.216.34')).toBe('93.184.216.34');
});

test('the same in, the same out, within range', () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      expect(registrationOf(domain, ANCHOR)).toEqual(registrationOf(domain, ANCHOR));
      expect(resolve(domain, 'A')).toEqual(resolve(domain, 'A'));
      expect(strengthOf(domain)).toBeGreaterThanOrEqual(0);
      expect(strengthOf(domain)).toBeLessThanOrEqual(1);
      const latency = latencyOf(domain, { minMs: 20, maxMs: 200 });
      expect(latency).toBeGreaterThanOrEqual(20);
      expect(latency).toBeLessThanOrEqual(200);
    }),
  );
});

test('DNS, registry and class agree about who exists', () => {
  for (const domain of domains.slice(0, 500)) {
    const dead = classOf(domain) === 'dead';
    expect(resolve(`www.${domain}`, 'A').status).toBe(dead ? 'nxdomain' : 'noerror');
    expect(registrationOf(domain, ANCHOR) === undefined).toBe(dead);
  }
});

test('ordinary hosts never have a private address', () => {
  for (const domain of domains.slice(0, 1_000)) {
    const records = resolve(`www.${domain}`, 'A').records.filter(({ type }) => type === 'A');
    if (classOf(domain) !== 'dead') expect(records.length).toBeGreaterThan(0);
    for (const { data } of records) expect(data).not.toMatch(PRIVATE);
    for (const { data } of resolve(domain, 'AAAA').records.filter(({ type }) => type === 'AAAA'))
      expect(data).toMatch(/^2(606|a0[0-9])/);
  }
});

test('registrations lie in the past and follow the class', () => {
  for (const domain of domains) {
    const found = registrationOf(domain, ANCHOR);
    if (!found) continue;
    expect(found.registered).toBeLessThan(ANCHOR);
    expect(found.changed).toBeGreaterThanOrEqual(found.registered);
    expect(found.changed).toBeLessThan(ANCHOR);
    expect(found.expires).toBeGreaterThan(found.registered);
    if (classOf(domain) === 'young') expect(ANCHOR - found.registered).toBeLessThanOrEqual(170 * DAY);
  }
});

test('there are at least eight registry servers', () => {
  expect(RDAP_HOSTS.size).toBeGreaterThanOrEqual(8);
});

test('rebinding names alternate, others stay as they are', () => {
  const at = (nth: number) => resolve('rebind.ssrf.test', 'A', nth).records[0]?.data;
  expect([at(0), at(1), at(2)]).toEqual(['93.184.216.34', '127.0.0.1', '93.184.216.34']);
  expect(resolve('mixed.ssrf.test', 'A').records.map(({ data }) => data)).toEqual([
    '93.184.216.34',
    '10.0.0.1',
  ]);
  expect(resolve('mapped.ssrf.test', 'AAAA').records[0]?.data).toBe('::ffff:127.0.0.1');
});

test('no request may come to a forbidden host', () => {
  for (const label of Object.keys(SSRF_NAMES)) expect(isForbiddenHost(`${label}.ssrf.test`)).toBe(true);
  for (const host of ['127.0.0.1', '10.1.2.3', '[::1]', 'localhost', '172.31.0.1'])
    expect(isForbiddenHost(host)).toBe(true);
  for (const host of ['to-loopback.ssrf.test', 'example.com', '172.32.0.1'])
    expect(isForbiddenHost(host)).toBe(false);
});

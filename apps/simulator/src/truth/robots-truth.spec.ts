import { webExchange } from '../web/web-exchange.js';
import { classOf, registrableDomain } from '../world/domain-class.js';
import { robotsTruth } from './robots-truth.js';

const origins = ['popular', 'ordinary', 'young', 'spam'].flatMap((is) =>
  Array.from({ length: 150 }, (_, nth) => `${nth % 2 ? 'http' : 'https'}://www.${is}-${nth}.com`),
);

/** What the web answers for the robots file of an origin, redirects followed. */
function fileOf(origin: string): { status: number; text: string } {
  const { protocol, hostname } = new URL(origin);
  const path = '/robots.txt';
  const exchange = webExchange({
    method: 'GET',
    secure: protocol === 'https:',
    host: hostname,
    path,
    query: new URLSearchParams(),
    target: path,
    headers: {},
    body: '',
  });
  expect(exchange.asked).toEqual([{ surface: 'robots', unit: origin }]);
  const { status, headers, body } = exchange.answer();
  const location = headers['location'];
  return location ? fileOf(new URL(location).origin) : { status, text: String(body) };
}

/** A plain reading of the group for everybody; enough for the files that are served here. */
function read({ status, text }: { status: number; text: string }): Record<string, number | boolean> {
  if (status >= 500) return { http_status: status, allows_root: false };
  if (status >= 400) return { http_status: status, allows_root: true };
  const lines = text.split('\n');
  const group = lines.slice(lines.indexOf('User-agent: *') + 1);
  const delay = group.find((line) => line.startsWith('Crawl-delay: '))?.slice('Crawl-delay: '.length);
  return {
    http_status: status,
    allows_root: !group.includes('Disallow: /'),
    sitemap_count: lines.filter((line) => line.startsWith('Sitemap: ')).length,
    ...(delay !== undefined && { crawl_delay_s: Number(delay) }),
  };
}

test('the truth is what a plain reader of the served file finds', () => {
  const met = new Set<string>();
  for (const origin of origins) {
    const expected = read(fileOf(origin));
    expect([origin, robotsTruth(origin)]).toEqual([origin, { outcome: 'ok', numbers: expected }]);
    met.add([expected['http_status'], expected['allows_root'], 'crawl_delay_s' in expected].join(' '));
  }
  for (const kind of [
    '200 true false',
    '200 true true',
    '200 false false',
    '404 true false',
    '503 false false',
  ])
    expect(met).toContain(kind);
});

test('test hosts do what their name says', () => {
  const of = (name: string) => robotsTruth(`http://${name}.page.test`).numbers;
  expect(of('robots-all')).toMatchObject({ http_status: 200, allows_root: false });
  expect(of('robots-broken')).toEqual({ http_status: 503, allows_root: false });
  expect(of('robots-missing')).toEqual({ http_status: 404, allows_root: true });
});

test('where no connection comes about there is nothing to read', () => {
  for (const [origin, reason] of [
    ['https://www.dead-1.org', 'dns'],
    ['http://private10.ssrf.test', 'blocked_address'],
    ['http://127.0.0.1', 'blocked_address'],
    ['http://nxdomain.dns.test', 'dns'],
    ['https://expired-tls.page.test', 'tls'],
    ['http://popular-1.com:8080', 'blocked_port'],
    ['no origin', 'bad_url'],
  ] as const)
    expect([origin, robotsTruth(origin)]).toEqual([origin, { outcome: 'failed', reason, numbers: {} }]);
  expect(classOf(registrableDomain('www.dead-1.org'))).toBe('dead');
});

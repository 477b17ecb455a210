import { randomUUID } from 'node:crypto';
import { builtInProviders } from '@assay/providers';
import { PermitDesk } from '../permits/permit-desk.js';
import { postgresPermits } from '../permits/postgres-permits.js';
import { isWait, type AskRequest } from './ask.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

const page = builtInProviders.find(({ id }) => id === 'page')!;
let rig: SpecRig;
/** Of pages, in the order they came, and by path. */
let started: { readonly path: string; readonly host: string; readonly at: number }[];

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** Each host's robots.txt asks for so many seconds; its pages are all alike, `/moved` leads to `/end`, or to what follows it. */
function serve(crawlDelay: (host: string) => number | undefined, robotsAfterMs = 0): void {
  started = [];
  rig.stub.answer = (request, response) => {
    const { url: path = '', headers } = request;
    const host = headers.host ?? '';
    if (path === '/robots.txt') {
      const seconds = crawlDelay(host);
      const text = seconds === undefined ? '' : `User-agent: *\nCrawl-delay: ${seconds}\n`;
      // oxlint-disable-next-line no-restricted-globals -- a host that takes a while
      return void setTimeout(() => response.end(text), robotsAfterMs);
    }
    started.push({ path, host, at: Date.now() });
    const moved = path.startsWith('/moved') ? { location: `${path.slice('/moved'.length) || '/end'}` } : {};
    response.writeHead(path.startsWith('/moved') ? 302 : 200, { 'content-type': 'text/html', ...moved });
    response.end('<title>T</title>');
  };
}

/** Another process: its own replies, its own way to the shared permits. */
const replica = (limitsFactor = 1) =>
  rig.start({}, page, [], {
    limitsFactor,
    permits: new PermitDesk(postgresPermits(rig.database)),
    worker: randomUUID(),
  });
const ask = (url: string, given: Partial<AskRequest> = {}) =>
  wish(url, { question: { surface: 'page', unit: url }, expiresAt: Date.now() + 20_000, ...given });
const gaps = () => started.slice(1).map(({ at }, i) => at - started[i]!.at);

test('a host is called no more often than its robots.txt asks for, by two processes that share PostgreSQL', async () => {
  serve(() => 2);
  const runtimes = [replica(), replica()];
  const urls = ['http://slow.test/1', 'http://slow.test/2', 'http://slow.test/3', 'http://slow.test/4'];
  const results = await Promise.all(
    urls.map((url, i) => runtimes[i % 2]!.ask(ask(url, { patienceMs: 15_000 }))),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(started).toHaveLength(4);
  for (const gap of gaps()) expect(gap).toBeGreaterThanOrEqual(2_000);
  // Not much slower either: what was given out before anybody knew may be lost once.
  expect(started[3]!.at - started[0]!.at).toBeLessThan(4 * 2_100 + 1_500);
  // Started anew: robots.txt is read again, and what the host asks for is still known.
  const again = await replica().ask(ask('http://slow.test/5', { patienceMs: 5_000 }));
  expect(again).toMatchObject({ outcome: 'ok' });
  expect(started[4]!.at - started[3]!.at).toBeGreaterThanOrEqual(2_000);
}, 30_000);

test('a permit from before the wish was known is given up where it is too close to another', async () => {
  serve(() => 3, 1_000);
  const runtimes = [replica(), replica()];
  const urls = ['http://late.test/1', 'http://late.test/2'];
  const results = await Promise.all(urls.map((url, i) => runtimes[i]!.ask(ask(url, { patienceMs: 15_000 }))));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(started).toHaveLength(2);
  expect(gaps()[0]).toBeGreaterThanOrEqual(3_000);
}, 30_000);

test('what does not fit its patience is skipped at once, what fits is parked, and hosts without a wish are as ever', async () => {
  serve((host) => (host === 'quick.test' ? undefined : 30));
  const runtime = replica();
  const first = await runtime.ask(ask('http://minute.test/1'));
  expect(first).toMatchObject({ outcome: 'ok' });
  const since = Date.now();
  const skipped = await runtime.ask(ask('http://minute.test/2', { patienceMs: 5_000 }));
  expect(skipped).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  expect(skipped.until! - started[0]!.at).toBeGreaterThanOrEqual(30_000);
  const patient = ask('http://minute.test/3', {
    lane: 'bulk',
    patienceMs: 60_000,
    expiresAt: since + 90_000,
  });
  const parked = await runtime.ask({ ...patient, mayPark: true });
  expect(isWait(parked) && parked.notBefore - started[0]!.at).toBeGreaterThanOrEqual(30_000);
  expect(Date.now() - since).toBeLessThan(2_000);
  const quick = ['http://quick.test/1', 'http://quick.test/2', 'http://quick.test/3'];
  await Promise.all(quick.map((url) => runtime.ask(ask(url))));
  const times = started.filter(({ host }) => host === 'quick.test').map(({ at }) => at);
  expect(times).toHaveLength(3);
  expect(times[2]! - times[0]!).toBeLessThan(3_500);
}, 30_000);

test('those who wait are told at once when the wish becomes known', async () => {
  serve(() => 20);
  const runtime = replica();
  const since = Date.now();
  const urls = ['http://long.test/1', 'http://long.test/2', 'http://long.test/3'];
  const results = await Promise.all(urls.map((url) => runtime.ask(ask(url))));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'skipped', 'skipped']);
  expect(Date.now() - since).toBeLessThan(3_000);
  for (const { until } of results.slice(1)) expect(until! - started[0]!.at).toBeGreaterThanOrEqual(20_000);
});

test('a redirect within the host is followed, and the next call is so much later', async () => {
  serve(() => 2);
  const runtime = replica();
  const moved = await runtime.ask(ask('http://within.test/moved'));
  expect(moved).toMatchObject({ outcome: 'ok' });
  expect(await runtime.ask(ask('http://within.test/next'))).toMatchObject({ outcome: 'ok' });
  expect(started.map(({ path }) => path)).toEqual(['/moved', '/end', '/next']);
  expect(started[1]!.at - started[0]!.at).toBeLessThan(1_000);
  expect(started[2]!.at - started[0]!.at).toBeGreaterThanOrEqual(4_000);
}, 20_000);

test('a redirect to another host waits there for its turn', async () => {
  serve((host) => (host === 'target.test' ? 2 : undefined));
  const runtime = replica();
  const urls = ['http://from-1.test/moved//target.test/1', 'http://from-2.test/moved//target.test/2'];
  const results = await Promise.all(urls.map((url) => runtime.ask(ask(url))));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  const there = started.filter(({ host }) => host === 'target.test').map(({ at }) => at);
  expect(there).toHaveLength(2);
  expect(there[1]! - there[0]!).toBeGreaterThanOrEqual(2_000);
}, 20_000);

test('who raises the limits by a factor lowers this by it', async () => {
  serve(() => 20);
  const runtime = replica(20);
  const urls = ['http://factor.test/1', 'http://factor.test/2', 'http://factor.test/3'];
  const results = await Promise.all(urls.map((url) => runtime.ask(ask(url))));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  for (const gap of gaps()) expect(gap).toBeGreaterThanOrEqual(1_000);
  expect(started[2]!.at - started[0]!.at).toBeLessThan(4_000);
}, 20_000);

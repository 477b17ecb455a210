import { Resolver } from 'node:dns/promises';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  FREE_PORTS,
  asJson,
  clientOf,
  openSimulator,
  type Client,
  type Reply,
} from './simulator.spec-client.js';
import { startSimulator } from './start-simulator.js';

let opened: Awaited<ReturnType<typeof openSimulator>>;
let client: Client;

beforeAll(async () => {
  opened = await openSimulator();
  client = opened.client;
});
afterAll(() => opened.stop());
beforeEach(() => client.fresh());

describe('TLS', () => {
  test('every host has a certificate that the authority vouches for, and sessions resume', async () => {
    const port = opened.simulator.httpsPort;
    const ca = await readFile(opened.caFile, 'utf8');
    const shake = (servername: string, session?: Buffer) =>
      new Promise<{ socket: TLSSocket; session: Promise<Buffer> }>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, servername, ca, ...(session && { session }) });
        const ticket = new Promise<Buffer>((got) => socket.once('session', got));
        socket.once('secureConnect', () => resolve({ socket, session: ticket }));
        socket.once('error', reject);
      });
    const first = await shake('any.host.example.org');
    expect(first.socket.authorized).toBe(true);
    first.socket.write('GET / HTTP/1.1\r\nhost: any.host.example.org\r\n\r\n');
    const second = await shake('any.host.example.org', await first.session);
    expect(second.socket.isSessionReused()).toBe(true);
    for (const { socket } of [first, second]) socket.destroy();
    for (const bad of ['expired-tls', 'wrong-name-tls', 'foreign-tls'])
      await expect(shake(`${bad}.page.test`)).rejects.toThrow();
  });

  test('the authority outlives a restart; its key is for its owner alone', async () => {
    const { caFile } = opened;
    const ca = await readFile(caFile, 'utf8');
    const again = await startSimulator({ ...FREE_PORTS, caFile, latency: { minMs: 0, maxMs: 0 } });
    await again.stop();
    expect(await readFile(caFile, 'utf8')).toBe(ca);
    expect((await stat(`${caFile}.key`)).mode & 0o777).toBe(0o600);
  });

  test('a host other than the one named in the handshake is refused', async () => {
    expect((await client.ask('plain.page.test', '/', { headers: { host: 'other.page.test' } })).status).toBe(
      421,
    );
  });
});

describe('DNS on UDP', () => {
  test('public addresses for the living, NXDOMAIN for the dead, test names as documented', async () => {
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${opened.simulator.dnsPort}`]);
    expect((await resolver.resolve4('api.moz.com')).length).toBeGreaterThan(0);
    await expect(resolver.resolve4('www.dead-1.org')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve4('nodata.dns.test')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve4('servfail.dns.test')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    expect(await resolver.resolve4('private10.ssrf.test')).toEqual(['10.0.0.1']);
    expect(await resolver.resolve6('mapped.ssrf.test')).toEqual(['::ffff:127.0.0.1']);
    expect(await resolver.resolve4('rebind-a.ssrf.test')).toEqual(['93.184.216.34']);
    expect(await resolver.resolve4('rebind-a.ssrf.test')).toEqual(['127.0.0.1']);
    expect((await resolver.resolveMx('popular-1.com')).length).toBe(
      (await client.truth('dns', 'popular-1.com')).numbers.mx_count,
    );
    expect((await client.countOf('resolver')).distinctUnits).toBeGreaterThanOrEqual(7);
    await client.setFault('resolver', '500');
    await expect(resolver.resolve4('api.moz.com')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });
});

describe('keys and limits', () => {
  test('a bad key is refused in each provider’s own words', async () => {
    const google = await client.threats(['http://a.com/'], 'real-key');
    expect(google.status).toBe(400);
    expect(asJson(google).error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining('API key not valid'),
    });
    const rank = await client.ranks(['a.com'], 'opr_live_1');
    expect(rank.status).toBe(401);
    expect(asJson(rank).error.type).toBe('authentication_error');
    const mozReply = await client.sites([{ query: 'a.com', scope: 'domain' }], 'mozscape-1');
    expect(mozReply.status).toBe(401);
    expect(asJson(mozReply).error).toMatchObject({ code: -32651, status: 401 });
  });

  test('each registry server allows one call a second, apart from the others', async () => {
    const org = () => client.ask('rdap.publicinterestregistry.org', '/rdap/domain/popular-1.org');
    const statuses = [await org(), await org(), await org()].map(({ status }) => status);
    expect(statuses).toEqual([200, 429, 429]);
    expect((await client.ask('rdap.sidn.nl', '/domain/popular-1.nl')).status).toBe(200);
  });

  test('dns allows 20 a second, openpagerank 30,000 domains a month for each key', async () => {
    const asked = Array.from({ length: 60 }, () => client.ask('dns.google', '/resolve?name=popular-1.com'));
    const refused = (await Promise.all(asked)).filter(({ status }) => status === 429).length;
    expect(refused).toBeGreaterThan(30);
    const hundred = Array.from({ length: 100 }, (_, index) => `a${index}.com`);
    const replies: Reply[] = [];
    for (let call = 0; call < 301; call++) replies.push(await client.ranks(hundred, 'sim-month'));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(300);
    expect(asJson(replies.at(-1) as Reply)).toEqual({
      error: { type: 'rate_limit_error', message: 'Too many requests' },
    });
    expect((await client.ranks(hundred, 'sim-other')).status).toBe(200);
  });

  test('moz tightens after 50 refusals', async () => {
    const token = 'sim-clumsy';
    for (let call = 0; call < 51; call++) await client.moz('data.site.nothing', {}, { token });
    const statuses: number[] = [];
    for (let call = 0; call < 51; call++)
      statuses.push((await client.sites([{ query: 'a.com', scope: 'domain' }], token)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.at(-1)).toBe(429);
    await client.fresh();
    expect((await client.sites([{ query: 'a.com', scope: 'domain' }], token)).status).toBe(200);
  });
});

describe('counts', () => {
  test('calls when received, units by value, moz by surface', async () => {
    await client.ranks(['a.com', 'b.com']);
    await client.ranks(['b.com', 'c.com']);
    expect(await client.countOf('openpagerank')).toMatchObject({
      calls: 2,
      units: 4,
      distinctUnits: 3,
      byStatus: { 200: 2 },
    });
    await client.sites([
      { query: 'https://a.com/', scope: 'url' },
      { query: 'a.com', scope: 'domain' },
    ]);
    expect((await client.countOf('moz')).surfaces).toMatchObject({
      'moz.url': { units: 1 },
      'moz.domain': { units: 1 },
    });
    await client.ask('plain.page.test', '/robots.txt', { plain: true });
    await client.ask('plain.page.test', '/', { plain: true });
    expect(await client.countOf('robots')).toMatchObject({ calls: 1, units: 1 });
    expect(await client.countOf('page')).toMatchObject({ calls: 1, units: 1 });
    await client.ask('loopback.ssrf.test', '/', { plain: true });
    expect(await client.countOf('forbidden')).toMatchObject({ calls: 1 });
  });
});

describe('faults', () => {
  const clean = ['https://popular-1.com/'];

  test('429, 500, auth, quota and an error under 200', async () => {
    await client.setFault('safebrowsing', '429');
    expect(asJson(await client.threats(clean)).error).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
    });
    await client.setFault('safebrowsing', '500');
    expect((await client.threats(clean)).status).toBe(500);
    await client.setFault('safebrowsing', 'auth');
    expect(asJson(await client.threats(clean)).error.message).toContain('API key not valid');
    await client.setFault('safebrowsing', 'quota');
    expect(asJson(await client.threats(clean)).error.message).toContain('per day');
    await client.setFault('safebrowsing', 'error-200');
    const reply = await client.threats(clean);
    expect([reply.status, asJson(reply).error.status]).toEqual([200, 'INTERNAL']);
    expect((await client.ranks(['a.com'])).status).toBe(200);
  });

  test('garbage, wrong types, empty and oversized bodies', async () => {
    await client.setFault('openpagerank', 'garbage');
    const replies = [
      await client.ranks(['a.com']),
      await client.ranks(['a.com']),
      await client.ranks(['a.com']),
    ];
    for (const reply of replies) expect(() => asJson(reply)).toThrow();
    await client.setFault('openpagerank', 'wrong-type');
    expect(asJson(await client.ranks(['popular-1.com'])).results).toEqual({ rows: 1 });
    await client.setFault('openpagerank', 'empty');
    expect((await client.ranks(['a.com'])).body).toBe('');
    await client.setFault('openpagerank', 'oversized');
    expect((await client.ranks(['a.com'])).body.length).toBeGreaterThan(2_000_000);
  });

  test('hang, reset, slow, garbage from the web; lifted again', async () => {
    const plain = (timeoutMs = 5_000) => client.ask('plain.page.test', '/', { plain: true, timeoutMs });
    await client.setFault('page', 'hang');
    await expect(plain(200)).rejects.toThrow(/abort|timeout/i);
    await client.setFault('page', 'reset');
    await expect(plain()).rejects.toThrow(/aborted|ECONNRESET|hang up/);
    await client.setFault('page', 'garbage');
    await expect(plain()).rejects.toThrow(/Parse Error/);
    await client.setFault('page', 'slow', { ms: 300 });
    const before = performance.now();
    expect((await plain()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(290);
    expect((await client.control('/faults/page', 'DELETE')).faults).toEqual([]);
    expect((await client.countOf('page')).byStatus).toMatchObject({ hang: 1, reset: 1, garbage: 1, 200: 1 });
  });

  test('a fault may hit one registry alone', async () => {
    await client.setFault('rdap', '500', { host: 'rdap.sidn.nl' });
    expect((await client.ask('rdap.sidn.nl', '/domain/popular-1.nl')).status).toBe(500);
    expect((await client.ask('rdap.nominet.uk', '/uk/domain/popular-1.uk')).status).toBe(200);
    expect(await client.control('/faults', 'POST', { provider: 'rdap', fault: 'flood' })).toHaveProperty(
      'error',
    );
  });
});

test('the books of calls outlive a restart; a script and a clock steer by time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-books-'));
  const config = {
    ...FREE_PORTS,
    caFile: join(folder, 'ca.pem'),
    countsFile: join(folder, 'counts.ndjson'),
    latency: { minMs: 0, maxMs: 1 },
    script: 'at 1 h radar answers 500 for 1 min',
  };
  const radar = { headers: { authorization: 'Bearer sim-radar' } };
  const path = '/client/v4/radar/ranking/domain/popular-1.com?rankingType=POPULAR';
  const first = await startSimulator(config);
  const client = clientOf(first, await readFile(config.caFile, 'utf8'));
  expect((await client.ask('api.cloudflare.com', path, radar)).status).toBe(200);
  await client.control('/clock', 'POST', { advanceMs: 3_600_000 });
  expect((await client.ask('api.cloudflare.com', path, radar)).status).toBe(500);
  await client.control('/clock', 'POST', { advanceMs: 60_000 });
  expect((await client.ask('api.cloudflare.com', path, radar)).status).toBe(200);
  const before = await client.countOf('radar');
  expect(before).toMatchObject({ calls: 3, keys: { 'sim-radar': 3 }, byStatus: { 200: 2, 500: 1 } });
  expect(before.bytesOut).toBeGreaterThan(100);
  client.leave();
  await first.stop();
  const second = await startSimulator(config);
  const again = clientOf(second, await readFile(config.caFile, 'utf8'));
  expect(await again.countOf('radar')).toEqual(before);
  await again.control('/reset-counts', 'POST');
  again.leave();
  await second.stop();
  expect(await readFile(config.countsFile, 'utf8')).toBe('');
  await rm(folder, { recursive: true, force: true });
});

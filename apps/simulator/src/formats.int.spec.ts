import {
  MOZ_ID,
  asJson,
  openSimulator,
  type Anything,
  type Client,
  type Reply,
} from './simulator.spec-client.js';

let opened: Awaited<ReturnType<typeof openSimulator>>;
let client: Client;

beforeAll(async () => {
  opened = await openSimulator();
  client = opened.client;
});
afterAll(() => opened.stop());
beforeEach(() => client.fresh());

describe('names and registrations', () => {
  test('dns: the documented answer, NODATA, NXDOMAIN, and the header Cloudflare wants', async () => {
    const found = asJson(await client.ask('dns.google', '/resolve?name=popular-1.com&type=A'));
    const { a_count, min_ttl_s } = (await client.truth('dns', 'popular-1.com')).numbers;
    expect(found).toMatchObject({ Status: 0, TC: false, RD: true, RA: true, CD: false });
    expect(found.Question).toEqual([{ name: 'popular-1.com.', type: 1 }]);
    expect(found.Answer).toHaveLength(a_count);
    expect(found.Answer[0]).toEqual({
      name: 'popular-1.com.',
      type: 1,
      TTL: min_ttl_s,
      data: expect.stringMatching(/^\d+\./),
    });
    const none = asJson(await client.ask('dns.google', '/resolve?name=nodata.dns.test&type=16'));
    expect(none).toMatchObject({ Status: 0, Question: [{ type: 16 }] });
    expect(none.Answer).toBeUndefined();
    expect(asJson(await client.ask('dns.google', '/resolve?name=dead-1.org&type=MX')).Status).toBe(3);
    expect(asJson(await client.ask('dns.google', '/resolve?name=servfail.dns.test')).Status).toBe(2);
    expect((await client.ask('dns.google', '/resolve?name=a..b')).status).toBe(400);
    const accept = { accept: 'application/dns-json' };
    expect((await client.ask('cloudflare-dns.com', '/dns-query?name=a.com&type=A')).status).toBe(400);
    expect(
      (await client.ask('cloudflare-dns.com', '/dns-query?name=a.com&type=A', { headers: accept })).status,
    ).toBe(200);
  });

  test('rdap: bootstrap file, then a domain at the server it names', async () => {
    const bootstrap = asJson(await client.ask('data.iana.org', '/rdap/dns.json'));
    const [, [base]] = bootstrap.services.find(([tlds]: [string[]]) => tlds.includes('org'));
    const { hostname, pathname } = new URL(base);
    const reply = await client.ask(hostname, `${pathname}domain/popular-1.org`);
    expect(reply.headers['content-type']).toBe('application/rdap+json');
    const found = asJson(reply);
    const { numbers } = await client.truth('rdap', 'popular-1.org');
    expect(found).toMatchObject({
      objectClassName: 'domain',
      secureDNS: { delegationSigned: numbers.dnssec },
    });
    expect(found.ldhName.toLowerCase()).toBe('popular-1.org');
    expect(found.status).toHaveLength(numbers.status_count);
    expect(found.nameservers).toHaveLength(numbers.nameserver_count);
    expect(found.events.map((event: Anything) => event.eventAction)).toEqual([
      'registration',
      'expiration',
      'last changed',
    ]);
    const registered = found.events[0].eventDate.replace(/(\.\d+)?Z?$/, 'Z');
    expect(Math.floor((Date.now() - Date.parse(registered)) / 86_400_000)).toBe(numbers.age_days);
  });

  test('rdap: nobody, not here, another place, and a registry that wants to know who asks', async () => {
    expect((await client.ask('rdap.nominet.uk', '/uk/domain/dead-1.uk')).status).toBe(404);
    expect((await client.ask('rdap.sidn.nl', '/domain/popular-1.org')).status).toBe(404);
    const moved = await client.ask('rdap.nic.tv', '/domain/popular-1.tv');
    expect(moved).toMatchObject({
      status: 302,
      headers: { location: 'https://rdap.backend.nic.tv/domain/popular-1.tv' },
    });
    expect((await client.ask('rdap.backend.nic.tv', '/domain/popular-1.tv')).status).toBe(200);
    const as = (agent: string) =>
      client.ask('rdap.nic.fr', '/domain/popular-1.fr', { headers: { 'user-agent': agent } });
    expect((await as('axios/1.7')).status).toBe(403);
    expect((await as('assay/0.1 (+mailto:me@example.com)')).status).toBe(200);
  });
});

describe('lists and ranks', () => {
  test('safebrowsing: only what is listed, nothing at all for clean ones, at most 500', async () => {
    const bad = 'http://testsafebrowsing.appspot.com/s/malware.html';
    const found = asJson(await client.threats([bad, 'https://popular-1.com/']));
    expect(found.matches).toEqual([
      {
        threatType: 'MALWARE',
        platformType: 'ANY_PLATFORM',
        threatEntryType: 'URL',
        threat: { url: bad },
        threatEntryMetadata: { entries: [{ key: 'malware_threat_type', value: 'landing' }] },
        cacheDuration: expect.stringMatching(/^300(\.000)?s$/),
      },
    ]);
    expect((await client.threats(['https://popular-1.com/'])).body).toBe('{}');
    const urls = Array.from({ length: 501 }, (_, index) => `http://spam-${index}.com/`);
    const refused = await client.threats(urls);
    expect(refused.status).toBe(400);
    expect(asJson(refused).error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    const listed = new Set(
      asJson(await client.threats(urls.slice(0, 50))).matches.map((match: Anything) => match.threat.url),
    );
    for (const url of urls.slice(0, 50))
      expect((await client.truth('safebrowsing', url)).numbers.threats > 0).toBe(listed.has(url));
  });

  test('openpagerank: rows by domain, subdomains reduced, the refused apart, at most 100', async () => {
    const found = asJson(
      await client.ranks(['popular-1.com', 'www.popular-1.com', 'dead-1.org', 'no domain']),
    );
    expect(found).toMatchObject({
      as_of: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      count: 2,
      invalid: ['no domain'],
    });
    expect(found.results[0]).toEqual({
      domain: 'popular-1.com',
      found: true,
      ...(await client.truth('openpagerank', 'popular-1.com')).numbers,
    });
    expect(found.results[1]).toMatchObject({ domain: 'dead-1.org', found: false });
    expect((await client.ranks(Array.from({ length: 101 }, (_, index) => `a${index}.com`))).status).toBe(400);
  });
});

describe('moz', () => {
  test('moz: metrics by site with the question beside them, and the rows that are left', async () => {
    const queries = [
      { query: 'https://popular-1.com/blog', scope: 'url' },
      { query: 'popular-1.com', scope: 'domain' },
      { query: 'dead-1.org', scope: 'domain' },
      { query: '***', scope: 'url' },
    ];
    const found = asJson(await client.sites(queries));
    expect(found).toMatchObject({ jsonrpc: '2.0', id: MOZ_ID });
    const [url, domain, gone] = found.result.results_by_site;
    expect(url.site_query).toMatchObject({
      scope: 'url',
      original_site_query: queries[0],
      site_query_suggestion: null,
    });
    expect(url.site_metrics).toMatchObject(
      (await client.truth('moz', 'https://popular-1.com/blog', 'moz.url')).numbers,
    );
    expect(domain.site_metrics).toMatchObject(
      (await client.truth('moz', 'popular-1.com', 'moz.domain')).numbers,
    );
    expect(gone.site_metrics).toBeNull();
    expect(found.result.errors_by_site).toHaveLength(1);
    const left = asJson(await client.moz('quota.lookup', undefined));
    expect(left.result.quota).toMatchObject({
      allotted: 4_000_000,
      used: expect.any(Number),
      reset: 'month',
    });
    expect(left.result.quota.used).toBeGreaterThanOrEqual(4);
  });

  test('moz: short ids, unknown methods and more than 50 sites are refused', async () => {
    const code = async (reply: Promise<Reply>) => asJson(await reply).error.code;
    expect(await code(client.moz('quota.lookup', {}, { id: 'short' }))).toBe(-32654);
    expect(await code(client.moz('data.site.nothing', {}))).toBe(-32601);
    expect(await code(client.moz('data.site.metrics.fetch.multiple', {}))).toBe(-32652);
    expect(
      await code(client.sites(Array.from({ length: 51 }, () => ({ query: 'a.com', scope: 'domain' })))),
    ).toBe(-32652);
  });
});

describe('the web', () => {
  test('the web: what a visit finds is what the truth says', async () => {
    for (let index = 0; index < 60; index++) {
      const start = `http://site-${index}.com/part/${index}`;
      const expected = await client.truth('page', start);
      if (expected.outcome !== 'ok') continue;
      let url = new URL(start);
      let reply = await client.visit(url);
      for (let hop = 0; hop < 10 && reply.headers.location; hop++) {
        url = new URL(reply.headers.location, url);
        reply = await client.visit(url);
      }
      expect(url.href).toBe(expected.numbers.final_url);
      expect(reply.status).toBe(expected.numbers.http_status);
      if (expected.numbers.bytes)
        expect(Number(reply.headers['content-length'])).toBe(expected.numbers.bytes);
    }
    const etag = (await client.visit(new URL('http://plain.page.test/'))).headers.etag ?? '';
    const again = await client.ask('plain.page.test', '/', {
      plain: true,
      headers: { 'if-none-match': etag },
    });
    expect(again).toMatchObject({ status: 304, body: '' });
  });
});

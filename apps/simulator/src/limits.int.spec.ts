import { openSimulator, type Client } from './simulator.spec-client.js';

let opened: Awaited<ReturnType<typeof openSimulator>>;
let client: Client;

beforeAll(async () => {
  opened = await openSimulator();
  client = opened.client;
});
afterAll(() => opened.stop());
beforeEach(async () => {
  await client.fresh();
  await client.control('/limits', 'DELETE');
});

const DAY = 86_400_000;
const setLimits = (provider: string, ...windows: object[]) =>
  client.control('/limits', 'POST', { provider, windows });
const advance = (advanceMs: number) => client.control('/clock', 'POST', { advanceMs });
const simulated = async () => Date.parse((await client.control('/clock')).now as string);
const page = (host: string) => client.ask(host, '/', { plain: true });
const user = (login = 'popular-1') =>
  client.ask('api.github.com', `/users/${login}`, {
    headers: { 'user-agent': 'spec', authorization: 'Bearer sim-hub' },
  });
const statuses = async (...calls: (() => Promise<{ status: number }>)[]) => {
  const all: number[] = [];
  for (const call of calls) all.push((await call()).status);
  return all;
};

describe('limits that are set', () => {
  test('hold to the call, by the clock that is set, and are lifted again', async () => {
    const day = { permits: 3, perMs: DAY, of: 'calls', resets: 'utc' };
    expect(await setLimits('dns', day)).toEqual({ limits: { dns: [day] } });
    const dns = () => client.ask('dns.google', '/resolve?name=popular-1.com');
    expect(await statuses(dns, dns, dns, dns)).toEqual([200, 200, 200, 429]);
    await advance(DAY - ((await simulated()) % DAY));
    expect(await statuses(dns, dns)).toEqual([200, 200]);
    expect(await client.control('/limits/dns', 'DELETE')).toEqual({ limits: {} });
    expect(await statuses(dns, dns, dns)).toEqual([200, 200, 200]);
  });

  test('hold for each host of the web, and for units', async () => {
    await setLimits('page', { permits: 1, perMs: 60_000, of: 'calls' });
    const [plain, other] = [() => page('plain.page.test'), () => page('pdf.page.test')];
    expect(await statuses(plain, plain, other)).toEqual([200, 429, 200]);
    await setLimits('openpagerank', { permits: 3, perMs: 60_000, of: 'units' });
    const two = () => client.ranks(['a.com', 'b.com']);
    const one = () => client.ranks(['c.com']);
    expect(await statuses(two, two, one)).toEqual([200, 429, 200]);
  });

  test('are refused with what to change', async () => {
    const post = (body: string) =>
      fetch(`http://127.0.0.1:${opened.simulator.controlPort}/limits`, { method: 'POST', body });
    for (const [body, why] of [
      ['50/s', 'of the form {"provider":"moz"'],
      ['{"provider":"mos","windows":[]}', 'there is no provider mos; there are page, '],
      ['{"provider":"moz","windows":[{"permits":0}]}', 'windows[0].permits must be'],
    ] as const) {
      const response = await post(body);
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining(JSON.stringify(why).slice(1, -1)),
      ]);
    }
    expect(await client.control('/limits/mos', 'DELETE')).toHaveProperty('error');
    expect(await client.control('/limits/%', 'DELETE')).toHaveProperty('error');
    expect(await client.control('/timeline')).toHaveProperty('error');
    expect(await client.control('/limits')).toEqual({ limits: {} });
  });
});

describe('counts and timeline', () => {
  test('a refused call is not admitted; one that ends in a fault is', async () => {
    await setLimits('openpagerank', { permits: 3, perMs: 60_000, of: 'calls' });
    const ask = () => client.ranks(['a.com', 'b.com']);
    await client.setFault('openpagerank', '500');
    await ask();
    await client.setFault('openpagerank', '429');
    expect((await ask()).status).toBe(429);
    await client.control('/faults', 'DELETE');
    expect(await statuses(ask, ask, ask)).toEqual([200, 200, 429]);
    expect(await client.countOf('openpagerank')).toMatchObject({
      calls: 5,
      refused: 2,
      admittedCalls: 3,
      admittedUnits: 6,
      repeatedUnits: 4,
    });
    const { seconds } = await client.control('/timeline?provider=openpagerank');
    const sum = (name: string) =>
      seconds.reduce((total: number, one: Record<string, number>) => total + one[name]!, 0);
    expect([sum('admitted'), sum('refused'), sum('units')]).toEqual([3, 2, 6]);
    expect(Math.abs(seconds[0].second * 1_000 - (await simulated()))).toBeLessThan(10_000);
    await client.control('/reset-counts', 'POST');
    expect((await client.control('/timeline?provider=openpagerank')).seconds).toEqual([]);
  });

  test('moz: calls refused by the penalty take no rows', async () => {
    for (let call = 0; call < 51; call++) await client.moz('data.site.nothing', {});
    await setLimits('moz', { permits: 51, perMs: DAY, of: 'units' });
    await client.control('/reset-counts', 'POST');
    const ask = () => client.sites([{ query: 'a.com', scope: 'domain' }]);
    for (let call = 0; call < 52; call++) await ask();
    expect(await client.countOf('moz')).toMatchObject({ admittedCalls: 50, refused: 2 });
    await client.control('/clock', 'POST', { advanceMs: 30_001 });
    expect(await statuses(ask, ask)).toEqual([200, 429]);
  });
});

describe('headers that tell what is left', () => {
  test('github: calls left, and when more are back, in seconds since 1970', async () => {
    await setLimits('github', { permits: 2, perMs: 600_000, of: 'calls' });
    const before = await simulated();
    const replies = [await user(), await user(), await user()];
    const left = replies.map(({ headers }) => headers['x-ratelimit-remaining']);
    expect([replies.map(({ status }) => status), left]).toEqual([
      [200, 200, 403],
      ['1', '0', '0'],
    ]);
    for (const { headers } of replies) {
      expect(headers['x-ratelimit-limit']).toBe('2');
      const reset = Number(headers['x-ratelimit-reset']) * 1_000;
      expect(reset).toBeGreaterThanOrEqual(before + 600_000);
      expect(reset).toBeLessThanOrEqual((await simulated()) + 601_000);
    }
    await advance(Number(replies[2]?.headers['x-ratelimit-reset']) * 1_000 - (await simulated()));
    expect((await user()).status).toBe(200);
  });

  test('reddit in seconds, mastodon as an instant, bluesky by the draft’s names', async () => {
    const reddit = await client.ask('oauth.reddit.com', '/api/info?url=https%3A%2F%2Fpopular-1.com%2F', {
      headers: { authorization: 'Bearer sim-token', 'user-agent': 'spec' },
    });
    expect(reddit.headers).toMatchObject({ 'x-ratelimit-used': '1', 'x-ratelimit-remaining': '99.0' });
    expect(Number(reddit.headers['x-ratelimit-reset'])).toBe(60);
    const mastodon = await client.ask('mastodon.social', '/api/v1/accounts/lookup?acct=a');
    const at = Date.parse(String(mastodon.headers['x-ratelimit-reset']));
    expect(mastodon.headers['x-ratelimit-remaining']).toBe('299');
    expect(Math.abs(at - (await simulated()) - 300_000)).toBeLessThan(5_000);
    const bluesky = await client.ask(
      'public.api.bsky.app',
      '/xrpc/app.bsky.actor.getProfiles?actors=a.bsky.social',
    );
    expect(bluesky.headers).toMatchObject({ 'ratelimit-limit': '3000', 'ratelimit-remaining': '2999' });
  });

  test('the Date goes by the clock that is set; a throttle tells its exact seconds', async () => {
    const { headers } = await user();
    expect(Math.abs(Date.parse(String(headers['date'])) - (await simulated()))).toBeLessThan(5_000);
    await setLimits('stackexchange', { permits: 1, perMs: 90_000, of: 'calls' });
    const search = () =>
      client.ask('api.stackexchange.com', '/2.3/search/advanced?url=a&site=stackoverflow&filter=total');
    await search();
    expect((await search()).body).toContain('available in 90 seconds');
  });
});

import { builtInProviders } from '@assay/providers';
import { PlanFixture } from './plan.fixture.js';

let fixture: PlanFixture;
beforeAll(async () => (fixture = await PlanFixture.start()));
afterAll(async () => fixture?.stop());

/** So many URLs on so many hosts of so many domains. */
const urls = (count: number, hosts = count, domains = hosts) =>
  Array.from(
    { length: count },
    (_, n) => `https://h${n % hosts}.d${n % domains}.example/${Math.floor(n / hosts)}`,
  );
const only = (id: string) => builtInProviders.filter((one) => one.id === id);
const same = (n: number) => ({ min: n, likely: n, max: n });

test('units are distinct, duplicates are not rows, a price of a unit is exact, calls as far as batches fill', async () => {
  const asks = ['moz.url', 'moz.host', 'moz.domain', 'dns'];
  const list = urls(120, 60, 30);
  const plan = await fixture.plan(
    await fixture.spooled([...list, ...list.slice(0, 9), 'nonsense'], { asks }),
  );
  expect(plan).toMatchObject({ rows: 120, counts: { lines: 130, duplicate: 9, rejected: 1 }, exact: false });
  const [moz, dns] = plan.providers;
  expect(moz!.asks.map(({ toAsk }) => toAsk)).toEqual([120, 60, 30].map(same));
  // 210 units of three asks share batches of 50; 0.005 USD a unit.
  expect(moz).toMatchObject({ calls: { min: 5, likely: 5, max: 210 }, price: same(1.05), skipped: [] });
  // Five look-ups a host.
  expect(dns).toMatchObject({ calls: same(300), price: same(0) });
  expect([plan.calls, plan.price]).toEqual([{ min: 305, likely: 305, max: 510 }, same(1.05)]);
  const single = await fixture.plan(await fixture.spooled(list, { asks: ['webrisk', 'dns'] }));
  expect(single).toMatchObject({ exact: true, calls: same(420), price: same(0.06) });
});

test('what is known is not asked: within its time to live, within maxAgeMs, and never with refresh', async () => {
  const list = urls(10);
  await fixture.answered('webrisk', 1, list.slice(0, 3), 60_000);
  await fixture.answered('webrisk', 1, list.slice(3, 5), 60_000, -1);
  await fixture.answered('webrisk', 2, list.slice(5, 7));
  const planned = async (options: object) => {
    const plan = await fixture.plan(await fixture.spooled(list, { asks: ['webrisk'], options }));
    const [{ asks, calls, price }] = plan.providers as [(typeof plan.providers)[0]];
    return [asks[0]!.fresh, calls.likely, price.likely];
  };
  expect(await planned({})).toEqual([3, 7, 0.0035]);
  expect(await planned({ maxAgeMs: 120_000 })).toEqual([3, 7, 0.0035]);
  expect(await planned({ maxAgeMs: 30_000 })).toEqual([0, 10, 0.005]);
  expect(await planned({ refresh: true })).toEqual([0, 10, 0.005]);
});

test('fresh units count by host and by registry too', async () => {
  const list = urls(12, 6, 3);
  await fixture.answered('page', 1, list.slice(0, 4));
  await fixture.answered('rdap', 1, ['d0.example']);
  await fixture.answered('robots', 1, ['https://h0.d0.example']);
  const plan = await fixture.plan(await fixture.spooled(list, { asks: ['page', 'robots', 'rdap'] }));
  expect(plan.providers.map(({ asks }) => [asks[0]!.units.max, asks[0]!.fresh, asks[0]!.toAsk.max])).toEqual([
    [12, 4, 8],
    [6, 1, 5],
    [3, 1, 2],
  ]);
});

test('addresses and names that no registry knows are told, and not counted as calls', async () => {
  const list = [
    'https://192.0.2.1/',
    'https://[2001:db8::1]/',
    'http://localhost/',
    'https://a.github.io/',
    'https://a.example/',
  ];
  const plan = await fixture.plan(await fixture.spooled(list, { asks: ['dns', 'rdap'] }));
  const [dns, rdap] = plan.providers;
  expect(dns).toMatchObject({ calls: same(15), skipped: [{ reason: 'unsupported', units: 2 }] });
  expect(rdap).toMatchObject({ calls: { likely: 1 }, skipped: [{ reason: 'unsupported', units: 4 }] });
});

test('an ask that waits for facts has bounds: a unit a row at most, none where the first round has it', async () => {
  const asks = ['page', 'safebrowsing', 'safebrowsing.final', 'moz.domain', 'github', 'mastodon'];
  const plan = await fixture.plan(await fixture.spooled(urls(100, 50, 20), { asks }));
  const of = (id: string) => plan.providers.find(({ provider }) => provider === id)!;
  expect(plan.exact).toBe(false);
  expect(of('safebrowsing').asks.map(({ exact, toAsk }) => [exact, toAsk])).toEqual([
    [true, same(100)],
    [false, { min: 0, likely: 0, max: 100 }],
  ]);
  expect(of('safebrowsing').calls).toEqual({ min: 1, likely: 1, max: 200 });
  expect(of('moz')).toMatchObject({
    calls: { min: 0, likely: 1, max: 100 },
    price: { min: 0, likely: 0.1, max: 0.5 },
  });
  expect(of('github').asks[0]!.toAsk).toEqual({ min: 0, likely: 10, max: 100 });
});

test('a ceiling of calls is held against what it counts: not against robots.txt', async () => {
  const list = Array.from({ length: 5 }, (_, n) => `https://ceiling${n}.example/`);
  const planned = async (ceilings: object) => {
    const id = await fixture.spooled(list, { asks: ['page'], options: { ceilings } });
    const { calls, providers, skipped } = await fixture.plan(id);
    return { calls, own: providers[0]!.calls, skips: providers[0]!.skipped, skipped };
  };
  const fits = { min: 0, likely: 10, max: 5 + 5 * 66 };
  const none = { skips: [], skipped: [] };
  expect(await planned({ maxCalls: 5 })).toMatchObject({ calls: fits, ...none });
  const own = { providers: { page: { maxCalls: 5 } } };
  expect(await planned(own)).toEqual({ calls: fits, own: fits, ...none });
  expect(await planned({ maxCalls: 4 })).toMatchObject({
    calls: { likely: 9 },
    skipped: [expect.stringContaining('4 calls is below the 5 that are likely')],
  });
});

test('one host with many URLs says what it will not answer', async () => {
  const list = Array.from({ length: 10_000 }, (_, n) => `https://www.example.com/${n}`);
  const plan = await fixture.plan(await fixture.spooled(list, { asks: ['page'] }));
  const [skip] = plan.providers[0]!.skipped;
  expect(skip!.reason).toBe('quota');
  // One in 1.05 s for an hour: 3,428 and the first.
  expect(skip!.units).toBe(10_000 - 3_273);
  expect(plan.skipped[0]).toMatch(
    /^page: 10,000 URLs of www\.example\.com at 1 call a second take 3\.1 h; a unit waits 1 h at most/,
  );
  expect(plan.endS).toBeGreaterThan(3_590);
  expect(plan.endS).toBeLessThan(3_610);
});

test('what is left of a quota is a share, and what does not fit comes back at midnight', async () => {
  const id = await fixture.spooled(urls(300), {
    asks: ['virustotal.domain'],
    options: { patienceMs: 3_600_000 },
  });
  const [provider] = only('virustotal');
  const limits = [{ permits: 400, perMs: 86_400_000, of: 'calls' as const, resets: 'utc' as const }];
  const daily = [{ ...provider!, limits }];
  expect((await fixture.plan(id, daily)).providers[0]).toMatchObject({ quotaShare: 0.75, skipped: [] });
  const tomorrow = Date.now() + 7_200_000;
  const state = {
    windows: [{ ms: 86_400_000, of: 'calls', permits: 400, kind: 'calendar', used: 350, resetsAt: tomorrow }],
  };
  await fixture.database.query({
    text: `INSERT INTO permit (provider, limit_key, credential, revision, state, idle_at) VALUES ('virustotal', 'virustotal', 0, 1, $1, now())`,
    values: [JSON.stringify(state)],
  });
  const plan = await fixture.plan(id, daily);
  expect(plan.providers[0]).toMatchObject({ quotaShare: 1, skipped: [{ reason: 'quota', units: 250 }] });
  expect(Math.abs(Date.parse(plan.providers[0]!.skipped[0]!.until!) - tomorrow)).toBeLessThan(5_000);
});

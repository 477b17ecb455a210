import { topicOf } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { siteOf } from '../../apps/simulator/src/web/site.js';
import { routeOf } from '../../apps/simulator/src/web/route.js';
import { quickDomains } from '../faults/test-urls.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { Topics } from '../harness/topics.js';
import { median } from './pace-of-asks.js';
import { report, sized, WHOLE } from './size.js';

const PAIRS = sized(3, 1);
/** Pages of one host, two of them a second. */
const OF_ONE = sized(30, 20);
/** Many more, since pages of the one are pages too: what they take of the machine is not what is looked at. */
const OTHERS = sized(300, 60);
/** Bounds the others, so that what is compared is not how busy the machine is. */
const CONCURRENCY = 12;
const LIMIT = { permits: 2, perMs: 1_000, of: 'calls' as const };
const SUBMITTED = [topicOf('url.submitted', 'bulk')];

let system: TestSystem;
let topics: Topics;

beforeAll(async () => {
  system = await startSystem({
    providers: ['page'],
    limitsFactor: 1,
    simulatorLatency: '20-200',
    providerSettings: { page: { limits: [LIMIT], concurrency: CONCURRENCY } },
  });
  await system.simulator.setLimits('page', LIMIT);
  topics = new Topics(system.brokers);
}, 60_000);
afterAll(async () => {
  await topics?.close();
  await system?.stop();
});

const others = (name: string, count = OTHERS) =>
  quickDomains(name, count).map((domain) => `https://${domain}/`);
/** A host that answers under its own name at once, and pages of it that lead nowhere else: a call each. */
function ofOne(name: string): string[] {
  const names = quickDomains(`${name}-one`, 40);
  const host = names.find(
    (domain) => siteOf(domain).www !== 'to-www' && siteOf(domain).movedTo === undefined,
  )!;
  const urls: string[] = [];
  for (let i = 0; urls.length < OF_ONE; i++) {
    const url = `https://${host}/page-${i}`;
    if (routeOf(new URL(url)).kind === 'html') urls.push(url);
  }
  return urls;
}
const submit = async (urls: readonly string[]) => (await system.api.submit(urls, { lane: 'bulk' })).id;

/** Pages a second of all hosts but one, from the dispatch to 95 % of them: the last are single sites that are slow. */
async function paceOfOthers(submission: string, except: string): Promise<number> {
  const { rows } = await system.database.query<{ pace: number }>(
    `SELECT 0.95 * count(*) * 1000
       / (percentile_disc(0.95) WITHIN GROUP (ORDER BY (cells -> 'page' ->> 'at')::float8)
       - (SELECT extract(epoch FROM min(dispatched_at))::float8 * 1000 FROM dispatch WHERE submission = $1)) AS pace
     FROM url_row WHERE submission = $1 AND domain <> $2`,
    [submission, except],
  );
  return Number(rows[0]!.pace);
}

const parked = async () =>
  (await system.database.query<{ n: number }>('SELECT count(*)::int AS n FROM parked')).rows[0]!.n;

async function alone(name: string, count = OTHERS): Promise<number> {
  const id = await submit(others(name, count));
  await system.api.finished(id, 90_000);
  return paceOfOthers(id, '');
}

/** The same number of others behind a host with many pages; with how many were parked when Kafka had nothing left. */
async function besideOne(name: string) {
  const one = ofOne(name);
  const id = await submit([...one, ...others(name)]);
  await eventually(parked, (n) => n > 0, 30_000);
  await eventually(
    () => topics.lag(SUBMITTED, 'fetcher.page'),
    (lag) => lag === 0,
    30_000,
  );
  const left = await parked();
  const view = await system.api.finished(id, 120_000);
  return { left, view, pace: await paceOfOthers(id, new URL(one[0]!).hostname) };
}

test('a host with many pages waits in a table, and nobody waits behind it', async () => {
  await alone('warm-up', 100);
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const before = await alone(`alone-${pair}`);
    const { left, view, pace } = await besideOne(`beside-${pair}`);
    report('host politeness', { pair, left, alone: before, beside: pace, reasons: view.asks[0]!.reasons });
    expect(left).toBeGreaterThan(0);
    expect(await parked()).toBe(0);
    expect(view.cells.failed).toBeLessThan(OTHERS / 10);
    ratios.push(pace / before);
  }
  const { refused } = (await system.simulator.counts())['page']!;
  report('others beside one host', { ratio: median(ratios), refused });
  expect(refused).toBe(0);
  if (WHOLE) expect(median(ratios)).toBeGreaterThanOrEqual(0.9);
});

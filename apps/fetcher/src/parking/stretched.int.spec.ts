import type { Plan } from '@assay/contracts';
import type { Provider, SingleStep } from '@assay/providers';
import { eventually } from '@assay/testing';
import { FetcherFixture, hosts, newPlan } from '../fetcher.fixture.js';

const STEP_MS = 2_000;
const PATIENCE_MS = 9_000;
const PARTITIONS = 4;
let fixture: FetcherFixture;

beforeAll(async () => {
  fixture = await FetcherFixture.start();
});
afterEach(() => fixture.stopFetchers());
afterAll(() => fixture?.stop());

/** Five a second by its limit; its hosts ask for one in two seconds, which is heard with the first call. */
const asksForMore: Provider = {
  ...hosts,
  concurrencyPerKey: 1,
  request: (questions, context) =>
    (hosts as SingleStep).request(questions, context).map((request) => ({ ...request, spacingMs: STEP_MS })),
} as Provider;

async function parked(): Promise<number> {
  const { rows } = await fixture.database.query<{ n: number }>({
    text: 'SELECT count(*)::int AS n FROM parked',
  });
  return rows[0]!.n;
}

test('rows that were parked before their host was heard are moved apart: who does not fit is told at once', async () => {
  await fixture.fetcher({ providers: [asksForMore] });
  const now = Date.now();
  const plan: Plan = newPlan({
    asks: { hosts: 0 },
    round1At: now + 60_000,
    deadlineAt: now + 70_000,
    patienceMs: PATIENCE_MS,
  });
  const rows = Array.from({ length: 40 }, (_, seq) => fixture.submit(plan, seq, 'asks.test', 'bulk'));
  await Promise.all(rows);
  const skipped = () => fixture.cellsOf(plan).filter(({ outcome }) => outcome === 'skipped');
  await eventually(
    () => skipped().length,
    (count) => count >= 40 - Math.ceil(PATIENCE_MS / STEP_MS) - PARTITIONS,
    PATIENCE_MS / 2,
  );
  for (const { detail, until } of skipped()) {
    expect(detail).toBe('quota');
    expect(until! - now).toBeGreaterThan(PATIENCE_MS - STEP_MS);
  }
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 40,
    PATIENCE_MS + 5_000,
  );
  expect(fixture.asked.length).toBeGreaterThanOrEqual(3);
  expect(fixture.cellsOf(plan).filter(({ outcome }) => outcome === 'ok')).toHaveLength(fixture.asked.length);
  for (const [i, { at }] of fixture.asked.entries())
    if (i > 0) expect(at - fixture.asked[i - 1]!.at).toBeGreaterThanOrEqual(STEP_MS);
  await eventually(parked, (left) => left === 0);
}, 40_000);

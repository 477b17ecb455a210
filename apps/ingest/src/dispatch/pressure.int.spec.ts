import { eventually } from '@assay/testing';
import { IngestFixture, post, urls } from '../ingest.fixture.js';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
}, 90_000);
afterAll(() => fixture?.stop());

/** ms between the claims of one chunk and the next. */
async function gaps(submission: string): Promise<number[]> {
  const { rows } = await fixture.database.query<{ at: number }>({
    text: `SELECT extract(epoch FROM dispatched_at)::float8 * 1000 AS at FROM dispatch WHERE submission = $1 ORDER BY chunk`,
    values: [submission],
  });
  return rows.slice(1).map(({ at }, n) => at - rows[n]!.at);
}

test('bulk goes chunk by chunk, a second apart, while express rows wait for the store; a small list does not wait', async () => {
  // The store of a second that lasts: nobody else says anything here.
  await fixture.database.query({
    text: `INSERT INTO service_pulse (worker, service, loop_lag_ms, express_flush_ms, queues, at)
      VALUES (gen_random_uuid(), 'store', 10, 8000, '[]', now() + interval '1 hour')`,
  });
  const ingest = await fixture.ingest();
  const large = (await post(ingest, urls(5_000).join('\n'))).accepted;
  await eventually(
    () => gaps(large.id),
    (seen) => seen.length >= 2,
    20_000,
  );
  const small = (await post(ingest, urls(50).join('\n'))).accepted;
  await fixture.dispatched(small.id, 50);
  expect((await gaps(large.id)).length).toBeLessThan(9);
  await fixture.database.query({ text: 'DELETE FROM service_pulse' });
  const all = await eventually(
    () => gaps(large.id),
    (seen) => seen.length === 9,
    20_000,
  );
  expect(Math.min(...all.slice(0, 2))).toBeGreaterThan(950);
}, 90_000);

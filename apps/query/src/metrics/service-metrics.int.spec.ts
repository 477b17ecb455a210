import { eventually } from '@assay/testing';
import { runningQuery } from '../../test/running-query.js';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery();
}, 60_000);
afterAll(() => query?.stop());

const ADD = `
INSERT INTO service_pulse (worker, service, loop_lag_ms, express_flush_ms, queues, at)
VALUES (gen_random_uuid(), 'store', $1, $2, $3, now())`;

test('metrics tell fill and bound of the queues of every service, its own among them', async () => {
  const queues = (fill: number) =>
    JSON.stringify([{ queue: 'store.flush', lane: 'bulk', fill, bound: 1_000 }]);
  await query.client.query(ADD, [20, null, queues(10)]);
  await query.client.query(ADD, [300, 1_500, queues(1)]);
  const text = await eventually(
    async () => (await fetch(`${query.url}/metrics`)).text(),
    (body) => body.includes('service="query"') && body.includes('service="store"'),
    5_000,
  );
  const lines = text.split('\n');
  expect(lines).toContain('assay_queue_fill{service="store",queue="store.flush",lane="bulk"} 11');
  expect(lines).toContain('assay_queue_bound{service="store",queue="store.flush",lane="bulk"} 2000');
  expect(lines).toContain('assay_queue_bound{service="query",queue="query.listeners",lane=""} 500');
  expect(lines).toContain('assay_event_loop_lag_seconds{service="store"} 0.3');
  expect(lines.filter((line) => line.startsWith('assay_express_flush_seconds{'))).toEqual([
    'assay_express_flush_seconds{service="store"} 1.5',
  ]);
});

const REFUSE = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON service_pulse FOR EACH ROW EXECUTE FUNCTION refuse()`;
const SILENT = `SELECT now() - max(at) > interval '3 seconds' AS silent FROM service_pulse WHERE service = 'query'`;

test('that query cannot write how it is makes it no less ready: it reads', async () => {
  await query.client.query(REFUSE);
  await eventually(
    async () => (await query.client.query<{ silent: boolean }>(SILENT)).rows[0]!.silent,
    (silent) => silent,
    10_000,
  );
  expect((await fetch(`${query.url}/health/ready?parts=postgres`)).status).toBe(200);
});

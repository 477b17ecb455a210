import { createLogger, queueGauges } from '@assay/telemetry';
import { eventually, testDatabase, type TestPart } from '@assay/testing';
import { openDatabase, type OpenDatabase } from './open-database.js';
import { readPulses, ServicePulse } from './service-pulse.js';

const logger = createLogger('test', 'silent');
let postgres: TestPart<string>;
let database: OpenDatabase;

beforeAll(async () => {
  postgres = await testDatabase();
  database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'spec' });
}, 60_000);
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

test('a process says how it is, forgets what it told, and takes itself off the list', async () => {
  const end = queueGauges.add('spool.waiting', 7, () => 3, 'bulk');
  const slowest = [250, undefined];
  const pulse = new ServicePulse(database, {
    service: 'store',
    logger,
    everyMs: 20,
    takeExpressFlushMs: () => slowest.shift(),
  });
  pulse.start();
  const first = await eventually(
    () => readPulses(database, 5_000),
    (pulses) => pulses.length === 1,
  );
  expect(first[0]).toMatchObject({ service: 'store', loopLagMs: expect.any(Number) as number });
  expect(first[0]!.queues).toContainEqual({ queue: 'spool.waiting', lane: 'bulk', fill: 3, bound: 7 });
  await eventually(
    () => readPulses(database, 5_000),
    ([one]) => one?.expressFlushMs === null && slowest.length === 0,
  );
  end();
  await pulse.stop();
  expect(await readPulses(database, 60_000)).toEqual([]);
});

test('what a killed process said last is not believed, and is cleared away by others', async () => {
  await database.query({
    text: `INSERT INTO service_pulse (worker, service, loop_lag_ms, queues, at) VALUES
      (gen_random_uuid(), 'joiner', 9000, '[]', now() - interval '10 s'),
      (gen_random_uuid(), 'joiner', 9000, '[]', now() - interval '2 minutes')`,
  });
  expect(await readPulses(database, 5_000)).toEqual([]);
  const pulse = new ServicePulse(database, { service: 'store', logger, everyMs: 20 });
  pulse.start();
  const left = await eventually(
    () => readPulses(database, 600_000),
    (pulses) => pulses.some(({ service }) => service === 'store'),
  );
  expect(left.map(({ service }) => service)).toEqual(['joiner', 'store']);
  await pulse.stop();
});

import { jest } from '@jest/globals';
import { Health } from './health.js';
import { answerHealth, answerQuiet } from './health-server.js';
import { createLogger } from './logger.js';
import { queueGauges } from './queue-gauges.js';

/** A probe that the test answers for. */
function part() {
  let fault: Error | undefined;
  let asked = 0;
  return {
    fail: (message?: string) => (fault = message === undefined ? undefined : new Error(message)),
    asked: () => asked,
    probe: {
      ask: async () => {
        asked += 1;
        if (fault) throw fault;
      },
      close: () => undefined,
    },
  };
}

function watched() {
  const health = new Health('joiner', createLogger('test', 'silent'));
  const [postgres, kafka] = [part(), part()];
  const watches = {
    postgres: health.watch('postgres', postgres.probe),
    kafka: health.watch('kafka', kafka.probe),
  };
  return { health, postgres, kafka, watches };
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] }));
afterEach(() => jest.useRealTimers());

const turn = () => new Promise((resolve) => setImmediate(resolve));
const pass = async (ms: number) => {
  await jest.advanceTimersByTimeAsync(ms);
  await turn();
  await turn();
  await turn();
};

test('ready while all parts answer; 503 with what is away, since when and why, and back again', async () => {
  const { health, kafka } = watched();
  const back = jest.fn();
  health.onBack(back);
  health.start();
  await pass(2_100);
  expect(answerHealth(health, '/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  kafka.fail('connect ECONNREFUSED 127.0.0.1:9092');
  await pass(2_000);
  expect(health.away).toBe(true);
  expect(answerHealth(health, '/health/ready')).toMatchObject({
    status: 503,
    body: {
      status: 'away',
      service: 'joiner',
      parts: { postgres: { ok: true }, kafka: { ok: false, error: 'connect ECONNREFUSED 127.0.0.1:9092' } },
    },
  });
  expect(answerHealth(health, '/health/ready?parts=postgres')).toMatchObject({ status: 200 });
  expect(answerHealth(health, '/health/live')).toEqual({ status: 200, body: { status: 'live' } });
  expect(back).not.toHaveBeenCalled();
  kafka.fail();
  await pass(2_000);
  expect(answerHealth(health, '/health/ready')).toMatchObject({ status: 200 });
  expect(back).toHaveBeenCalledTimes(1);
  await health.close();
});

test('a part that hangs shows within 5 s, and is not asked a second time meanwhile', async () => {
  const health = new Health('store', createLogger('test', 'silent'));
  let asked = 0;
  let hangs = false;
  let answer = () => {};
  const ask = () => {
    asked += 1;
    return hangs ? new Promise<void>((resolve) => (answer = resolve)) : Promise.resolve();
  };
  health.watch('postgres', { ask, close: () => undefined });
  health.start();
  await pass(0);
  hangs = true;
  await pass(2_000);
  expect(asked).toBe(2);
  await pass(2_600);
  expect(health.view().parts['postgres']).toMatchObject({ ok: false, error: 'no answer within 2.5 s' });
  await pass(10_000);
  expect(asked).toBe(2);
  hangs = false;
  answer();
  await pass(5_000);
  expect(health.away).toBe(false);
  await health.close();
});

test('suspected by work, it is asked at once; refused work shows though it answers', async () => {
  const { health, postgres, watches } = watched();
  health.start();
  await pass(100);
  const before = postgres.asked();
  watches.postgres.suspect();
  await pass(1);
  expect(postgres.asked()).toBe(before + 1);
  watches.postgres.refused(new Error('the disk of PostgreSQL is full'));
  await pass(4_000);
  expect(health.view().parts['postgres']).toMatchObject({
    ok: false,
    error: 'the disk of PostgreSQL is full',
  });
  await pass(8_000);
  expect(health.away).toBe(false);
  await health.close();
});

test('what others tell of stands in the view, and counts; other addresses are none of ours', () => {
  const { health } = watched();
  health.alsoSees(() => ({
    ingest: { ok: false, since: '2026-01-01T00:00:00.000Z', error: 'ECONNREFUSED' },
  }));
  expect(health.view()).toMatchObject({ status: 'away', parts: { ingest: { ok: false } } });
  expect(health.away).toBe(false);
  expect(answerHealth(health, '/healthz')).toBeUndefined();
});

test('a service that serves nothing else shows its own queues beside its health', () => {
  const { health } = watched();
  const end = queueGauges.add('joiner.flush', 7, () => 3, 'bulk');
  const { status, type, text } = answerQuiet(health, '/metrics?x');
  end();
  expect([status, type.split(';')[0]]).toEqual([200, 'text/plain']);
  expect(text).toContain('assay_queue_fill{service="joiner",queue="joiner.flush",lane="bulk"} 3\n');
  expect(answerQuiet(health, '/health/live')).toMatchObject({ status: 200, text: '{"status":"live"}' });
  expect(answerQuiet(health, '/else').status).toBe(404);
});

// The transport alone, on an embedded broker: messages/s published and consumed (a handler that does
// nothing), and the time from publish to handler of one message at a time.
// Run: npx tsc -b && node bench/messaging.js [messages]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { startKafka } from '@assay/embedded';
import { createPublisher, createTopics, WindowedKafkaStrategy } from '@assay/messaging';
import { createLogger } from '@assay/telemetry';

const COUNT = Number(process.argv[2] ?? 200_000);
const PARTITIONS = 12;
const IDLE_ROUNDS = 300;
const logger = createLogger('bench', process.env.LOG_LEVEL ?? 'error');
const plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { dns: 0, page: 0, rdap: 0 },
  dispatchedAt: 1_790_000_000_000,
  round1At: 1_790_000_020_000,
  deadlineAt: 1_790_000_060_000,
  graceMs: 60_000,
  patienceMs: 5_000,
};
const row = (seq) => ({
  v: 1,
  plan,
  seq,
  url: `http://example-${seq % 977}.test/a/${seq}`,
  host: `example-${seq % 977}.test`,
  domain: `example-${seq % 977}.test`,
});

const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const kafka = await startKafka({ dataFolder });
try {
  await createTopics({ brokers: kafka.brokers, partitions: PARTITIONS });
  const publisher = await createPublisher({ brokers: kafka.brokers, clientId: 'bench', logger });
  await publishMany(publisher, 20_000, 'row.joined.warm');
  const published = await publishMany(publisher, COUNT);
  const consumed = await consumeAll(publisher, COUNT + 20_000);
  const idle = await idleLatency(publisher);
  await publisher.close();
  console.log(JSON.stringify({ bench: 'messaging', messages: COUNT, published, consumed, ...idle }));
} finally {
  await kafka.stop();
  await rm(dataFolder, { recursive: true, force: true });
}

async function publishMany(publisher, count) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const batch = 5_000;
  for (let from = 0; from < count; from += batch) {
    const length = Math.min(batch, count - from);
    await Promise.all(
      Array.from({ length }, (_, i) =>
        publisher.publish('url.submitted', 'bulk', (from + i) % PARTITIONS, row(from + i), [
          'dns',
          'page',
          'rdap',
        ]),
      ),
    );
  }
  return rate(count, start, cpu);
}

function rate(count, start, cpu) {
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  console.error(`${count} in ${seconds.toFixed(2)} s, ${((user + system) / count).toFixed(1)} µs CPU each`);
  return Math.round(count / seconds);
}

async function strategyOf(publisher, group, handler) {
  const strategy = new WindowedKafkaStrategy({
    brokers: kafka.brokers,
    group,
    messages: ['url.submitted'],
    window: { express: 500, bulk: 2_000 },
    sessionTimeoutMs: 6_000,
    publisher,
    logger,
  });
  strategy.addHandler('url.submitted', handler, true);
  await new Promise((resolve, reject) => strategy.listen((error) => (error ? reject(error) : resolve())));
  return strategy;
}

async function consumeAll(publisher, count) {
  let seen = 0;
  let start;
  let cpu;
  let done;
  const all = new Promise((resolve) => (done = resolve));
  const strategy = await strategyOf(publisher, 'bench', async () => {
    if (seen === 0) [start, cpu] = [performance.now(), process.cpuUsage()];
    if (++seen === count) done();
  });
  await all;
  const result = rate(count, start, cpu);
  await strategy.stop();
  return result;
}

async function idleLatency(publisher) {
  const times = [];
  let arrived;
  const strategy = await strategyOf(publisher, 'bench', async () => arrived());
  await wait(500);
  for (let i = 0; i < IDLE_ROUNDS; i++) {
    const start = performance.now();
    const seen = new Promise((resolve) => (arrived = resolve));
    await Promise.all([publisher.publish('url.submitted', 'express', i % PARTITIONS, row(i), ['dns']), seen]);
    times.push(performance.now() - start);
    await wait(10);
  }
  await strategy.stop();
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.floor(times.length * share)].toFixed(2));
  return { idleP50Ms: at(0.5), idleP99Ms: at(0.99) };
}

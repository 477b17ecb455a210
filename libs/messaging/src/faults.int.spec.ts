import { startKafka, type RunningKafka } from '@assay/embedded';
import { eventually } from '@assay/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createPublisher, createTopics, type Publisher } from './index.js';
import { Fixture, logger, PARTITIONS, row } from './messaging.fixture.js';

let dataFolder: string;
let kafka: RunningKafka;
let publisher: Publisher;
let fixture: Fixture;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'assay-kafka-'));
  kafka = await startKafka({ dataFolder });
  await createTopics({ brokers: kafka.brokers, partitions: PARTITIONS });
  publisher = await createPublisher({ brokers: kafka.brokers, clientId: 'faults', logger });
  fixture = new Fixture(kafka.brokers, publisher, () => kafka.stop());
});
afterEach(() => fixture.stopReaders());
afterAll(async () => {
  await fixture?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

/** A member in a process of its own, from the built library: prints the row of each message it handled. */
const MEMBER = `
import { createPublisher, WindowedKafkaStrategy } from '@assay/messaging';
import { createLogger } from '@assay/telemetry';
const [brokers, group] = process.argv.slice(1);
const logger = createLogger('member', 'silent');
const publisher = await createPublisher({ brokers, clientId: 'member', logger });
const strategy = new WindowedKafkaStrategy({ brokers, group, messages: ['url.submitted'],
  window: { express: 5, bulk: 5 }, sessionTimeoutMs: 3000, publisher, logger });
strategy.addHandler('url.submitted', async ({ seq }) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  // Not console.log: it colours a number where FORCE_COLOR is set, as Nx does.
  process.stdout.write(seq + '\\n');
}, true);
strategy.listen((error) => { if (error) throw error; });
`;

test('a member that is killed loses nothing, and another takes over after the session timeout', async () => {
  const seqs = await fixture.publishRows(2_000);
  const child = spawn(process.execPath, ['--input-type=module', '-e', MEMBER, kafka.brokers, 'killed'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const byChild = new Set<number>();
  createInterface(child.stdout).on('line', (line) => byChild.add(Number(line)));
  await eventually(
    () => byChild.size,
    (count) => count > 400,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAt = Date.now();
  let firstAt = 0;
  const byOther = new Set<number>();
  await fixture.read(
    async ({ seq }) => {
      firstAt ||= Date.now();
      byOther.add(seq);
    },
    { group: 'killed' },
  );
  await eventually(
    () => byOther.size + byChild.size,
    () => seqs.every((seq) => byOther.has(seq) || byChild.has(seq)),
  );
  expect(firstAt - killedAt).toBeLessThan(6_000);
  // The first commit came 300 ms after the start: what was committed is not read again.
  expect(byOther.size).toBeLessThan(seqs.length);
});

test('an error within the consumer is fatal and not a silent standstill', async () => {
  const fatal: unknown[] = [];
  const wants = () => {
    throw new TypeError('a bug');
  };
  await fixture.read(async () => {}, { wants, onFatal: (error) => fatal.push(error) });
  await fixture.publishRows(1, 'bulk', ['dns']);
  await eventually(
    () => fatal.length,
    (count) => count === 1,
  );
});

test('a broker that is killed and comes back: nothing accepted is lost, readers go on', async () => {
  const seen = new Set<number>();
  const strategy = await fixture.read(async ({ seq }) => void seen.add(seq));
  const port = Number(kafka.brokers.split(':')[1]);
  const accepted: number[] = [];
  let publishing = true;
  const sends: Promise<void>[] = [];
  for (let seq = 1_000_000; publishing; seq++) {
    sends.push(
      publisher
        .publish('url.submitted', 'bulk', seq % PARTITIONS, row(seq))
        .then(() => void accepted.push(seq)),
    );
    // oxlint-disable-next-line no-restricted-globals -- the pace of what is sent, no outcome
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (sends.length === 50) process.kill(kafka.pid, 'SIGKILL');
    if (sends.length === 100) kafka = await startKafka({ dataFolder, port });
    if (sends.length === 150) publishing = false;
  }
  await Promise.all(sends);
  expect(accepted).toHaveLength(150);
  await eventually(
    () => seen,
    () => accepted.every((seq) => seen.has(seq)),
    30_000,
  );
  await fixture.allProcessed(strategy, 'bulk');
});
